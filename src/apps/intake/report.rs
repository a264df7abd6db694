//! A report: its SQL as a query, its columns, links and filters as widgets.

use super::building::{Asking, Building, param};
use super::definitions::{Definition, SQL, Sort};
use super::draft::{Param, Part, Query, Widget};
use super::json::Value;
use super::ledger::Key;
use super::record::Record;
use super::statement::{self, Asked};
use super::write::{list, quoted, table};
use crate::base::text;

/// Rows on a page where nothing is said, and the most that can be.
const USUAL: i64 = 10;
const MOST: i64 = 500;
/// Whose rows a filter's values come from.
const FROM: &[&str] = &["report_id", "report_code"];

/// What the filter menu says of a value.
struct Filter<'a> {
    record: Record<'a>,
    /// The value it sets, as the SQL calls it.
    name: String,
}

impl<'a> Building<'a> {
    pub(super) fn report(&mut self, at: usize) {
        let one = self.known.all[at].clone();
        let record = one.record.clone();
        self.general(&one);
        let filters = self.filters(&record);
        let before = self.words(&record, &["pre_html"], "before");
        let after = self.words(&record, &["post_html"], "after");
        let mut widgets: Vec<Widget> = before.into_iter().collect();
        widgets.extend(self.report_links(&record));
        match self.asked(&one, &filters) {
            Some(query) => {
                let shown = filter_widget(&query, &filters);
                let name = query.name.clone();
                let params = { query.params.iter() }
                    .filter(|param| param.keys[0].1.starts_with("\"url."))
                    .map(|param| param.name.clone());
                let asking = Asking {
                    query: name.clone(),
                    params: params.collect(),
                };
                self.asking.insert(at, asking);
                self.draft.queries.push(query);
                widgets.extend(shown);
                widgets.push(self.table(&one, &name));
            }
            None => widgets.push(self.no_table(&one, &filters)),
        }
        widgets.extend(after);
        self.parts.insert(at, Part { widgets });
        self.rest(&record);
    }

