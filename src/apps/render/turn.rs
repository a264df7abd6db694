//! Which page of a long result is asked for, as its address says it.

use crate::apps::format::{Order, Paging};
use crate::apps::widgets::Trouble;
use crate::data::{Cell, Value};
use crate::store::Error;

/// Rows on a page when the query says nothing of pages.
const SIZE: u32 = 50;

/// Which page is asked for, in what order.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) size: u32,
    pub(super) order: Option<Order>,
    pub(super) key: Option<String>,
    pub(super) spot: Spot,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Spot {
    Start,
    Beside(Mark),
    /// The number of rows before.
    Offset(u64),
}

/// A row of the result and which side of it is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    /// The number of the page's first row, from 1.
    pub(super) first: u64,
    pub(super) sort: Value,
    pub(super) key: Value,
    pub(super) is_after: bool,
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

/// A value as it travels in an address; [`Turn::read`] reads it again.
pub(super) fn json(cell: Cell<'_>) -> Result<serde_json::Value, Error> {
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
