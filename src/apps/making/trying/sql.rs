//! How a test asks: what the query gave stands beside the expectation as `result`.

use crate::apps::using::Refused;
use crate::data::{Question, Value, cell};
use crate::store::types::ValueRef;
use crate::store::{Error, Mutation, ToSql, Transaction, answer, mutate};

/// What is expected of the rows of a query, and how many there are.
pub(super) fn of_rows(query: &str, expect: &str) -> String {
    format!(
        "with result as materialized (\n{query}\n)\nselect (\n{expect}\n), (select count(*) from result)"
    )
}

/// What became of a query that writes.
pub(super) struct Change {
    pub(super) rows: i64,
    /// Why nothing was changed, as a person would be told.
    pub(super) refused: Option<String>,
}

impl Change {
    pub(super) fn refused(why: String) -> Change {
        Change {
            rows: 0,
            refused: Some(why),
        }
    }
}

/// Runs the statement. What a person would be told when it is refused is a result;
/// that the app has a mistake is an error.
pub(super) fn change(
    tx: &Transaction<'_>,
    question: &Question,
    wanted: Option<u64>,
) -> Result<Change, Error> {
    tx.execute_batch("savepoint tested")?;
    let rows = question.as_mutation(|mutation| mutate(tx, mutation));
    let rows = rows.map_err(Refused::from);
    let done = rows.and_then(|found| match wanted {
        Some(wanted) if u64::try_from(found) != Ok(wanted) => {
            Err(Refused::Expected { wanted, found })
        }
        _ => Ok(found),
    });
    let change = match done {
        Ok(rows) => Change {
            rows: i64::try_from(rows).unwrap_or(i64::MAX),
            refused: None,
        },
        Err(Refused::Store(error)) => return Err(error),
        Err(Refused::Query(message)) => {
            return Err(Error::BadSql {
                message,
                offset: None,
            });
        }
        Err(refused) => {
            tx.execute_batch("rollback to tested")?;
            Change::refused(match &refused {
                Refused::Taken(column) | Refused::Missing(column) => {
                    format!("{column}: {refused}")
                }
                _ => refused.to_string(),
            })
        }
    };
    tx.execute_batch("release tested")?;
    Ok(change)
}

/// What the expectation gives, among the tables as the change left them.
pub(super) fn look(tx: &Transaction<'_>, change: &Change, expect: &str) -> Result<Value, Error> {
    let sql = format!("with result (rows, error) as (select :rows, :error)\nselect (\n{expect}\n)");
    let values: [(&str, &dyn ToSql); 2] = [(":rows", &change.rows), (":error", &change.refused)];
    let found = answer(
        tx,
        &Mutation {
            sql: &sql,
            values: &values,
        },
    )?;
    let first = found.unwrap_or_default().into_iter().next();
    Ok(first.map_or(Value::Null, |value| Value::of(cell(ValueRef::from(&value)))))
}
