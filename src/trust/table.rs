//! Lines as CSV, safe to open in a spreadsheet.

use crate::data::Cell;
use crate::data::writers::Csv;

/// A heading and lines as wide as it.
pub(super) fn table<const N: usize>(
    heading: [&str; N],
    lines: impl IntoIterator<Item = [String; N]>,
) -> Vec<u8> {
    let mut out = Vec::new();
    Csv::default().heading(heading, &mut out);
    for line in lines {
        let cells = line.iter().map(|cell| Cell::Text(cell));
        Csv::default().row(cells, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn a_cell_is_never_a_formula() {
        let text = table(["a", "b"], [["=1+1".to_owned(), "x,y".to_owned()]]);
        assert_eq!(String::from_utf8(text).unwrap(), "a,b\r\n'=1+1,\"x,y\"\r\n");
    }
}
