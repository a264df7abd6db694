//! Stays of operators in workspaces, and offers of support.

use crate::base::Time;
use crate::store::{Connection, Error as StoreError, ResultExt, Row, Transaction, named_params};
use crate::web::{Role, UserId, WorkspaceId};
use crate::workspaces::model::{Error, NewOffer, NewStay, Offer, OfferId, Stay, StayId, WAITS};

/// Stays a page shows.
const MOST: u32 = 100;

const LIST: &str = "select access_grant.id, access_grant.workspace,
           workspace.name as workspace_name, access_grant.user, user.name, user.email,
           access_grant.role, access_grant.reason, access_grant.asked, access_grant.lasts,
           access_grant.starts, access_grant.ends, access_grant.ended,
           access_grant.offer is not null as by_offer,
           coalesce(agreeing.name, '') as agreed_by
    from access_grant
    join workspace on workspace.id = access_grant.workspace
    join user on user.id = access_grant.user
    left join user as agreeing on agreeing.id = access_grant.agreed_by";

/// The newest stays in one workspace.
pub(in crate::workspaces) fn of_workspace(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Stay>, StoreError> {
    let mut list = conn.prepare_cached(&format!(
        "{LIST} where access_grant.workspace = :workspace
         order by access_grant.asked desc, access_grant.id desc limit :most"
    ))?;
    let stays = list.query_map(
        named_params! { ":workspace": workspace, ":most": MOST },
        read,
    )?;
    Ok(stays.collect::<Result<_, _>>()?)
}

/// The newest stays anywhere.
pub(in crate::workspaces) fn of_everybody(conn: &Connection) -> Result<Vec<Stay>, StoreError> {
    let mut list = conn.prepare_cached(&format!(
        "{LIST} order by access_grant.asked desc, access_grant.id desc limit :most"
    ))?;
    let stays = list.query_map(named_params! { ":most": MOST }, read)?;
    Ok(stays.collect::<Result<_, _>>()?)
}

/// One stay; of that workspace only, when one is named.
pub(in crate::workspaces) fn stay(
    conn: &Connection,
    id: StayId,
    of: Option<WorkspaceId>,
) -> Result<Stay, StoreError> {
    let mut find = conn.prepare_cached(&format!(
        "{LIST} where access_grant.id = :id
           and access_grant.workspace = coalesce(:of, access_grant.workspace)"
    ))?;
    Ok(find.query_row(named_params! { ":id": id, ":of": of }, read)?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Stay> {
    let time = |column: &str| {
        let time = row.get::<_, Option<i64>>(column);
        time.map(|time| time.map(Time))
    };
    Ok(Stay {
        id: row.get("id")?,
        workspace: row.get("workspace")?,
        workspace_name: row.get("workspace_name")?,
        user: row.get("user")?,
        name: row.get("name")?,
        email: row.get("email")?,
        role: row.get("role")?,
        reason: row.get("reason")?,
        asked: Time(row.get("asked")?),
        lasts: row.get("lasts")?,
        starts: time("starts")?,
        ends: time("ends")?,
        agreed_by: row.get("agreed_by")?,
        by_offer: row.get("by_offer")?,
        ended: time("ended")?,
    })
}

/// Marks as over what ran out unattended, so that one may ask again.
pub(in crate::workspaces) fn clear_away(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "update access_grant set ended = coalesce(ends, :now)
         where workspace = :workspace and user = :user and ended is null
           and (ends <= :now or (starts is null and asked <= :asked))",
        named_params! {
            ":workspace": workspace,
            ":user": user,
            ":now": now.0,
            ":asked": now.plus(-WAITS).0,
        },
    )?;
    Ok(())
}

/// A stay that waits until somebody agrees.
pub(in crate::workspaces) fn insert_stay(
    tx: &Transaction<'_>,
    id: StayId,
    (workspace, user): (WorkspaceId, UserId),
    new: &NewStay,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into access_grant (id, workspace, user, role, reason, asked, lasts)
         values (:id, :workspace, :user, :role, :reason, :now, :lasts)",
        named_params! {
            ":id": id,
            ":workspace": workspace,
            ":user": user,
            ":role": new.role.name(),
            ":reason": new.reason,
            ":now": now.0,
            ":lasts": new.lasts,
        },
    )
    .on_taken("access_grant.workspace, access_grant.user", Error::Asked)?;
    Ok(())
}

/// It begins, and ends by itself; under an offer no later than that.
pub(in crate::workspaces) fn agree(
    tx: &Transaction<'_>,
    id: StayId,
    by: Option<UserId>,
    offer: Option<&Offer>,
    now: Time,
) -> Result<Time, StoreError> {
    Ok(tx.query_row(
        "update access_grant
         set starts = :now, ends = min(:now + lasts, :latest), agreed_by = :by, offer = :offer
         where id = :id returning ends",
        named_params! {
            ":id": id,
            ":now": now.0,
            ":by": by,
            ":offer": offer.map(|offer| offer.id),
            ":latest": offer.map_or(i64::MAX, |offer| offer.ends.0),
        },
        |row| row.get(0).map(Time),
    )?)
}

pub(in crate::workspaces) fn end(
    tx: &Transaction<'_>,
    id: StayId,
    by: UserId,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "update access_grant set ended = :now, ended_by = :by where id = :id and ended is null",
        named_params! { ":id": id, ":by": by, ":now": now.0 },
    )?;
    Ok(())
}

