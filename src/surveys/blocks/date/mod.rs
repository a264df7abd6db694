//! A day, or a day and a time.

use jiff::{ToSpan, civil};

use super::field::Field;
use super::inventing::Die;
use super::kind::{Fault, Fielded, Frame, Kept, Kind, Look};
use super::marked::labels;
use super::phrases::Phrase;
use super::sight::Sight;
use super::time::time;
use crate::expr::Value;
use crate::surveys::format::{Block, Key, Shape};
use crate::surveys::map::{self, Datum, Variable};
use crate::web::Fields;

pub(super) struct Date;

pub(super) static KIND: Date = Date;

static KEYS: &[Key] = &[
    Key::new(
        "clock",
        Shape::Boolean,
        "Asks for the time of the day as well.",
    ),
    Key::new("from", Shape::Text, "The first day, like 2026-01-31."),
    Key::new("until", Shape::Text, "The last day."),
];

fn has_clock(block: &Block) -> bool {
    block.settings.is("clock")
}

/// A day of the calendar, written as ISO 8601 says.
fn day(text: &str) -> Option<civil::Date> {
    let is_shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    text.parse().ok().filter(|_| is_shaped)
}

/// What is kept: `2026-11-22`, or `2026-11-22T14:30:00Z` with a clock.
fn kept_text(block: &Block, text: &str) -> Option<(civil::Date, String)> {
    if !has_clock(block) {
        let day = day(text)?;
        return Some((day, day.to_string()));
    }
    let (date, clock) = text.split_once(['T', ' '])?;
    let (day, clock) = (day(date)?, time(clock)?);
    Some((day, format!("{day}T{clock}Z")))
}

fn limit(block: &Block, key: &str) -> Option<civil::Date> {
    block.settings.text(key).and_then(day)
}

impl Kind for Date {
    fn name(&self) -> &'static str {
        "date"
    }

    fn title(&self) -> &'static str {
        "Date"
    }

    fn doc(&self) -> &'static str {
        "A day; with `clock`, a day and a time."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn frame(&self, _: &Block) -> Frame {
        Frame::Field
    }

    fn check(&self, block: &Block) -> Vec<String> {
        let wrong = |key: &&str| {
            block
                .settings
                .text(key)
                .is_some_and(|text| day(text).is_none())
        };
        let say = |key| format!("`{key}` is no day; write it like 2026-01-31");
        ["from", "until"]
            .into_iter()
            .filter(wrong)
            .map(say)
            .collect()
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        let kind = if has_clock(block) {
            map::Kind::DateTime
        } else {
            map::Kind::Date
        };
        vec![Variable::new(
            &block.id,
            &block.id,
            kind,
            labels(&block.text),
        )]
    }

    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        match kept(&block.id) {
            Datum::Text(text) => Value::of_text(text.trim_end_matches('Z')),
            _ => Value::Empty,
        }
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        let (block, id) = (sight.block, sight.id());
        let text = sent.get(id).unwrap_or_default().trim();
        if text.is_empty() {
            return Ok(vec![(id.to_owned(), Datum::NotAnswered)]);
        }
        let key = if has_clock(block) { "datetime" } else { "date" };
        let (day, kept) = kept_text(block, text).ok_or_else(|| Fault::at(id, Phrase::new(key)))?;
        if let Some(from) = limit(block, "from").filter(|from| day < *from) {
            return Err(Fault::at(id, Phrase::new("not-before").with(&from)));
        }
        if let Some(until) = limit(block, "until").filter(|until| day > *until) {
            return Err(Fault::at(id, Phrase::new("not-after").with(&until)));
        }
        Ok(vec![(id.to_owned(), Datum::Text(kept))])
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        let usual = civil::date(2026, 1, 1);
        let (from, until) = (limit(sight.block, "from"), limit(sight.block, "until"));
        let first = from.or(until).unwrap_or(usual);
        let last = until.unwrap_or_else(|| first.saturating_add(1.year()));
        // Where only the last day is said, the year before it serves.
        let first = from.unwrap_or_else(|| last.saturating_sub(1.year()));
        let days = first.until(last).map_or(0, |span| span.get_days());
        let by = die.below(usize::try_from(days).unwrap_or_default() + 1);
        let day = first.saturating_add(i64::try_from(by).unwrap_or_default().days());
        let text = if has_clock(sight.block) {
            format!("{day}T{:02}:{:02}", die.below(24), die.below(60))
        } else {
            day.to_string()
        };
        vec![(sight.block.id.clone(), text)]
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        match kept(&block.id) {
            Datum::Text(text) => vec![(block.id.clone(), text.trim_end_matches('Z').to_owned())],
            _ => Vec::new(),
        }
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let kind = if has_clock(sight.block) {
            "datetime-local"
        } else {
            "date"
        };
        let end = |key| limit(sight.block, key).map(|day| day.to_string());
        // A field of days and times takes limits of days and times only.
        let more = if has_clock(sight.block) {
            Vec::new()
        } else {
            let ends = [("min", end("from")), ("max", end("until"))];
            ends.into_iter()
                .filter_map(|(name, day)| Some((name, day?)))
                .collect()
        };
        Field {
            class: "field short",
            more,
            ..Field::of(kind, sight)
        }
        .draw(out)
    }
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn only_days_of_the_calendar_are_days() {
        assert!(day("2024-02-29").is_some());
        for hostile in [
            "2023-02-29",
            "2026-13-01",
            "26-01-01",
            "2026-1-1",
            "2026-01-01x",
            "",
            "２０２６-01-01",
        ] {
            assert!(day(hostile).is_none(), "{hostile}");
        }
    }
}
