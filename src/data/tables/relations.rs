//! Which columns may name rows of which tables, by what they are called.

use super::{Reference, Table, TableColumn};
use crate::base::text::one_of;

/// What stands behind the name of a table in the name of a column that refers to it.
const ENDS: [&str; 6] = ["_id", "_key", "_no", "_nr", "_number", "_ref"];

/// The references that names suggest between a table and all of them, those known
/// already left out. Their values are to be asked next.
pub(super) fn likely(table: &Table, all: &[Table]) -> Vec<(Table, Reference, Table)> {
    let mut found: Vec<(Table, Reference, Table)> = Vec::new();
    for from in all {
        for column in from.columns.iter().filter(|column| from.may_refer(column)) {
            if from.refers(&column.name).is_some() {
                continue;
            }
            let named = all.iter().filter(|to| names(column, to));
            let best = named.max_by_key(|to| to.name.len());
            let Some(to) = best.filter(|to| from.name == table.name || to.name == table.name)
            else {
                continue;
            };
            let reference = Reference {
                column: column.name.clone(),
                to: to.name.clone(),
            };
            found.push((from.clone(), reference, to.clone()));
        }
    }
    found
}

/// `customer_id`, `customer` and `billing_customer_id` name a row of `customers`, and so does
/// a column that is called as the key there, if that says more than that it is one.
fn names(column: &TableColumn, to: &Table) -> bool {
    let name = column.name.as_str();
    let is_telling = !["id", "key", "no", "nr", "number", "row_id"].contains(&to.key.as_str());
    if is_telling && name == to.key {
        return true;
    }
    let stem = { ENDS.iter() }.find_map(|end| name.strip_suffix(end));
    let one = one_of(&to.name.replace('_', " ")).map(|one| one.replace(' ', "_"));
    let called = [Some(to.name.as_str()), one.as_deref()];
    called.into_iter().flatten().any(|called| {
        let is_end = |stem: &str| {
            let rest = stem.strip_suffix(called);
            rest.is_some_and(|rest| rest.ends_with('_'))
        };
        stem.unwrap_or(name) == called || stem.is_some_and(is_end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ColumnType::{self, Integer, Text};

    fn table(name: &str, key: &str, columns: &[(&str, ColumnType)]) -> Table {
        let column = |(name, kind): &(&str, ColumnType)| TableColumn {
            name: (*name).to_owned(),
            title: (*name).to_owned(),
            kind: *kind,
        };
        Table {
            name: name.to_owned(),
            title: name.to_owned(),
            key: key.to_owned(),
            columns: [(key, Integer)].iter().chain(columns).map(column).collect(),
            references: Vec::new(),
        }
    }

    fn said(table: &Table, all: &[Table]) -> Vec<String> {
        let each = likely(table, all).into_iter();
        each.map(|(from, reference, _)| {
            format!("{}.{} > {}", from.name, reference.column, reference.to)
        })
        .collect()
    }

    #[test]
    fn a_column_called_like_one_of_a_table_may_name_its_rows() {
        let orders = table(
            "orders",
            "id",
            &[
                ("customer_id", Integer),
                ("billing_customer_id", Integer),
                ("customer", Text),
                ("customs_no", Integer),
                ("item_no", Integer),
                ("quantity", Integer),
            ],
        );
        let all = [
            orders.clone(),
            table("customers", "id", &[]),
            table("items", "item_no", &[]),
        ];

        assert_eq!(
            said(&orders, &all),
            [
                "orders.customer_id > customers",
                "orders.billing_customer_id > customers",
                "orders.item_no > items",
            ]
        );
        // The other way round: what was there before is looked at as well.
        assert_eq!(
            said(&all[1], &all),
            [
                "orders.customer_id > customers",
                "orders.billing_customer_id > customers"
            ]
        );
    }

    #[test]
    fn the_longer_name_is_meant_and_what_is_known_is_left_out() {
        let mut lines = table(
            "order_lines",
            "id",
            &[("order_id", Integer), ("purchase_order_id", Integer)],
        );
        let orders = table("orders", "id", &[]);
        let purchases = table("purchase_orders", "id", &[]);

        let all = [lines.clone(), orders.clone(), purchases.clone()];
        assert_eq!(
            said(&lines, &all),
            [
                "order_lines.order_id > orders",
                "order_lines.purchase_order_id > purchase_orders"
            ]
        );

        lines.references.push(Reference {
            column: "order_id".to_owned(),
            to: "orders".to_owned(),
        });
        let all = [lines.clone(), orders, purchases];
        assert_eq!(
            said(&lines, &all),
            ["order_lines.purchase_order_id > purchase_orders"]
        );
    }
}
