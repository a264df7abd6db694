//! Something is asked to end, or is wanted back.

use serde_json::json;

use crate::base::Time;
use crate::ending::keep;
use crate::ending::kinds::{Home, Kind, Step, look, named};
use crate::ending::model::{Counts, Ending, EndingId, Error, LATE, State, Tables, Thing};
use crate::ending::{sql, tombstone};
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::web::WorkspaceId;

use super::settings;

/// What somebody wants gone.
pub(in crate::ending) struct Wanted {
    pub(in crate::ending) kind: &'static dyn Kind,
    pub(in crate::ending) workspace: WorkspaceId,
    pub(in crate::ending) object: String,
    /// Its name, as whoever wants it gone typed it.
    pub(in crate::ending) typed: String,
    pub(in crate::ending) tables: Tables,
    /// Tables that are not theirs to end: they stay.
    pub(in crate::ending) barred: Vec<String>,
}

/// Hides the thing, and what goes with it, until it is due. Gives its ending
/// first.
pub(in crate::ending) async fn ask(
    site: &Site,
    actor: &Actor,
    wanted: Wanted,
) -> Result<Vec<Ending>, Error> {
    let (kind, workspace, choice) = (wanted.kind, wanted.workspace, wanted.tables);
    let (thing, tables) = look(site, workspace, move |place| {
        let mut all = kind.all(place)?.into_iter();
        let thing = all.find(|thing| thing.object == wanted.object);
        let thing = thing.ok_or(Error::Missing)?;
        if wanted.typed.trim() != kind.typed(&thing) {
            return Err(Error::Mistyped(kind.typed(&thing).to_owned()));
        }
        let tables = kind.preview(place, &thing)?.tables.into_iter();
        let tables = tables
            .filter(|table| choice.takes(table) && !wanted.barred.contains(&table.thing.object));
        Ok((thing, tables.map(|table| table.thing).collect::<Vec<_>>()))
    })
    .await?;
    let window = settings(site).await?.undo * Time::HOUR;
    let actor = actor.clone().in_workspace(workspace.to_string());
    let new = |kind: &dyn Kind, thing: Thing, parent| {
        let now = site.clock.now();
        begun(
            now,
            now.plus(window),
            (kind, workspace, thing),
            &actor,
            parent,
        )
    };
    let first = new(kind, thing, None);
    let parent = Some(first.id);
    let table = named("table")?;
    let with = tables.into_iter().map(|thing| new(table, thing, parent));
    let all: Vec<_> = std::iter::once(first.clone()).chain(with).collect();
    for (at, one) in all.iter().enumerate() {
        if let Err(error) = hide(site, &actor, one).await {
            for done in &all[..at] {
                take_back(site, &actor, done).await?;
            }
            return Err(error);
        }
    }
    Ok(all)
}

/// An ending as it begins.
pub(super) fn begun(
    now: Time,
    due: Time,
    (kind, workspace, thing): (&dyn Kind, WorkspaceId, Thing),
    actor: &Actor,
    parent: Option<EndingId>,
) -> Ending {
    Ending {
        id: EndingId::new(now),
        kind: kind.name().to_owned(),
        workspace,
        hash: tombstone::hash(kind.name(), workspace, &thing.object, thing.made),
        object: thing.object,
        title: thing.title,
        parent,
        state: State::Going,
        asked: now,
        asked_by: actor.user.clone().unwrap_or_default(),
        asked_by_name: actor.name.clone(),
        due,
        late: now.plus(LATE),
        fault: None,
        counts: Counts::new(),
        ended: None,
    }
}

/// Does a step beside the database, off the async threads.
pub(super) async fn beside(site: &Site, one: &Ending, step: Step) -> Result<(), Error> {
    let (kind, site, one) = (named(&one.kind)?, site.clone(), one.clone());
    let done = tokio::task::spawn_blocking(move || kind.beside(&site, &one, step));
    done.await
        .map_err(|_panicked| crate::store::Error::Closed)?
}