pub(in crate::workspaces) fn insert_offer(
    tx: &Transaction<'_>,
    id: OfferId,
    (workspace, by): (WorkspaceId, UserId),
    new: &NewOffer,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into support_offer (id, workspace, role, note, made, made_by, ends)
         values (:id, :workspace, :role, :note, :now, :by, :ends)",
        named_params! {
            ":id": id,
            ":workspace": workspace,
            ":role": new.role.name(),
            ":note": new.note,
            ":now": now.0,
            ":by": by,
            ":ends": now.plus(new.lasts).0,
        },
    )?;
    Ok(())
}

/// The offers of a workspace that stand, the one that ends last first.
pub(in crate::workspaces) fn offers(
    conn: &Connection,
    workspace: WorkspaceId,
    now: Time,
) -> Result<Vec<Offer>, StoreError> {
    let mut list = conn.prepare_cached(
        "select support_offer.id, support_offer.role, support_offer.note, support_offer.ends,
                support_offer.made_by as maker, user.name as made_by
         from support_offer join user on user.id = support_offer.made_by
         where support_offer.workspace = :workspace and support_offer.ended is null
           and support_offer.ends > :now
         order by support_offer.ends desc",
    )?;
    let offers = list.query_map(
        named_params! { ":workspace": workspace, ":now": now.0 },
        |row| {
            Ok(Offer {
                id: row.get("id")?,
                role: Role::named(&row.get::<_, String>("role")?).unwrap_or(Role::User),
                note: row.get("note")?,
                made_by: row.get("made_by")?,
                maker: row.get("maker")?,
                ends: Time(row.get("ends")?),
            })
        },
    )?;
    Ok(offers.collect::<Result<_, _>>()?)
}

/// The offer that lets somebody in as that, if one does.
pub(in crate::workspaces) fn offer_for(
    conn: &Connection,
    workspace: WorkspaceId,
    role: Role,
    now: Time,
) -> Result<Option<Offer>, StoreError> {
    let mut offers = offers(conn, workspace, now)?.into_iter();
    Ok(offers.find(|offer| crate::workspaces::model::covers(offer.role, role)))
}

/// Takes the offer back. `false`: there is none of that workspace that stands.
pub(in crate::workspaces) fn end_offer(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    id: OfferId,
    now: Time,
) -> Result<bool, StoreError> {
    let ended = tx.execute(
        "update support_offer set ended = :now
         where id = :id and workspace = :workspace and ended is null and ends > :now",
        named_params! { ":id": id, ":workspace": workspace, ":now": now.0 },
    )?;
    Ok(ended == 1)
}

/// Ends the stays that began under the offer. Gives them with their users.
pub(in crate::workspaces) fn end_of_offer(
    tx: &Transaction<'_>,
    offer: OfferId,
    by: UserId,
    now: Time,
) -> Result<Vec<(StayId, UserId)>, StoreError> {
    let mut end = tx.prepare_cached(
        "update access_grant set ended = :now, ended_by = :by
         where offer = :offer and ended is null returning id, user",
    )?;
    let ended = end.query_map(
        named_params! { ":offer": offer, ":by": by, ":now": now.0 },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(ended.collect::<Result<_, _>>()?)
}
