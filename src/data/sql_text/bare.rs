//! A statement without what may stand behind it.

use crate::store::tokens::{Kind, tokens};

/// `sql` without the semicolon, spaces and comments it ends with, so that more
/// can be put around it. What cannot be read comes back as it was.
pub fn bare(sql: &str) -> &str {
    let Ok(tokens) = tokens(sql) else {
        return sql;
    };
    let said = { tokens.iter() }.rfind(|token| !token.is_blank() && token.kind != Kind::End);
    said.map_or(sql, |last| &sql[..last.end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_statement_goes() {
        assert_eq!(
            bare("select ';' from t -- all;\n ; /* x */ ;\n"),
            "select ';' from t"
        );
        assert_eq!(bare("select 1"), "select 1");
    }
}
