//! The lines below a form as people see them: a group of fields each, with buttons that
//! add one, take one away and put it back.

use askama::Template;

use super::family::{FOCUS, Family, Line, Lines, joined, lines, marks};
use super::fields::{Standing, asked, of_row};
use super::seen;
use crate::apps::format::Query;
use crate::apps::widgets::acts::{put, row_names};
use crate::apps::widgets::cells;
use crate::apps::widgets::control::Control;
use crate::apps::widgets::figures::escape;
use crate::apps::widgets::scene::{Sight, Tried};
use crate::data::Rows;
use crate::web::Fields;

/// The rows of a list below one row.
#[derive(Debug)]
pub struct Below {
    /// `parts`, or `parts.2.marks`.
    pub path: String,
    pub rows: Rows,
}

#[derive(Template)]
#[template(path = "apps/widgets/form/lines.html")]
struct ListView<'a> {
    id: String,
    path: &'a str,
    title: &'a str,
    one: &'a str,
    fault: &'a str,
    /// What the page has to know of it: attributes, escaped.
    rules: String,
    lines: String,
    shown: usize,
    max: usize,
    is_cut: bool,
    is_full: bool,
    more: More,
}

#[derive(Template)]
#[template(path = "apps/widgets/form/line.html")]
struct LineView<'a> {
    id: String,
    path: &'a str,
    called: &'a str,
    fault: &'a str,
    hidden: String,
    controls: Vec<Control<'a>>,
    inside: String,
    is_gone: bool,
    may_go: bool,
    more: More,
}

/// What a button looks like.
#[derive(Clone, Copy)]
struct More {
    /// Nothing can be sent from here.
    is_dead: bool,
    is_focus: bool,
}

/// A line about to be drawn.
struct Now<'b> {
    line: Line,
    /// Where its values are, if nobody typed yet.
    loaded: Option<(&'b Rows, usize)>,
    is_typed: bool,
}

/// Draws what stands below a form, and learns what its fields are called there.
pub(super) struct Drawing<'a, 'b> {
    pub(super) sight: &'b Sight<'a>,
    pub(super) family: &'b Family<'a>,
    pub(super) tried: Option<Tried<'a>>,
    /// The names of fields and lines with what people call them.
    pub(super) told: Vec<(String, String)>,
}

