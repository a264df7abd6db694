//! Pages of a long result: by the values of the last row where there is a key,
//! by counting where there is none.

use crate::apps::format::{Order, Paging};
use crate::apps::widgets::{PageOfRows, Trouble};
use crate::data::{Caps, Catalog, Cell, Question, Rows, Value, fetch};
use crate::store::{Error, Guarded};

use super::sql::{self, Which};

/// Rows on a page when the query says nothing of pages.
const SIZE: u32 = 50;

/// Which page is asked for, in what order.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    size: u32,
    pub(super) order: Option<Order>,
    pub(super) key: Option<String>,
    spot: Spot,
}

#[derive(Clone, Debug, PartialEq)]
enum Spot {
    Start,
    Beside(Mark),
    /// The number of rows before.
    Offset(u64),
}

/// A row of the result and which side of it is asked for.
#[derive(Clone, Debug, PartialEq)]
struct Mark {
    /// The number of the page's first row, from 1.
    first: u64,
    sort: Value,
    key: Value,
    is_after: bool,
}

impl Turn {
    /// What `sort`, `after` and `before` of an address mean for a query.
    pub(super) fn read(
        paging: Option<&Paging>,
        sort: Option<&str>,
        after: Option<&str>,
        before: Option<&str>,
    ) -> Result<Turn, Trouble> {
        let allowed = paging
            .map(|paging| paging.sort.as_slice())
            .unwrap_or_default();
        let said = sort.filter(|sort| !sort.is_empty()).map(Order::parse);
        if let Some(order) = said
            .as_ref()
            .filter(|order| !allowed.contains(&order.column))
        {
            let column = &order.column;
            return Err(Trouble::Address(format!(
                "these rows cannot be sorted by `{column}`; choose a column's title"
            )));
        }
        let key = paging.and_then(|paging| paging.key.clone());
        let usual = paging.and_then(|paging| paging.default.clone());
        let by_key = || {
            key.clone().map(|column| Order {
                column,
                descending: false,
            })
        };
        let order = said.or(usual).or_else(by_key);
        let spot = match (after, before) {
            (Some(after), _) => spot(after, true, key.is_some()),
            (None, Some(before)) => spot(before, false, key.is_some()),
            (None, None) => Some(Spot::Start),
        };
        Ok(Turn {
            size: paging.map_or(SIZE, |paging| paging.size.clamp(1, 1000)),
            order,
            key,
            spot: spot.ok_or_else(|| {
                Trouble::Address(
                    "this place among the rows is not known; begin with the first page".to_owned(),
                )
            })?,
        })
    }
}

fn spot(text: &str, is_after: bool, is_keyed: bool) -> Option<Spot> {
    let parts: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
    match (parts.as_slice(), is_keyed) {
        ([first], false) => Some(Spot::Offset(first.as_u64()?.saturating_sub(1))),
        ([first, sort, key], true) => Some(Spot::Beside(Mark {
            first: first.as_u64()?,
            sort: value(sort)?,
            key: value(key)?,
            is_after,
        })),
        _ => None,
    }
}

/// Floats travel as text, which keeps them to the last bit.
fn value(json: &serde_json::Value) -> Option<Value> {
    match json {
        serde_json::Value::Null => Some(Value::Null),
        serde_json::Value::Number(number) => Some(Value::Integer(number.as_i64()?)),
        serde_json::Value::String(text) => match text.split_at_checked(1)? {
            ("r", number) => Some(Value::Real(number.parse().ok()?)),
            ("t", text) => Some(Value::Text(text.to_owned())),
            _ => None,
        },
        _ => None,
    }
}

fn json(cell: Cell<'_>) -> Result<serde_json::Value, Error> {
    Ok(match cell {
        Cell::Null => serde_json::Value::Null,
        Cell::Integer(number) => number.into(),
        Cell::Real(number) => format!("r{}", ryu::Buffer::new().format(number)).into(),
        Cell::Text(text) => format!("t{text}").into(),
        Cell::Blob(_) => {
            return Err(Error::BadSql {
                message: "rows cannot be sorted by a column of bytes".to_owned(),
                offset: None,
            });
        }
    })
}