    /// Words where the table would stand.
    fn no_table(&self, one: &Definition<'a>, filters: &[Filter<'a>]) -> Widget {
        let said = "its SQL is not there, so neither is the table this belongs to";
        one.record.note(&["columns"], said);
        for filter in filters {
            self.leave(&filter.record, said);
        }
        Widget {
            name: "missing".to_owned(),
            kind: "text",
            keys: vec![
                ("title", quoted(&one.title)),
                (
                    "text",
                    quoted(
                        "The rows of this report could not be carried over; its SQL stands at the end of the app file.",
                    ),
                ),
            ],
        }
    }

    /// What this version has no place for.
    fn rest(&self, record: &Record<'a>) {
        record.note(
            &["charts", "chart", "chart_config"],
            "charts come as widgets here: add one of type chart that names this report's query",
        );
        record.note(
            &["export_html"],
            "a row becomes no PDF here; make a page with a detail widget, which prints",
        );
        if let Some(said) = record.flag(&["disable_chart_view"]) {
            if said.is {
                self.ledger
                    .carried(said.key, "no chart stands beside the table");
            } else {
                self.ledger.noted(said.key, "no chart stands beside the table by itself; add a widget of type chart that names this report's query");
            }
        }
        if let Some(said) = record.flag(&["hideToolbar"]) {
            self.ledger.carried(said.key, "export");
        }
    }

    fn filters(&mut self, record: &Record<'a>) -> Vec<Filter<'a>> {
        if let Some(node) = record.get(&["filter_menu"]) {
            self.ledger.carried(node.key, "a filter widget");
        }
        let mut found = Vec::new();
        for record in record.records(&["filter_menu"]) {
            match record.text(&["name", "column"]) {
                Some(said) => found.push(Filter {
                    name: said.is.to_owned(),
                    record,
                }),
                None => self.leave(
                    &record,
                    "this filter names no value of the SQL; give it `name`",
                ),
            }
        }
        found
    }

    /// The query, or nothing where its SQL cannot come along; it stays as a comment then.
    fn asked(&mut self, one: &Definition<'a>, filters: &[Filter<'a>]) -> Option<Query> {
        let size = one.record.number(&["page_size"]);
        let said = one.record.text(SQL);
        let Some(said) = said else {
            if let Some(size) = size {
                self.ledger
                    .refused(size.key, "the report has no SQL, so it has no rows");
            }
            return None;
        };
        let done = match statement::convert(said.is, self.draft.engine) {
            Ok(done) => done,
            Err(why) => {
                self.ledger.refused(said.key, why);
                let lines = vec![said.is.to_owned()];
                self.draft.later.push((one.called(), lines));
                if let Some(size) = size {
                    self.ledger.refused(size.key, "its SQL is refused");
                }
                return None;
            }
        };
        let name = self.query_name(&one.name);
        self.ledger.carried(said.key, format!("query.{name}.sql"));
        for note in &done.notes {
            self.ledger.noted(said.key, note.clone());
        }
        let rows = size.as_ref().map_or(USUAL, |size| size.is.clamp(1, MOST));
        if let Some(size) = size {
            self.ledger
                .carried(size.key, format!("query.{name}.paging"));
            if size.is != rows {
                self.ledger.noted(
                    size.key,
                    format!("a page has 1 to {MOST} rows; it has {rows} now"),
                );
            }
        }
        let mut comment: Vec<String> = Vec::new();
        if let Some(description) = one.record.text(&["description"]) {
            self.ledger
                .carried(description.key, format!("a comment before query.{name}"));
            comment.push(description.is.to_owned());
        }
        comment.extend(
            done.others
                .iter()
                .map(|other| format!("Before it stood: {other}")),
        );
        let params = self.params(&done.asked, filters, said.key);
        self.told(filters, &done.asked, &name);
        Some(Query {
            name,
            comment,
            sql: done.sql,
            params,
            size: Some(rows),
            ..Query::default()
        })
    }

    /// The parameters of what a statement asks for.
    fn params(&self, all: &[Asked], filters: &[Filter<'a>], key: Option<Key>) -> Vec<Param> {
        let mut params = Vec::new();
        for asked in all {
            let filter = filters.iter().find(|filter| filter.name == asked.name);
            let (keys, note) = match Building::system(&asked.name) {
                Some(known) => known,
                None => (source(asked, filter), None),
            };
            if let Some(note) = note {
                self.ledger.noted(key, note);
            }
            params.push(param(asked.param.clone(), keys));
        }
        params
    }

    /// What becomes of each entry of the filter menu.
    fn told(&self, filters: &[Filter<'a>], asked: &[Asked], query: &str) {
        for filter in filters {
            let record = &filter.record;
            let found = asked.iter().find(|asked| asked.name == filter.name);
            let Some(found) = found else {
                let said = format!(
                    "the SQL has no `{{{{{}}}}}`, so this filter changes nothing; write the condition into the query",
                    text::shorten(&filter.name, 60)
                );
                self.leave(record, &said);
                continue;
            };
            record.carry(
                &["name", "column"],
                &format!("query.{query}.param.{}", found.param),
            );
            record.carry(&["label"], "labels of the filter");
            record.carry(
                &["type", "input_type", "datepicker", "timepicker", "options"],
                &format!("query.{query}.param.{}", found.param),
            );
            if let Some(node) = record.get(&["options"]) {
                self.ledger.whole(node.key);
            }
            if let Some((report, key)) = self.known.meant(record, Sort::Report, FROM) {
                self.ledger.noted(key, format!(
                    "the values came from the report {}; people type the value here, or give the parameter `values` by hand",
                    self.known.all[report].title
                ));
            }
        }
    }

    fn table(&mut self, one: &Definition<'a>, query: &str) -> Widget {
        let mut keys = vec![("title", quoted(&one.title)), ("query", quoted(query))];
        keys.extend(self.columns(&one.record));
        let hides = one
            .record
            .flag(&["hideToolbar"])
            .is_some_and(|said| said.is);
        if !hides {
            keys.push(("export", list(&["csv"])));
        }
        Widget {
            name: "rows".to_owned(),
            kind: "report",
            keys,
        }
    }
}

/// Where a value comes from that the address says, and what it may be.
fn source(asked: &Asked, filter: Option<&Filter<'_>>) -> Vec<(&'static str, String)> {
    let from = ("from", quoted(&format!("url.{}", asked.param)));
    let record = filter.map(|filter| &filter.record);
    let is = |name: &str| {
        let node = record.and_then(|record| record.get(&[name]));
        matches!(node.map(|node| &node.value), Some(Value::Bool(true)))
    };
    let said = record.and_then(|record| {
        match record.get(&["input_type", "type"]).map(|node| &node.value) {
            Some(Value::Text(text)) => Some(text.as_str()),
            _ => None,
        }
    });
    let values = record.map(super::fields::values_of).unwrap_or_default();
    let kind = match said {
        _ if !values.is_empty() => "enum",
        _ if is("datepicker") && is("timepicker") => "datetime",
        _ if is("datepicker") => "date",
        Some("date") => "date",
        Some("datetime") => "datetime",
        Some("number") => "decimal",
        _ => "text",
    };
    let whole = if asked.is_list {
        format!("list<{kind}>")
    } else {
        kind.to_owned()
    };
    let mut keys = vec![from, ("type", quoted(&whole))];
    if kind == "enum" {
        keys.push(("values", list(&values)));
    }
    if kind == "text" {
        keys.push(("max", "200".to_owned()));
    }
    keys.push(("null", "true".to_owned()));
    keys
}

/// The widget in which people choose what the report shows.
fn filter_widget(query: &Query, filters: &[Filter<'_>]) -> Option<Widget> {
    let is_shown = |name: &str| {
        filters
            .iter()
            .any(|filter| statement::param(&filter.name) == name)
            || name == "term"
    };
    let from_url = |keys: &[(&str, String)]| keys[0].1.starts_with("\"url.");
    let shown: Vec<&str> = { query.params.iter() }
        .filter(|param| from_url(&param.keys) && is_shown(&param.name))
        .map(|param| param.name.as_str())
        .collect();
    if shown.is_empty() {
        return None;
    }
    let inputs: Vec<String> = { shown.iter() }
        .map(|name| format!("{}.{name}", query.name))
        .collect();
    let mut labels = Vec::new();
    for name in shown {
        let filter = filters
            .iter()
            .find(|filter| statement::param(&filter.name) == name);
        let label = filter.and_then(|filter| filter.record.text(&["label"]));
        if let Some(label) = label {
            labels.push((name.to_owned(), quoted(label.is)));
        } else if name == "term" {
            labels.push((name.to_owned(), quoted("Search")));
        }
    }
    let mut keys = vec![("inputs", list(&inputs))];
    if !labels.is_empty() {
        keys.push(("labels", table(&labels)));
    }
    Some(Widget {
        name: "filters".to_owned(),
        kind: "filter",
        keys,
    })
}
