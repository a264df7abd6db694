//! Publishing where it takes two: asked for by one, approved by another.

use serde_json::{Value, json};

use super::gates::cleared;
use super::versions::{NOTE, in_use, put_in_use, said};
use crate::apps::library::sql::{self, Ending};
use crate::apps::library::{Draft, Request, RequestId, Verdict};
use crate::apps::making::model::{Author, Read};
use crate::apps::{Apps, Error};
use crate::base::Time;
use crate::journal::{self, Entry};
use crate::store::{Connection, Error as StoreError};
use crate::web::{Viewer, WorkspaceId};

/// What the workspace wants, and what was asked for there.
pub(in crate::apps::making) struct Two {
    pub(in crate::apps::making) is_wanted: bool,
    pub(in crate::apps::making) requests: Vec<Request>,
}

/// A request with the text it is about and the one people use.
pub(in crate::apps::making) struct Asked {
    pub(in crate::apps::making) request: Request,
    pub(in crate::apps::making) draft: Draft,
    pub(in crate::apps::making) used: String,
    /// Nobody has saved the draft since.
    pub(in crate::apps::making) is_same: bool,
}

/// Makes publishing take two persons in the viewer's workspace, or one again.
pub(in crate::apps::making) async fn set_two(
    apps: &Apps,
    who: &Viewer,
    is_wanted: bool,
) -> Result<(), Error> {
    let (now, actor, workspace) = (apps.site().clock.now(), who.actor(), who.person.workspace);
    apps.site()
        .system
        .write(move |tx| {
            if sql::needs_two(tx, workspace)? == is_wanted {
                return Ok(());
            }
            let action = if is_wanted {
                sql::want_two(tx, workspace, now)?;
                "workspace.four_eyes_on"
            } else {
                sql::want_one(tx, workspace)?;
                "workspace.four_eyes_off"
            };
            let entry = Entry::new(now, &actor, action, "publishing");
            let entry = entry.changed(
                &json!({ "four_eyes": !is_wanted }),
                &json!({ "four_eyes": is_wanted }),
            );
            journal::record(tx, &entry)?;
            Ok(())
        })
        .await
}

pub(in crate::apps::making) async fn requests(
    apps: &Apps,
    workspace: WorkspaceId,
) -> Result<Two, Error> {
    let read = apps.site().system.read(move |conn| {
        Ok(Two {
            is_wanted: sql::needs_two(conn, workspace)?,
            requests: sql::requests(conn, workspace)?,
        })
    });
    read.await
}

/// Whether publishing takes two, and the request for that app which is open.
pub(in crate::apps::making) async fn open_request(
    apps: &Apps,
    workspace: WorkspaceId,
    app: &str,
) -> Result<(bool, Option<Request>), Error> {
    let app = app.to_owned();
    let read = apps.site().system.read(move |conn| {
        let is_wanted = sql::needs_two(conn, workspace)?;
        Ok((is_wanted, sql::open_request(conn, workspace, &app)?))
    });
    read.await
}

fn request_of(conn: &Connection, workspace: WorkspaceId, id: &str) -> Result<Request, Error> {
    sql::request_of(conn, workspace, id).map_err(|error| match error {
        StoreError::NotFound => Error::Missing,
        other => other.into(),
    })
}

