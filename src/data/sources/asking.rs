//! Asking a database elsewhere: within its bounds, stopped when nobody waits any more.

use std::time::Duration;

use tokio::time::timeout;

use super::model::{Error, Source, Trouble, Way};
use super::pool::Pool;
use super::statement::Asked;
use super::stopping::StopOnDrop;
use super::{Kind, Line, SourceId, named, sealing, sql};
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
    within(
        data,
        member,
        source,
        (question, rows.unwrap_or(Caps::PAGE.rows)),
    )
    .await
}

async fn within(
    data: &Data,
    member: &Member,
    source: &Source,
    (question, rows): (&Question, usize),
) -> Result<Rows, Error> {
    let caps = Caps { rows, ..Caps::PAGE };
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
    within(data, member, source, (&question, COLUMNS)).await
}

async fn answered(data: &Data, source: &Source, asked: &Asked) -> Result<Rows, Error> {
    let kind = source.kind()?;
    let way = way(&data.site, source)?;
    let pool = data.pools.of(source);
    match once(kind, &way, &pool, (asked, true)).await {
        // The server closed it while it lay idle: that says nothing of the question.
        Err(Error::Broke(_)) => once(kind, &way, &pool, (asked, false)).await,
        answer => answer,
    }
}

async fn once(
    kind: &dyn Kind,
    way: &Way,
    pool: &std::sync::Arc<Pool>,
    (asked, may_be_old): (&Asked, bool),
) -> Result<Rows, Error> {
    let seat = pool.seat().await?;
    let old = seat.take().filter(|_| may_be_old);
    let mut line = match old {
        Some(line) => line,
        None => open(kind, way).await?,
    };
    let stop = StopOnDrop::new(line.stopper());
    let limit = Duration::from_secs(u64::from(way.bounds.seconds));
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

/// How to get to the database as it is kept.
pub(super) fn way(site: &Site, source: &Source) -> Result<Way, Error> {
    named(&source.kind).ok_or(Error::NoSource)?;
    let password = sealing::open(&sealing::key(site)?, source);
    Ok(Way {
        egress: site.egress.clone(),
        place: source.settings.place.clone(),
        password: password.ok_or(Error::NoPassword)?,
        bounds: source.settings.bounds,
    })
}
