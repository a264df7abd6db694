//! What was agreed to, what left, what opens the figures, which program runs, and
//! how much there is of everything.

use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
};

use super::model::{Choice, InstanceId, Known, Sent};

/// Stands around a name; written so that a reader of statements is not led astray.
const QUOTE: char = '\u{22}';
/// Sendings a page shows.
const SHOWN: u32 = 104;

pub(super) fn choice(conn: &Connection) -> Result<Option<Choice>, Error> {
    let found = conn.query_row(
        "select instance, decided, decided_by from telemetry where one = 1",
        [],
        |row| {
            let instance: Option<String> = row.get("instance")?;
            Ok(Choice {
                instance: instance.and_then(|text| InstanceId::parse(&text).ok()),
                decided: Time(row.get("decided")?),
                decided_by: row.get("decided_by")?,
            })
        },
    );
    Ok(found.optional()?)
}

/// With an instance reports are agreed to; without one they are not, and the
/// instance there was is forgotten.
pub(super) fn choose(
    tx: &Transaction<'_>,
    instance: Option<&InstanceId>,
    now: Time,
    by: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into telemetry (one, instance, decided, decided_by)
         values (1, :instance, :now, :by)
         on conflict (one) do update
         set instance = :instance, decided = :now, decided_by = :by",
        named_params! {
            ":instance": instance.map(InstanceId::as_str), ":now": now.0, ":by": by,
        },
    )?;
    Ok(())
}

/// Writes down that a report is about to leave. Gives its number.
pub(super) fn begin_sending(tx: &Transaction<'_>, sent: &Sent) -> Result<i64, Error> {
    let way = if sent.is_file { "file" } else { "sent" };
    let id = tx.query_row(
        "insert into telemetry_sent (at, way, endpoint, body, sha256, answer)
         values (:at, :way, :endpoint, :body, :sha256, :answer) returning id",
        named_params! {
            ":at": sent.at.0, ":way": way, ":endpoint": sent.endpoint,
            ":body": sent.body, ":sha256": sent.sha256, ":answer": sent.answer,
        },
        |row| row.get(0),
    )?;
    Ok(id)
}

pub(super) fn end_sending(
    tx: &Transaction<'_>,
    id: i64,
    status: Option<u16>,
    answer: &str,
) -> Result<(), Error> {
    tx.execute(
        "update telemetry_sent set status = :status, answer = :answer where id = :id",
        named_params! { ":id": id, ":status": status, ":answer": answer },
    )?;
    Ok(())
}

/// Newest first.
pub(super) fn sent(conn: &Connection) -> Result<Vec<Sent>, Error> {
    let mut list = conn.prepare_cached(
        "select id, at, way, endpoint, body, sha256, status, answer
         from telemetry_sent order by id desc limit :most",
    )?;
    let all = list.query_map(named_params! { ":most": SHOWN }, one_sent)?;
    Ok(all.collect::<SqlResult<_>>()?)
}

pub(super) fn one(conn: &Connection, id: i64) -> Result<Sent, Error> {
    Ok(conn.query_row(
        "select id, at, way, endpoint, body, sha256, status, answer
         from telemetry_sent where id = :id",
        named_params! { ":id": id },
        one_sent,
    )?)
}

fn one_sent(row: &Row<'_>) -> SqlResult<Sent> {
    Ok(Sent {
        id: row.get("id")?,
        at: Time(row.get("at")?),
        is_file: row.get::<_, String>("way")? == "file",
        endpoint: row.get("endpoint")?,
        body: row.get("body")?,
        sha256: row.get("sha256")?,
        status: row.get("status")?,
        answer: row.get("answer")?,
    })
}

/// When a report reached its collector last.
pub(super) fn last_arrived(conn: &Connection) -> Result<Option<Time>, Error> {
    let at: Option<i64> = conn.query_row(
        "select max(at) from telemetry_sent
         where way = 'sent' and status between 200 and 299",
        [],
        |row| row.get(0),
    )?;
    Ok(at.map(Time))
}

