//! App files: checked, taken in, handed out; and apps found by their words.

use std::time::Duration;

use serde_json::json;

use super::drafts::{begun, free_id, note_author};
use super::gates::cleared;
use super::versions::in_use;
use crate::apps::format::{App, Document, Level, Problem, QueryKind};
use crate::apps::library::{Draft, NewVersion, layers, sql};
use crate::apps::making::model::{Author, Found, Import, Read, fits, is_id};
use crate::apps::sharing::{self, Act};
use crate::apps::{Apps, Error};
use crate::journal::{self, Entry};
use crate::store::{Budget, Db, Error as StoreError, Lane};
use crate::web::{Person, WorkspaceId};

/// Preparing every query of an app takes this long at the most.
const PREPARING: Duration = Duration::from_secs(2);

/// Everything there is to say about the text of an app file.
pub fn check(text: &str) -> Vec<Problem> {
    Read::of(text).problems
}

/// The same for the draft of an app, with what the data say about its queries.
pub(in crate::apps::making) async fn problems(db: &Db, id: &str, text: &str) -> Vec<Problem> {
    let read = Read::of_app(text, id);
    let mut problems = read.problems;
    if let Some(app) = read.app {
        problems.extend(unfit_queries(db, &app).await);
        problems.extend(unfit_policies(db, text, &app).await);
        problems.sort_by_key(|problem| (problem.line, problem.column));
    }
    problems
}

/// Policies that could not be enforced: nothing is published that says one.
pub(super) async fn unfit_policies(db: &Db, text: &str, app: &App) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (policy, (table, layer)) in layers(app) {
        let Err(fault) = db.check_policy(table, layer).await else {
            continue;
        };
        let heading = format!("[policy.{}]", policy.name);
        let line = { text.lines() }.position(|line| line.trim_start().starts_with(&heading));
        problems.push(Problem {
            line: line.unwrap_or_default() + 1,
            column: 1,
            message: format!("the policy `{}` cannot be enforced: {fault}", policy.name),
            level: Level::Refused,
        });
    }
    problems
}

/// Queries the database cannot make sense of: a table that is not there yet
/// may come, so they do not stand in the way of publishing.
async fn unfit_queries(db: &Db, app: &App) -> Vec<Problem> {
    let reads = app.queries.iter();
    let reads = reads.filter(|query| query.kind == QueryKind::Read && app.is_own(&query.uses));
    let reads: Vec<_> = reads
        .map(|query| (query.name.clone(), query.sql.clone(), query.position))
        .collect();
    let prepared = db
        .ask(Lane::Desk, Budget::of(PREPARING), move |guarded| {
            let unfit = reads.into_iter().filter_map(|(name, sql, position)| {
                let fault = guarded.prepare(&sql).err()?;
                Some(Problem {
                    line: position.line,
                    column: position.column,
                    message: format!("the database cannot run `{name}`: {fault}"),
                    level: Level::Note,
                })
            });
            Ok::<_, StoreError>(unfit.collect())
        })
        .await;
    prepared.unwrap_or_default()
}

/// Takes an app file in, as a draft or published at once. Gives the app's id.
pub async fn import(apps: &Apps, author: &Author, import: Import) -> Result<String, Error> {
    fits(&import.text)?;
    let read = Read::of(&import.text);
    let Some(app) = &read.app else {
        return Err(Error::Problems(read.problems));
    };
    if import.publish && !read.is_publishable() {
        return Err(Error::Problems(read.problems));
    }
    let id = import.id.as_deref().unwrap_or(&app.id);
    if !is_id(id) {
        return Err(Error::Refused(format!(
            "`{id}` cannot be an app's id; use a small letter, then small letters, digits, - and _, at most 60"
        )));
    }
    let mut text = import.text;
    if id != app.id {
        let mut document =
            Document::parse(&text).map_err(|unfit| Error::Refused(unfit.to_string()))?;
        document.set_id(id);
        text = document.to_string();
    }
    let draft = Draft {
        id: id.to_owned(),
        title: app.title.clone(),
        text,
        at: apps.site().clock.now(),
        by: author.actor.name.clone(),
        version: None,
    };
    if import.publish {
        cleared(apps, author, (id, &draft.text), None).await?;
    }
    take_in(apps, author, draft, import.publish).await
}

