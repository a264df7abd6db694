//! Asking a database elsewhere: within its bounds, stopped when nobody waits any more.

use std::time::Duration;

use tokio::time::timeout;

use super::model::{Account, Error, Source, Trouble, Way};
use super::statement::Asked;
use super::stopping::StopOnDrop;
use super::{Kind, Line, SourceId, Wanted, named, sealing, sql};
use crate::base::Secret;
use crate::data::{Caps, Data, Question, Rows};
use crate::site::Site;
use crate::web::WorkspaceId;
use crate::workspaces::Member;

/// Columns that are told of a database, however few rows its answers may have.
const COLUMNS: usize = 20_000;
/// For signing in, after the connection is there.
const SIGN_IN: Duration = Duration::from_secs(20);
/// What the server may take beyond its own limit to say so.
const GRACE: Duration = Duration::from_secs(2);

/// The database of that id, of that workspace.
pub(in crate::data) async fn database(
    site: &Site,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Source, Error> {
    let id = SourceId::parse(id).ok_or(Error::NoSource)?;
    let found = site.system.read(move |conn| sql::find(conn, workspace, id));
    found.await?.ok_or(Error::NoSource)
}

/// The answer, whole, within the database's bounds. Whoever watches over the member is
/// told how many rows it has, before it is given.
pub(in crate::data) async fn ask(
    data: &Data,
    member: &Member,
    source: &Source,
    question: &Question,
) -> Result<Rows, Error> {
    let rows = usize::try_from(source.settings.bounds.rows);
    let rows = rows.unwrap_or(Caps::PAGE.rows);
    within(
        data,
        member,
        source,
        (question, Caps { rows, ..Caps::PAGE }),
    )
    .await
}

/// The answer within those caps.
pub(super) async fn within(
    data: &Data,
    member: &Member,
    source: &Source,
    (question, caps): (&Question, Caps),
) -> Result<Rows, Error> {
    let asked = Asked::of(source.kind()?.dialect(), question, caps)?;
    // When the request is dropped, or its work told to stop, this is dropped with it, and
    // the server is told.
    let rows = answered(data, source, &asked).await?;
    member
        .db
        .saw(u64::try_from(rows.len()).unwrap_or(u64::MAX))
        .await?;
    Ok(rows)
}

/// The answer to a statement of ours that gives no rows of anybody's.
pub(super) async fn ours(data: &Data, source: &Source, sql: String) -> Result<Rows, Error> {
    let question = Question {
        sql,
        values: Vec::new(),
    };
    let caps = Caps {
        rows: COLUMNS,
        ..Caps::PAGE
    };
    let asked = Asked::of(source.kind()?.dialect(), &question, caps)?;
    answered(data, source, &asked).await
}

/// Schema, table, column and type of all that may be read there.
pub(in crate::data) async fn columns(
    data: &Data,
    member: &Member,
    source: &Source,
) -> Result<Rows, Error> {
    let question = Question {
        sql: source.kind()?.columns().to_owned(),
        values: Vec::new(),
    };
    let caps = Caps {
        rows: COLUMNS,
        ..Caps::PAGE
    };
    within(data, member, source, (&question, caps)).await
}

/// Changes rows there, in one transaction, as the account that may: as wanted, or none.
/// Gives how many.
pub(in crate::data) async fn change(
    data: &Data,
    source: &Source,
    (question, wanted): (&Question, Wanted),
) -> Result<u64, Error> {
    let kind = source.kind()?;
    let asked = Asked::to_change(kind.dialect(), question)?;
    let way = way(&data.site, source, Account::Writer)?;
    let seat = data.pools.of(source, Account::Writer).seat().await?;
    // One from before could have been closed meanwhile, and a change is sent once only.
    let mut line = open(kind, &way).await?;
    let limit = Duration::from_secs(u64::from(way.bounds.seconds));
    let stop = StopOnDrop::new(line.stopper());
    let changed = timeout(limit + GRACE, line.change(&asked, wanted)).await;
    drop(seat);
    let changed = changed.map_err(|_elapsed| {
        Error::Unknown(format!("no answer came within {} seconds", limit.as_secs()))
    })?;
    stop.call_off();
    changed
}

async fn answered(data: &Data, source: &Source, asked: &Asked) -> Result<Rows, Error> {
    match once(data, source, (asked, true)).await {
        // The server closed it while it lay idle: that says nothing of the question.
        Err(Error::Broke(_)) => once(data, source, (asked, false)).await,
        answer => answer,
    }
}

async fn once(
    data: &Data,
    source: &Source,
    (asked, may_be_old): (&Asked, bool),
) -> Result<Rows, Error> {
    let kind = source.kind()?;
    let seat = data.pools.of(source, Account::Reader).seat().await?;
    let old = seat.take().filter(|_| may_be_old);
    let mut line = match old {
        Some(line) => line,
        // The password is taken out of its seal for this alone.
        None => open(kind, &way(&data.site, source, Account::Reader)?).await?,
    };
    let stop = StopOnDrop::new(line.stopper());
    let limit = Duration::from_secs(u64::from(source.settings.bounds.seconds));
    let answer = timeout(limit + GRACE, line.ask(asked)).await;
    let answer = answer.map_err(|_elapsed| Error::TooSlow(limit))?;
    if line.is_sound() {
        stop.call_off();
        seat.keep(line);
    }
    answer
}

/// A connection that is signed in.
pub(super) async fn open(kind: &dyn Kind, way: &Way) -> Result<Box<dyn Line>, Trouble> {
    let late = |_elapsed| Trouble {
        step: super::model::Step::SignIn,
        why: format!("{} did not answer in time", way.place.host),
    };
    timeout(SIGN_IN, kind.open(way)).await.map_err(late)?
}

/// How to get to the database as it is kept, as that account.
pub(super) fn way(site: &Site, source: &Source, account: Account) -> Result<Way, Error> {
    named(&source.kind).ok_or(Error::NoSource)?;
    let password = sealing::open(&sealing::key(site)?, source, account);
    let missing = match account {
        Account::Reader => Error::NoPassword,
        Account::Writer => Error::NoWriter,
    };
    let place = source.settings.place_of(account);
    let is_open = account == Account::Reader && place.user.is_empty();
    let nobody = || is_open.then(|| Secret::from(String::new()));
    Ok(Way {
        egress: site.egress.clone(),
        password: password.or_else(nobody).ok_or(missing)?,
        bounds: source.settings.bounds,
        tables: source.settings.tables.clone(),
        place,
    })
}
