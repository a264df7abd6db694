//! What is answered in the cells of a grid, and how it is read.

use super::super::choices::{codes, datum};
use super::super::figures::{Limits, written};
use super::super::inventing::{Die, number, some, words};
use super::super::kind::{Fault, Fielded, Kept, Look};
use super::super::marked::labels;
use super::super::number::variable;
use super::super::phrases::Phrase;
use super::super::sight::{Sight, part};
use super::super::text::tidy;
use crate::surveys::format::{Block, Item};
use crate::surveys::map::{self, Datum, Variable};
use crate::web::Fields;

/// A text in a cell is short.
pub(super) const LONGEST: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cells {
    Single,
    Multi,
    Number,
    Text,
}

impl Cells {
    pub(super) fn of(block: &Block) -> Cells {
        match block.settings.text("cells") {
            Some("multi") => Cells::Multi,
            Some("number") => Cells::Number,
            Some("text") => Cells::Text,
            _ => Cells::Single,
        }
    }

    pub(super) fn are_chosen(self) -> bool {
        matches!(self, Cells::Single | Cells::Multi)
    }

    pub(super) fn variables(self, block: &Block) -> Vec<Variable> {
        let of_row = |row: &Item| self.of_row(block, row);
        block.rows.iter().flat_map(of_row).collect()
    }

    fn of_row(self, block: &Block, row: &Item) -> Vec<Variable> {
        let key = part(&block.id, row.code);
        let plain = |key: &str, kind| Variable::new(&block.id, key, kind, labels(&block.text));
        match self {
            Cells::Single => {
                let single = plain(&key, map::Kind::Single).labelled(labels(&row.text));
                vec![single.coded(codes(&block.items))]
            }
            Cells::Multi => { block.items.iter() }
                .map(|item| {
                    let mut flag = plain(&part(&key, item.code), map::Kind::Flag).of_set(&key);
                    flag.question = joined(&labels(&block.text), &labels(&row.text));
                    flag.labelled(labels(&item.text))
                })
                .collect(),
            Cells::Number | Cells::Text => { fields_of(block, row).into_iter() }
                .map(|(key, item)| {
                    let label = match item {
                        Some(item) => joined(&labels(&row.text), &labels(&item.text)),
                        None => labels(&row.text),
                    };
                    let cell = if self == Cells::Number {
                        variable(block, &key, Limits::of(block))
                    } else {
                        plain(&key, map::Kind::Text)
                    };
                    cell.labelled(label)
                })
                .collect(),
        }
    }
}

/// Both, in each language of the first.
fn joined(one: &map::Labels, other: &map::Labels) -> map::Labels {
    let both = |(lang, text): (&str, &str)| {
        let text = format!("{text}: {}", other.text(lang));
        (lang.to_owned(), text)
    };
    map::Labels::new(one.iter().map(both))
}

/// The cells of a row one types into: one for each column, or one.
pub(super) fn fields_of<'a>(block: &'a Block, row: &Item) -> Vec<(String, Option<&'a Item>)> {
    let key = part(&block.id, row.code);
    if block.items.is_empty() {
        return vec![(key, None)];
    }
    let cell = |item: &'a Item| (part(&key, item.code), Some(item));
    block.items.iter().map(cell).collect()
}

pub(super) fn read(sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
    let cells = Cells::of(sight.block);
    let mut kept = Kept::new();
    for row in &sight.rows {
        let found = match cells {
            Cells::Single | Cells::Multi => read_chosen(sight, row, sent)?,
            Cells::Number | Cells::Text => read_typed(sight, row, sent)?,
        };
        let is_empty = found.iter().all(|(_, datum)| *datum == Datum::NotAnswered);
        if is_empty && sight.is_required {
            let why = Phrase::new("each-row").with(&sight.plain(&row.text));
            let field = found
                .first()
                .map_or_else(|| sight.part(row.code), |cell| cell.0.clone());
            let field = if cells == Cells::Multi {
                sight.part(row.code)
            } else {
                field
            };
            return Err(Fault::at(field, why));
        }
        kept.extend(found);
    }
    Ok(kept)
}

