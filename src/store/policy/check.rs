//! Whether the expressions of a policy are ones: each reads the columns of its
//! own table and who asks, and nothing else.

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext};

use super::Layer;
use super::gate::is_context;
use super::views::{Shape, quoted};
use crate::store::{Error, allowed};

/// Watches one expression being prepared.
pub(super) struct Look {
    table: String,
    selects: usize,
}

impl Look {
    pub(super) fn lets(&mut self, context: &AuthContext<'_>) -> bool {
        match context.action {
            // The one around it is ours; a second is a sub-query.
            AuthAction::Select => {
                self.selects += 1;
                self.selects == 1
            }
            AuthAction::Function { function_name } => {
                allowed::function(function_name) || is_context(function_name)
            }
            AuthAction::Read { table_name, .. } => {
                let is_main = context.database_name == Some("main");
                is_main && table_name.eq_ignore_ascii_case(&self.table)
            }
            _ => false,
        }
    }
}

pub(super) fn refused(message: String) -> Error {
    Error::BadSql {
        message,
        offset: None,
    }
}

/// Checks every expression of a layer. `watch` is told before each is prepared.
pub(super) fn layer(
    conn: &Connection,
    (table, shape): (&str, &Shape),
    layer: &Layer,
    watch: &mut dyn FnMut(Look),
) -> Result<(), Error> {
    if layer.is_empty() {
        return Err(refused(
            "say which rows it lets through, or which columns it masks".to_owned(),
        ));
    }
    for (column, _) in &layer.mask {
        if column.eq_ignore_ascii_case(&shape.key) {
            return Err(refused(format!(
                "{column} is the key of the table and cannot be masked"
            )));
        }
        if !shape
            .columns
            .iter()
            .any(|known| known.eq_ignore_ascii_case(column))
        {
            return Err(refused(format!("there is no column `{column}`")));
        }
    }
    let masks = layer
        .mask
        .iter()
        .map(|(column, shown)| (Some(column), shown));
    for (column, text) in { layer.rows.iter() }.map(|rows| (None, rows)).chain(masks) {
        let name = column.map_or_else(
            || "the condition".to_owned(),
            |column| format!("the mask of {column}"),
        );
        if text.trim().is_empty() {
            return Err(refused(format!("{name} is empty")));
        }
        expression(conn, table, text, watch)
            .map_err(|error| refused(format!("{name}: {}", said(error))))?;
    }
    Ok(())
}

fn said(error: Error) -> String {
    match error {
        Error::Denied(_) => {
            "it may read the columns of this table and ctx('user.…'), and nothing else; \
             sub-queries are refused"
                .to_owned()
        }
        other => other.to_string(),
    }
}

/// Whatever is an expression fits both places; what is more than one does not.
fn expression(
    conn: &Connection,
    table: &str,
    text: &str,
    watch: &mut dyn FnMut(Look),
) -> Result<(), Error> {
    let table_name = quoted(table);
    for sql in [
        format!("select ({text}\n) from main.{table_name}"),
        format!("select 1 from main.{table_name} where ({text}\n)"),
        format!("select coalesce(({text}\n), 1) from main.{table_name}"),
    ] {
        watch(Look {
            table: table.to_owned(),
            selects: 0,
        });
        let statement = conn.prepare(&sql).map_err(Error::of_query)?;
        if statement.parameter_count() > 0 {
            return Err(refused(
                "it has no parameters; say ctx('user.…')".to_owned(),
            ));
        }
    }
    Ok(())
}
