//! The app as it grows out of the definitions.

use super::names::Names;
use super::statement::Engine;

#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) description: Option<String>,
    pub(super) engine: Engine,
    /// Entries of `open` under `[access]`.
    pub(super) open: Vec<String>,
    pub(super) queries: Vec<Query>,
    pub(super) pages: Vec<Page>,
    /// What this version does not do yet, as comments: a heading and its lines.
    pub(super) later: Vec<(String, Vec<String>)>,
}

#[derive(Debug, Default)]
pub(super) struct Query {
    pub(super) name: String,
    pub(super) comment: Vec<String>,
    pub(super) is_write: bool,
    pub(super) sql: String,
    pub(super) params: Vec<Param>,
    /// Rows on a page.
    pub(super) size: Option<i64>,
    /// The name of its record in the journal.
    pub(super) audit: Option<String>,
}

/// A parameter: its name and its keys as TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) keys: Vec<(&'static str, String)>,
}

#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) path: String,
    pub(super) is_in_menu: bool,
    pub(super) widgets: Vec<Placed>,
    pub(super) names: Names,
}

/// A widget without its place: its keys as TOML.
#[derive(Clone, Debug)]
pub(super) struct Widget {
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) keys: Vec<(&'static str, String)>,
}

#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) widget: Widget,
    pub(super) at: [u32; 3],
}

/// What a form or a report is on a page: widgets one below the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) widgets: Vec<Widget>,
}

impl Part {
    pub(super) fn of(widget: Widget) -> Part {
        Part {
            widgets: vec![widget],
        }
    }
}

impl Page {
    /// Puts the part at that row and column; gives the first row below it.
    pub(super) fn put(&mut self, part: &Part, at: [u32; 3]) -> u32 {
        let [row, column, width] = at;
        let mut next = row;
        for widget in &part.widgets {
            let mut widget = widget.clone();
            // With a number behind it, it is still short enough for a name.
            widget.name.truncate(50);
            let like = widget.name.trim_end_matches('-').to_owned();
            widget.name = self.names.free(&like);
            self.widgets.push(Placed {
                widget,
                at: [next, column, width],
            });
            next += 1;
        }
        next
    }
}
