//! Letters in the queue.

use crate::base::Time;
use crate::mail::letter::Letter;
use crate::mail::model::{LetterId, Queued, State};
use crate::store::{Connection, Error, Row, SqlResult, Transaction, named_params};
use crate::web::{UserId, WorkspaceId};

/// How many letters wait.
pub(in crate::mail) fn waiting(conn: &Connection) -> Result<i64, Error> {
    Ok(conn.query_row(
        "select count(*) from letter where state = 'waiting'",
        [],
        |row| row.get(0),
    )?)
}

pub(in crate::mail) fn insert(
    tx: &Transaction<'_>,
    id: LetterId,
    (letter, body): (&Letter, &[u8]),
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into letter
             (id, kind, address, name, user, workspace, subject, body, state, made, next)
         values (:id, :kind, :address, :name, :user, :workspace, :subject, :body, 'waiting',
             :now, :now)",
        named_params! {
            ":id": id,
            ":kind": letter.kind.name(),
            ":address": letter.to.address,
            ":name": letter.to.name,
            ":user": letter.to.user,
            ":workspace": letter.to.workspace,
            ":subject": letter.subject,
            ":body": body,
            ":now": now.0,
        },
    )?;
    Ok(())
}

/// A letter that is to be tried now.
pub(in crate::mail) struct Due {
    pub(in crate::mail) id: LetterId,
    pub(in crate::mail) address: String,
    pub(in crate::mail) name: String,
    pub(in crate::mail) subject: String,
    pub(in crate::mail) body: Option<Vec<u8>>,
    pub(in crate::mail) workspace: Option<WorkspaceId>,
    pub(in crate::mail) tries: i64,
    pub(in crate::mail) made: Time,
    /// Whoever it is for is shut out.
    pub(in crate::mail) is_out: bool,
}

/// Those whose time has come, oldest first.
pub(in crate::mail) fn due(conn: &Connection, now: Time, most: u32) -> Result<Vec<Due>, Error> {
    let mut list = conn.prepare_cached(
        "select letter.id, letter.address, letter.name, letter.subject, letter.body,
                letter.workspace, letter.tries, letter.made,
                exists (select 1 from user
                        where user.disabled is not null
                          and (user.id = letter.user or user.email = lower(letter.address)))
                or exists (select 1 from membership
                           join user on user.id = membership.user
                           where membership.workspace = letter.workspace
                             and membership.disabled is not null
                             and (user.id = letter.user
                                  or user.email = lower(letter.address))) as is_out
         from letter where letter.state = 'waiting' and letter.next <= :now
         order by letter.next, letter.id limit :most",
    )?;
    let due = list.query_map(named_params! { ":now": now.0, ":most": most }, |row| {
        Ok(Due {
            id: row.get("id")?,
            address: row.get("address")?,
            name: row.get("name")?,
            subject: row.get("subject")?,
            body: row.get("body")?,
            workspace: row.get("workspace")?,
            tries: row.get("tries")?,
            made: Time(row.get("made")?),
            is_out: row.get("is_out")?,
        })
    })?;
    Ok(due.collect::<Result<_, _>>()?)
}

/// It is over with the letter. What it said goes, unless it can be tried again.
pub(in crate::mail) fn end(
    tx: &Transaction<'_>,
    id: LetterId,
    (state, fault): (State, &str),
    now: Time,
) -> Result<usize, Error> {
    Ok(tx.execute(
        "update letter
         set state = :state, ended = :now, fault = :fault,
             body = case when :state = 'failed' then body end
         where id = :id",
        named_params! { ":id": id, ":state": state.name(), ":fault": fault, ":now": now.0 },
    )?)
}

/// It was tried in vain.
pub(in crate::mail) fn later(
    tx: &Transaction<'_>,
    id: LetterId,
    (tries, next): (i64, Time),
    fault: &str,
) -> Result<(), Error> {
    tx.execute(
        "update letter set tries = :tries, next = :next, fault = :fault
         where id = :id and state = 'waiting'",
        named_params! { ":id": id, ":tries": tries, ":next": next.0, ":fault": fault },
    )?;
    Ok(())
}

