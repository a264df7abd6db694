//! A statement without what may stand behind it.

use super::Dialect;
use crate::store::tokens::Kind;

/// `sql` without the semicolon, spaces and comments it ends with, so that more
/// can be put around it. What cannot be read comes back as it was.
pub fn bare(dialect: Dialect, sql: &str) -> &str {
    let Ok(tokens) = dialect.tokens(sql) else {
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
            bare(Dialect::Sqlite, "select ';' from t -- all;\n ; /* x */ ;\n"),
            "select ';' from t"
        );
        assert_eq!(bare(Dialect::Sqlite, "select 1"), "select 1");
        assert_eq!(
            bare(Dialect::MySql, "select '#;' from t # all"),
            "select '#;' from t"
        );
    }
}
