//! What an expression may ask of the survey around it.

use super::Value;
use crate::base::Time;

/// The answers so far, and where the expression stands. A date or a time in it is
/// the respondent's own: no zones are reckoned with.
pub trait Scope {
    /// What `${name}` says: a number, a text, the list of codes of a question with
    /// several answers. Inside a loop this turn's answer, outside a list of all
    /// turns' answers. The name of a loop gives the list of its turns' numbers, from 1.
    fn value(&self, name: &str) -> Value;

    fn now(&self) -> Time;

    /// The answer a check stands at, or the last one of a computed value.
    fn itself(&self) -> Value {
        Value::Empty
    }

    /// The text of that choice in the respondent's language.
    fn label(&self, _name: &str, _code: &str) -> Option<String> {
        None
    }

    /// How far the respondent's clock is ahead of UTC.
    fn minutes_east(&self) -> i32 {
        0
    }

    /// What `random()` and `uuid()` are made of: another one for each respondent and
    /// each place an expression stands at, and always the same there.
    fn seed(&self) -> String {
        String::new()
    }

    /// The turn of the loop it stands in, from 1.
    fn turn(&self) -> Option<u32> {
        None
    }

    /// How many turns that loop has.
    fn turns(&self, _loop_name: &str) -> u32 {
        0
    }

    /// The answer in a certain turn, from 1, of the loop the question is in.
    fn in_turn(&self, _name: &str, _turn: u32) -> Value {
        Value::Empty
    }

    /// In a choice filter: that column of the choice.
    fn column(&self, _name: &str) -> Value {
        Value::Empty
    }

    /// How many rows a list (of choices, or a file beside the survey) has.
    fn rows(&self, _list: &str) -> usize {
        0
    }

    /// What stands in a row, from 0. `name` and `label` are the columns of a choice's
    /// code and text.
    fn cell(&self, _list: &str, _row: usize, _column: &str) -> Value {
        Value::Empty
    }

    /// `pulldata`: the column `wanted` of the first row whose `column` is `key`.
    fn look_up(&self, list: &str, wanted: &str, column: &str, key: &str) -> Value {
        let found = (0..self.rows(list)).find(|row| self.cell(list, *row, column).text() == key);
        found.map_or(Value::Empty, |row| self.cell(list, row, wanted))
    }
}
