//! What a template is, and what one gets of it.

use crate::apps::Error;
use crate::apps::format::App;
use crate::apps::widgets::Known;
use crate::base::{Time, text};
use crate::data::tables::{MadeTable, Table};

/// An app to start from.
pub(in crate::apps) struct Template {
    /// In addresses.
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// What it is for, in a sentence.
    pub(super) about: &'static str,
    /// The text of the app: `{id}`, `{title}`, and each of its tables in braces.
    pub(super) app: &'static str,
    /// Its tables and their rows.
    pub(super) tables: &'static str,
}

/// A template under the names it gets in a workspace.
pub(super) struct Named {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) app: App,
    pub(super) tables: Vec<MadeTable>,
}

impl Template {
    /// The template beside what is there already: a table whose name is taken, and with it
    /// all of them, gets the next number behind it.
    pub(super) fn named(&self, id: &str, known: &[Table], now: Time) -> Result<Named, Error> {
        let plain = super::reading::tables(self.tables, now)?;
        let is_free = |number: usize| {
            let mut names = plain.iter().map(|table| numbered(&table.name, number));
            names.all(|name| known.iter().all(|table| table.name != name))
        };
        // One of so many is free: each table that is there takes one number at most.
        let most = known.len() + 1;
        let number = (1..=most).find(|number| is_free(*number)).unwrap_or(1);
        // The app's own number stands behind its id.
        let behind = id.strip_prefix(&text::slug(self.title));
        let title = match behind.and_then(|end| end.strip_prefix('-')) {
            Some(end) => format!("{} {end}", self.title),
            None => self.title.to_owned(),
        };
        let mut written = self.app.replace("{id}", id).replace("{title}", &title);
        for table in &plain {
            let place = format!("{{{}}}", table.name);
            written = written.replace(&place, &numbered(&table.name, number));
        }
        let app = App::parse(&written, &Known).map_err(Error::Problems)?;
        let tables = plain.into_iter().map(|table| table.made(number));
        Ok(Named {
            id: id.to_owned(),
            tables: tables.collect::<Result<_, _>>()?,
            text: written,
            app,
        })
    }
}

/// `orders`, `orders_2`, …
pub(super) fn numbered(name: &str, number: usize) -> String {
    match number {
        1 => name.to_owned(),
        number => format!("{name}_{number}"),
    }
}
