//! Versions: published, and gone back to.

use serde_json::{Value, json};

use super::drafts::keep;
use super::gates::{cleared, enforceable};
use crate::apps::library::{Draft, NewVersion, Version, sql};
use crate::apps::making::model::{Author, Read};
use crate::apps::{Apps, Error};
use crate::base::Time;
use crate::journal::{self, Entry};
use crate::store::Transaction;

/// The longest note, in characters.
pub(super) const NOTE: usize = 500;

/// Makes the draft of `seen` the next version, which people use from then on.
/// `why` is the reason to do so against a rule of the review. Gives its number.
pub(in crate::apps::making) async fn publish(
    apps: &Apps,
    author: &Author,
    id: &str,
    (note, why): (&str, &str),
    seen: Time,
) -> Result<i64, Error> {
    let (workspace, name) = (author.workspace, id.to_owned());
    let draft = apps
        .site()
        .system
        .read(move |conn| sql::draft(conn, workspace, &name))
        .await?;
    if draft.at != seen {
        return Err(Error::Stale(draft.by));
    }
    let read = Read::of_app(&draft.text, id);
    if !read.is_publishable() {
        return Err(Error::Problems(read.problems));
    }
    let despite = cleared(apps, author, (id, &draft.text), Some(why)).await?;
    let note = note.trim().chars().take(NOTE).collect::<String>();
    let (now, author) = (apps.site().clock.now(), author.clone());
    let version = apps
        .site()
        .system
        .write(move |tx| {
            let current = sql::draft(tx, author.workspace, &draft.id)?;
            if current.at != draft.at {
                return Err(Error::Stale(current.by));
            }
            if sql::needs_two(tx, author.workspace)? {
                return Err(Error::Refused(
                    "publishing takes a second person in this workspace; ask for approval"
                        .to_owned(),
                ));
            }
            let used = sql::published(tx, author.workspace, &draft.id)?;
            let version = put_in_use(tx, &author, &draft, &note, now)?;
            let entry = Entry::new(now, &author.actor, "app.published", &*draft.id);
            let entry = entry.with(said(&note, despite.as_ref()));
            journal::record(tx, &in_use(entry, used, version))?;
            Ok(version)
        })
        .await?;
    apps.changed(workspace, id);
    Ok(version)
}

/// The note, and against which rules it is published and why, where there are any.
pub(super) fn said(note: &str, despite: Option<&Value>) -> Value {
    match despite {
        Some(despite) => json!({ "note": note, "despite": despite }),
        None => json!({ "note": note }),
    }
}

/// Makes a draft the version people use. Its line in the journal is the caller's.
pub(super) fn put_in_use(
    tx: &Transaction<'_>,
    author: &Author,
    draft: &Draft,
    note: &str,
    now: Time,
) -> Result<i64, Error> {
    let new = NewVersion {
        app: &draft.id,
        text: &draft.text,
        note,
        at: now,
        by: &author.actor.name,
    };
    let version = sql::add(tx, author.workspace, &new)?;
    sql::use_version(tx, author.workspace, &draft.id, version)?;
    sql::forget_authors(tx, author.workspace, &draft.id)?;
    Ok(version)
}

/// Says which version people used before and which they use now; the versions
/// themselves keep what each of them says.
pub(super) fn in_use(entry: Entry, before: Option<(i64, String)>, now: i64) -> Entry {
    let before = before.map(|(version, _)| version);
    entry.changed(&json!({ "version": before }), &json!({ "version": now }))
}

/// Publishes the text of an older version again, as the next version. A draft
/// nobody has touched since it was published follows; another one stays.
pub(in crate::apps::making) async fn roll_back(
    apps: &Apps,
    author: &Author,
    id: &str,
    to: i64,
) -> Result<i64, Error> {
    let (now, author, name) = (apps.site().clock.now(), author.clone(), id.to_owned());
    let workspace = author.workspace;
    let asked = name.clone();
    let older = apps
        .site()
        .system
        .read(move |conn| sql::version_text(conn, workspace, &asked, to));
    let older = older.await?.ok_or(Error::Missing)?;
    enforceable(apps, workspace, (id, &older)).await?;
    let version = apps
        .site()
        .system
        .write(move |tx| {
            let draft = sql::draft(tx, workspace, &name)?;
            let text = sql::version_text(tx, workspace, &name, to)?.ok_or(Error::Missing)?;
            if sql::needs_two(tx, workspace)? && !sql::was_approved(tx, workspace, &name, &text)? {
                return Err(Error::Refused(format!(
                    "version {to} was never approved by a second person; put its text in the draft and ask for approval"
                )));
            }
            let published = sql::published(tx, workspace, &name)?;
            let used = published.clone();
            let note = format!("Back to version {to}");
            let version = sql::add(
                tx,
                workspace,
                &NewVersion {
                    app: &name,
                    text: &text,
                    note: &note,
                    at: now,
                    by: &author.actor.name,
                },
            )?;
            sql::use_version(tx, workspace, &name, version)?;
            if published.is_some_and(|(_, published)| published == draft.text) {
                let seen = draft.at;
                sql::forget_ahead(tx, (workspace, &name))?;
                keep(tx, &author, &draft, (&format!("go back to version {to}"), now))?;
                let follows = Draft {
                    title: Read::of(&text).app.map_or(draft.title, |app| app.title),
                    text,
                    at: Time(now.0.max(seen.0 + 1)),
                    by: author.actor.name.clone(),
                    ..draft
                };
                sql::save(tx, workspace, &follows, seen)?;
            }
            let entry = Entry::new(now, &author.actor, "app.rolled_back", &*name);
            let entry = entry.with(json!({ "to": to }));
            journal::record(tx, &in_use(entry, used, version))?;
            Ok::<_, Error>(version)
        })
        .await?;
    apps.changed(workspace, id);
    Ok(version)
}

/// The versions of an app, newest first, and the texts of one and of another it is
/// compared with: the chosen, or else the newest and the one before it.
pub(in crate::apps::making) async fn history(
    apps: &Apps,
    author: &Author,
    id: &str,
    chosen: Option<i64>,
    from: Option<i64>,
) -> Result<History, Error> {
    let (workspace, name) = (author.workspace, id.to_owned());
    apps.site()
        .system
        .read(move |conn| {
            let draft = sql::draft(conn, workspace, &name)?;
            let versions = sql::versions(conn, workspace, &name)?;
            let newest = versions.first().map(|newest| newest.version);
            let shown = chosen.or(newest);
            let text = |version: Option<i64>| match version {
                Some(version) => sql::version_text(conn, workspace, &name, version),
                None => Ok(None),
            };
            let before = versions.iter().map(|version| version.version);
            let before = before.filter(|version| Some(*version) < shown).max();
            let before = from.or(before);
            Ok(History {
                text: text(shown)?.unwrap_or_default(),
                before_text: text(before)?.unwrap_or_default(),
                draft,
                versions,
                shown,
                before,
            })
        })
        .await
}

/// What was published so far.
pub(in crate::apps::making) struct History {
    pub(in crate::apps::making) draft: Draft,
    pub(in crate::apps::making) versions: Vec<Version>,
    pub(in crate::apps::making) shown: Option<i64>,
    pub(in crate::apps::making) text: String,
    pub(in crate::apps::making) before: Option<i64>,
    pub(in crate::apps::making) before_text: String,
}
