//! What a query may say where a policy holds on a database elsewhere. That server knows
//! nothing of the policy, so whatever could come to its tables by another way is refused.

use crate::data::sql_text::{Dialect, Kind, Token};

/// Words that stand before a parenthesis and call nothing.
const KEYWORDS: [&str; 38] = [
    "all",
    "and",
    "any",
    "as",
    "between",
    "by",
    "case",
    "distinct",
    "else",
    "except",
    "exists",
    "filter",
    "from",
    "having",
    "in",
    "intersect",
    "is",
    "join",
    "like",
    "limit",
    "materialized",
    "not",
    "offset",
    "on",
    "or",
    "over",
    "group",
    "select",
    "set",
    "some",
    "then",
    "union",
    "using",
    "values",
    "when",
    "where",
    "with",
    "ilike",
];

/// Functions of both engines that read no table, and types with a length.
const FUNCTIONS: [&str; 84] = [
    "abs",
    "array_agg",
    "avg",
    "bool_and",
    "bool_or",
    "cast",
    "ceil",
    "ceiling",
    "char",
    "char_length",
    "coalesce",
    "concat",
    "concat_ws",
    "count",
    "cume_dist",
    "curdate",
    "date",
    "date_add",
    "date_format",
    "date_part",
    "date_sub",
    "date_trunc",
    "datediff",
    "day",
    "decimal",
    "dense_rank",
    "extract",
    "first_value",
    "floor",
    "format",
    "greatest",
    "group_concat",
    "hour",
    "if",
    "ifnull",
    "initcap",
    "json_agg",
    "jsonb_agg",
    "lag",
    "last_value",
    "lead",
    "least",
    "left",
    "length",
    "lower",
    "lpad",
    "ltrim",
    "max",
    "md5",
    "min",
    "minute",
    "mod",
    "month",
    "monthname",
    "now",
    "nth_value",
    "ntile",
    "nullif",
    "numeric",
    "percent_rank",
    "position",
    "power",
    "quarter",
    "rank",
    "regexp_replace",
    "replace",
    "right",
    "round",
    "row_number",
    "rpad",
    "rtrim",
    "sign",
    "split_part",
    "sqrt",
    "stddev",
    "string_agg",
    "substring",
    "sum",
    "to_char",
    "trim",
    "upper",
    "varchar",
    "week",
    "year",
];

/// Where servers tell of themselves: statistics hold values of rows.
const CATALOGS: [&str; 4] = ["information_schema", "mysql", "performance_schema", "sys"];

/// Is it a query that can only come to those tables by their names?
///
/// # Errors
///
/// In words for whoever wrote it.
pub(super) fn fit(dialect: Dialect, sql: &str, tables: &[&str]) -> Result<(), String> {
    let tokens = dialect.tokens(sql).map_err(|error| error.message)?;
    let said: Vec<&Token> = tokens.iter().filter(|token| !token.is_blank()).collect();
    let text = |at: usize| said.get(at).map_or("", |token| token.text(sql));
    for (at, token) in said.iter().enumerate() {
        let word = named(token, sql);
        let Some(word) = word else { continue };
        let table = tables
            .iter()
            .find(|table| table.eq_ignore_ascii_case(&word));
        let before = at.checked_sub(1).map_or("", text);
        if let Some(table) = table
            && before == "."
        {
            return Err(format!(
                "write `{table}` without what stands before it: a policy holds there"
            ));
        }
        if word == "recursive" {
            return Err("it is recursive; where a policy holds it cannot be".to_owned());
        }
        if word.starts_with("pg_") || CATALOGS.contains(&word.as_str()) {
            return Err(format!(
                "`{word}` tells of all rows; where a policy holds it cannot be read"
            ));
        }
        // PostgreSQL reads `U&"\006f…"` as a name that stands here otherwise.
        if word == "u" && text(at + 1) == "&" && text(at + 2).starts_with(['"', '\'']) {
            return Err("write names as they are, not by the numbers of their letters".to_owned());
        }
        let is_called = text(at + 1) == "(" && !before.eq_ignore_ascii_case("into");
        let is_known = token.kind == Kind::Word
            && (KEYWORDS.contains(&word.as_str()) || FUNCTIONS.contains(&word.as_str()));
        if is_called && !is_known {
            return Err(format!(
                "`{word}(…)` could read any table; where a policy holds only functions that are known here are called"
            ));
        }
    }
    Ok(())
}

/// Those of the names that a statement says.
pub(super) fn says<'a>(dialect: Dialect, sql: &str, names: &'a [String]) -> Vec<&'a str> {
    let tokens = dialect.tokens(sql).unwrap_or_default();
    let said = tokens.iter().filter_map(|token| named(token, sql));
    let found = said.flat_map(|word| {
        let alike = names
            .iter()
            .filter(move |name| name.eq_ignore_ascii_case(&word));
        alike.map(String::as_str)
    });
    found.collect()
}

/// A word, or a name without its quotes; in small letters, so that one too many is taken
/// for the same.
pub(super) fn named(token: &Token, sql: &str) -> Option<String> {
    let is_name = matches!(token.kind, Kind::Word | Kind::Name);
    token.name(sql).filter(|_| is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(dialect: Dialect, sql: &str) -> Option<String> {
        fit(dialect, sql, &["orders"]).err()
    }

    #[test]
    fn usual_queries_are_fit() {
        for sql in [
            "select id, o.amount from orders as o where (:q is null or o.name like concat(:q, '%'))",
            "with x as (select region, sum(amount) as s from orders group by region) select * from x",
            "select (select count(*) from items where items.order_id = orders.id) as n from orders",
            "select row_number() over (partition by region order by id) from orders where id in (1, 2)",
            "select cast(amount as decimal(10, 2)), coalesce(note, 'x.orders(') from orders",
        ] {
            assert_eq!(said(Dialect::Postgres, sql), None, "{sql}");
            assert_eq!(said(Dialect::MySql, sql), None, "{sql}");
        }
        assert!(
            fit(
                Dialect::MySql,
                "insert into log (a) values (:a)",
                &["orders"]
            )
            .is_ok()
        );
    }

    #[test]
    fn every_other_way_to_the_table_is_refused() {
        for sql in [
            "select * from public.orders",
            "select * from \"public\".\"orders\"",
            "select * from public . /* x */ ORDERS",
            "select query_to_xml('select * from orders', true, true, '')",
            "select * from dblink('', 'select * from orders') as t(a int)",
            "select \"query_to_xml\"('select * from orders', true, true, '')",
            "select most_common_vals from pg_stats where tablename = 'orders'",
            "select * from pg_catalog.pg_class",
            "select row_to_json(orders) from orders",
            "with recursive orders as (select 1) select * from orders",
            "select current_setting('x')",
            "select set_config('role', 'owner', false)",
            "select 1 operator(public.=) 1",
            "select * from public.U&\"\\006frders\"",
            "select * from public . u& \"!006frders\" uescape '!'",
            "select u&\"query_to\\005fxml\"('select * from orders', true, true, '')",
            "select lo_get(1)",
        ] {
            assert!(said(Dialect::Postgres, sql).is_some(), "{sql}");
        }
        for sql in [
            "select * from shop.orders",
            "select * from `shop`.`orders`",
            "select load_file('/var/lib/mysql/shop/orders.ibd')",
            "select * from mysql.column_stats",
            "select `f`(1)",
        ] {
            assert!(said(Dialect::MySql, sql).is_some(), "{sql}");
        }
    }
}
