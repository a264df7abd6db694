//! Forms inside of a form: each a page of its own, that the rows of the form lead to.

use super::building::Building;
use super::definitions::Sort;
use super::draft::{Page, Query, Widget};
use super::fields::{Field, column};
use super::form::Whole;
use super::record::Record;
use super::statement;
use super::write::{quoted, table};
use crate::base::text;

/// Columns of the list of rows that sub-forms hang from.
const SHOWN: usize = 6;

impl<'a> Building<'a> {
    /// Sub-forms: each a page; and the rows of the form, which lead there.
    pub(super) fn subs(
        &mut self,
        form: &Whole<'a>,
        table_name: Option<&str>,
        fields: &[Field],
        subs: Vec<Record<'a>>,
    ) -> Option<Widget> {
        let mut links = Vec::new();
        let mut joined: Option<String> = None;
        for sub in subs {
            let main = sub.text(&["join_criteria_main_table_column"]);
            let own = sub.text(&["join_criteria_sub_table_column"]);
            let (Some(main), Some(own), Some(_), true) = (main, own, table_name, form.depth < 8)
            else {
                self.leave(&sub, "this sub-form does not say how its rows belong to the main table's, so it is left out");
                continue;
            };
            if joined.as_ref().is_some_and(|known| known != main.is) {
                self.leave(&sub, "this sub-form joins another column than the first one; it is left out, make a page for it by hand");
                continue;
            }
            joined = Some(main.is.to_owned());
            let join = (own.is.to_owned(), main.is.to_owned());
            let page = self.sub(form, &sub, join);
            for said in [main, own] {
                self.ledger.carried(said.key, format!("page.{}", page.name));
            }
            let with = [(statement::param(main.is), quoted(main.is))];
            links.push(table(&[
                ("label", quoted(&page.title)),
                ("goto", quoted(&page.name)),
                ("with", table(&with)),
            ]));
            self.draft.pages.push(page);
        }
        let rows = self.rows(form, table_name?, &joined?, fields);
        Some(Widget {
            name: "rows".to_owned(),
            kind: "report",
            keys: vec![
                ("title", quoted("Rows so far")),
                ("query", quoted(&rows)),
                ("links", format!("[{}]", links.join(", "))),
            ],
        })
    }

    /// The page of a sub-form.
    fn sub(&mut self, form: &Whole<'a>, sub: &Record<'a>, join: (String, String)) -> Page {
        const CALLED: &[&str] = &["sub_form_button_label", "label", "input_label", "name"];
        let said = sub.text(CALLED);
        let title = said.map_or_else(|| format!("{} part", form.title), |said| said.is.to_owned());
        let title = text::shorten(&title, 100).into_owned();
        sub.carry(&["input_category"], "a page of its own");
        sub.carry(CALLED, "the link to its page");
        sub.note(
            &["cols"],
            "a sub-form has a page of its own, as wide as pages are",
        );
        sub.note(
            &[
                "hide_sub_form_button",
                "default_instances_count",
                "hide_instance_remove_button",
            ],
            "rows of a sub-form are added one at a time, each on the page of its own",
        );
        let name = self
            .known
            .free(&format!("{} {title}", form.name), Sort::Form.word());
        let inner = Whole {
            record: sub.clone(),
            name: name.clone(),
            title: title.clone(),
            join: Some(join),
            depth: form.depth + 1,
        };
        let (part, _) = self.whole(&inner, &[]);
        let mut page = Page {
            path: format!("/{name}"),
            name,
            title,
            ..Page::default()
        };
        page.put(&part, [1, 1, 12]);
        page
    }

    /// The query for the rows of the form's table.
    fn rows(&mut self, form: &Whole<'a>, target: &str, joined: &str, fields: &[Field]) -> String {
        let engine = self.draft.engine;
        let name = self.query_name(&format!("rows-{}", form.name));
        let mut columns = vec![column(joined, engine)];
        let others = { fields.iter() }
            .filter(|field| field.column != joined)
            .take(SHOWN);
        columns.extend(others.map(|field| column(&field.column, engine)));
        self.draft.queries.push(Query {
            name: name.clone(),
            comment: vec!["The rows that sub-forms belong to.".to_owned()],
            sql: format!(
                "select {}\n  from {}\n order by 1 desc",
                columns.join(", "),
                column(target, engine)
            ),
            size: Some(10),
            ..Query::default()
        });
        name
    }
}