/// The page of `question`'s rows that `turn` asks for.
pub(super) fn page(
    guarded: &Guarded,
    catalog: &Catalog,
    question: &Question,
    turn: &Turn,
) -> Result<PageOfRows, Error> {
    let asked = Asked {
        guarded,
        catalog,
        question,
    };
    match (&turn.key, &turn.order, &turn.spot) {
        (Some(key), Some(order), Spot::Start) => {
            let rows = asked.keyed((order, key), &[Which::All], None, turn.size)?;
            let (is_last, first) = (!rows.more, 1);
            linked(
                rows,
                turn,
                (order, key),
                &Ends {
                    first,
                    is_first: true,
                    is_last,
                },
            )
        }
        (Some(key), Some(order), Spot::Beside(mark)) => beside(&asked, (order, key), mark, turn),
        (_, _, spot) => {
            let offset = if let Spot::Offset(offset) = spot {
                *offset
            } else {
                0
            };
            asked.counted_off(turn, offset)
        }
    }
}

fn beside(
    asked: &Asked<'_>,
    (order, key): (&Order, &str),
    mark: &Mark,
    turn: &Turn,
) -> Result<PageOfRows, Error> {
    // Towards the front is the same walk the other way round.
    let way = Order {
        column: order.column.clone(),
        descending: order.descending == mark.is_after,
    };
    // Missing values stand before all others.
    let walk: &[Which] = match (
        order.column == key,
        mark.sort == Value::Null,
        way.descending,
    ) {
        (true, _, _) => &[Which::PastKey],
        (_, true, false) => &[Which::PastMissing, Which::Values],
        (_, true, true) => &[Which::PastMissing],
        (_, false, true) => &[Which::PastValue, Which::Missing],
        (_, false, false) => &[Which::PastValue],
    };
    let rows = asked.keyed((&way, key), walk, Some(mark), turn.size)?;
    let more = rows.more;
    if mark.is_after {
        let ends = Ends {
            first: mark.first,
            is_first: false,
            is_last: !more,
        };
        return linked(rows, turn, (order, key), &ends);
    }
    let count = u64::try_from(rows.len()).unwrap_or_default();
    let first = if more {
        mark.first.saturating_sub(count).max(1)
    } else {
        1
    };
    linked(
        reversed(&rows),
        turn,
        (order, key),
        &Ends {
            first,
            is_first: !more,
            is_last: false,
        },
    )
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

struct Asked<'a> {
    guarded: &'a Guarded,
    catalog: &'a Catalog,
    question: &'a Question,
}

impl Asked<'_> {
    fn fetch(&self, sql: String, values: Vec<(&str, Value)>, size: u32) -> Result<Rows, Error> {
        let mut question = Question {
            sql,
            values: self.question.values.clone(),
        };
        let own = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        question.values.extend(own);
        let caps = Caps {
            rows: usize::try_from(size).unwrap_or(1000),
            ..Caps::PAGE
        };
        fetch(self.guarded, self.catalog, &question, caps)
    }

    /// Rows along the walk until the page is full.
    fn keyed(
        &self,
        (order, key): (&Order, &str),
        walk: &[Which],
        mark: Option<&Mark>,
        size: u32,
    ) -> Result<Rows, Error> {
        let mut all: Option<Rows> = None;
        for which in walk {
            let had = all.as_ref().map_or(0, Rows::len);
            let left = size.saturating_sub(u32::try_from(had).unwrap_or(size));
            let mut values = vec![(sql::LIMIT, Value::Integer(i64::from(left) + 1))];
            if let Some(mark) = mark {
                values.push((sql::SORT, mark.sort.clone()));
                values.push((sql::KEY, mark.key.clone()));
            }
            let sql = sql::keyed(&self.question.sql, order, key, *which);
            let found = self.fetch(sql, values, left)?;
            let is_full = found.more;
            let rows = match all.take() {
                None => found,
                Some(rows) => joined(rows, &found),
            };
            if is_full {
                return Ok(rows);
            }
            all = Some(rows);
        }
        Ok(all.unwrap_or_default())
    }

    fn counted_off(&self, turn: &Turn, offset: u64) -> Result<PageOfRows, Error> {
        let size = u64::from(turn.size);
        let values = vec![
            (sql::LIMIT, Value::Integer(i64::from(turn.size) + 1)),
            (
                sql::OFFSET,
                Value::Integer(i64::try_from(offset).unwrap_or(i64::MAX)),
            ),
        ];
        let sql = sql::counted_off(&self.question.sql, turn.order.as_ref());
        let rows = self.fetch(sql, values, turn.size)?;
        let place = |offset: u64| format!("[{}]", offset + 1);
        Ok(PageOfRows {
            previous: (offset > 0).then(|| place(offset.saturating_sub(size))),
            next: rows.more.then(|| place(offset + size)),
            first: offset + 1,
            order: turn.order.clone(),
            rows,
        })
    }
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