/// What the system database can tell for a report; acts since then.
pub(super) fn known(conn: &Connection, since: Time) -> Result<Known, Error> {
    let mut known = conn.query_row(
        "select (select count(*) from workspace) as workspaces,
                (select count(*) from user where disabled is null) as people,
                (select count(*) from app) as apps,
                (select started from run where one = 1) as started",
        [],
        |row| {
            Ok(Known {
                workspaces: row.get("workspaces")?,
                people: row.get("people")?,
                apps: row.get("apps")?,
                started: row.get::<_, Option<i64>>("started")?.map(Time),
                ..Known::default()
            })
        },
    )?;
    let mut acts = conn.prepare("select distinct action from chain where at >= :since")?;
    let acts = acts.query_map(named_params! { ":since": since.0 }, |row| row.get(0))?;
    known.acts = acts.collect::<SqlResult<_>>()?;
    Ok(known)
}

/// Tables of a workspace's file, and their rows together.
pub(super) fn tables(conn: &Connection) -> Result<(u64, u64), Error> {
    let mut names = conn.prepare("select name from _table")?;
    let names = names.query_map([], |row| row.get::<_, String>(0))?;
    let (mut tables, mut rows) = (0, 0_u64);
    for name in names {
        let quoted = name?.replace(QUOTE, "\"\"");
        let count = format!("select count(*) from \"{quoted}\"");
        let count: u64 = conn.query_row(&count, [], |row| row.get(0))?;
        tables += 1;
        rows = rows.saturating_add(count);
    }
    Ok((tables, rows))
}

/// Acts with their outcome, and how often each.
type Acts = Vec<(String, String, u64)>;

/// Records after that one, by act and outcome, and the last one's number.
pub(super) fn acts_after(conn: &Connection, seq: i64) -> Result<(Acts, Option<i64>), Error> {
    let mut list = conn.prepare_cached(
        "select action, result, count(*) as times from chain
         where seq > :seq group by action, result",
    )?;
    let acts = list.query_map(named_params! { ":seq": seq }, |row| {
        Ok((row.get("action")?, row.get("result")?, row.get("times")?))
    })?;
    let acts = acts.collect::<SqlResult<_>>()?;
    let newest = conn.query_row("select max(seq) from chain", [], |row| row.get(0))?;
    Ok((acts, newest))
}

/// Alerts that nobody has settled yet.
pub(super) fn open_alerts(conn: &Connection) -> Result<u32, Error> {
    Ok(conn.query_row(
        "select count(*) from alert where state in ('open', 'acknowledged')",
        [],
        |row| row.get(0),
    )?)
}

/// The hash of the token for the figures, when it was made and by whom.
pub(super) fn token(conn: &Connection) -> Result<Option<(Vec<u8>, Time, String)>, Error> {
    let found = conn.query_row(
        "select hash, made, made_by from metrics_token where one = 1",
        [],
        |row| {
            Ok((
                row.get("hash")?,
                Time(row.get("made")?),
                row.get("made_by")?,
            ))
        },
    );
    Ok(found.optional()?)
}

pub(super) fn set_token(
    tx: &Transaction<'_>,
    hash: &[u8],
    now: Time,
    by: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into metrics_token (one, hash, made, made_by) values (1, :hash, :now, :by)
         on conflict (one) do update set hash = :hash, made = :now, made_by = :by",
        named_params! { ":hash": hash, ":now": now.0, ":by": by },
    )?;
    Ok(())
}

/// `false`: there was none.
pub(super) fn forget_token(tx: &Transaction<'_>) -> Result<bool, Error> {
    Ok(tx.execute("delete from metrics_token", [])? > 0)
}

pub(super) fn started(tx: &Transaction<'_>, now: Time) -> Result<(), Error> {
    tx.execute(
        "insert into run (one, started) values (1, :now)
         on conflict (one) do update set started = :now",
        named_params! { ":now": now.0 },
    )?;
    Ok(())
}

/// The hash a version's program had when it was last started.
pub(super) fn program(conn: &Connection, version: &str) -> Result<Option<String>, Error> {
    let found = conn.query_row(
        "select sha256 from program where version = :version",
        named_params! { ":version": version },
        |row| row.get(0),
    );
    Ok(found.optional()?)
}

pub(super) fn keep_program(
    tx: &Transaction<'_>,
    version: &str,
    sha256: &str,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into program (version, sha256, seen) values (:version, :sha256, :now)
         on conflict (version) do update set sha256 = :sha256, seen = :now",
        named_params! { ":version": version, ":sha256": sha256, ":now": now.0 },
    )?;
    Ok(())
}
