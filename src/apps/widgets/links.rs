//! Where a row leads: a page of the app, and what it is told from which column.

use super::cells;
use super::figures::escape;
use super::scene::Scene;
use crate::apps::format::{Key, KeyKind, Settings};
use crate::data::{Cell, Rows};

pub(super) static ROW: &[Key] = &[
    Key::new("goto", KeyKind::Page, "The page a row opens.").required(),
    Key::new(
        "with",
        KeyKind::TextTable,
        "What that page is told: a name there, and the column it comes from.",
    ),
];

pub(super) static LINKS: &[Key] = &[
    Key::new("label", KeyKind::Text, "What the link says.").required(),
    Key::new("goto", KeyKind::Page, "The page it opens.").required(),
    Key::new(
        "with",
        KeyKind::TextTable,
        "What that page is told: a name there, and the column it comes from.",
    ),
];

/// A page, and what it is told from which column.
#[derive(Clone)]
pub(super) struct Lead<'a> {
    goto: &'a str,
    with: Vec<(&'a str, &'a str)>,
}

impl<'a> Lead<'a> {
    /// What stands at the key.
    pub(super) fn of(settings: &mut Settings<'a>, key: &str) -> Option<Lead<'a>> {
        settings.table(key, Lead::read).flatten()
    }

    /// What the list at the key says, each with its label.
    pub(super) fn all(settings: &mut Settings<'a>, key: &str) -> Vec<(&'a str, Lead<'a>)> {
        let each = settings.tables(key, |link| Some((link.string("label")?, Lead::read(link)?)));
        each.into_iter().flatten().collect()
    }

    pub(super) fn read(table: &mut Settings<'a>) -> Option<Lead<'a>> {
        Some(Lead {
            goto: table.page("goto")?,
            with: table.texts("with"),
        })
    }
}

/// The addresses of rows: what is the same for all, and what each says itself.
pub(super) struct Link<'a> {
    start: String,
    parts: Vec<(&'a str, Part<'a>)>,
}

enum Part<'a> {
    Column(usize),
    /// From the address of the page the row stands on.
    Said(&'a str),
}

impl<'a> Link<'a> {
    pub(super) fn new(scene: &Scene<'a>, lead: &Lead<'a>, rows: &Rows) -> Link<'a> {
        let mut start = String::new();
        escape(&scene.page(lead.goto), &mut start);
        let part = |(name, from): &(&'a str, &'a str)| {
            let column = rows.column(from).map(Part::Column);
            Some((
                *name,
                column.or_else(|| scene.fields.get(from).map(Part::Said))?,
            ))
        };
        Link {
            start,
            parts: lead.with.iter().filter_map(part).collect(),
        }
    }

    /// Adds the opening tag of the row's link.
    pub(super) fn open(&self, class: &str, rows: &Rows, row: usize, out: &mut String) {
        out.push_str("<a class=\"");
        out.push_str(class);
        out.push_str("\" href=\"");
        self.href(rows, row, out);
        out.push_str("\">");
    }

    /// Adds the row's address, ready for an attribute.
    pub(super) fn href(&self, rows: &Rows, row: usize, out: &mut String) {
        out.push_str(&self.start);
        let mut mark = "?";
        for (name, part) in &self.parts {
            out.push_str(mark);
            out.extend(form_urlencoded::byte_serialize(name.as_bytes()));
            out.push('=');
            let cell = match part {
                Part::Column(column) => rows.get(row, *column),
                Part::Said(text) => Cell::Text(text),
            };
            match cell {
                Cell::Text(text) => out.extend(form_urlencoded::byte_serialize(text.as_bytes())),
                Cell::Blob(_) => {}
                number => cells::plain(number, out),
            }
            mark = "&amp;";
        }
    }
}
