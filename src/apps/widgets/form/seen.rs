//! What a line looked like when somebody opened the form: two short marks, no secrets,
//! by which is told whether they changed it and whether somebody else did meanwhile.

use crate::apps::format::{Context, Param, Query, Source};
use crate::data::Cell;

/// FNV-1a.
fn mark(parts: impl Iterator<Item = String>) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

/// The mark of a row as it is in the table.
pub fn of_row(cells: &[Cell<'_>]) -> String {
    mark(cells.iter().map(|cell| format!("{cell:?}")))
}

/// The mark of what stands in the fields of a query.
pub fn of_fields<'a>(
    query: &'a Query,
    context: &Context<'_>,
    sent: &dyn Fn(&'a Param) -> Vec<String>,
) -> String {
    let fields = query.params.iter();
    let fields = fields.filter(|param| matches!(param.source, Source::Form(_)));
    mark(fields.map(|param| {
        let sent = sent(param);
        let sent: Vec<&str> = sent.iter().map(String::as_str).collect();
        match param.bind_all(&sent, context) {
            Ok(value) => format!("{value:?}"),
            // What fits nothing is what was typed.
            Err(_) => format!("{sent:?}"),
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_differs_in_one_cell_or_its_kind_looks_different() {
        let of = of_row;
        let one = of(&[Cell::Integer(1), Cell::Text("a"), Cell::Null]);

        assert_eq!(one, of(&[Cell::Integer(1), Cell::Text("a"), Cell::Null]));
        for other in [
            of(&[Cell::Integer(2), Cell::Text("a"), Cell::Null]),
            of(&[Cell::Text("1"), Cell::Text("a"), Cell::Null]),
            of(&[Cell::Integer(1), Cell::Text("a"), Cell::Text("")]),
            of(&[Cell::Integer(1), Cell::Text("a")]),
        ] {
            assert_ne!(one, other);
        }
    }
}
