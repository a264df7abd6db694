//! What was decided in a workspace.

use serde_json::{Value, json};

use crate::store::{Connection, Error, OptionalExtension, SqlResult, named_params};
use crate::web::WorkspaceId;

pub(super) fn rules(conn: &Connection, workspace: WorkspaceId) -> Result<Value, Error> {
    let of = named_params! { ":workspace": workspace };
    let (name, second): (String, bool) = conn.query_row(
        "select name, second_person from workspace where id = :workspace",
        of,
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let rule = conn.query_row(
        "select idle, longest from sign_in_rule where workspace = :workspace",
        of,
        |row| Ok(json!({ "idle_minutes": row.get::<_, i64>(0)?, "longest_hours": row.get::<_, i64>(1)? })),
    );
    let four_eyes: bool = conn.query_row(
        "select exists (select 1 from four_eyes where workspace = :workspace)",
        of,
        |row| row.get(0),
    )?;
    Ok(json!({
        "name": name,
        "second_person_for_operators": second,
        "sign_in": rule.optional()?,
        "roles_with_second_factor": words(
            conn,
            "select role from factor_rule where workspace = :workspace order by role",
            workspace,
        )?,
        "publishing_takes_two": four_eyes,
        "groups": words(
            conn,
            "select name from people_group where workspace = :workspace order by name",
            workspace,
        )?,
        "limits": words(
            conn,
            "select name || ' = ' || value from file_limit where file = :workspace order by name",
            workspace,
        )?,
        "databases_elsewhere": words(
            conn,
            "select name || ': ' || kind || ' ' || (settings ->> 'user') || '@'
                    || (settings ->> 'host') || '/' || (settings ->> 'database')
             from source where workspace = :workspace order by name",
            workspace,
        )?,
        "keys_of_programs": words(
            conn,
            "select name from api_key where workspace = :workspace and revoked is null
             order by name",
            workspace,
        )?,
    }))
}

fn words(conn: &Connection, sql: &str, workspace: WorkspaceId) -> Result<Vec<String>, Error> {
    let mut list = conn.prepare(sql)?;
    let words = list.query_map(named_params! { ":workspace": workspace }, |row| row.get(0))?;
    Ok(words.collect::<SqlResult<_>>()?)
}
