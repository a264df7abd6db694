//! What the review form says, as it was typed.

use crate::data::ColumnType;
use crate::data::imports::draft::{Draft, Mode, Target};
use crate::data::imports::model::Seen;
use crate::data::imports::run::Wish;
use crate::data::readers::{DateOrder, Decimal, OnBad, Options};
use crate::data::tables::Table;
use crate::web::{Faults, Fields};

/// Encodings to choose from.
pub(super) const ENCODINGS: [(&str, &str); 7] = [
    ("utf-8", "UTF-8"),
    ("windows-1252", "Western Europe (Windows-1252)"),
    ("iso-8859-15", "Western Europe (ISO 8859-15)"),
    ("windows-1250", "Central Europe (Windows-1250)"),
    ("windows-1251", "Cyrillic (Windows-1251)"),
    ("utf-16le", "UTF-16, little endian"),
    ("utf-16be", "UTF-16, big endian"),
];

pub(super) const DELIMITERS: [(&str, char, &str); 5] = [
    ("comma", ',', "Comma ,"),
    ("semicolon", ';', "Semicolon ;"),
    ("tab", '\t', "Tab"),
    ("bar", '|', "Bar |"),
    ("space", ' ', "Space"),
];

pub(super) const DATES: [(DateOrder, &str, &str); 3] = [
    (DateOrder::Ymd, "ymd", "year-month-day"),
    (DateOrder::Dmy, "dmy", "day/month/year"),
    (DateOrder::Mdy, "mdy", "month/day/year"),
];

pub(super) const ON_BAD: [(OnBad, &str, &str, &str); 3] = [
    (
        OnBad::Refuse,
        "refuse",
        "Refuse the file",
        "Nothing comes in until every value fits.",
    ),
    (
        OnBad::Empty,
        "empty",
        "Leave the cell empty",
        "The row comes in without it.",
    ),
    (
        OnBad::SkipRow,
        "skip_row",
        "Leave out the row",
        "The report names the first hundred.",
    ),
];

/// How to look again.
pub(super) fn wish(fields: &Fields, seen: &Seen) -> Result<Wish, Faults> {
    let part = fields.get("part").unwrap_or(&seen.part).to_owned();
    // Another sheet is another file: how it is written is found anew.
    if part != seen.part || fields.get("encoding").is_none() {
        return Ok(Wish {
            part: Some(part),
            options: None,
        });
    }
    let before = &seen.findings.options;
    let said = |name: &str| fields.get(name).unwrap_or_default();
    let skip = said("skip").trim();
    let skip = if skip.is_empty() { Ok(0) } else { skip.parse() };
    let Some(skip) = skip.ok().filter(|skip| *skip <= 1_000) else {
        let fault = "lines in front of the heading: a whole number from 0 to 1000";
        return Err(Faults::of("skip", fault));
    };
    let encoding = said("encoding").to_owned();
    let is_known = ENCODINGS.iter().any(|(name, _)| *name == encoding);
    let delimiter = DELIMITERS
        .iter()
        .find(|(name, ..)| *name == said("delimiter"))
        .map_or(before.delimiter, |(_, delimiter, _)| *delimiter);
    let missing = said("missing").lines().map(str::trim);
    let options = Options {
        encoding: if is_known || encoding == before.encoding {
            encoding
        } else {
            before.encoding.clone()
        },
        delimiter,
        skip,
        header: fields.get("header").is_some(),
        decimal: match said("decimal") {
            "comma" => Decimal::Comma,
            _ => Decimal::Point,
        },
        dates: date_order(said("dates")).unwrap_or(before.dates),
        missing: missing
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
    };
    Ok(Wish {
        part: Some(part),
        options: Some(options),
    })
}

fn date_order(name: &str) -> Option<DateOrder> {
    let known = DATES.iter().find(|(_, known, _)| *known == name);
    known.map(|(order, ..)| *order)
}

/// What was decided, right or wrong: the draft that was shown, with the fields
/// put over it.
pub(super) fn draft(fields: &Fields, seen: &Seen, tables: &[Table]) -> Draft {
    let said = |name: &str| fields.get(name).unwrap_or_default();
    let into = tables.iter().find(|table| table.name == said("into"));
    let mut draft = match into {
        Some(table) => Draft::into_table(seen, table),
        None => Draft::new_table(seen, "", tables),
    };
    let on_bad = ON_BAD.iter().find(|(_, name, ..)| *name == said("on_bad"));
    draft.plan.on_bad = on_bad.map_or(OnBad::Refuse, |(on_bad, ..)| *on_bad);
    columns(&mut draft, fields, into);
    draft.target = match into {
        Some(table) => Target::Into {
            table: table.name.clone(),
            mode: Mode::named(said("mode")).unwrap_or(Mode::Append),
            on: Some(said("on").to_owned()).filter(|on| !on.is_empty()),
        },
        None => Target::New {
            name: said("name").trim().to_owned(),
            title: said("title").trim().to_owned(),
            // The form names the column by its place: its name may be changed there, too.
            key: said("key")
                .parse()
                .ok()
                .and_then(|at: usize| draft.plan.columns.get(at))
                .map(|column| column.name.clone()),
        },
    };
    draft
}

fn columns(draft: &mut Draft, fields: &Fields, into: Option<&Table>) {
    let columns = draft.plan.columns.iter_mut().zip(&mut draft.titles);
    for (at, (column, title)) in columns.enumerate() {
        let said = |name: &str| fields.get(&format!("{name}_{at}"));
        if let Some(order) = said("dates").and_then(date_order) {
            column.dates = order;
        }
        if let Some(table) = into {
            let to = said("to").unwrap_or_default();
            column.skip = to.is_empty();
            if let Some(to) = table.column(to) {
                column.name.clone_from(&to.name);
                column.kind = to.kind;
            }
            continue;
        }
        column.skip = said("take").is_none();
        if let Some(name) = said("name") {
            name.trim().clone_into(&mut column.name);
        }
        if let Some(typed) = said("title") {
            typed.trim().clone_into(title);
        }
        if let Some(kind) = said("type").and_then(ColumnType::named) {
            column.kind = kind;
        }
    }
}
