//! A time of the day.

use super::decided;
use super::field::{Field, kept_field};
use super::inventing::Die;
use super::kind::{Fault, Fielded, Frame, Kept, Kind, Look};
use super::marked::labels;
use super::phrases::Phrase;
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::Block;
use crate::surveys::map::{self, Datum, Variable};
use crate::web::Fields;

pub(super) struct Time;

pub(super) static KIND: Time = Time;

/// `9:5` and `09:05:00` as `09:05:00`.
pub(super) fn time(text: &str) -> Option<String> {
    let mut parts = text.trim().split(':');
    let mut next = |most: u8| {
        let part = parts.next()?;
        let is_short = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        let number: u8 = part.parse().ok().filter(|_| is_short)?;
        (number <= most).then_some(number)
    };
    let (hour, minute) = (next(23)?, next(59)?);
    let second = if text.matches(':').count() > 1 {
        next(59)?
    } else {
        0
    };
    (parts.next().is_none()).then(|| format!("{hour:02}:{minute:02}:{second:02}"))
}

impl Kind for Time {
    fn name(&self) -> &'static str {
        "time"
    }

    fn title(&self) -> &'static str {
        "Time of day"
    }

    fn doc(&self) -> &'static str {
        "A time of the day."
    }

    fn frame(&self, _: &Block) -> Frame {
        Frame::Field
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        let kind = map::Kind::Time;
        vec![Variable::new(
            &block.id,
            &block.id,
            kind,
            labels(&block.text),
        )]
    }

    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        decided::kept_value(block, kept)
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        let text = sent.get(sight.id()).unwrap_or_default().trim();
        let datum = if text.is_empty() {
            Datum::NotAnswered
        } else {
            let wrong = || Fault::at(sight.id(), Phrase::new("time"));
            Datum::Text(time(text).ok_or_else(wrong)?)
        };
        Ok(vec![(sight.block.id.clone(), datum)])
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        let time = format!("{:02}:{:02}", die.below(24), die.below(60));
        vec![(sight.block.id.clone(), time)]
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        kept_field(block, kept)
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        Field {
            class: "field short",
            more: vec![("step", "60".to_owned())],
            ..Field::of("time", sight)
        }
        .draw(out)
    }
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn a_time_is_hours_and_minutes() {
        assert_eq!(time("9:05").as_deref(), Some("09:05:00"));
        assert_eq!(time("23:59:59").as_deref(), Some("23:59:59"));
        for hostile in [
            "24:00", "1", "1:60", "::", "1:2:3:4", "+1:02", "001:02", "1:2:",
        ] {
            assert_eq!(time(hostile), None, "{hostile}");
        }
    }
}