async fn take_in(
    apps: &Apps,
    author: &Author,
    draft: Draft,
    publish: bool,
) -> Result<String, Error> {
    let (author, now) = (author.clone(), draft.at);
    let workspace = author.workspace;
    let id = apps
        .site()
        .system
        .write(move |tx| {
            if publish && sql::needs_two(tx, workspace)? {
                return Err(Error::Refused(
                    "publishing takes a second person in this workspace: import the app as a draft, and ask for approval"
                        .to_owned(),
                ));
            }
            sql::insert(tx, workspace, &draft)?;
            note_author(tx, &author, &draft.id)?;
            let entry = Entry::new(now, &author.actor, "app.imported", &*draft.id);
            let entry = entry.with(json!({ "bytes": draft.text.len() }));
            journal::record(tx, &begun(entry, &draft))?;
            if publish {
                let new = NewVersion {
                    app: &draft.id,
                    text: &draft.text,
                    note: "Imported",
                    at: now,
                    by: &author.actor.name,
                };
                let version = sql::add(tx, workspace, &new)?;
                sql::use_version(tx, workspace, &draft.id, version)?;
                let entry = Entry::new(now, &author.actor, "app.published", &*draft.id);
                journal::record(tx, &in_use(entry, None, version))?;
            }
            Ok::<_, Error>(draft.id)
        })
        .await?;
    apps.changed(workspace, &id);
    Ok(id)
}

/// An id like that of the app file `text` which nobody has.
pub(in crate::apps::making) async fn other_id(
    apps: &Apps,
    workspace: WorkspaceId,
    id: &str,
) -> Result<String, Error> {
    let id = id.to_owned();
    let free = apps
        .site()
        .system
        .read(move |conn| free_id(conn, workspace, &id))
        .await?;
    Ok(free)
}

/// The text of an app's draft, byte for byte as it was saved.
pub async fn export(apps: &Apps, author: &Author, id: &str) -> Result<String, Error> {
    let (now, author, id) = (apps.site().clock.now(), author.clone(), id.to_owned());
    apps.site()
        .system
        .write(move |tx| {
            let draft = sql::draft(tx, author.workspace, &id)?;
            let entry = Entry::new(now, &author.actor, "app.exported", &*id);
            journal::record(tx, &entry.with(json!({ "bytes": draft.text.len() })))?;
            Ok(draft.text)
        })
        .await
}

/// The app with its draft.
pub(in crate::apps::making) async fn look(
    apps: &Apps,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Draft, Error> {
    let id = id.to_owned();
    apps.site()
        .system
        .read(move |conn| sql::draft(conn, workspace, &id))
        .await
}

/// The apps whose title or id has all the words in it, of those the person may
/// open or works on; all of them for no words. Those never published are for
/// whoever works on them only.
pub async fn find(apps: &Apps, person: &Person, words: &str) -> Result<Vec<Found>, Error> {
    let workspace = person.workspace;
    let listed = apps
        .site()
        .system
        .read(move |conn| sql::list(conn, workspace))
        .await?;
    let words = words.to_lowercase();
    let mut found = Vec::new();
    for app in listed {
        let place = format!("{} {}", app.title.to_lowercase(), app.id);
        if !words.split_whitespace().all(|word| place.contains(word)) {
            continue;
        }
        let may = async |act| match sharing::decision(apps, person, &app.id, act).await {
            Ok(decision) => Ok(decision.is_given),
            // Deleted since it was listed.
            Err(Error::Missing) => Ok(false),
            Err(error) => Err(error),
        };
        let may_edit = may(Act::Edit).await?;
        let may_open = app.version.is_some() && may(Act::Open).await?;
        if may_open || may_edit || may(Act::Publish).await? {
            found.push(Found {
                app,
                may_open,
                may_edit,
            });
        }
    }
    Ok(found)
}
