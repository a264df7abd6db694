//! The parts of an app, who uses it, and what it says.

use crate::base::Time;
use crate::ending::model::Thing;
use crate::store::{Connection, Error, SqlResult, Transaction, named_params};
use crate::web::WorkspaceId;

type Of<'a> = (WorkspaceId, &'a str);

pub(super) fn apps(conn: &Connection, workspace: WorkspaceId) -> Result<Vec<Thing>, Error> {
    let mut list = conn.prepare_cached(
        "select id, title, created from app where workspace = :workspace order by id",
    )?;
    let found = list.query_map(named_params! { ":workspace": workspace }, |row| {
        Ok(Thing {
            object: row.get("id")?,
            title: row.get("title")?,
            made: Time(row.get("created")?),
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(super) fn exists(conn: &Connection, workspace: WorkspaceId, app: &str) -> Result<bool, Error> {
    let mut find = conn.prepare_cached(
        "select exists (select 1 from app where workspace = :workspace and id = :app)",
    )?;
    let values = named_params! { ":workspace": workspace, ":app": app };
    Ok(find.query_row(values, |row| row.get(0))?)
}

/// What goes with an app, by word.
pub(super) fn parts(conn: &Connection, of: Of<'_>) -> Result<Vec<(&'static str, u64)>, Error> {
    let mut count = conn.prepare_cached(
        "select
           (select count(*) from app_version where workspace = :workspace and app = :app),
           (select count(*) from app_share where workspace = :workspace and app = :app),
           (select count(*) from publish_request where workspace = :workspace and app = :app)",
    )?;
    let values = named_params! { ":workspace": of.0, ":app": of.1 };
    Ok(count.query_row(values, |row| {
        Ok(vec![
            ("Draft", 1),
            ("Published versions", row.get(0)?),
            ("Lines of its sharing page", row.get(1)?),
            ("Requests to publish it", row.get(2)?),
        ])
    })?)
}

/// Who opened the app since that day, and when last.
pub(super) fn used(
    conn: &Connection,
    of: Of<'_>,
    since: i64,
) -> Result<Vec<(String, i64)>, Error> {
    let mut list = conn.prepare_cached(
        "select user.name, max(app_opening.day)
         from app_opening join user on user.id = app_opening.user
         where app_opening.workspace = :workspace and app_opening.app = :app
           and app_opening.day >= :since
         group by user.id order by 2 desc, 1 limit 50",
    )?;
    let values = named_params! { ":workspace": of.0, ":app": of.1, ":since": since };
    let found = list.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// The names of the keys that were made for this app.
pub(super) fn keys(conn: &Connection, of: Of<'_>) -> Result<Vec<String>, Error> {
    let mut list = conn.prepare_cached(
        "select name from api_key
         where workspace = :workspace and revoked is null
           and instr(',' || apps || ',', ',' || :app || ',') > 0
         order by name",
    )?;
    let values = named_params! { ":workspace": of.0, ":app": of.1 };
    let found = list.query_map(values, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// A text of an app: its draft, or the version people use.
pub(super) struct Written {
    pub(super) app: String,
    pub(super) title: String,
    pub(super) text: String,
}

pub(super) fn texts(conn: &Connection, workspace: WorkspaceId) -> Result<Vec<Written>, Error> {
    let mut list = conn.prepare_cached(
        "select app.id, app.title, app.draft as text from app where app.workspace = :workspace
         union
         select app.id, app.title, app_version.text
         from app join app_version on app_version.workspace = app.workspace
                                  and app_version.app = app.id
                                  and app_version.version = app.version
         where app.workspace = :workspace
         order by 2, 1",
    )?;
    let found = list.query_map(named_params! { ":workspace": workspace }, |row| {
        Ok(Written {
            app: row.get(0)?,
            title: row.get(1)?,
            text: row.get(2)?,
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// How many views people keep of the app.
pub(super) fn views(data: &Connection, thing: &Thing) -> Result<u64, Error> {
    let mut count =
        data.prepare_cached("select count(*) from _view where app = :app and made = :made")?;
    let values = named_params! { ":app": thing.object, ":made": thing.made.0 };
    Ok(count.query_row(values, |row| row.get(0))?)
}

/// The apps of that id that views were kept of, told apart by when they were made.
pub(super) fn kept(data: &Connection, app: &str) -> Result<Vec<Thing>, Error> {
    let mut list = data.prepare_cached("select distinct made from _view where app = :app")?;
    let found = list.query_map(named_params! { ":app": app }, |row| {
        Ok(Thing {
            object: app.to_owned(),
            title: String::new(),
            made: Time(row.get("made")?),
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// No page of the app opens with a view any more.
pub(super) fn let_go(tx: &Transaction<'_>, thing: &Thing) -> Result<(), Error> {
    tx.execute(
        "delete from _view_first where app = :app and made = :made",
        named_params! { ":app": thing.object, ":made": thing.made.0 },
    )?;
    Ok(())
}

/// Takes all views of the app out. Gives their number.
pub(super) fn forget_views(tx: &Transaction<'_>, thing: &Thing) -> Result<u64, Error> {
    let gone = tx.execute(
        "delete from _view where app = :app and made = :made",
        named_params! { ":app": thing.object, ":made": thing.made.0 },
    )?;
    Ok(gone as u64)
}
