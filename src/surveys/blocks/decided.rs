//! What kinds share that nobody sees: no form, no fields, a value that was worked out.

use super::kind::{Kept, Look};
use super::marked::labels;
use crate::expr::Value;
use crate::surveys::format::Block;
use crate::surveys::map::{Datum, Kind, Labels, Variable};

/// A variable whose values nobody foresees.
pub(super) fn text_variable(block: &Block) -> Vec<Variable> {
    let question = if block.text.is_empty() {
        Labels::english(&block.id)
    } else {
        labels(&block.text)
    };
    let kind = match block.settings.count("decimals") {
        Some(decimals) => Kind::Number {
            decimals: u8::try_from(decimals).unwrap_or(u8::MAX),
        },
        None => Kind::Text,
    };
    vec![Variable::new(&block.id, &block.id, kind, question)]
}

pub(super) fn kept_value(block: &Block, kept: Look<'_>) -> Value {
    match kept(&block.id) {
        Datum::Number(number) => Value::Number(number),
        Datum::Text(text) => Value::of_text(text),
        Datum::NotAsked | Datum::NotAnswered => Value::Empty,
    }
}

/// A value as it is kept: a number where the block has `decimals`, else a text.
pub fn kept_of(block: &Block, value: &Value) -> Kept {
    let datum = match block.settings.count("decimals") {
        Some(_) => value.number().map(Datum::Number),
        None => Some(value.text())
            .filter(|text| !text.is_empty())
            .map(Datum::Text),
    };
    vec![(block.id.clone(), datum.unwrap_or(Datum::NotAnswered))]
}

/// The methods of a kind that has no form.
macro_rules! unseen {
    () => {
        fn frame(&self, _: &Block) -> Frame {
            Frame::Words
        }

        fn read(&self, _: &Sight<'_>, _: &Fields) -> Result<Kept, Fault> {
            Ok(Kept::new())
        }

        fn fields(&self, _: &Block, _: Look<'_>) -> Vec<(String, String)> {
            Vec::new()
        }

        fn draw(&self, _: &Sight<'_>, _: &mut String) -> askama::Result<()> {
            Ok(())
        }
    };
}

pub(super) use unseen;
