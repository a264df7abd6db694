//! Alerts as they are kept.

use crate::alerts::model::{Alert, AlertId, Kept, Severity, State};
use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
};
use crate::web::{UserId, WorkspaceId};

const LIST: &str = "select alert.id, alert.key, alert.severity, alert.title, alert.text,
           alert.workspace, coalesce(workspace.name, '') as workspace_name, alert.state,
           alert.count, alert.first, alert.last, alert.assignee,
           coalesce(user.name, '') as assignee_name, alert.note, alert.ended, alert.told,
           alert.told_severity
    from alert
    left join workspace on workspace.id = alert.workspace
    left join user on user.id = alert.assignee";

fn read(row: &Row<'_>) -> SqlResult<Kept> {
    let time = |column: &str| {
        let time = row.get::<_, Option<i64>>(column);
        time.map(|time| time.map(Time))
    };
    Ok(Kept {
        id: row.get("id")?,
        alert: Alert {
            key: row.get("key")?,
            severity: Severity::ranked(row.get("severity")?),
            title: row.get("title")?,
            text: row.get("text")?,
            workspace: row.get("workspace")?,
        },
        state: State::named(&row.get::<_, String>("state")?).unwrap_or(State::Open),
        count: row.get("count")?,
        first: Time(row.get("first")?),
        last: Time(row.get("last")?),
        assignee: row.get("assignee")?,
        assignee_name: row.get("assignee_name")?,
        workspace_name: row.get("workspace_name")?,
        note: row.get("note")?,
        ended: time("ended")?,
        told: time("told")?,
        told_severity: row.get("told_severity")?,
    })
}

/// The newest alert with that key.
pub(in crate::alerts) fn newest(conn: &Connection, key: &str) -> Result<Option<Kept>, Error> {
    let mut find = conn.prepare_cached(&format!(
        "{LIST} where alert.key = :key order by alert.ended is null desc, alert.last desc,
             alert.id desc limit 1"
    ))?;
    Ok(find
        .query_row(named_params! { ":key": key }, read)
        .optional()?)
}

/// One alert; of that workspace only, when one is named.
pub(in crate::alerts) fn alert(
    conn: &Connection,
    id: AlertId,
    of: Option<WorkspaceId>,
) -> Result<Kept, Error> {
    let mut find = conn.prepare_cached(&format!(
        "{LIST} where alert.id = :id and (:of is null or alert.workspace = :of)"
    ))?;
    Ok(find.query_row(named_params! { ":id": id, ":of": of }, read)?)
}

pub(in crate::alerts) fn insert(
    tx: &Transaction<'_>,
    id: AlertId,
    alert: &Alert,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into alert (id, key, severity, title, text, workspace, state, first, last)
         values (:id, :key, :severity, :title, :text, :workspace, 'open', :now, :now)",
        named_params! {
            ":id": id,
            ":key": alert.key,
            ":severity": alert.severity.rank(),
            ":title": alert.title,
            ":text": alert.text,
            ":workspace": alert.workspace,
            ":now": now.0,
        },
    )?;
    Ok(())
}

/// It came again; what is said of it is what was said last.
pub(in crate::alerts) fn again(
    tx: &Transaction<'_>,
    id: AlertId,
    alert: &Alert,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "update alert
         set count = count + 1, last = :now, severity = max(severity, :severity),
             title = :title, text = :text
         where id = :id",
        named_params! {
            ":id": id,
            ":severity": alert.severity.rank(),
            ":title": alert.title,
            ":text": alert.text,
            ":now": now.0,
        },
    )?;
    Ok(())
}

/// Sets what became of it.
pub(in crate::alerts) fn set_state(
    tx: &Transaction<'_>,
    id: AlertId,
    state: State,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "update alert set state = :state, ended = :ended where id = :id",
        named_params! {
            ":id": id,
            ":state": state.name(),
            ":ended": state.is_over().then_some(now.0),
        },
    )?;
    Ok(())
}

pub(in crate::alerts) fn set_care(
    tx: &Transaction<'_>,
    id: AlertId,
    assignee: Option<UserId>,
    note: &str,
) -> Result<(), Error> {
    tx.execute(
        "update alert set assignee = :assignee, note = :note where id = :id",
        named_params! { ":id": id, ":assignee": assignee, ":note": note },
    )?;
    Ok(())
}

/// Those that are open, oldest first: the ones somebody may have to be told of.
pub(in crate::alerts) fn open(conn: &Connection) -> Result<Vec<Kept>, Error> {
    let mut list = conn.prepare_cached(&format!(
        "{LIST} where alert.state = 'open' order by alert.first, alert.id limit 500"
    ))?;
    let found = list.query_map([], read)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Notes that people were told.
pub(in crate::alerts) fn told(
    tx: &Transaction<'_>,
    id: AlertId,
    severity: Severity,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "update alert set told = :now, told_severity = :severity where id = :id",
        named_params! { ":id": id, ":now": now.0, ":severity": severity.rank() },
    )?;
    Ok(())
}

/// What a page shows.
#[derive(Clone, Debug, Default)]
pub(in crate::alerts) struct Wanted {
    /// `None`: of every workspace and of the instance.
    pub(in crate::alerts) workspace: Option<WorkspaceId>,
    /// `None`: those that are not over.
    pub(in crate::alerts) state: Option<State>,
    pub(in crate::alerts) any_state: bool,
    pub(in crate::alerts) severity: Option<Severity>,
    /// Words in the title or the text.
    pub(in crate::alerts) words: String,
    pub(in crate::alerts) assignee: Option<UserId>,
    pub(in crate::alerts) skip: u32,
}

/// The worst first, then the newest; one more than a page holds tells that
/// there is another.
pub(in crate::alerts) fn list(
    conn: &Connection,
    wanted: &Wanted,
    most: u32,
) -> Result<Vec<Kept>, Error> {
    let mut list = conn.prepare_cached(&format!(
        "{LIST}
         where (:workspace is null or alert.workspace = :workspace)
           and (:any or alert.state = :state
                or (:state is null and alert.state in ('open', 'acknowledged')))
           and (:severity is null or alert.severity = :severity)
           and (:assignee is null or alert.assignee = :assignee)
           and (:words = '' or instr(lower(alert.title || ' ' || alert.text), lower(:words)) > 0)
         order by alert.ended is not null, alert.severity desc, alert.last desc, alert.id desc
         limit :most offset :skip"
    ))?;
    let found = list.query_map(
        named_params! {
            ":workspace": wanted.workspace,
            ":any": wanted.any_state,
            ":state": wanted.state.map(State::name),
            ":severity": wanted.severity.map(Severity::rank),
            ":assignee": wanted.assignee,
            ":words": wanted.words,
            ":most": most,
            ":skip": wanted.skip,
        },
        read,
    )?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Lines of the journal about alerts, for tests.
#[cfg(test)]
pub(in crate::alerts) fn count_lines(conn: &Connection) -> Result<i64, Error> {
    Ok(conn.query_row(
        "select count(*) from journal where kind = 'alert'",
        [],
        |row| row.get(0),
    )?)
}
