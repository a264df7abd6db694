//! What a form could ask for besides: columns of its table, and lines of other tables.

use crate::apps::editing::{Part, columns_of, table_of};
use crate::apps::making::guide::Query;
use crate::data::tables::{Table, TableColumn};

/// A list of lines that could stand below a form.
pub(in crate::apps::making::pages::visual) struct Lined {
    /// The table and its column that holds the key of the row above: `parts.job_card_id`.
    pub(in crate::apps::making::pages::visual) word: String,
    pub(in crate::apps::making::pages::visual) label: String,
}

/// The table that a part of a form adds rows to, if it is one of the workspace.
pub(super) fn table<'a>(text: &str, part: &Part, tables: &'a [Table]) -> Option<&'a Table> {
    let name = table_of(&Query::of(text, &part.submit)?.sql)?;
    tables.iter().find(|table| table.name == name)
}

/// The columns of its table that are not asked for: name and title.
pub(super) fn more(text: &str, part: &Part, tables: &[Table]) -> Vec<(String, String)> {
    let Some(table) = table(text, part, tables) else {
        return Vec::new();
    };
    let sql = Query::of(text, &part.submit).map(|query| query.sql);
    let written = sql.map(|sql| columns_of(&sql));
    let written = written.unwrap_or_default();
    let is_open =
        |column: &&TableColumn| column.name != table.key && !written.contains(&column.name);
    let open = table.columns.iter().filter(is_open);
    open.map(|column| (column.name.clone(), column.title.clone()))
        .collect()
}

/// Tables with a column for the key of a row above; first those that are known to name
/// rows of the tables of this form.
pub(super) fn lines(text: &str, parts: &[Part], tables: &[Table]) -> Vec<Lined> {
    let own: Vec<&str> = parts
        .iter()
        .filter_map(|part| Some(table(text, part, tables)?.name.as_str()))
        .collect();
    let mut found: Vec<(bool, Lined)> = Vec::new();
    for table in tables {
        for column in table
            .columns
            .iter()
            .filter(|column| table.may_refer(column))
        {
            let names_it = table
                .refers(&column.name)
                .is_some_and(|to| own.contains(&to));
            let lined = Lined {
                word: format!("{}.{}", table.name, column.name),
                label: format!("{}, by {}", table.title, column.title),
            };
            found.push((!names_it, lined));
        }
    }
    found.sort_by_key(|(is_other, _)| *is_other);
    found.into_iter().map(|(_, lined)| lined).collect()
}
