//! A form: a query that adds a row and the widget that fills it in; its sub-forms as
//! pages of their own that the rows lead to.

use std::collections::HashSet;

use super::building::{Building, param};
use super::draft::{Part, Query, Widget};
use super::fields::{Field, Fill, column, inputs_key};
use super::record::Record;
use super::statement;
use super::write::{quoted, table};
use crate::base::text;

const TABLE: &[&str] = &[
    "table",
    "table_name",
    "main_table",
    "root_table",
    "db_table",
];
/// Inputs of one form.
const MOST: usize = 300;

/// A form, or one inside of another.
pub(super) struct Whole<'a> {
    pub(super) record: Record<'a>,
    pub(super) name: String,
    pub(super) title: String,
    /// For a sub-form: its column, and the main row's that stands in it.
    pub(super) join: Option<(String, String)>,
    pub(super) depth: usize,
}

impl<'a> Building<'a> {
    pub(super) fn form(&mut self, at: usize) {
        let one = self.known.all[at].clone();
        self.general(&one);
        if let Some(said) = one.record.text(&["description"]) {
            self.ledger
                .carried(said.key, format!("a comment before query.add-{}", one.name));
        }
        let whole = Whole {
            record: one.record.clone(),
            name: one.name.clone(),
            title: one.title.clone(),
            join: None,
            depth: 0,
        };
        let given: Vec<String> = self
            .given
            .get(&at)
            .into_iter()
            .flatten()
            .map(|given| given.name.clone())
            .collect();
        let (part, fields) = self.whole(&whole, &given);
        for given in self.given.get(&at).into_iter().flatten() {
            if !fields.contains(&given.name) {
                self.ledger.noted(given.key, "the form has no field of that name; to change that row give the form a `load` query and one that updates");
            }
        }
        self.parts.insert(at, part);
    }

    /// The widgets of a form, and the names of its fields.
    pub(super) fn whole(&mut self, form: &Whole<'a>, given: &[String]) -> (Part, HashSet<String>) {
        let record = &form.record;
        let mut widgets: Vec<Widget> = self
            .words(record, &["pre_html"], "before")
            .into_iter()
            .collect();
        let (fields, subs) = self.inputs(record);
        let names: HashSet<String> = { fields.iter() }
            .filter_map(|field| match &field.fill {
                Fill::Asked { param, .. } => Some(param.name.clone()),
                Fill::Fixed(_) => None,
            })
            .collect();
        self.settings(record);
        let target = record.text(TABLE).filter(|said| {
            let fits = said.is.len() <= 120 && !said.is.contains(['\0', '\n']);
            if !fits {
                self.ledger
                    .refused(said.key, "this cannot be a table's name");
            }
            fits
        });
        match target {
            Some(target) if !fields.is_empty() => {
                let query = self.insert(form, target.is, &fields);
                self.ledger
                    .carried(target.key, format!("query.{query}.sql"));
                widgets.push(self.widget(form, &fields, &query, given));
            }
            _ => {
                let key = inputs_key(record)
                    .and_then(|(_, node)| node.key)
                    .or(target.as_ref().and_then(|said| said.key))
                    .or(record.key);
                self.ledger.refused(key, "the form names no table or has no input that can be stored, so there is nothing it could add");
                widgets.push(Widget {
                    name: "missing".to_owned(),
                    kind: "text",
                    keys: vec![
                        ("title", quoted(&form.title)),
                        ("text", quoted("This form could not be carried over.")),
                    ],
                });
            }
        }
        let table = target.map(|said| said.is);
        widgets.extend(self.subs(form, table, &fields, subs));
        widgets.extend(self.words(record, &["post_html"], "after"));
        (Part { widgets }, names)
    }

    /// The fields, and the inputs that are forms themselves.
    fn inputs(&mut self, record: &Record<'a>) -> (Vec<Field>, Vec<Record<'a>>) {
        let (mut fields, mut subs) = (Vec::new(), Vec::new());
        let Some((name, node)) = inputs_key(record) else {
            return (fields, subs);
        };
        self.ledger.carried(node.key, "the fields of the form");
        let mut taken = HashSet::new();
        for input in record.records(&[name]) {
            let sort = input.text(&["input_category"]);
            let key = sort.as_ref().and_then(|said| said.key);
            match sort.map(|said| said.is) {
                Some("form") => subs.push(input),
                Some("multiselect") => self.leave(
                    &input,
                    "several choices are rows of another table, and a form fills one table here; make a form for that table beside it",
                ),
                Some("field") | None if fields.len() < MOST => fields.extend(self.field(&input, &mut taken)),
                Some("field") | None => self.leave(&input, "a form has at most 300 inputs; this one is left out"),
                Some(_) => {
                    self.ledger.refused(key, "this category is not known here; it is field, multiselect or form");
                    self.leave(&input, "an input of a category that is not known is left out");
                }
            }
        }
        (fields, subs)
    }