fn read_chosen(sight: &Sight<'_>, row: &Item, sent: &Fields) -> Result<Kept, Fault> {
    let field = sight.part(row.code);
    let is_multi = Cells::of(sight.block) == Cells::Multi;
    let mut picked: Vec<i64> = Vec::new();
    for code in sent
        .all(&field)
        .map(str::trim)
        .filter(|code| !code.is_empty())
    {
        let code = code.parse().ok();
        let item = sight.items.iter().find(|item| Some(item.code) == code);
        let item = item.ok_or_else(|| Fault::at(&field, Phrase::new("not-offered")))?;
        picked.push(item.code);
        let is_alone = sight
            .items
            .iter()
            .find(|item| item.exclusive && picked.contains(&item.code));
        if let Some(alone) = is_alone.filter(|_| is_multi && picked.len() > 1) {
            let why = Phrase::new("nothing-beside").with(&sight.plain(&alone.text));
            return Err(Fault::at(&field, why));
        }
    }
    if !is_multi {
        let answer = picked
            .first()
            .map_or(Datum::NotAnswered, |code| datum(*code));
        return Ok(vec![(field, answer)]);
    }
    let flag = |item: &&Item| {
        let flag = if picked.is_empty() {
            Datum::NotAnswered
        } else {
            Datum::Number(f64::from(u8::from(picked.contains(&item.code))))
        };
        (part(&field, item.code), flag)
    };
    Ok(sight.items.iter().map(flag).collect())
}

fn read_typed(sight: &Sight<'_>, row: &Item, sent: &Fields) -> Result<Kept, Fault> {
    let mut kept = Kept::new();
    for (field, item) in fields_of(sight.block, row) {
        if item.is_some_and(|item| sight.items.iter().all(|there| there.code != item.code)) {
            continue;
        }
        let text = sent.get(&field).unwrap_or_default();
        let datum = if Cells::of(sight.block) == Cells::Number {
            let number = Limits::of(sight.block).read(text, sight.lang);
            let number = number.map_err(|why| Fault::at(&field, why))?;
            number.map_or(Datum::NotAnswered, Datum::Number)
        } else {
            match tidy(text) {
                text if text.is_empty() => Datum::NotAnswered,
                text if text.chars().count() > LONGEST => {
                    return Err(Fault::at(field, Phrase::new("shorter").with(&LONGEST)));
                }
                text => Datum::Text(text),
            }
        };
        kept.push((field, datum));
    }
    Ok(kept)
}

pub(super) fn invent(sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
    let (cells, block) = (Cells::of(sight.block), sight.block);
    let mut fields = Fielded::new();
    for row in &sight.rows {
        let key = sight.part(row.code);
        let chosen = |item: &Item| (key.clone(), item.code.to_string());
        match cells {
            Cells::Single => fields.extend(die.among(&sight.items).map(|item| chosen(item))),
            Cells::Multi => {
                let items = some(die, &sight.items, (1, u32::MAX));
                fields.extend(items.into_iter().map(chosen));
            }
            Cells::Number | Cells::Text => {
                for (key, _) in fields_of(block, row) {
                    let typed = match cells {
                        Cells::Number => number(die, Limits::of(block)),
                        _ => words(die, (1, 30)),
                    };
                    fields.push((key, typed));
                }
            }
        }
    }
    fields
}

pub(super) fn fields(block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for row in &block.rows {
        let key = part(&block.id, row.code);
        match Cells::of(block) {
            Cells::Multi => {
                let chosen = block.items.iter();
                let chosen =
                    chosen.filter(|item| kept(&part(&key, item.code)) == Datum::Number(1.0));
                fields.extend(chosen.map(|item| (key.clone(), item.code.to_string())));
            }
            Cells::Single => fields.extend(field(key, kept)),
            Cells::Number | Cells::Text => {
                let cells = fields_of(block, row).into_iter();
                fields.extend(cells.filter_map(|(key, _)| field(key, kept)));
            }
        }
    }
    fields
}

fn field(key: String, kept: Look<'_>) -> Option<(String, String)> {
    match kept(&key) {
        Datum::Number(number) => Some((key, written(number))),
        Datum::Text(text) => Some((key, text)),
        Datum::NotAsked | Datum::NotAnswered => None,
    }
}
