//! What can be read of a database elsewhere: its tables with their columns.

use askama::Template;
use axum::extract::{Path, State};

use crate::base::text;
use crate::data::sources::{Source, columns, database};
use crate::data::{Data, Rows};
use crate::web::{Page, Result, Shell};
use crate::workspaces::Member;

/// Tables the page shows: one with more would be no help.
const MOST: usize = 200;
/// Columns of a table that are named.
const NAMED: usize = 12;

#[derive(Template)]
#[template(path = "sources/tables.html")]
pub(super) struct TablesPage {
    shell: Shell,
    source: Source,
    tables: Vec<Table>,
    /// There are more than are shown.
    has_more: bool,
    /// Why nothing can be shown.
    trouble: String,
}

struct Table {
    /// As a statement names it.
    name: String,
    columns: String,
}

pub(super) async fn show(
    State(data): State<Data>,
    member: Member,
    Path(source): Path<String>,
) -> Result<Page<TablesPage>> {
    let source = database(&data.site, member.workspace, &source).await?;
    let found = columns(&data, &member, &source).await;
    let (mut tables, trouble) = match found {
        Ok(rows) => (shown(&source, &rows), String::new()),
        Err(error) => (Vec::new(), error.to_string()),
    };
    let has_more = tables.len() > MOST;
    tables.truncate(MOST);
    Ok(Page(TablesPage {
        shell: Shell::of(&member.viewer, "data"),
        source,
        tables,
        has_more,
        trouble,
    }))
}

fn shown(source: &Source, rows: &Rows) -> Vec<Table> {
    let tables = super::super::tables(source, rows).into_iter();
    let named = tables.map(|(name, columns)| {
        let more = columns.len().saturating_sub(NAMED);
        let columns = columns.iter().take(NAMED);
        let columns: Vec<String> = columns
            .map(|(name, kind)| format!("{name} {kind}"))
            .collect();
        let mut said = columns.join(", ");
        if more > 0 {
            said = format!("{said} and {more} more");
        }
        let columns = text::shorten(&said, 400).into_owned();
        Table { name, columns }
    });
    named.collect()
}
