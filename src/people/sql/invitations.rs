//! Invitations: what a link lets its owner join.

use crate::base::Time;
use crate::people::model::Email;
use crate::store::{Connection, Error as StoreError, OptionalExtension, Transaction, named_params};
use crate::web::{UserId, WorkspaceId};

pub(in crate::people) fn add_invitation(
    tx: &Transaction<'_>,
    hash: &[u8],
    workspace: WorkspaceId,
    user: UserId,
    expires: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into invitation (hash, workspace, user, expires)
         values (:hash, :workspace, :user, :expires)",
        named_params! {
            ":hash": hash,
            ":workspace": workspace,
            ":user": user,
            ":expires": expires.0,
        },
    )?;
    Ok(())
}

/// What an invitation is: for whom, their address, which workspace and its
/// name, and whether they have an account to join it with.
pub(in crate::people) struct Invited {
    pub(in crate::people) user: UserId,
    pub(in crate::people) email: String,
    pub(in crate::people) workspace: String,
    pub(in crate::people) has_account: bool,
}

pub(in crate::people) fn invitation(
    conn: &Connection,
    hash: &[u8],
    now: Time,
) -> Result<Option<Invited>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.id, user.email, workspace.name,
                not exists (select 1 from link where link.hash = invitation.hash) as has_account
         from invitation
         join user on user.id = invitation.user and user.disabled is null
         join workspace on workspace.id = invitation.workspace and workspace.closed is null
         where invitation.hash = :hash and invitation.expires > :now",
    )?;
    let found = find.query_row(named_params! { ":hash": hash, ":now": now.0 }, |row| {
        Ok(Invited {
            user: row.get(0)?,
            email: row.get(1)?,
            workspace: row.get(2)?,
            has_account: row.get(3)?,
        })
    });
    Ok(found.optional()?)
}

/// Uses the invitation up: its owner is in the workspace from now on. Gives the
/// workspace; nothing when it was not theirs or is too old.
pub(in crate::people) fn take(
    tx: &Transaction<'_>,
    hash: &[u8],
    user: UserId,
    now: Time,
) -> Result<Option<WorkspaceId>, StoreError> {
    let taken: Option<WorkspaceId> = tx
        .query_row(
            "delete from invitation where hash = :hash and user = :user and expires > :now
             returning workspace",
            named_params! { ":hash": hash, ":user": user, ":now": now.0 },
            |row| row.get(0),
        )
        .optional()?;
    if let Some(workspace) = taken {
        join(tx, workspace, user, now)?;
    }
    Ok(taken)
}

fn join(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "update membership set joined = coalesce(joined, :now)
         where workspace = :workspace and user = :user",
        named_params! { ":workspace": workspace, ":user": user, ":now": now.0 },
    )?;
    Ok(())
}

/// Lets somebody in who is in no workspace yet: the console's and the set-up's
/// way, where no invitation is needed.
pub(in crate::people) fn join_first(
    tx: &Transaction<'_>,
    user: UserId,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "update membership set joined = :now
         where user = :user and joined is null
           and not exists (select 1 from membership as other
                           where other.user = :user and other.joined is not null)
           and workspace = (select first.workspace from membership as first
                            where first.user = :user order by first.created limit 1)",
        named_params! { ":user": user, ":now": now.0 },
    )?;
    Ok(())
}

pub(in crate::people) fn drop_invitations(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from invitation where workspace = :workspace and user = :user",
        named_params! { ":workspace": workspace, ":user": user },
    )?;
    Ok(())
}

/// The account that address has already, and whether it is somebody's: they
/// opened it, or it opens something by itself. A link to such an account is
/// nobody else's to make.
pub(in crate::people) fn stranger_of(
    conn: &Connection,
    email: &Email,
) -> Result<Option<(UserId, bool)>, StoreError> {
    let mut find = conn.prepare_cached(
        "select id, password is not null or entered is not null or operator = 1
                or exists (select 1 from identity where identity.user = user.id)
                or exists (select 1 from membership
                           where membership.user = user.id and membership.joined is not null)
         from user where email = :email",
    )?;
    let found = find.query_row(named_params! { ":email": email.as_str() }, |row| {
        Ok((row.get(0)?, row.get(1)?))
    });
    Ok(found.optional()?)
}

/// Nobody but this workspace answers for the account: it is in no other, and
/// runs nothing.
pub(in crate::people) fn is_only_here(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<bool, StoreError> {
    let mut find = conn.prepare_cached(
        "select operator = 0 and not exists (select 1 from membership
                 where membership.user = user.id and membership.workspace <> :workspace)
         from user where id = :user",
    )?;
    let values = named_params! { ":workspace": workspace, ":user": user };
    Ok(find.query_row(values, |row| row.get(0))?)
}
