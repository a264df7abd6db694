//! Pages of a long result: by the values of the last row where there is a key,
//! by counting where there is none.

use super::sql::{self, Which};
use super::turn::{Mark, Spot, Turn, json};
use crate::apps::format::Order;
use crate::apps::widgets::PageOfRows;
use crate::data::sql_text::Dialect;
use crate::data::{Caps, Catalog, Question, Rows, Value, fetch};
use crate::store::{Error, Guarded};

/// The page of `question`'s rows that `turn` asks for.
pub(super) fn page(
    guarded: &Guarded,
    catalog: &Catalog,
    question: &Question,
    turn: &Turn,
) -> Result<PageOfRows, Error> {
    let mut walk = Walk::of(Dialect::Sqlite, question, turn);
    while let Some((question, caps)) = walk.next() {
        walk.take(fetch(guarded, catalog, &question, caps)?);
    }
    walk.page()
}

/// What is asked, one question after the other, until a page is full; wherever it is asked.
pub(super) struct Walk<'a> {
    dialect: Dialect,
    question: &'a Question,
    turn: &'a Turn,
    way: Way<'a>,
    /// What is asked next, and what may have to be asked after it.
    ahead: &'static [Which],
    rows: Option<Rows>,
}

/// How a page is found.
enum Way<'a> {
    /// Along the order, from one of its rows or from its beginning.
    Keyed {
        order: Order,
        key: &'a str,
        mark: Option<&'a Mark>,
    },
    /// Behind a number of rows.
    CountedOff(u64),
}

impl<'a> Walk<'a> {
    pub(super) fn of(dialect: Dialect, question: &'a Question, turn: &'a Turn) -> Walk<'a> {
        let (way, ahead): (_, &'static [Which]) = match (&turn.key, &turn.order, &turn.spot) {
            (Some(key), Some(order), Spot::Start) => {
                let (order, mark) = (order.clone(), None);
                (Way::Keyed { order, key, mark }, &[Which::All])
            }
            (Some(key), Some(order), Spot::Beside(mark)) => {
                // Towards the front is the same walk the other way round.
                let order = Order {
                    column: order.column.clone(),
                    descending: order.descending == mark.is_after,
                };
                let ahead = ahead(dialect, (&order, key), mark);
                let mark = Some(mark);
                (Way::Keyed { order, key, mark }, ahead)
            }
            (_, _, spot) => {
                let offset = if let Spot::Offset(offset) = spot {
                    *offset
                } else {
                    0
                };
                (Way::CountedOff(offset), &[Which::All])
            }
        };
        Walk {
            dialect,
            question,
            turn,
            way,
            ahead,
            rows: None,
        }
    }

    /// The next question and how much of its answer is wanted; `None`: that was all.
    pub(super) fn next(&mut self) -> Option<(Question, Caps)> {
        let (which, behind) = self.ahead.split_first()?;
        self.ahead = behind;
        let had = self.rows.as_ref().map_or(0, Rows::len);
        let left = self
            .turn
            .size
            .saturating_sub(u32::try_from(had).unwrap_or(u32::MAX));
        let mut values = vec![(sql::LIMIT, Value::Integer(i64::from(left) + 1))];
        let of = (self.dialect, self.question.sql.as_str());
        let mut wanted = usize::try_from(left).unwrap_or(1000);
        let sql = match &self.way {
            Way::Keyed { order, key, mark } => {
                if let Some(mark) = mark {
                    values.push((sql::SORT, mark.sort.clone()));
                    values.push((sql::KEY, mark.key.clone()));
                }
                sql::keyed(of, (order, key), *which)
            }
            Way::CountedOff(offset) if self.is_whole() => {
                values.clear();
                wanted += usize::try_from(*offset).unwrap_or(usize::MAX - wanted);
                self.question.sql.clone()
            }
            Way::CountedOff(offset) => {
                let offset = i64::try_from(*offset).unwrap_or(i64::MAX);
                values.push((sql::OFFSET, Value::Integer(offset)));
                sql::counted_off(of, self.turn.order.as_ref())
            }
        };
        let own = values.into_iter();
        let own = own.map(|(name, value)| (name.to_owned(), value));
        let mut asked = self.question.values.clone();
        asked.extend(own);
        let caps = Caps {
            rows: wanted,
            ..Caps::PAGE
        };
        let values = asked;
        Some((Question { sql, values }, caps))
    }

    /// Is it asked as it was written, and are the rows before left out here? Its own order
    /// would be lost otherwise.
    fn is_whole(&self) -> bool {
        self.turn.order.is_none() && !sql::keeps_order(self.dialect)
    }

    /// The answer to the last question.
    pub(super) fn take(&mut self, found: Rows) {
        if found.more {
            self.ahead = &[];
        }
        self.rows = Some(match self.rows.take() {
            None => found,
            Some(rows) => joined(rows, &found),
        });
    }

    /// The page, once there is no question left.
    pub(super) fn page(self) -> Result<PageOfRows, Error> {
        let is_whole = self.is_whole();
        let rows = self.rows.unwrap_or_default();
        let more = rows.more;
        match self.way {
            Way::CountedOff(offset) => {
                let rows = if is_whole {
                    behind(&rows, offset)
                } else {
                    rows
                };
                Ok(counted_off(rows, self.turn, offset))
            }
            Way::Keyed { key, mark, .. } => {
                let Some(order) = &self.turn.order else {
                    return Ok(PageOfRows::default());
                };
                let (rows, ends) = match mark {
                    None => (rows, Ends::new(1, true, !more)),
                    Some(mark) if mark.is_after => (rows, Ends::new(mark.first, false, !more)),
                    Some(mark) => {
                        let count = u64::try_from(rows.len()).unwrap_or_default();
                        let first = mark.first.saturating_sub(count).max(1);
                        let first = if more { first } else { 1 };
                        (reversed(&rows), Ends::new(first, !more, false))
                    }
                };
                linked(rows, self.turn, (order, key), &ends)
            }
        }
    }
}

