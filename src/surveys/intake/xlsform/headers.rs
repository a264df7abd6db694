//! What the columns of a sheet mean: their old and new names, and the language they
//! are in.

use super::super::book::{Row, Sheet};
use super::super::draft::Texts;
use super::tongues::Tongues;

/// A column, by the name the specification has for it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    /// As it stood there: `English (en)`.
    pub(super) lang: Option<String>,
    pub(super) at: usize,
}

/// A sheet whose first row was understood.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) sheet: String,
    pub(super) head: u32,
    pub(super) columns: Vec<Column>,
    /// Columns that are there twice.
    pub(super) doubled: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// One row and what its cells are called.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) table: &'a Table,
    pub(super) row: &'a Row,
}

impl Table {
    pub(super) fn of(sheet: &Sheet) -> Table {
        let Some((head, rows)) = sheet.rows.split_first() else {
            return Table::default();
        };
        let mut columns: Vec<Column> = Vec::new();
        let mut doubled = Vec::new();
        for (at, cell) in head.cells.iter().enumerate() {
            if cell.trim().is_empty() {
                continue;
            }
            let (name, lang) = meaning(cell);
            let is_there = |known: &&Column| known.name == name && known.lang == lang;
            if columns.iter().find(is_there).is_some() {
                doubled.push(cell.clone());
                continue;
            }
            columns.push(Column { name, lang, at });
        }
        Table {
            sheet: sheet.name.clone(),
            head: head.number,
            columns,
            doubled,
            rows: rows.to_vec(),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = Cells<'_>> {
        self.rows.iter().map(|row| Cells { table: self, row })
    }

    /// The languages of its columns, as they stand there.
    pub(super) fn langs(&self) -> impl Iterator<Item = &str> {
        self.columns
            .iter()
            .filter_map(|column| column.lang.as_deref())
    }

    /// Texts in no language in particular.
    pub(super) fn has_plain_texts(&self) -> bool {
        let texts = ["label", "hint", "constraint_message", "required_message"];
        let mut columns = self.columns.iter();
        columns.any(|column| column.lang.is_none() && texts.contains(&column.name.as_str()))
    }
}

impl<'a> Cells<'a> {
    /// The first column of that name, whatever its language.
    pub(super) fn get(&self, name: &str) -> &'a str {
        let mut columns = self
            .table
            .columns
            .iter()
            .filter(|column| column.name == name);
        let found = columns
            .find_map(|column| Some(self.row.cell(column.at)).filter(|cell| !cell.is_empty()));
        found.unwrap_or("")
    }

    pub(super) fn texts(&self, name: &str, tongues: &Tongues) -> Texts {
        let mut texts: Texts = Vec::new();
        for column in self
            .table
            .columns
            .iter()
            .filter(|column| column.name == name)
        {
            let text = self.row.cell(column.at);
            let lang = tongues.code(column.lang.as_deref());
            match texts.iter_mut().find(|(known, _)| *known == lang) {
                _ if text.is_empty() => {}
                // A column with a language says more than the one without.
                Some(known) if column.lang.is_some() => text.clone_into(&mut known.1),
                Some(_) => {}
                None => texts.push((lang, text.to_owned())),
            }
        }
        tongues.in_order(texts)
    }

    /// Columns that have no meaning of their own, and what they say.
    pub(super) fn others(&self, known: &'a [&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let row = self.row;
        let columns = self.table.columns.iter();
        let others = columns.filter(move |column| !known.contains(&column.name.as_str()));
        others
            .map(move |column| (column.name.as_str(), row.cell(column.at)))
            .filter(|(_, cell)| !cell.is_empty())
    }
}

/// `bind::relevant`, `label:English`, `media::image::fr`, `Constraint Message`.
fn meaning(header: &str) -> (String, Option<String>) {
    let guarded = header.trim().replace("jr:", "jr\u{1}");
    let mark = if guarded.contains("::") { "::" } else { ":" };
    let parts: Vec<String> = guarded
        .split(mark)
        .map(|part| part.trim().replace('\u{1}', ":"))
        .collect();
    let (first, rest) = parts
        .split_first()
        .map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    let group = first.to_lowercase();
    match (group.as_str(), rest) {
        ("bind" | "control" | "body" | "media", [name, lang @ ..]) => {
            let plain = plain(name);
            let known = known(&plain);
            match known {
                Some(known) => (known.to_owned(), lang.first().cloned()),
                None => (format!("{group}::{name}"), None),
            }
        }
        ("instance", [name, ..]) => (format!("instance::{name}"), None),
        (_, rest) => {
            let plain = plain(first);
            let name = known(&plain).map_or_else(|| first.to_owned(), str::to_owned);
            (name, rest.first().filter(|lang| !lang.is_empty()).cloned())
        }
    }
}

fn plain(name: &str) -> String {
    let words = name
        .split([' ', '_', '-', '\n'])
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

fn known(plain: &str) -> Option<&'static str> {
    let found = KNOWN
        .iter()
        .find(|(name, aliases)| *name == plain || aliases.contains(&plain));
    found.map(|(name, _)| *name)
}

/// The columns of all sheets, and what else they were called.
const KNOWN: &[(&str, &[&str])] = &[
    ("type", &["command", "question_type"]),
    ("name", &["value", "variable", "item_name", "variable_name"]),
    ("list_name", &["list", "listname"]),
    ("label", &["caption", "question", "title_text"]),
    ("hint", &[]),
    ("guidance_hint", &[]),
    ("relevant", &["relevance", "relevancy", "skip_logic"]),
    ("constraint", &["validation"]),
    (
        "constraint_message",
        &[
            "constraint_msg",
            "constraintmsg",
            "constraintmessage",
            "jr:constraintmsg",
        ],
    ),
    ("required", &["mandatory", "is_required"]),
    (
        "required_message",
        &[
            "required_msg",
            "requiredmsg",
            "requiredmessage",
            "jr:requiredmsg",
            "noapperrorstring",
            "jr:noapperrorstring",
        ],
    ),
    ("calculation", &["calculate", "formula"]),
    ("read_only", &["readonly"]),
    ("default", &["default_value"]),
    ("choice_filter", &["choicefilter", "filter"]),
    ("repeat_count", &["count", "jr:count", "repeatcount"]),
    ("appearance", &[]),
    ("parameters", &["params"]),
    ("image", &[]),
    ("big_image", &[]),
    ("audio", &[]),
    ("video", &[]),
    ("trigger", &[]),
    ("disabled", &[]),
    ("form_title", &["title"]),
    ("form_id", &["id_string"]),
    ("default_language", &[]),
    ("version", &[]),
    ("style", &[]),
    ("allow_choice_duplicates", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_new_headers_mean_the_same() {
        let told: Vec<String> = [
            "Label::English (en)",
            "caption:english",
            "bind: relevant",
            "bind:jr:constraintMsg",
            "Constraint Message",
            "media::image::French",
            "IMAGE::fr",
            "required message",
            "control::appearance",
            "body::accuracyThreshold",
            "bind::saveIncomplete",
            "_my column",
        ]
        .iter()
        .map(|header| {
            let (name, lang) = meaning(header);
            format!("{name}/{}", lang.unwrap_or_default())
        })
        .collect();

        assert_eq!(
            told,
            [
                "label/English (en)",
                "label/english",
                "relevant/",
                "constraint_message/",
                "constraint_message/",
                "image/French",
                "image/fr",
                "required_message/",
                "appearance/",
                "body::accuracyThreshold/",
                "bind::saveIncomplete/",
                "_my column/",
            ]
        );
    }
}
