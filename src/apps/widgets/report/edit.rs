//! Cells people change where they stand. A cell is a link to the same page with a
//! form in its place; the form says what stood there before, so that nobody's change
//! is overwritten unseen.

use askama::Template;

use super::setup::{Setup, own_word};
use super::{Settings, Sight};
use crate::apps::format::{AppOutline, Param, Query, Source};
use crate::apps::widgets::acts::{Press, check_then, put, row_names};
use crate::apps::widgets::control::{Control, Words};
use crate::apps::widgets::fields::words;
use crate::apps::widgets::figures::escape;
use crate::data::Rows;

/// What of this report can be changed, and what is being changed now.
pub(super) struct Edits<'a> {
    sight: &'a Sight<'a>,
    rows: &'a Rows,
    all: Vec<Edit<'a>>,
    /// The column and the mark of the row.
    open: Option<(&'a str, &'a str)>,
}

/// A column that can be changed.
pub(super) struct Edit<'a> {
    column: &'a str,
    at: usize,
    query: &'a Query,
    param: &'a Param,
    press: Press<'a>,
}

fn is_typed(param: &Param) -> bool {
    matches!(param.source, Source::Form(_))
}

/// Notes queries that could not change a cell, or would lose somebody's change.
pub(super) fn check(settings: &mut Settings<'_>, app: &AppOutline<'_>) {
    settings.tables("edit", |edit| {
        check_then(edit, app);
        let column = edit.string("column").unwrap_or_default();
        let Some(query) = edit.write_query("run").and_then(|name| app.query(name)) else {
            return;
        };
        let name = &query.name;
        let typed: Vec<&Param> = query.params.iter().filter(|param| is_typed(param)).collect();
        if typed.len() != 1 || typed[0].source.key() != column {
            let message = format!("`{name}` takes no new value from this cell; give it one parameter with `from = \"form.{column}\"` and no other from a form");
            edit.problem("run", message);
        }
        if !row_names(query).contains(&column) {
            let message = format!("`{name}` does not look at the value before, and would overwrite what somebody else changed; compare it with a parameter that has `from = \"row.{column}\"`");
            edit.problem("run", message);
        }
        if query.expect != Some(1) {
            let message = format!("`{name}` would not notice that nothing was changed; give it `expect = 1`");
            edit.problem("run", message);
        }
    });
}

impl<'a> Edits<'a> {
    pub(super) fn of(sight: &'a Sight<'a>, setup: &Setup<'a>, rows: &'a Rows) -> Edits<'a> {
        let scene = sight.scene;
        let word = own_word(sight.widget, "edit");
        let at = scene.fields.with(&word, None).query();
        let each = setup.edits.iter().filter_map(|(column, query)| {
            let query = scene.app.query(query)?;
            Some(Edit {
                column,
                at: rows.column(column)?,
                query,
                param: query.params.iter().find(|param| is_typed(param))?,
                press: Press::new(sight, query, rows, &at),
            })
        });
        let tried = scene.tried.filter(|tried| tried.widget == sight.widget.id);
        let said = tried.and_then(|tried| tried.typed.get("_edit"));
        let said = said.or_else(|| scene.fields.get(&word));
        Edits {
            all: if scene.is_read_only {
                Vec::new()
            } else {
                each.collect()
            },
            open: said.and_then(|said| said.rsplit_once('.')),
            sight,
            rows,
        }
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.at(at).is_some()
    }

    /// How the column that stands there is changed.
    pub(super) fn at(&self, at: usize) -> Option<&Edit<'a>> {
        self.all.iter().find(|edit| edit.at == at)
    }

    /// Adds the cell, by its name and with its value as HTML: its form, or the link
    /// that opens it.
    pub(super) fn write(
        &self,
        edit: &Edit<'_>,
        row: usize,
        (called, value): (&str, &str),
        out: &mut String,
    ) {
        let mark = self.mark(edit, row);
        if self.open == Some((edit.column, mark.as_str())) {
            return self.form(edit, row, called, out);
        }
        let word = own_word(self.sight.widget, "edit");
        let to = [edit.column, ".", &mark].concat();
        out.push_str("<a class=\"cell-edit\" data-cell=\"");
        escape(&to, out);
        out.push_str("\" href=\"");
        self.sight.scene.here(&[&word], &[(&word, &to)], out);
        out.push_str("#w-");
        escape(&self.sight.widget.id, out);
        out.push_str("\"><span class=\"hidden-text\">Change ");
        escape(called, out);
        out.push_str(": </span>");
        out.push_str(if value.is_empty() {
            "<span class=\"muted\">–</span>"
        } else {
            value
        });
        out.push_str("</a>");
    }

    fn form(&self, edit: &Edit<'_>, row: usize, called: &str, out: &mut String) {
        let (scene, id) = (self.sight.scene, self.sight.widget.id.as_str());
        let name = edit.param.source.key();
        let tried = scene.tried.filter(|tried| tried.widget == id);
        let value = match tried.and_then(|tried| tried.typed.get(name)) {
            Some(typed) => typed.to_owned(),
            None => words(self.rows, row, edit.at),
        };
        let labels = [(name, called)];
        let said = Words {
            widget: id,
            labels: &labels,
            help: &[],
            is_filter: false,
        };
        let mut control = Control::of(edit.param, &said, &[&value]);
        control.fault.push_str(
            tried
                .and_then(|tried| tried.faults.at(name))
                .unwrap_or_default(),
        );
        edit.press.open(self.rows, row, " class=\"cell-form\"", out);
        put(
            "_edit",
            &[edit.column, ".", &self.mark(edit, row)].concat(),
            out,
        );
        let _ = control.render_into(out);
        out.push_str("<div class=\"row\"><button class=\"btn small primary\">Save</button><a class=\"btn small\" data-cancel href=\"");
        let word = own_word(self.sight.widget, "edit");
        scene.here(&[&word], &[], out);
        out.push_str("#w-");
        escape(id, out);
        out.push_str("\">Cancel</a></div></form>");
    }

    /// What a row is known by in an address: changes when what the query is told of
    /// it does. No secret, only short (FNV-1a).
    fn mark(&self, edit: &Edit<'_>, row: usize) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for name in row_names(edit.query) {
            let Some(column) = self.rows.column(name) else {
                continue;
            };
            let text = words(self.rows, row, column);
            for byte in text.bytes().chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        format!("{hash:016x}")
    }
}
