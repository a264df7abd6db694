//! Statements put around an app's query: sorted, cut into pages, counted, added up.

pub(super) mod choices;

use crate::apps::format::Order;
use crate::data::sql_text::Dialect;

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

/// The query as a table. Not every engine takes one without a name.
fn within(query: &str) -> String {
    format!("(\n{query}\n) as onsight__rows")
}

/// Some rows from one end of the order.
pub(super) fn keyed(
    (dialect, query): (Dialect, &str),
    (order, key): (&Order, &str),
    which: Which,
) -> String {
    let (sort, key) = (dialect.quoted(&order.column), dialect.quoted(key));
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
    let rows = within(query);
    format!("select * from {rows}{condition} order by {order} limit :{LIMIT}")
}

/// Some rows after a number of others.
pub(super) fn counted_off(of: (Dialect, &str), order: Option<&Order>) -> String {
    format!(
        "{} limit :{LIMIT} offset :{OFFSET}",
        sorted(of, order, None)
    )
}

/// Does a query keep its own order when it becomes a table?
pub(super) fn keeps_order(dialect: Dialect) -> bool {
    dialect != Dialect::MySql
}

/// All rows, in order.
pub(super) fn sorted(
    (dialect, query): (Dialect, &str),
    order: Option<&Order>,
    key: Option<&str>,
) -> String {
    let Some(order) = order else {
        return if keeps_order(dialect) {
            format!("select * from {}", within(query))
        } else {
            query.to_owned()
        };
    };
    let way = if order.descending { "desc" } else { "asc" };
    let sort = dialect.quoted(&order.column);
    let sql = format!("select * from {} order by {sort} {way}", within(query));
    match key.filter(|key| *key != order.column) {
        Some(key) => format!("{sql}, {} {way}", dialect.quoted(key)),
        None => sql,
    }
}

/// One row, for its columns.
pub(super) fn sample(query: &str) -> String {
    format!("select * from {} limit 1", within(query))
}

/// How many rows there are, as far as it is worth knowing.
pub(super) fn count(query: &str) -> String {
    let most = COUNTED + 1;
    let rows = within(query);
    format!("select count(*) from (select 1 from {rows} limit {most}) as onsight__some")
}

/// One row with the sums, averages and so on of columns.
pub(super) fn totals((dialect, query): (Dialect, &str), totals: &[(&str, &str)]) -> String {
    let each = totals.iter().map(|(column, how)| {
        let how = match *how {
            "avg" => "avg",
            "min" => "min",
            "max" => "max",
            "count" => "count",
            _ => "sum",
        };
        format!("{how}({})", dialect.quoted(column))
    });
    let each = each.collect::<Vec<_>>().join(", ");
    format!("select {each} from {}", within(query))
}