    fn settings(&self, record: &Record<'a>) {
        record.carry(&["submit_button_label"], "button");
        if let Some(node) = record.get(&["unique_keys"]) {
            let said = format!(
                "rows that are there already are kept out by a unique index of the table over {}; give it one",
                text::shorten(&record.texts(&["unique_keys"]).join(", "), 100)
            );
            self.ledger.noted(node.key, said);
            self.ledger.whole(node.key);
        }
        record.note(
            &["last_insert_id_key"],
            "the number of a new row is not told to what follows; the list of rows leads on",
        );
        record.note(&["hideToolbar"], "a form has no toolbar");
        record.note(
            &["onFormSubmitComplete"],
            "what a form changes is drawn anew by itself",
        );
    }

    fn insert(&mut self, form: &Whole<'a>, target: &str, fields: &[Field]) -> String {
        let engine = self.draft.engine;
        let name = self.query_name(&format!("add-{}", form.name));
        let (mut columns, mut values, mut params) = (Vec::new(), Vec::new(), Vec::new());
        if let Some((sub, main)) = &form.join {
            let from = statement::param(main);
            let mut called = format!("main_{from}");
            while fields.iter().any(
                |field| matches!(&field.fill, Fill::Asked { param, .. } if param.name == called),
            ) {
                called.push('_');
            }
            columns.push(column(sub, engine));
            values.push(format!(":{called}"));
            params.push(param(
                called,
                vec![
                    ("from", quoted(&format!("url.{from}"))),
                    ("type", quoted("text")),
                    ("max", "200".to_owned()),
                ],
            ));
        }
        for field in fields {
            if form
                .join
                .as_ref()
                .is_some_and(|(sub, _)| *sub == field.column)
            {
                continue;
            }
            columns.push(column(&field.column, engine));
            match &field.fill {
                Fill::Asked { param, .. } => {
                    values.push(format!(":{}", param.name));
                    params.push(param.clone());
                }
                Fill::Fixed(text) => values.push(text.clone()),
            }
        }
        let comment = form
            .record
            .text(&["description"])
            .map(|said| said.is.to_owned());
        self.draft.queries.push(Query {
            name: name.clone(),
            comment: comment.into_iter().collect(),
            is_write: true,
            sql: format!(
                "insert into {} ({})\nvalues ({})",
                column(target, engine),
                columns.join(", "),
                values.join(", ")
            ),
            params,
            audit: Some(format!("{}.added", form.name)),
            ..Query::default()
        });
        name
    }

    fn widget(
        &mut self,
        form: &Whole<'a>,
        fields: &[Field],
        query: &str,
        given: &[String],
    ) -> Widget {
        let (mut labels, mut helps) = (Vec::new(), Vec::new());
        let mut loaded = Vec::new();
        for field in fields {
            let Fill::Asked {
                param,
                label,
                help,
                is_shown,
            } = &field.fill
            else {
                continue;
            };
            if !is_shown
                || form
                    .join
                    .as_ref()
                    .is_some_and(|(sub, _)| *sub == field.column)
            {
                continue;
            }
            if let Some(label) = label {
                labels.push((param.name.clone(), quoted(label)));
            }
            if let Some(help) = help {
                helps.push((param.name.clone(), quoted(help)));
            }
            if given.contains(&param.name) {
                loaded.push(param.name.clone());
            }
        }
        let mut keys = vec![("title", quoted(&form.title)), ("submit", quoted(query))];
        if !loaded.is_empty() {
            keys.push(("load", quoted(&self.load(form, &loaded))));
        }
        for (name, pairs) in [("labels", labels), ("help", helps)] {
            if !pairs.is_empty() {
                keys.push((name, table(&pairs)));
            }
        }
        if let Some(said) = form.record.text(&["submit_button_label"]) {
            keys.push(("button", quoted(said.is)));
        }
        keys.push(("then", table(&[("toast", quoted("Saved"))])));
        Widget {
            name: "form".to_owned(),
            kind: "form",
            keys,
        }
    }

    /// The query whose one row is what the address says, to fill the fields with.
    fn load(&mut self, form: &Whole<'a>, names: &[String]) -> String {
        let name = self.query_name(&format!("given-{}", form.name));
        let each: Vec<String> = names
            .iter()
            .map(|name| format!(":{name} as {}", statement::name(name, self.draft.engine)))
            .collect();
        let of = |name: &String| {
            param(
                name.clone(),
                vec![
                    ("from", quoted(&format!("url.{name}"))),
                    ("type", quoted("text")),
                    ("max", "200".to_owned()),
                    ("null", "true".to_owned()),
                ],
            )
        };
        self.draft.queries.push(Query {
            name: name.clone(),
            comment: vec!["What a link tells the form stands in its fields at first.".to_owned()],
            sql: format!("select {}", each.join(", ")),
            params: names.iter().map(of).collect(),
            ..Query::default()
        });
        name
    }
}