impl<'a> Drawing<'a, '_> {
    /// Adds the lists below the form, or below a line.
    pub(super) fn lists(
        &mut self,
        within: Option<&str>,
        path: &str,
        out: &mut String,
    ) -> askama::Result<()> {
        let family = self.family;
        for list in family.within(within) {
            self.list(list, &joined(path, list.id), out)?;
        }
        Ok(())
    }

    fn list(&mut self, list: &Lines<'a>, path: &str, out: &mut String) -> askama::Result<()> {
        let (sight, tried) = (self.sight, self.tried);
        let below = sight.below.iter().find(|below| below.path == path);
        let all = match tried {
            Some(tried) => typed(path, tried.typed),
            None => standing(list, path, below.map(|below| &below.rows)),
        };
        self.told.push((path.to_owned(), list.title.clone()));
        let mut drawn = String::new();
        for (at, now) in all.iter().enumerate() {
            let called = format!("{} {}", list.one, at + 1);
            self.line(list, now, &called, &mut drawn)?;
        }
        let kept = all.iter().filter(|now| !now.line.is_gone).count();
        let view = ListView {
            id: format!("{}-{path}", sight.widget.id),
            path,
            title: &list.title,
            one: &list.one,
            fault: tried
                .and_then(|tried| tried.faults.at(path))
                .unwrap_or_default(),
            rules: self.rules(list, path),
            lines: drawn,
            shown: all.len(),
            max: list.max,
            is_cut: below.is_some_and(|below| below.rows.more),
            is_full: kept >= list.max,
            more: self.more(path),
        };
        view.render_into(out)
    }

    fn rules(&self, list: &Lines<'a>, path: &str) -> String {
        if !self.family.is_ruled() {
            return String::new();
        }
        let over = self
            .family
            .lists
            .iter()
            .find(|over| Some(over.id) == list.within);
        let when = over
            .map_or(&self.family.rules, |over| &over.rules)
            .of_list(list.id);
        let query = self.sight.scene.app.query(list.submit);
        let fields = query.map(asked).unwrap_or_default();
        let fields: Vec<&str> = fields.iter().map(|param| param.source.key()).collect();
        let mut out = String::from(" data-lines=\"");
        escape(path, &mut out);
        out.push_str("\" data-fields=\"");
        escape(&fields.join(" "), &mut out);
        out.push('"');
        out.push_str(&when);
        out
    }

    fn more(&self, path: &str) -> More {
        let focus = self.tried.and_then(|tried| tried.typed.get(FOCUS));
        More {
            is_dead: self.sight.scene.is_read_only,
            is_focus: focus == Some(path),
        }
    }

    fn line(
        &mut self,
        list: &Lines<'a>,
        now: &Now<'_>,
        called: &str,
        out: &mut String,
    ) -> askama::Result<()> {
        let (sight, line) = (self.sight, &now.line);
        let path = line.path.as_str();
        let name = if line.key.is_some() {
            list.change.unwrap_or(list.submit)
        } else {
            list.submit
        };
        let Some(query) = sight.scene.app.query(name) else {
            return Ok(());
        };
        let more = self.more(path);
        let standing = Standing {
            path,
            labels: &list.labels,
            help: &list.help,
            is_typed: now.is_typed,
            loaded: now.loaded,
            prefill: &[],
            list: Some(list.id),
            choices: &list.choices,
            rules: Some(&list.rules).filter(|_| self.family.is_ruled()),
        };
        let mut controls = standing.controls(sight, query);
        self.told.push((path.to_owned(), called.to_owned()));
        for control in &controls {
            self.told.push((
                control.name.to_string(),
                format!("{called}, {}", control.label),
            ));
        }
        if let Some(first) = controls.first_mut().filter(|_| more.is_focus) {
            first.is_first = true;
        }
        let mut inside = String::new();
        if !line.is_gone {
            self.lists(Some(list.id), path, &mut inside)?;
        }
        let view = LineView {
            id: format!("{}-{path}", sight.widget.id),
            path,
            called,
            fault: self
                .tried
                .and_then(|tried| tried.faults.at(path))
                .unwrap_or_default(),
            hidden: self.hidden(list, now, query),
            controls,
            inside,
            is_gone: line.is_gone,
            may_go: line.key.is_none() || list.remove.is_some(),
            more,
        };
        view.render_into(out)
    }

    /// What a line sends besides its fields.
    fn hidden(&self, list: &Lines<'a>, now: &Now<'_>, query: &'a Query) -> String {
        let mut out = String::new();
        let line = &now.line;
        let [key, seen, gone] = marks(&line.path);
        put(&key, line.key.as_deref().unwrap_or_default(), &mut out);
        if line.key.is_none() {
            // From now on what was typed counts, even if it is nothing.
            put(&seen, "new", &mut out);
            return out;
        }
        let context = &self.sight.scene.context;
        match now.loaded {
            Some((rows, row)) => {
                let fields = seen::of_fields(query, context, &|param| {
                    of_row(rows, row, param).unwrap_or_default()
                });
                put(
                    &seen,
                    &format!(
                        "{}-{fields}",
                        seen::of_row(&rows.row(row).collect::<Vec<_>>())
                    ),
                    &mut out,
                );
            }
            None => put(&seen, &line.seen, &mut out),
        }
        if line.is_gone {
            put(&gone, "1", &mut out);
        }
        for (name, value) in self.told_of_row(list, now) {
            put(&name, &value, &mut out);
        }
        out
    }

    /// What its queries ask of the row as it was; and of a line that goes all that was
    /// typed, in case it comes back.
    fn told_of_row(&self, list: &Lines<'a>, now: &Now<'_>) -> Vec<(String, String)> {
        let path = &now.line.path;
        if let Some(tried) = self.tried {
            let start = joined(path, if now.line.is_gone { "" } else { "row." });
            let marks = marks(path);
            let typed = tried.typed.iter().filter(|(name, _)| {
                name.starts_with(&start) && !marks.iter().any(|mark| mark == name)
            });
            return typed
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
        }
        let queries = [list.change, list.remove].into_iter().flatten();
        let queries = queries.filter_map(|name| self.sight.scene.app.query(name));
        let mut names: Vec<&str> = queries
            .flat_map(row_names)
            .filter(|name| *name != list.key)
            .collect();
        names.sort_unstable();
        names.dedup();
        let told = names.into_iter().filter_map(|name| {
            let (rows, row) = now.loaded?;
            let text = cells::text(rows.get(row, rows.column(name)?));
            Some((joined(path, &format!("row.{name}")), text))
        });
        told.collect()
    }
}

fn typed<'b>(path: &str, typed: &Fields) -> Vec<Now<'b>> {
    let all = lines(typed, path).into_iter().map(|line| {
        let start = joined(&line.path, "");
        let [mark, ..] = marks(&line.path);
        // Where nothing but its mark came it was added just now, and shows the defaults.
        let is_typed = typed
            .iter()
            .any(|(name, _)| name.starts_with(&start) && name != mark && !name.ends_with("._line"));
        Now {
            line,
            loaded: None,
            is_typed,
        }
    });
    all.collect()
}

/// The lines there are, and as many empty ones as there must be.
fn standing<'b>(list: &Lines<'_>, path: &str, rows: Option<&'b Rows>) -> Vec<Now<'b>> {
    let key = rows.and_then(|rows| rows.column(list.key));
    let there = rows
        .into_iter()
        .flat_map(|rows| (0..rows.len()).map(move |row| (rows, row)));
    let mut all: Vec<Now<'b>> = Vec::new();
    for (rows, row) in there {
        let Some(key) = key else { break };
        let key = cells::text(rows.get(row, key));
        if key.is_empty() {
            continue;
        }
        all.push(Now {
            line: Line::at(path, all.len(), Some(key)),
            loaded: Some((rows, row)),
            is_typed: false,
        });
    }
    while all.len() < list.min {
        all.push(Now {
            line: Line::at(path, all.len(), None),
            loaded: None,
            is_typed: false,
        });
    }
    all
}
