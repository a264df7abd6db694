//! The columns a widget shows: which of them, under what titles, written how.

use super::cells::{self, FORMAT_WORDS, FORMATS, Format};
use super::scene::{Scene, column_title};
use crate::apps::format::{Key, KeyKind, Settings};
use crate::data::tables::Table;
use crate::data::{Cell, Rows};

pub(super) const LABELS: Key = Key::new(
    "labels",
    KeyKind::TextTable,
    "What people call the columns.",
)
.columns();

pub(super) const FORMAT: Key = Key::new(
    "format",
    KeyKind::TextTable,
    "How columns are written, like money:EUR.",
)
.columns()
.known(FORMAT_WORDS);

pub(super) const BADGES: Key = Key::new(
    "badges",
    KeyKind::TextTable,
    "Which words of badges are good, warn, bad or info.",
)
.known(&["good", "warn", "bad", "info", "none"]);

/// What a widget's author said of its columns.
pub(super) struct Said<'a> {
    pub(super) query: &'a str,
    /// All when there are none.
    pub(super) columns: Vec<&'a str>,
    pub(super) labels: Vec<(&'a str, &'a str)>,
    pub(super) formats: Vec<(&'a str, &'a str)>,
    /// Which words of badges have which colour.
    pub(super) tones: Vec<(&'a str, &'a str)>,
}

impl<'a> Said<'a> {
    pub(super) fn of(settings: &mut Settings<'a>) -> Said<'a> {
        Said {
            query: settings.read_query("query").unwrap_or_default(),
            columns: settings.strings("columns"),
            labels: settings.texts("labels"),
            formats: settings.texts("format"),
            tones: settings.texts("badges"),
        }
    }

    /// The columns that are shown and there, in the author's order.
    pub(super) fn fields(&self, scene: &Scene<'_>, rows: &Rows) -> Vec<Field<'a>> {
        let all: Vec<usize> = if self.columns.is_empty() {
            (0..rows.columns.len()).collect()
        } else {
            let named = self.columns.iter();
            named.filter_map(|name| rows.column(name)).collect()
        };
        let tables = scene.tables_of(self.query);
        let fields = all.into_iter().map(|at| self.field(&tables, rows, at));
        fields.collect()
    }

    /// The column of that name.
    pub(super) fn named(
        &self,
        scene: &Scene<'_>,
        rows: &Rows,
        name: Option<&str>,
    ) -> Option<Field<'a>> {
        let at = rows.column(name?)?;
        Some(self.field(&scene.tables_of(self.query), rows, at))
    }

    fn field(&self, tables: &[&Table], rows: &Rows, at: usize) -> Field<'a> {
        let column = &rows.columns[at];
        Field {
            at,
            title: column_title(column, &self.labels, tables),
            format: Format::of(column, &self.formats),
        }
    }

    /// Adds what stands in the field in that row, as HTML.
    pub(super) fn write(&self, field: &Field<'_>, rows: &Rows, row: usize, out: &mut String) {
        cells::write(rows.get(row, field.at), field.format, &self.tones, out);
    }

    /// The same by itself; empty where nothing stands.
    pub(super) fn written(&self, field: Option<&Field<'_>>, rows: &Rows, row: usize) -> String {
        let mut out = String::new();
        if let Some(field) = field {
            self.write(field, rows, row, &mut out);
        }
        out
    }
}

/// A column as it is shown.
#[derive(Clone)]
pub(super) struct Field<'a> {
    pub(super) at: usize,
    pub(super) title: String,
    pub(super) format: Format<'a>,
}

impl Field<'_> {
    /// The field as a badge, unless its author said otherwise.
    pub(super) fn or_badge(mut self) -> Self {
        if self.format == Format::Plain {
            self.format = Format::Badge;
        }
        self
    }

    /// The same without a link of its own, to stand within one.
    pub(super) fn unlinked(mut self) -> Self {
        if self.format == Format::Link {
            self.format = Format::Plain;
        }
        self
    }
}

/// The words in a cell, without any HTML: for labels and comparisons.
pub(super) fn words(rows: &Rows, row: usize, at: usize) -> String {
    cells::text(rows.get(row, at))
}

pub(super) fn number(cell: Cell<'_>) -> Option<f64> {
    match cell {
        #[expect(clippy::cast_precision_loss, reason = "a figure for people to read")]
        Cell::Integer(number) => Some(number as f64),
        Cell::Real(number) => Some(number),
        _ => None,
    }
}

/// For whoever makes the app: the columns a widget names and the query does not give.
pub(super) fn unknown<N: AsRef<str>>(
    scene: &Scene<'_>,
    names: impl IntoIterator<Item = N>,
    rows: &Rows,
) -> String {
    if !scene.is_builder {
        return String::new();
    }
    let mut unknown: Vec<String> = Vec::new();
    for name in names {
        let name = name.as_ref();
        if rows.column(name).is_none() && !unknown.iter().any(|known| known == name) {
            unknown.push(name.to_owned());
        }
    }
    unknown.join(", ")
}

/// Notes formats nobody knows.
pub(super) fn check_formats(settings: &mut Settings<'_>) {
    for (column, format) in settings.texts("format") {
        if Format::parse(format).is_none() {
            let message = format!("`{format}` is no format for {column}; known are {FORMATS}");
            settings.problem("format", message);
        }
    }
}

/// Notes colours nobody knows.
pub(super) fn check_badges(settings: &mut Settings<'_>) {
    for (word, tone) in settings.texts("badges") {
        if !["good", "warn", "bad", "info", "none"].contains(&tone) {
            let message =
                format!("`{word}` cannot be {tone}; a badge is good, warn, bad, info or none");
            settings.problem("badges", message);
        }
    }
}