pub(in crate::apps::making) async fn asked(
    apps: &Apps,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Asked, Error> {
    let id = id.to_owned();
    let read = apps.site().system.read(move |conn| {
        let request = request_of(conn, workspace, &id)?;
        let draft = sql::draft(conn, workspace, &request.app)?;
        let used = sql::published(conn, workspace, &request.app)?;
        Ok(Asked {
            is_same: draft.at == request.draft_at,
            used: used.map(|(_, text)| text).unwrap_or_default(),
            request,
            draft,
        })
    });
    read.await
}

/// What a draft has to pass before it is asked for. Gives the note with which it is, and
/// what the record says of the reason.
async fn ready(
    apps: &Apps,
    author: &Author,
    (app, seen): (&str, Time),
    (note, why): (&str, &str),
) -> Result<(String, Option<Value>), Error> {
    let (workspace, name) = (author.workspace, app.to_owned());
    let draft = apps
        .site()
        .system
        .read(move |conn| sql::draft(conn, workspace, &name))
        .await?;
    if draft.at != seen {
        return Err(Error::Stale(draft.by));
    }
    let despite = cleared(apps, author, (app, &draft.text), Some(why)).await?;
    // Whoever decides reads the reason with the note.
    let note = match &despite {
        Some(_) => format!("{} (All the same: {})", note.trim(), why.trim()),
        None => note.to_owned(),
    };
    Ok((note.trim().chars().take(2 * NOTE).collect(), despite))
}

/// Asks for the draft of `seen` to be published. Gives the request's id.
pub(in crate::apps::making) async fn ask(
    apps: &Apps,
    author: &Author,
    app: &str,
    words: (&str, &str),
    seen: Time,
) -> Result<String, Error> {
    let (note, despite) = ready(apps, author, (app, seen), words).await?;
    let (now, author, app) = (apps.site().clock.now(), author.clone(), app.to_owned());
    let user = author.actor.user.clone().ok_or(Error::NotYours)?;
    apps.site()
        .system
        .write(move |tx| {
            let draft = sql::draft(tx, author.workspace, &app)?;
            if draft.at != seen {
                return Err(Error::Stale(draft.by));
            }
            if !sql::needs_two(tx, author.workspace)? {
                let said = "publishing takes no second person here; publish it yourself";
                return Err(Error::Refused(said.to_owned()));
            }
            let read = Read::of_app(&draft.text, &app);
            if !read.is_publishable() {
                return Err(Error::Problems(read.problems));
            }
            if let Some(open) = sql::open_request(tx, author.workspace, &app)? {
                return Err(Error::Refused(format!(
                    "{} asked for approval already; that must be decided or withdrawn first",
                    open.by_name
                )));
            }
            let request = Request {
                id: RequestId::new(now).to_string(),
                app,
                title: draft.title,
                draft_at: draft.at,
                note,
                at: now,
                by: user,
                by_name: author.actor.name.clone(),
                verdict: None,
                reason: String::new(),
                decided: None,
                decided_by: String::new(),
            };
            sql::add_request(tx, author.workspace, &request)?;
            let entry = Entry::new(now, &author.actor, "app.publish_requested", &*request.app);
            let mut detail = said(&request.note, despite.as_ref());
            detail["request"] = json!(request.id);
            journal::record(tx, &entry.with(detail))?;
            Ok(request.id)
        })
        .await
}

/// Publishes what was asked for, if somebody else asks than wrote it. Gives
/// the app and its new version.
pub(in crate::apps::making) async fn approve(
    apps: &Apps,
    author: &Author,
    id: &str,
) -> Result<(String, i64), Error> {
    let (now, author, id) = (apps.site().clock.now(), author.clone(), id.to_owned());
    let (workspace, user) = (author.workspace, author.actor.user.clone());
    let user = user.ok_or(Error::NotYours)?;
    let before = asked(apps, workspace, &id).await?;
    let asked_for = (before.request.app.as_str(), before.draft.text.as_str());
    // The reason to go on against a rule was given by whoever asked.
    cleared(apps, &author, asked_for, None).await?;
    let (app, version) = apps
        .site()
        .system
        .write(move |tx| {
            let request = request_of(tx, workspace, &id)?;
            if request.by == user || sql::is_author(tx, workspace, &request.app, &user)? {
                return Err(Error::Refused(
                    "you asked for this or wrote a part of it, so somebody else must approve it"
                        .to_owned(),
                ));
            }
            let draft = sql::draft(tx, workspace, &request.app)?;
            if draft.at != request.draft_at {
                return Err(Error::Refused(format!(
                    "{} changed the draft after this was asked for; it must be withdrawn and asked for again",
                    draft.by
                )));
            }
            let read = Read::of_app(&draft.text, &request.app);
            if !read.is_publishable() {
                return Err(Error::Problems(read.problems));
            }
            let current = sql::published(tx, workspace, &request.app)?;
            let version = put_in_use(tx, &author, &draft, &request.note, now)?;
            let ending = Ending {
                verdict: Verdict::Approved,
                reason: "",
                by: &author.actor.name,
                at: now,
                version: Some(version),
            };
            end(tx, workspace, &id, &ending)?;
            let entry = Entry::new(now, &author.actor, "app.publish_approved", &*request.app);
            let detail = json!({ "request": id, "requested_by": request.by_name });
            journal::record(tx, &entry.with(detail))?;
            let entry = Entry::new(now, &author.actor, "app.published", &*request.app);
            let detail = json!({ "note": request.note, "request": id });
            journal::record(tx, &in_use(entry.with(detail), current, version))?;
            Ok::<_, Error>((request.app, version))
        })
        .await?;
    apps.changed(workspace, &app);
    Ok((app, version))
}

fn end(
    tx: &crate::store::Transaction<'_>,
    workspace: WorkspaceId,
    id: &str,
    ending: &Ending<'_>,
) -> Result<(), Error> {
    if sql::end_request(tx, workspace, id, ending)? {
        Ok(())
    } else {
        let said = "this was decided already; look at it again";
        Err(Error::Refused(said.to_owned()))
    }
}

/// Says no, and why.
pub(in crate::apps::making) async fn refuse(
    apps: &Apps,
    author: &Author,
    id: &str,
    reason: &str,
) -> Result<(), Error> {
    let reason: String = reason.trim().chars().take(NOTE).collect();
    if reason.is_empty() {
        let said = "say in a few words what has to change";
        return Err(Error::Refused(said.to_owned()));
    }
    close(apps, author, id, Verdict::Refused, reason).await
}

/// Takes a request back: whoever asked, or an admin, whom the page lets by.
pub(in crate::apps::making) async fn withdraw(
    apps: &Apps,
    author: &Author,
    id: &str,
) -> Result<(), Error> {
    close(apps, author, id, Verdict::Withdrawn, String::new()).await
}

async fn close(
    apps: &Apps,
    author: &Author,
    id: &str,
    verdict: Verdict,
    reason: String,
) -> Result<(), Error> {
    let (now, author, id) = (apps.site().clock.now(), author.clone(), id.to_owned());
    let workspace = author.workspace;
    apps.site()
        .system
        .write(move |tx| {
            let request = request_of(tx, workspace, &id)?;
            let ending = Ending {
                verdict,
                reason: &reason,
                by: &author.actor.name,
                at: now,
                version: None,
            };
            end(tx, workspace, &id, &ending)?;
            let action = format!("app.publish_{}", verdict.name());
            let entry = Entry::new(now, &author.actor, action, request.app);
            journal::record(tx, &entry.with(json!({ "request": id, "reason": reason })))?;
            Ok(())
        })
        .await
}
