//! The second pair of eyes: who wrote a draft, and who asked for it to be published.

use crate::apps::library::model::{Request, Verdict};
use crate::base::Time;
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, Row, Transaction, named_params,
};
use crate::web::WorkspaceId;

/// Does publishing need a second person in that workspace?
pub(in crate::apps) fn needs_two(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<bool, StoreError> {
    let mut find = conn
        .prepare_cached("select exists (select 1 from four_eyes where workspace = :workspace)")?;
    Ok(find.query_row(named_params! { ":workspace": workspace }, |row| row.get(0))?)
}

pub(in crate::apps) fn want_two(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into four_eyes (workspace, since) values (:workspace, :now)
         on conflict (workspace) do nothing",
        named_params! { ":workspace": workspace, ":now": now.0 },
    )?;
    Ok(())
}

pub(in crate::apps) fn want_one(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from four_eyes where workspace = :workspace",
        named_params! { ":workspace": workspace },
    )?;
    Ok(())
}

/// Notes who has saved the draft since it was published last.
pub(in crate::apps) fn note_author(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    app: &str,
    user: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into draft_author (workspace, app, user) values (:workspace, :app, :user)
         on conflict (workspace, app, user) do nothing",
        named_params! { ":workspace": workspace, ":app": app, ":user": user },
    )?;
    Ok(())
}

pub(in crate::apps) fn is_author(
    conn: &Connection,
    workspace: WorkspaceId,
    app: &str,
    user: &str,
) -> Result<bool, StoreError> {
    let mut find = conn.prepare_cached(
        "select exists (select 1 from draft_author
                        where workspace = :workspace and app = :app and user = :user)",
    )?;
    let values = named_params! { ":workspace": workspace, ":app": app, ":user": user };
    Ok(find.query_row(values, |row| row.get(0))?)
}

/// What is published has no author any more: the next change is the first.
pub(in crate::apps) fn forget_authors(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    app: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from draft_author where workspace = :workspace and app = :app",
        named_params! { ":workspace": workspace, ":app": app },
    )?;
    Ok(())
}

/// Was that text published once with a second person's approval?
pub(in crate::apps) fn was_approved(
    conn: &Connection,
    workspace: WorkspaceId,
    app: &str,
    text: &str,
) -> Result<bool, StoreError> {
    let mut find = conn.prepare_cached(
        "select exists (
             select 1 from publish_request
             join app_version on app_version.workspace = publish_request.workspace
                             and app_version.app = publish_request.app
                             and app_version.version = publish_request.version
             where publish_request.workspace = :workspace and publish_request.app = :app
               and publish_request.verdict = 'approved' and app_version.text = :text)",
    )?;
    let values = named_params! { ":workspace": workspace, ":app": app, ":text": text };
    Ok(find.query_row(values, |row| row.get(0))?)
}

pub(in crate::apps) fn add_request(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    new: &Request,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into publish_request (id, workspace, app, draft_at, note, at, by, by_name)
         values (:id, :workspace, :app, :draft_at, :note, :at, :by, :by_name)",
        named_params! {
            ":id": new.id,
            ":workspace": workspace,
            ":app": new.app,
            ":draft_at": new.draft_at.0,
            ":note": new.note,
            ":at": new.at.0,
            ":by": new.by,
            ":by_name": new.by_name,
        },
    )?;
    Ok(())
}

/// Open requests first, then the newest.
pub(in crate::apps) fn requests(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Request>, StoreError> {
    let mut list = conn.prepare_cached(
        "select publish_request.id, app, title, publish_request.draft_at, note, at, by, by_name,
                verdict, reason, decided_by_name, decided
         from publish_request join app on app.workspace = publish_request.workspace
                                      and app.id = publish_request.app
         where publish_request.workspace = :workspace
         order by verdict is not null, at desc limit 100",
    )?;
    let requests = list.query_map(named_params! { ":workspace": workspace }, request)?;
    Ok(requests.collect::<Result<_, _>>()?)
}

pub(in crate::apps) fn request_of(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Request, StoreError> {
    let mut find = conn.prepare_cached(
        "select publish_request.id, app, title, publish_request.draft_at, note, at, by, by_name,
                verdict, reason, decided_by_name, decided
         from publish_request join app on app.workspace = publish_request.workspace
                                      and app.id = publish_request.app
         where publish_request.workspace = :workspace and publish_request.id = :id",
    )?;
    let values = named_params! { ":workspace": workspace, ":id": id };
    Ok(find.query_row(values, request)?)
}

/// The request nobody has decided yet.
pub(in crate::apps) fn open_request(
    conn: &Connection,
    workspace: WorkspaceId,
    app: &str,
) -> Result<Option<Request>, StoreError> {
    let mut find = conn.prepare_cached(
        "select publish_request.id, app, title, publish_request.draft_at, note, at, by, by_name,
                verdict, reason, decided_by_name, decided
         from publish_request join app on app.workspace = publish_request.workspace
                                      and app.id = publish_request.app
         where publish_request.workspace = :workspace and app = :app and verdict is null",
    )?;
    let values = named_params! { ":workspace": workspace, ":app": app };
    Ok(find.query_row(values, request).optional()?)
}

fn request(row: &Row<'_>) -> rusqlite::Result<Request> {
    Ok(Request {
        id: row.get("id")?,
        app: row.get("app")?,
        title: row.get("title")?,
        draft_at: Time(row.get("draft_at")?),
        note: row.get("note")?,
        at: Time(row.get("at")?),
        by: row.get("by")?,
        by_name: row.get("by_name")?,
        verdict: row
            .get::<_, Option<String>>("verdict")?
            .map(|name| Verdict::named(&name)),
        reason: row.get::<_, Option<String>>("reason")?.unwrap_or_default(),
        decided: row.get::<_, Option<i64>>("decided")?.map(Time),
        decided_by: row
            .get::<_, Option<String>>("decided_by_name")?
            .unwrap_or_default(),
    })
}

/// How an open request ended.
pub(in crate::apps) struct Ending<'a> {
    pub(in crate::apps) verdict: Verdict,
    pub(in crate::apps) reason: &'a str,
    pub(in crate::apps) by: &'a str,
    pub(in crate::apps) at: Time,
    pub(in crate::apps) version: Option<i64>,
}

/// `false` when somebody was faster.
pub(in crate::apps) fn end_request(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    id: &str,
    ending: &Ending<'_>,
) -> Result<bool, StoreError> {
    let ended = tx.execute(
        "update publish_request set verdict = :verdict, reason = :reason, decided = :at,
                decided_by_name = :by, version = :version
         where workspace = :workspace and id = :id and verdict is null",
        named_params! {
            ":workspace": workspace,
            ":id": id,
            ":verdict": ending.verdict.name(),
            ":reason": ending.reason,
            ":at": ending.at.0,
            ":by": ending.by,
            ":version": ending.version,
        },
    )?;
    Ok(ended == 1)
}
