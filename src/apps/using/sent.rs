//! What a browser sent with a form or a button, and where of it a parameter finds its
//! value.

use crate::apps::format::{App, Context, Param, Query, Source};
use crate::apps::widgets::{Choice, Lines, joined};
use crate::web::Fields;

/// What was sent, and by whom.
pub(super) struct Sent<'a> {
    pub(super) app: &'a App,
    pub(super) context: Context<'a>,
    /// What the address of the page said.
    pub(super) at: &'a Fields,
    pub(super) body: &'a Fields,
}

/// A line while it is read; the form itself has neither list nor key.
#[derive(Clone, Copy)]
pub(super) struct Spot<'b> {
    pub(super) path: &'b str,
    pub(super) choices: &'b [Choice<'b>],
    pub(super) list: Option<&'b Lines<'b>>,
    pub(super) key: Option<(&'b str, &'b str)>,
}

impl<'a> Sent<'a> {
    pub(super) fn at_of(&self, query: &Query) -> usize {
        let mut queries = self.app.queries.iter();
        queries
            .position(|known| known.name == query.name)
            .unwrap_or_default()
    }

    /// What was sent for a parameter, there.
    pub(super) fn of(&self, param: &'a Param, spot: Spot<'_>) -> Vec<String> {
        let (at, body) = (self.at, self.body);
        let all = |fields: &Fields, name: &str| -> Vec<String> {
            fields.all(name).map(str::to_owned).collect()
        };
        match &param.source {
            Source::Form(name) => all(body, &joined(spot.path, name)),
            Source::Row(name) => {
                // Beside a field of the same name stands what the row said before.
                let before = all(body, &joined(spot.path, &format!("row.{name}")));
                match spot.key {
                    Some((column, key)) if column == name => vec![key.to_owned()],
                    Some(_) => before,
                    None if !before.is_empty() => before,
                    None => self.own(name),
                }
            }
            Source::Page(name) if spot.path.is_empty() => self.own(name),
            Source::Url(name) | Source::Page(name) => all(at, name),
            Source::Parent(_) | Source::User(_) | Source::Server(_) | Source::App(_) => Vec::new(),
        }
    }

    fn own(&self, name: &str) -> Vec<String> {
        let own: Vec<String> = self.body.all(name).map(str::to_owned).collect();
        if own.is_empty() {
            self.at.all(name).map(str::to_owned).collect()
        } else {
            own
        }
    }
}