/// Takes one thing out of everybody's sight.
pub(super) async fn hide(site: &Site, actor: &Actor, one: &Ending) -> Result<(), Error> {
    let kind = named(&one.kind)?;
    beside(site, one, Step::BeforeHiding).await?;
    let (now, who, new) = (site.clock.now(), actor.clone(), one.clone());
    site.system
        .write(move |tx| {
            if sql::known(tx, &new.hash)?.is_some() {
                return Err(Error::Twice);
            }
            sql::insert(tx, &new)?;
            if kind.home() == Home::System {
                kind.hide(tx, &new)?;
            }
            let action = format!("{}.deletion_asked", kind.name());
            let entry = Entry::new(now, &who, action, &*new.object);
            let detail = json!({ "ending": new.id.to_string(), "due": new.due.rfc3339() });
            journal::record(tx, &entry.with(detail))?;
            Ok(())
        })
        .await?;
    if kind.home() == Home::Workspace
        && let Err(error) = hide_there(site, actor, one).await
    {
        keep::forgotten(site, one.id).await?;
        return Err(error);
    }
    beside(site, one, Step::Hidden).await
}

/// Hides what lies in the workspace's own file. Also for what was asked for when
/// the process ended.
pub(super) async fn hide_there(site: &Site, actor: &Actor, one: &Ending) -> Result<(), Error> {
    let kind = named(&one.kind)?;
    let db = site.files.open(&one.workspace.to_string())?;
    let (now, who, new) = (site.clock.now(), actor.clone(), one.clone());
    db.write(move |tx| {
        if kind.hide(tx, &new)? {
            let entry = Entry::new(now, &who, format!("{}.hidden", kind.name()), &*new.object);
            journal::record(tx, &entry)?;
        }
        Ok::<_, Error>(())
    })
    .await?;
    db.policies_changed();
    Ok(())
}

/// Puts a thing back whole, with what went with it. `is_admin`: they may take
/// back what others asked for.
pub(in crate::ending) async fn undo(
    site: &Site,
    actor: &Actor,
    (workspace, is_admin): (Option<WorkspaceId>, bool),
    id: EndingId,
) -> Result<Vec<Ending>, Error> {
    let (one, with) = site
        .system
        .read(move |conn| Ok::<_, Error>((sql::one(conn, id)?, sql::children(conn, id)?)))
        .await?;
    if workspace.is_some_and(|workspace| workspace != one.workspace) {
        return Err(Error::Missing);
    }
    if !is_admin && actor.user.as_deref() != Some(&one.asked_by) {
        return Err(Error::NotYours);
    }
    if !one.can_come_back(site.clock.now()) {
        return Err(Error::TooLate);
    }
    let actor = actor.clone().in_workspace(one.workspace.to_string());
    let now = site.clock.now();
    let all: Vec<_> = std::iter::once(one)
        .chain(with.into_iter().filter(|with| with.can_come_back(now)))
        .collect();
    // Tables first: an app that is back finds them.
    for one in all.iter().rev() {
        take_back(site, &actor, one).await?;
    }
    Ok(all)
}

async fn take_back(site: &Site, actor: &Actor, one: &Ending) -> Result<(), Error> {
    let kind = named(&one.kind)?;
    let (now, who, back) = (site.clock.now(), actor.clone(), one.clone());
    beside(site, one, Step::BeforeRestoring).await?;
    site.system
        .write(move |tx| {
            if !sql::set_state(tx, back.id, (State::Going, State::Returning))? {
                return Err(Error::TooLate);
            }
            let action = format!("{}.deletion_undone", kind.name());
            let entry = Entry::new(now, &who, action, &*back.object);
            journal::record(tx, &entry.with(json!({ "ending": back.id.to_string() })))?;
            if kind.home() == Home::System {
                kind.restore(tx, &back)?;
                sql::forget(tx, back.id)?;
            }
            Ok(())
        })
        .await?;
    if kind.home() == Home::Workspace {
        put_back(site, actor, one).await?;
    }
    beside(site, one, Step::Restored).await
}

/// Puts back what lies in the workspace's own file. Also for what was on its
/// way back when the process ended.
pub(super) async fn put_back(site: &Site, actor: &Actor, one: &Ending) -> Result<(), Error> {
    let kind = named(&one.kind)?;
    let db = site.files.open(&one.workspace.to_string())?;
    let (now, who, back) = (site.clock.now(), actor.clone(), one.clone());
    let done = db.write(move |tx| {
        if kind.restore(tx, &back)? {
            let action = format!("{}.restored", kind.name());
            journal::record(tx, &Entry::new(now, &who, action, &*back.object))?;
        }
        Ok::<_, Error>(())
    });
    let done = done.await;
    db.policies_changed();
    match done {
        Ok(()) => keep::forgotten(site, one.id).await?,
        Err(error) => {
            keep::still_going(site, one.id).await?;
            return Err(error);
        }
    }
    Ok(())
}
