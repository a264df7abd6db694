//! What a report's author said about it.

use super::{KIND, Kind, Listing, Settings, Sight, Widget};
use crate::data::Rows;

pub(super) struct Setup<'a> {
    pub(super) listing: Listing<'a>,
    pub(super) empty: Option<&'a str>,
    pub(super) tones: Vec<(&'a str, &'a str)>,
    pub(super) row: Option<RowLink<'a>>,
}

/// Where a row leads: a page, and what it is told from which column.
pub(super) struct RowLink<'a> {
    pub(super) goto: &'a str,
    pub(super) with: Vec<(&'a str, &'a str)>,
}

impl<'a> Setup<'a> {
    pub(super) fn of(widget: &'a Widget) -> Setup<'a> {
        let mut settings = Settings::of(widget);
        let row = settings.table("row", |row| {
            Some(RowLink {
                goto: row.page("goto")?,
                with: row.texts("with"),
            })
        });
        Setup {
            listing: KIND.listing(widget).unwrap_or_else(nothing),
            empty: settings.string("empty"),
            tones: settings.texts("badges"),
            row: row.flatten(),
        }
    }

    /// For whoever makes the app: the columns it names and the query does not give.
    pub(super) fn unknown(&self, sight: &Sight<'_>, rows: &Rows) -> String {
        if !sight.scene.is_builder {
            return String::new();
        }
        let columns = self.listing.columns.iter();
        let unknown = columns.filter(|name| rows.column(name).is_none());
        unknown.copied().collect::<Vec<_>>().join(", ")
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
