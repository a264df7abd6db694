//! What a report says of its columns, and where its rows and it lead.

use std::collections::HashSet;

use super::building::{Building, Given};
use super::definitions::Sort;
use super::draft::Widget;
use super::record::Record;
use super::statement;
use super::write::{list, quoted, table};
use crate::base::text;

impl<'a> Building<'a> {
    /// The keys of the table that come from `columns`.
    pub(super) fn columns(&mut self, record: &Record<'a>) -> Vec<(&'static str, String)> {
        let Some(node) = record.get(&["columns"]) else {
            return Vec::new();
        };
        let Some(columns) = record.record(&["columns"]) else {
            return Vec::new();
        };
        self.ledger.carried(node.key, "the columns of the table");
        let (mut hidden, mut labels, mut links) = (Vec::new(), Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        for (name, node) in columns.members() {
            if !seen.insert(name) || node.says_nothing() {
                continue;
            }
            let Some(column) = Record::of(node, self.ledger) else {
                self.ledger
                    .refused(node.key, "a column's settings are an object");
                self.ledger.whole(node.key);
                continue;
            };
            self.ledger
                .carried(node.key, format!("column {}", text::shorten(name, 60)));
            if let Some(said) = column.flag(&["hidden"]) {
                self.ledger.carried(said.key, "hidden");
                if said.is {
                    hidden.push(name.to_owned());
                }
            }
            if let Some(said) = column.text(&["label", "column_label"]) {
                self.ledger.carried(said.key, "labels");
                labels.push((name, quoted(said.is)));
            }
            column.note(
                &["text-align"],
                "where a column stands follows from what is in it: numbers at the right, text at the left",
            );
            self.links(name, &column, &mut links);
        }
        let mut keys = Vec::new();
        if !hidden.is_empty() {
            keys.push(("hidden", list(&hidden)));
        }
        if !labels.is_empty() {
            keys.push(("labels", table(&labels)));
        }
        if !links.is_empty() {
            keys.push(("links", format!("[{}]", links.join(", "))));
        }
        keys
    }

    /// The links of a column: the first is its cells, the others stand at the end.
    fn links(&mut self, column: &str, record: &Record<'a>, out: &mut Vec<String>) {
        if let Some(node) = record.get(&["links"]) {
            self.ledger.carried(node.key, "links");
        }
        let mut is_first = true;
        for link in record.records(&["links"]) {
            let Some(target) = self.known.form_or_report(&link, Sort::Report) else {
                self.leave(&link, "this link leads nowhere, so it is left out");
                continue;
            };
            let with = self.args(&link, target);
            let goto = self.page_of(target);
            let said = link.text(&["label"]);
            let label = said.map_or_else(
                || self.known.all[target].title.clone(),
                |said| {
                    self.ledger.carried(said.key, "label");
                    said.is.to_owned()
                },
            );
            let mut keys = vec![("label", quoted(&label))];
            if is_first {
                keys.push(("column", quoted(column)));
            }
            keys.push(("goto", quoted(&goto)));
            if !with.is_empty() {
                keys.push(("with", table(&with)));
            }
            is_first = false;
            out.push(table(&keys));
        }
    }

    /// What a link tells: a name there, and the column it comes from.
    fn args(&mut self, link: &Record<'a>, target: usize) -> Vec<(String, String)> {
        if let Some(node) = link.get(&["args"]) {
            self.ledger.carried(node.key, "with");
        }
        let mut with: Vec<(String, String)> = Vec::new();
        for arg in link.records(&["args"]) {
            let (Some(column), Some(name)) = (arg.text(&["report_column"]), arg.text(&["name"]))
            else {
                self.leave(
                    &arg,
                    "an argument has `report_column` and `name`; this one is left out",
                );
                continue;
            };
            let called = statement::param(name.is);
            self.ledger.carried(column.key, "with");
            self.ledger.carried(name.key, format!("url.{called}"));
            let given = Given {
                name: called.clone(),
                key: name.key,
            };
            self.given.entry(target).or_default().push(given);
            if !with.iter().any(|(known, _)| *known == called) {
                with.push((called, quoted(column.is)));
            }
        }
        with
    }

    /// Links above the table, as buttons.
    pub(super) fn report_links(&mut self, record: &Record<'a>) -> Vec<Widget> {
        if let Some(node) = record.get(&["report_links"]) {
            self.ledger.carried(node.key, "buttons above the table");
        }
        let mut found = Vec::new();
        for link in record.records(&["report_links"]) {
            let Some(target) = self.known.form_or_report(&link, Sort::Report) else {
                self.leave(&link, "this link leads nowhere, so it is left out");
                continue;
            };
            let goto = self.page_of(target);
            let said = link.text(&["label"]);
            let label = said.map_or_else(
                || self.known.all[target].title.clone(),
                |said| {
                    self.ledger.carried(said.key, "label");
                    said.is.to_owned()
                },
            );
            link.note(
                &["args"],
                "a button above the table has no row to take values from",
            );
            found.push(Widget {
                name: format!("to-{goto}"),
                kind: "button",
                keys: vec![("label", quoted(&label)), ("goto", quoted(&goto))],
            });
        }
        found
    }
}
