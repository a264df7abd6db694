//! A form on its way into the tables, with its lines: row by row, in one transaction
//! that somebody else began and ends.

use serde_json::{Map, json};

use super::family::{NOT_THERE, number};
use super::model::Error;
use super::row::{Act, Count, Row, There};
use crate::apps::format::App;
use crate::apps::widgets::seen;
use crate::data::{Question, Value, cell};
use crate::store::{Transaction, Written, answer, types, written};

/// What was done, for the journal.
#[derive(Default)]
pub(super) struct Told {
    /// By the form's own query.
    pub(super) rows: usize,
    /// Of each list, how many of its lines were added, changed and removed.
    pub(super) lines: Map<String, serde_json::Value>,
}

/// Writes the row and all below it.
pub(super) fn write(tx: &Transaction<'_>, app: &App, row: &Row) -> Result<Told, Error> {
    let mut writing = Writing {
        tx,
        app,
        told: Told::default(),
    };
    writing.row(row, &Value::Null)?;
    Ok(writing.told)
}

struct Writing<'a, 'b> {
    tx: &'a Transaction<'b>,
    app: &'a App,
    told: Told,
}

impl Writing<'_, '_> {
    /// `above` is the key of the row above.
    fn row(&mut self, row: &Row, above: &Value) -> Result<(), Error> {
        let at = |error: Error| error.within(&row.path, row.query);
        let is_idle = row.act == Act::Keep && row.below.is_empty() && row.counts.is_empty();
        if let Some(there) = row.there.as_ref().filter(|_| !is_idle) {
            self.find(there, row.act, above).map_err(at)?;
        }
        self.tell(row);
        match row.act {
            Act::Remove => {
                self.below(row, &key_of(row, None).map_err(at)?)?;
                self.run(row, above).map_err(at)?;
            }
            Act::Keep if is_idle => {}
            Act::Keep => self.below(row, &key_of(row, None).map_err(at)?)?,
            Act::Add | Act::Change => {
                let done = self.run(row, above).map_err(at)?;
                if row.path.is_empty() {
                    self.told.rows = done.rows;
                }
                if !row.below.is_empty() || !row.counts.is_empty() {
                    self.below(row, &key_of(row, done.key).map_err(at)?)?;
                }
            }
        }
        Ok(())
    }

    /// The line is among those of its list, and nobody else changed it.
    fn find(&self, there: &There, act: Act, above: &Value) -> Result<(), Error> {
        let found = self.look(&there.asks.below(above))?;
        let Some(cells) = found else {
            return Err(Error::Broken(NOT_THERE.to_owned()));
        };
        let now = seen::of_row(
            &cells
                .iter()
                .map(|value| cell(value.into()))
                .collect::<Vec<_>>(),
        );
        if act != Act::Keep && now != there.seen {
            let said =
                "somebody else changed this line; open the page again to see it as it is now";
            return Err(Error::Broken(said.to_owned()));
        }
        Ok(())
    }

    /// Lines that go make room for those that come.
    fn below(&mut self, row: &Row, key: &Value) -> Result<(), Error> {
        let is_going = |below: &&Row| below.act == Act::Remove;
        let going = row.below.iter().filter(is_going);
        let staying = row.below.iter().filter(|below| !is_going(below));
        for below in going.chain(staying) {
            self.row(below, key)?;
        }
        for count in &row.counts {
            self.count(count, key)
                .map_err(|error| error.within(&count.path, row.query))?;
        }
        Ok(())
    }

    /// Whatever was sent: there are as many lines as there may be.
    fn count(&self, count: &Count, key: &Value) -> Result<(), Error> {
        let found = self.look(&count.asks.below(key))?;
        let rows = match found.as_deref() {
            Some([types::Value::Integer(rows)]) => usize::try_from(*rows).unwrap_or_default(),
            _ => 0,
        };
        number(rows, count.min, count.max).map_err(Error::Broken)
    }

    fn run(&self, row: &Row, above: &Value) -> Result<Written, Error> {
        let question = row.asks.below(above);
        let done = question.as_mutation(|mutation| written(self.tx, mutation))?;
        let query = &self.app.queries[row.query];
        match query
            .expect
            .filter(|wanted| u64::try_from(done.rows) != Ok(*wanted))
        {
            Some(wanted) => Err(Error::Expected {
                wanted,
                found: done.rows,
            }),
            None => Ok(done),
        }
    }

    fn look(&self, question: &Question) -> Result<Option<Vec<types::Value>>, Error> {
        Ok(question.as_mutation(|query| answer(self.tx, query))?)
    }

    fn tell(&mut self, row: &Row) {
        let word = match row.act {
            Act::Add => "added",
            Act::Change => "changed",
            Act::Remove => "removed",
            Act::Keep => return,
        };
        if row.path.is_empty() {
            return;
        }
        let lines = self
            .told
            .lines
            .entry(row.list.clone())
            .or_insert_with(|| json!({}));
        let before = lines[word].as_u64().unwrap_or_default();
        lines[word] = json!(before + 1);
    }
}

/// The key that lines hang on: of a row that was there, or of the one just written.
fn key_of(row: &Row, key: Option<i64>) -> Result<Value, Error> {
    let there = row.there.as_ref().map(|there| there.key.clone());
    let key = there.or(key.map(Value::Integer));
    key.ok_or_else(|| {
        let said = "the query of this part wrote no row that lines could belong to; it has to write one, and its table needs a number for its key";
        Error::Query(said.to_owned())
    })
}
