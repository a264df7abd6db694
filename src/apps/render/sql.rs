//! Statements put around an app's query: sorted, cut into pages, counted, added up.

use crate::apps::format::Order;

/// Names of our own values; no parameter of an app begins like that.
pub(super) const LIMIT: &str = "onsight__limit";
pub(super) const OFFSET: &str = "onsight__offset";
pub(super) const SORT: &str = "onsight__sort";
pub(super) const KEY: &str = "onsight__key";

/// As many rows are counted; more are "more than".
pub(super) const COUNTED: u32 = 10_000;

/// Which rows of a result in the order of a column and, among equals, of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    All,
    /// Behind the row with the value and the key.
    PastValue,
    /// Behind the row with the key, among those without a value.
    PastMissing,
    Missing,
    Values,
    /// Behind the row with the key, which is the column.
    PastKey,
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Some rows from one end of the order.
pub(super) fn keyed(query: &str, order: &Order, key: &str, which: Which) -> String {
    let (sort, key) = (quoted(&order.column), quoted(key));
    let (way, past) = if order.descending {
        ("desc", "<")
    } else {
        ("asc", ">")
    };
    let condition = match which {
        Which::All => String::new(),
        // The first half alone lets an index find the place.
        Which::PastValue => format!(
            " where {sort} {past}= :{SORT} and ({sort} {past} :{SORT} or {key} {past} :{KEY})"
        ),
        Which::PastMissing => format!(" where {sort} is null and {key} {past} :{KEY}"),
        Which::Missing => format!(" where {sort} is null"),
        Which::Values => format!(" where {sort} is not null"),
        Which::PastKey => format!(" where {key} {past} :{KEY}"),
    };
    let order = if sort == key {
        format!("{key} {way}")
    } else {
        format!("{sort} {way}, {key} {way}")
    };
    format!("select * from (\n{query}\n){condition} order by {order} limit :{LIMIT}")
}

/// Some rows after a number of others.
pub(super) fn counted_off(query: &str, order: Option<&Order>) -> String {
    format!(
        "{} limit :{LIMIT} offset :{OFFSET}",
        sorted(query, order, None)
    )
}

/// All rows, in order.
pub(super) fn sorted(query: &str, order: Option<&Order>, key: Option<&str>) -> String {
    let mut sql = format!("select * from (\n{query}\n)");
    if let Some(order) = order {
        let way = if order.descending { "desc" } else { "asc" };
        let sort = quoted(&order.column);
        sql = format!("{sql} order by {sort} {way}");
        if let Some(key) = key.filter(|key| *key != order.column) {
            sql = format!("{sql}, {} {way}", quoted(key));
        }
    }
    sql
}

/// One row, for its columns.
pub(super) fn sample(query: &str) -> String {
    format!("select * from (\n{query}\n) limit 1")
}

/// How many rows there are, as far as it is worth knowing.
pub(super) fn count(query: &str) -> String {
    let most = COUNTED + 1;
    format!("select count(*) from (select 1 from (\n{query}\n) limit {most})")
}

/// One row with the sums, averages and so on of columns.
pub(super) fn totals(query: &str, totals: &[(&str, &str)]) -> String {
    let each = totals.iter().map(|(column, how)| {
        let how = match *how {
            "avg" => "avg",
            "min" => "min",
            "max" => "max",
            "count" => "count",
            _ => "sum",
        };
        format!("{how}({})", quoted(column))
    });
    let each = each.collect::<Vec<_>>().join(", ");
    format!("select {each} from (\n{query}\n)")
}