/// Which rows follow behind the mark, in their order.
fn ahead(dialect: Dialect, (order, key): (&Order, &str), mark: &Mark) -> &'static [Which] {
    // Rows without a value come first: upwards in most engines, downwards in PostgreSQL.
    let is_missing_first = order.descending == (dialect == Dialect::Postgres);
    match (
        order.column == key,
        mark.sort == Value::Null,
        is_missing_first,
    ) {
        (true, _, _) => &[Which::PastKey],
        (_, true, true) => &[Which::PastMissing, Which::Values],
        (_, true, false) => &[Which::PastMissing],
        (_, false, false) => &[Which::PastValue, Which::Missing],
        (_, false, true) => &[Which::PastValue],
    }
}

/// The rows without the first so many.
fn behind(rows: &Rows, offset: u64) -> Rows {
    let mut rest = Rows::new(rows.columns.clone());
    rest.more = rows.more;
    for row in usize::try_from(offset).unwrap_or(usize::MAX)..rows.len() {
        for cell in rows.row(row) {
            rest.push(cell);
        }
    }
    rest
}

fn counted_off(rows: Rows, turn: &Turn, offset: u64) -> PageOfRows {
    let size = u64::from(turn.size);
    let place = |offset: u64| format!("[{}]", offset + 1);
    let is_full = u64::try_from(rows.len()) == Ok(size);
    PageOfRows {
        previous: (offset > 0).then(|| place(offset.saturating_sub(size))),
        next: (rows.more && is_full).then(|| place(offset + size)),
        first: offset + 1,
        order: turn.order.clone(),
        rows,
    }
}

fn reversed(rows: &Rows) -> Rows {
    let mut turned = Rows::new(rows.columns.clone());
    for row in (0..rows.len()).rev() {
        for cell in rows.row(row) {
            turned.push(cell);
        }
    }
    turned
}

struct Ends {
    first: u64,
    is_first: bool,
    is_last: bool,
}

impl Ends {
    fn new(first: u64, is_first: bool, is_last: bool) -> Ends {
        Ends {
            first,
            is_first,
            is_last,
        }
    }
}

/// The rows with the places before and behind them.
fn linked(
    rows: Rows,
    turn: &Turn,
    (order, key): (&Order, &str),
    ends: &Ends,
) -> Result<PageOfRows, Error> {
    let count = u64::try_from(rows.len()).unwrap_or_default();
    let place = |row: Option<usize>, first: u64| -> Result<Option<String>, Error> {
        let Some(row) = row else { return Ok(None) };
        let at = |name: &str| {
            rows.column(name).ok_or_else(|| Error::BadSql {
                message: format!("the query gives no column `{name}` to page by"),
                offset: None,
            })
        };
        let (sort, key) = (rows.get(row, at(&order.column)?), rows.get(row, at(key)?));
        let parts = [first.into(), json(sort)?, json(key)?];
        Ok(Some(serde_json::Value::from(parts.to_vec()).to_string()))
    };
    let last = rows.len().checked_sub(1);
    let previous = place(last.map(|_| 0).filter(|_| !ends.is_first), ends.first)?;
    let next = place(last.filter(|_| !ends.is_last), ends.first + count)?;
    Ok(PageOfRows {
        previous,
        next,
        first: ends.first,
        order: turn.order.clone(),
        rows,
    })
}

fn joined(mut rows: Rows, more: &Rows) -> Rows {
    for row in 0..more.len() {
        for cell in more.row(row) {
            rows.push(cell);
        }
    }
    rows.more = more.more;
    rows
}

#[cfg(test)]
#[path = "paging_tests.rs"]
mod tests;
