//! Members with what the workspace says of them.

use crate::base::Time;
use crate::store::{Connection, Error, SqlResult, named_params};
use crate::web::WorkspaceId;

/// Name, address, role, when they joined, when they were disabled, groups and
/// attributes as JSON.
pub(super) type Member = [Option<String>; 7];

pub(super) fn members(conn: &Connection, workspace: WorkspaceId) -> Result<Vec<Member>, Error> {
    let mut list = conn.prepare_cached(
        "select case when belonging.joined is null then '' else user.name end as name,
                user.email, belonging.role, belonging.joined, belonging.disabled,
                belonging.groups, belonging.attributes
         from belonging join user on user.id = belonging.user
         where belonging.workspace = :workspace
         order by user.email",
    )?;
    let found = list.query_map(named_params! { ":workspace": workspace }, |row| {
        let time = |column: &str| -> SqlResult<Option<String>> {
            let time: Option<i64> = row.get(column)?;
            Ok(time.map(|time| Time(time).rfc3339()))
        };
        Ok([
            row.get("name")?,
            row.get("email")?,
            row.get("role")?,
            time("joined")?,
            time("disabled")?,
            row.get("groups")?,
            row.get("attributes")?,
        ])
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}