/// It waits again, as if it was new. `false`: what it said is gone.
pub(in crate::mail) fn again(tx: &Transaction<'_>, id: LetterId, now: Time) -> Result<bool, Error> {
    let changed = tx.execute(
        "update letter set state = 'waiting', tries = 0, made = :now, next = :now, ended = null
         where id = :id and body is not null",
        named_params! { ":id": id, ":now": now.0 },
    )?;
    Ok(changed == 1)
}

/// Letters on their way to somebody who is shut out are not wanted any more.
pub(in crate::mail) fn discard_for(
    tx: &Transaction<'_>,
    user: UserId,
    workspace: Option<WorkspaceId>,
    now: Time,
) -> Result<usize, Error> {
    Ok(tx.execute(
        "update letter
         set state = 'discarded', ended = :now, body = null,
             fault = 'whoever it is for was shut out'
         where state in ('waiting', 'failed')
           and (user = :user
                or lower(address) = (select user.email from user where user.id = :user))
           and (:workspace is null or workspace = :workspace)",
        named_params! { ":user": user, ":workspace": workspace, ":now": now.0 },
    )?)
}

/// Forgets what is over for long, and what letters said that failed lately.
pub(in crate::mail) fn prune(
    tx: &Transaction<'_>,
    (over, failed): (Time, Time),
) -> Result<usize, Error> {
    tx.execute(
        "update letter set body = null where state = 'failed' and ended < :failed",
        named_params! { ":failed": failed.0 },
    )?;
    Ok(tx.execute(
        "delete from letter where state <> 'waiting' and made < :over",
        named_params! { ":over": over.0 },
    )?)
}

const LIST: &str = "select id, kind, address, name, subject, state, tries, made, next, fault,
    body is not null as has_body from letter";

fn read(row: &Row<'_>) -> SqlResult<Queued> {
    Ok(Queued {
        id: row.get("id")?,
        kind: row.get("kind")?,
        address: row.get("address")?,
        name: row.get("name")?,
        subject: row.get("subject")?,
        state: State::named(&row.get::<_, String>("state")?).unwrap_or(State::Waiting),
        tries: row.get("tries")?,
        made: Time(row.get("made")?),
        next: Time(row.get("next")?),
        fault: row.get("fault")?,
        has_body: row.get("has_body")?,
    })
}

pub(in crate::mail) fn letter(conn: &Connection, id: LetterId) -> Result<Queued, Error> {
    let mut find = conn.prepare_cached(&format!("{LIST} where id = :id"))?;
    Ok(find.query_row(named_params! { ":id": id }, read)?)
}

/// The newest letters, of one state when one is named; one more than a page
/// holds tells that there is another page.
pub(in crate::mail) fn letters(
    conn: &Connection,
    state: Option<State>,
    (most, skip): (u32, u32),
) -> Result<Vec<Queued>, Error> {
    let mut list = conn.prepare_cached(&format!(
        "{LIST} where :state is null or state = :state
         order by made desc, id desc limit :most offset :skip"
    ))?;
    let letters = list.query_map(
        named_params! { ":state": state.map(State::name), ":most": most, ":skip": skip },
        read,
    )?;
    Ok(letters.collect::<Result<_, _>>()?)
}

/// How many letters are in each state.
pub(in crate::mail) fn counts(conn: &Connection) -> Result<Vec<(State, i64)>, Error> {
    let mut list =
        conn.prepare_cached("select state, count(*) as count from letter group by state")?;
    let counts = list.query_map([], |row| {
        let state = State::named(&row.get::<_, String>("state")?).unwrap_or(State::Waiting);
        Ok((state, row.get("count")?))
    })?;
    Ok(counts.collect::<Result<_, _>>()?)
}
