//! The words of a statement: what it could name.

/// Everything that could be a name, words in its strings and comments too.
pub fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word_however_it_is_written() {
        let sql = "select a.\"x\", [Größe] from main.`orders_2`--items\n where 'it''s'=:id";
        let found: Vec<&str> = words(sql).collect();
        assert_eq!(
            found,
            [
                "select", "a", "x", "Größe", "from", "main", "orders_2", "items", "where", "it",
                "s", "id"
            ]
        );
    }
}
