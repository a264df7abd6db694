//! What a report's author said about it.

use std::borrow::Cow;

use super::highlight::{Highlight, highlights};
use super::{KIND, Kind, Listing, Settings, Sight, Widget};
use crate::apps::widgets::acts::{Act, acts};
use crate::apps::widgets::links::Lead;
use crate::apps::widgets::scene::Scene;

pub(super) struct Setup<'a> {
    pub(super) widget: &'a Widget,
    pub(super) listing: Listing<'a>,
    pub(super) empty: Option<&'a str>,
    pub(super) tones: Vec<(&'a str, &'a str)>,
    pub(super) row: Option<Lead<'a>>,
    pub(super) links: Vec<Leading<'a>>,
    pub(super) acts: Vec<Act<'a>>,
    pub(super) highlights: Vec<Highlight<'a>>,
    /// Title and columns.
    pub(super) groups: Vec<(&'a str, Vec<&'a str>)>,
    hidden: Vec<&'a str>,
    pub(super) is_pinned: bool,
    /// Column and query.
    pub(super) edits: Vec<(&'a str, &'a str)>,
}

/// A link besides the row's own.
pub(super) struct Leading<'a> {
    pub(super) label: Option<&'a str>,
    pub(super) column: Option<&'a str>,
    pub(super) lead: Lead<'a>,
}

impl<'a> Setup<'a> {
    pub(super) fn of(widget: &'a Widget) -> Setup<'a> {
        let mut settings = Settings::of(widget);
        let links = settings.tables("links", |link| {
            Some(Leading {
                label: link.string("label"),
                column: link.string("column"),
                lead: Lead::read(link)?,
            })
        });
        let edits = settings.tables("edit", |edit| {
            Some((edit.string("column")?, edit.write_query("run")?))
        });
        let groups = settings.tables("groups", |group| {
            Some((group.string("label")?, group.strings("columns")))
        });
        Setup {
            widget,
            listing: KIND.listing(widget).unwrap_or_else(nothing),
            empty: settings.string("empty"),
            tones: settings.texts("badges"),
            row: Lead::of(&mut settings, "row"),
            links: links.into_iter().flatten().collect(),
            acts: acts(&mut settings),
            highlights: highlights(&mut settings),
            groups: groups.into_iter().flatten().collect(),
            hidden: settings.strings("hidden"),
            is_pinned: settings.boolean("pinned") == Some(true),
            edits: edits.into_iter().flatten().collect(),
        }
    }

    /// The columns the author names, wherever.
    pub(super) fn named(&self) -> impl Iterator<Item = &'a str> {
        let lit = self.highlights.iter().map(|highlight| highlight.column);
        let linked = self.links.iter().filter_map(|link| link.column);
        let edited = self.edits.iter().map(|(column, _)| *column);
        let listed = self.listing.columns.iter().chain(&self.hidden).copied();
        listed.chain(lit).chain(linked).chain(edited)
    }

    /// Is the column left out as long as nobody asks for it?
    pub(super) fn hides(&self, scene: &Scene<'_>, column: &str) -> bool {
        self.hidden.contains(&column) && !self.shows_all(scene)
    }

    fn shows_all(&self, scene: &Scene<'_>) -> bool {
        scene.fields.get(&own_word(self.widget, "columns")) == Some("all")
    }

    /// What shows the hidden columns, or hides them again: its label and its address.
    pub(super) fn toggle(&self, sight: &Sight<'_>) -> Option<(&'static str, String)> {
        if self.hidden.is_empty() {
            return None;
        }
        let word = own_word(self.widget, "columns");
        let mut href = String::new();
        let (label, with): (_, &[(&str, &str)]) = if self.shows_all(sight.scene) {
            ("Fewer columns", &[])
        } else {
            ("All columns", &[(&word, "all")])
        };
        sight.scene.here(&[&word], with, &mut href);
        Some((label, href))
    }
}

/// A word of the address that is the widget's alone, whatever else is on the page.
pub(super) fn own_word(widget: &Widget, word: &str) -> String {
    [&widget.id, ".", word].concat()
}

/// What a cell of the table is called: for the form of one that is edited.
pub(super) fn of_row<'b>(title: &str, name: &'b str) -> Cow<'b, str> {
    if name.is_empty() {
        Cow::Owned(title.to_owned())
    } else {
        Cow::Owned(format!("{title} of {name}"))
    }
}

/// A checked report has a query; this one has nothing.
fn nothing<'a>() -> Listing<'a> {
    Listing {
        query: "",
        title: None,
        columns: Vec::new(),
        labels: Vec::new(),
        formats: Vec::new(),
        files: Vec::new(),
        totals: Vec::new(),
    }
}
