//! The definitions in the input: which there are, what each is called, and which one
//! a reference means.

use std::collections::HashMap;

use super::json::{Node, Value};
use super::ledger::{Key, Ledger};
use super::names::Names;
use super::record::Record;
use crate::base::text;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    Form,
    Report,
    Page,
    Application,
    Trigger,
    Job,
    Workflow,
    Chart,
    Datasource,
}

impl Sort {
    pub(super) fn word(self) -> &'static str {
        match self {
            Sort::Form => "form",
            Sort::Report => "report",
            Sort::Page => "page",
            Sort::Application => "application",
            Sort::Trigger => "trigger",
            Sort::Job => "job",
            Sort::Workflow => "workflow",
            Sort::Chart => "chart",
            Sort::Datasource => "datasource",
        }
    }
}

/// Lists of definitions, by the key they stand at.
static BUNDLES: [(&str, Sort); 12] = [
    ("forms", Sort::Form),
    ("reports", Sort::Report),
    ("pages", Sort::Page),
    ("spas", Sort::Page),
    ("dashboards", Sort::Page),
    ("applications", Sort::Application),
    ("triggers", Sort::Trigger),
    ("jobs", Sort::Job),
    ("workflows", Sort::Workflow),
    ("charts", Sort::Chart),
    ("datasources", Sort::Datasource),
    ("definitions", Sort::Form),
];

/// Where a report's SQL may stand.
pub(super) const SQL: &[&str] = &["sql", "query", "report_query", "sql_query", "report_sql"];
/// What people call a definition.
pub(super) const TITLE: &[&str] = &["name", "label", "title"];

#[derive(Clone)]
pub(super) struct Definition<'a> {
    pub(super) sort: Sort,
    pub(super) record: Record<'a>,
    pub(super) title: String,
    /// Its name in the app.
    pub(super) name: String,
}

impl Definition<'_> {
    /// For people: `report Open issues`.
    pub(super) fn called(&self) -> String {
        format!("{} {}", self.sort.word(), self.title)
    }
}

/// Forms, reports, pages and so on of one app.
pub(super) const MOST: usize = 500;

/// All definitions, and whom a number or a code means.
pub(super) struct Definitions<'a> {
    pub(super) all: Vec<Definition<'a>>,
    by: HashMap<(Sort, String), usize>,
    names: Names,
    ledger: &'a Ledger,
}

