//! Who may look after an alert.

use crate::store::{Connection, Error, named_params};
use crate::web::{UserId, WorkspaceId};

/// The operators; of a workspace its admins.
pub(in crate::alerts) fn carers(
    conn: &Connection,
    of: Option<WorkspaceId>,
) -> Result<Vec<(UserId, String)>, Error> {
    let mut list = conn.prepare_cached(
        "select user.id, user.name from user
         where user.disabled is null
           and case when :of is null then user.operator = 1
               else exists (select 1 from membership
                            where membership.user = user.id and membership.workspace = :of
                              and membership.role = 'admin' and membership.joined is not null
                              and membership.disabled is null) end
         order by user.name, user.id",
    )?;
    let carers = list.query_map(named_params! { ":of": of }, |row| {
        Ok((row.get("id")?, row.get("name")?))
    })?;
    Ok(carers.collect::<Result<_, _>>()?)
}
