//! The rules of the apps in use, and what they decide about whoever asks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::decide::{Decision, decide};
use super::model::{Act, Asking, Lists, Rules};
use super::sql;
use crate::apps::format::{Access, Name};
use crate::apps::library;
use crate::apps::{Apps, Error};
use crate::web::{Person, Role, WorkspaceId};

/// Rules that were asked for, by app.
#[derive(Clone, Default)]
pub(in crate::apps) struct Kept(Arc<Mutex<Memory>>);

#[derive(Default)]
struct Memory {
    /// Grows with each change, so that what was read before one is not kept after it.
    changes: u64,
    /// Which state of the groups' names all of it is from.
    names: u64,
    known: HashMap<(WorkspaceId, String), Arc<Rules>>,
}

impl Kept {
    pub(in crate::apps) fn changed(&self, workspace: WorkspaceId, app: &str) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.changes += 1;
        memory.known.remove(&(workspace, app.to_owned()));
    }

    /// The rules if they are known, and which change they were asked after.
    fn recall(&self, place: &(WorkspaceId, String), names: u64) -> (Option<Arc<Rules>>, u64) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.names != names {
            memory.names = names;
            memory.changes += 1;
            memory.known.clear();
        }
        (memory.known.get(place).cloned(), memory.changes)
    }

    fn remember(&self, place: (WorkspaceId, String), rules: &Arc<Rules>, changes: u64) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.changes == changes {
            memory.known.insert(place, Arc::clone(rules));
        }
    }
}

/// May everybody in the workspace open the app, once its file says so?
pub(in crate::apps) async fn is_for_everybody(
    apps: &Apps,
    workspace: WorkspaceId,
    app: &str,
    access: &Access,
) -> Result<bool, Error> {
    let rules = rules(apps, workspace, app).await?;
    // A name nobody understands keeps everybody out.
    let Some(file) = Lists::of_file(access) else {
        return Ok(false);
    };
    let mut named = file.open.iter().chain(&rules.page.open).peekable();
    Ok(named.peek().is_none() || named.any(|name| *name == Name::Role(Role::User)))
}

/// What decides about that app. [`Error::Missing`] when there is none.
pub(super) async fn rules(
    apps: &Apps,
    workspace: WorkspaceId,
    app: &str,
) -> Result<Arc<Rules>, Error> {
    let place = (workspace, app.to_owned());
    let (known, changes) = apps.sharing().recall(&place, apps.site().names());
    if let Some(rules) = known {
        return Ok(rules);
    }
    let asked = app.to_owned();
    let page = apps
        .site()
        .system
        .read(move |conn| {
            if !library::sql::exists(conn, workspace, &asked)? {
                return Err(Error::Missing);
            }
            Ok(sql::lists(conn, workspace, &asked)?)
        })
        .await?;
    let file = match apps.published(workspace, app).await {
        Ok(published) => Lists::of_file(&published.app.access),
        Err(Error::Missing) => Some(Lists::default()),
        Err(Error::Problems(_)) => None,
        Err(error) => return Err(error),
    };
    let rules = Arc::new(Rules { file, page });
    apps.sharing().remember(place, &rules, changes);
    Ok(rules)
}

/// May this person do that to the app of their workspace?
pub(in crate::apps) async fn decision(
    apps: &Apps,
    person: &Person,
    app: &str,
    act: Act,
) -> Result<Decision, Error> {
    let rules = rules(apps, person.workspace, app).await?;
    Ok(decide(&Asking::of(person), act, &rules))
}

/// Lets by whoever may do one of these things. For others the app is not
/// there, or is not theirs to change if they may open it.
pub(in crate::apps) async fn hold(
    apps: &Apps,
    person: &Person,
    app: &str,
    acts: &[Act],
) -> Result<(), Error> {
    let rules = rules(apps, person.workspace, app).await?;
    let asking = Asking::of(person);
    let may = |act: Act| decide(&asking, act, &rules).is_given;
    if acts.iter().any(|act| may(*act)) {
        Ok(())
    } else if may(Act::Open) {
        Err(Error::NotYours)
    } else {
        Err(Error::Missing)
    }
}

/// Lets by whoever may take the app away: they may both edit and publish it.
pub async fn may_delete(apps: &Apps, person: &Person, app: &str) -> Result<(), Error> {
    for act in [Act::Edit, Act::Publish] {
        hold(apps, person, app, &[act]).await?;
    }
    Ok(())
}
