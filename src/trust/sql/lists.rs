//! People with what they prove themselves by, for a list that leaves the house.

use crate::base::Time;
use crate::store::{Connection, Error, named_params};
use crate::web::WorkspaceId;

/// Somebody, and how they may come in.
#[derive(Clone, Debug)]
pub(in crate::trust) struct Person {
    pub(in crate::trust) email: String,
    pub(in crate::trust) name: String,
    /// `Northgate: admin`, with line ends between.
    pub(in crate::trust) roles: String,
    pub(in crate::trust) is_operator: bool,
    pub(in crate::trust) is_disabled: bool,
    pub(in crate::trust) created: Time,
    pub(in crate::trust) entered: Option<Time>,
    pub(in crate::trust) has_password: bool,
    /// Since when they have an authenticator app.
    pub(in crate::trust) app: Option<Time>,
    pub(in crate::trust) passkeys: i64,
    /// Recovery codes that are left.
    pub(in crate::trust) codes: i64,
    /// Keys of programs that open something.
    pub(in crate::trust) keys: i64,
}

/// The people of one workspace, or of the whole instance.
pub(in crate::trust) fn people(
    conn: &Connection,
    workspace: Option<WorkspaceId>,
    now: Time,
) -> Result<Vec<Person>, Error> {
    let mut list = conn.prepare_cached(
        "select user.email, user.name, user.operator, user.created, user.entered,
                user.password is not null as password,
                user.disabled is not null or exists (
                    select 1 from membership where membership.user = user.id
                      and membership.workspace = :workspace
                      and membership.disabled is not null) as disabled,
                (select group_concat(workspace.name || ': ' || membership.role, char(10))
                 from membership join workspace on workspace.id = membership.workspace
                 where membership.user = user.id and membership.joined is not null
                   and (:workspace is null or workspace.id = :workspace)) as roles,
                (select created from totp where totp.user = user.id) as app,
                (select count(*) from passkey where passkey.user = user.id) as passkeys,
                (select count(*) from recovery_code
                 where recovery_code.user = user.id and used is null) as codes,
                (select count(*) from api_key
                 where api_key.created_by = user.id and revoked is null and expires > :now
                   and (:workspace is null or api_key.workspace = :workspace)) as keys
         from user
         where :workspace is null or exists (
             select 1 from membership where membership.user = user.id
               and membership.workspace = :workspace and membership.joined is not null)
         order by user.email",
    )?;
    let values = named_params! { ":workspace": workspace, ":now": now.0 };
    let people = list.query_map(values, |row| {
        Ok(Person {
            email: row.get("email")?,
            name: row.get("name")?,
            roles: row.get::<_, Option<String>>("roles")?.unwrap_or_default(),
            is_operator: row.get("operator")?,
            is_disabled: row.get("disabled")?,
            created: Time(row.get("created")?),
            entered: row.get::<_, Option<i64>>("entered")?.map(Time),
            has_password: row.get("password")?,
            app: row.get::<_, Option<i64>>("app")?.map(Time),
            passkeys: row.get("passkeys")?,
            codes: row.get("codes")?,
            keys: row.get("keys")?,
        })
    })?;
    Ok(people.collect::<Result<_, _>>()?)
}