impl<'a> Definitions<'a> {
    pub(super) fn of(nodes: &'a [Node], ledger: &'a Ledger) -> Definitions<'a> {
        let mut found = Definitions {
            all: Vec::new(),
            by: HashMap::new(),
            names: Names::default(),
            ledger,
        };
        for node in nodes {
            found.look(node, None);
        }
        found
    }

    fn look(&mut self, node: &'a Node, hint: Option<Sort>) {
        if self.all.len() > MOST {
            return;
        }
        if let Value::List(all) = &node.value {
            for one in all {
                self.look(one, hint);
            }
            return;
        }
        let Some(record) = Record::unwrapped(node, self.ledger) else {
            self.ledger.refused(node.key, "a definition is an object");
            return;
        };
        match hint.or_else(|| sort(&record)) {
            Some(sort) => self.add(sort, record),
            None => self.bundle(&record),
        }
    }

    /// An object of lists of definitions; or nothing that is known.
    fn bundle(&mut self, record: &Record<'a>) {
        let is_list = |node: &Node| matches!(node.value, Value::List(_) | Value::Table(_));
        let lists = |name: &str| BUNDLES.iter().find(|(known, _)| *known == name);
        let is_bundle =
            { record.members() }.any(|(name, node)| lists(name).is_some() && is_list(node));
        for (name, node) in record.members() {
            match lists(name) {
                Some((known, sort)) if is_list(node) => {
                    self.ledger.carried(node.key, "the definitions below");
                    let hint = (*known != "definitions").then_some(*sort);
                    self.look(node, hint);
                }
                _ if is_bundle => {}
                _ => {
                    let said = "this belongs to no form, report, page, application, trigger or job that can be recognised";
                    self.ledger.refused(node.key, said);
                    self.ledger.whole(node.key);
                }
            }
        }
    }

    fn add(&mut self, sort: Sort, record: Record<'a>) {
        let id = record.scalar(&["id"]);
        let code = record.text(&["code"]);
        let said = record.text(TITLE).map(|said| one_line(said.is));
        let code_said = code.as_ref().map(|said| said.is.to_owned());
        let title = said.or_else(|| code_said.as_deref().map(text::title));
        let title = title.unwrap_or_else(|| match &id {
            Some(id) => format!("{} {}", text::title(sort.word()), id.is),
            None => text::title(sort.word()),
        });
        let title = text::shorten(&title, 100).into_owned();
        let name = self.free(code_said.as_deref().unwrap_or(&title), sort.word());
        let at = self.all.len();
        let keys = [
            id.map(|said| (said.is, said.key)),
            code.map(|said| (said.is.to_owned(), said.key)),
        ];
        for (mark, key) in keys.into_iter().flatten() {
            let known = self.by.entry((sort, mark.clone())).or_insert(at);
            if *known == at {
                self.ledger.carried(key, name.clone());
            } else {
                let said = format!(
                    "another {} is called `{mark}` too; references go to the first of them",
                    sort.word()
                );
                self.ledger.refused(key, said);
            }
        }
        let definition = Definition {
            sort,
            record,
            title,
            name,
        };
        let called = definition.called();
        for (_, node) in definition.record.members() {
            self.ledger.belongs(node.key, &called);
        }
        self.all.push(definition);
    }

    /// A name like that which nothing in the app has.
    pub(super) fn free(&mut self, like: &str, sort: &str) -> String {
        let mut base = text::slug(like);
        base.truncate(40);
        let base = base.trim_end_matches('-');
        let base = match base {
            "" => sort.to_owned(),
            digits if digits.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("{sort}-{digits}")
            }
            plain => plain.to_owned(),
        };
        self.names.free(&base)
    }

    pub(super) fn each(&self, sort: Sort) -> impl Iterator<Item = usize> {
        let all = self.all.iter().enumerate();
        all.filter(move |(_, one)| one.sort == sort)
            .map(|(at, _)| at)
    }

    /// The definition that one of these keys names, by number or by code.
    pub(super) fn meant(
        &self,
        record: &Record<'a>,
        sort: Sort,
        keys: &[&str],
    ) -> Option<(usize, Option<Key>)> {
        let said = record.scalar(keys)?;
        if let Some(at) = self.by.get(&(sort, said.is.clone())) {
            self.ledger.carried(said.key, self.all[*at].name.clone());
            return Some((*at, said.key));
        }
        let (word, mark) = (sort.word(), text::shorten(&said.is, 60).into_owned());
        let why = format!(
            "there is no {word} `{mark}` among these files; bring it along with them, or set this by hand"
        );
        self.ledger.refused(said.key, why);
        None
    }

    /// A form or report that is named together with its type.
    pub(super) fn form_or_report(&self, record: &Record<'a>, usual: Sort) -> Option<usize> {
        const FORM: &[&str] = &["form_id", "form_code"];
        const REPORT: &[&str] = &["report_id", "report_code"];
        let said = record.text(&["type"]);
        let sort = match said.as_ref().map(|said| said.is) {
            Some("form") => Sort::Form,
            Some("report") => Sort::Report,
            Some("page" | "dashboard") => Sort::Page,
            Some(_) => {
                let why = "this type is not known here; it is form, report or page";
                self.ledger.refused(said.and_then(|said| said.key), why);
                return None;
            }
            None if record.get(FORM).is_some() => Sort::Form,
            None if record.get(REPORT).is_some() => Sort::Report,
            None => usual,
        };
        if let Some(said) = said {
            self.ledger.carried(said.key, sort.word());
        }
        let keys: &[&str] = match sort {
            Sort::Form => &["id", "form_id", "code", "form_code"],
            Sort::Report => &["id", "report_id", "code", "report_code"],
            _ => &["id", "page_id", "code", "page_code"],
        };
        Some(self.meant(record, sort, keys)?.0)
    }
}

/// Words without the line ends between them.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an object is, by the keys only its sort has.
fn sort(record: &Record<'_>) -> Option<Sort> {
    let any = |names: &[&str]| names.iter().any(|name| record.has(name));
    let sort = if any(&["trigger_type", "trigger_entity", "trigger_action_query"]) {
        Sort::Trigger
    } else if any(&["job_definition"]) {
        Sort::Job
    } else if record
        .members()
        .any(|(name, _)| name.starts_with("workflow_"))
    {
        Sort::Workflow
    } else if any(&["nav_links", "default_page_id"]) {
        Sort::Application
    } else if any(&["widget_groups"]) {
        Sort::Page
    } else if any(&["connectionLimit", "multipleStatements"]) {
        Sort::Datasource
    } else if any(SQL) || any(&["filter_menu", "page_size", "report_links"]) {
        Sort::Report
    } else if any(&["chart_type"]) {
        Sort::Chart
    } else if super::fields::inputs_key(record).is_some()
        || any(&["submit_button_label", "unique_keys"])
    {
        Sort::Form
    } else {
        return None;
    };
    Some(sort)
}
