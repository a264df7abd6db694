//! What can end. A kind declares itself once, in a folder of its own: what goes
//! with a thing, how it is hidden and comes back, and how nothing of it stays.

mod uses;

use std::path::PathBuf;

use super::model::{Counts, Ending, Error, Preview, Thing};
use super::tombstone;
use crate::base::Time;
use crate::kinds;
use crate::site::Site;
use crate::store::{Connection, Transaction};
use crate::web::{Right, WorkspaceId};

kinds! { pub(super) dyn Kind: app, table, file, survey, workspace }

/// In which file the rows of a thing lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    System,
    /// The workspace's own.
    Workspace,
}

/// Who may not end a thing although they have the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bars {
    Nobody,
    /// Who may not both edit and publish the app.
    Sharing,
    /// Whom a policy keeps from rows.
    Policies,
    /// Who is no member.
    Visitors,
}

/// What happens to a thing beside the database, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    BeforeHiding,
    Hidden,
    BeforeRestoring,
    Restored,
    BeforeDestroying,
    Destroyed,
}

/// Where things of a workspace are looked for.
pub(super) struct Place<'a> {
    pub(super) site: &'a Site,
    pub(super) workspace: WorkspaceId,
    pub(super) now: Time,
    pub(super) system: &'a Connection,
    /// The workspace's own file, if it has one.
    pub(super) data: Option<&'a Connection>,
}

/// A kind of thing that can end.
pub(super) trait Kind: Sync {
    /// What addresses and databases call it.
    fn name(&self) -> &'static str;

    /// What people call one of them.
    fn noun(&self) -> &'static str;

    /// How it is destroyed, for the certificate.
    fn method(&self) -> &'static str;

    fn home(&self) -> Home;

    /// Who may end one.
    fn right(&self) -> Right;

    /// Who of these may not all the same.
    fn bars(&self) -> Bars {
        Bars::Nobody
    }

    /// Its end is the end of everybody's work in the workspace.
    fn is_everything(&self) -> bool {
        false
    }

    /// The page one comes from.
    fn page(&self, object: &str) -> String;

    /// All there are in a workspace.
    fn all(&self, place: &Place<'_>) -> Result<Vec<Thing>, Error>;

    /// What has to be typed to end it.
    fn typed<'a>(&self, thing: &'a Thing) -> &'a str {
        &thing.object
    }

    /// What goes with it, and what stops working.
    fn preview(&self, place: &Place<'_>, thing: &Thing) -> Result<Preview, Error>;

    /// Takes it out of everybody's sight. Doing it twice is doing it once: `true`
    /// when this did it.
    fn hide(&self, tx: &Transaction<'_>, one: &Ending) -> Result<bool, Error>;

    /// Puts it back whole. `true` when this did it.
    fn restore(&self, tx: &Transaction<'_>, one: &Ending) -> Result<bool, Error>;

    /// Takes it out of the database. Gives what went. Doing it twice is doing
    /// it once.
    fn destroy(&self, tx: &Transaction<'_>, one: &Ending) -> Result<Counts, Error>;

    /// Does something of it lie in the workspace's file, although its home is elsewhere?
    /// It stays there while the thing is hidden, and is found by nobody.
    fn lies_in_both(&self) -> bool {
        false
    }

    /// Takes that out of the workspace's file. Gives what went. Doing it twice is doing
    /// it once.
    fn destroy_there(&self, tx: &Transaction<'_>, one: &Ending) -> Result<Counts, Error> {
        let _ = (tx, one);
        Ok(Counts::new())
    }

    /// What is still there of it, in words; nothing when it is gone.
    fn remains(&self, site: &Site, one: &Ending) -> Result<Option<String>, Error>;

    /// Removes what a restore brought back beside the database of things whose
    /// rows are gone.
    fn sweep(&self, site: &Site, workspace: WorkspaceId) -> Result<(), Error> {
        let _ = (site, workspace);
        Ok(())
    }

    /// What lies beside the database. Each step may be done again.
    fn beside(&self, site: &Site, one: &Ending, step: Step) -> Result<(), Error> {
        let _ = (site, one, step);
        Ok(())
    }
}

/// The thing itself, not another of its name.
pub(super) fn is_it(one: &Ending, thing: &Thing) -> bool {
    thing.object == one.object
        && tombstone::hash(&one.kind, one.workspace, &thing.object, thing.made) == one.hash
}

/// The kind of that name.
pub(super) fn named(name: &str) -> Result<&'static dyn Kind, Error> {
    let mut all = ALL.iter();
    let found = all.find(|kind| kind.name() == name);
    found.copied().ok_or(Error::Missing)
}

/// Where a workspace's uploads lie. Nothing is made for it.
pub(super) fn uploads(site: &Site, workspace: WorkspaceId) -> PathBuf {
    let folder = site.config.data.join("workspaces");
    folder.join(workspace.to_string()).join("files")
}

/// Looks at things of a workspace, off the async threads.
pub(super) async fn look<T: Send + 'static>(
    site: &Site,
    workspace: WorkspaceId,
    work: impl FnOnce(&Place<'_>) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let site = site.clone();
    let looked = tokio::task::spawn_blocking(move || look_now(&site, workspace, work));
    looked
        .await
        .map_err(|_panicked| crate::store::Error::Closed)?
}

/// The same on this thread.
pub(super) fn look_now<T>(
    site: &Site,
    workspace: WorkspaceId,
    work: impl FnOnce(&Place<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let file = workspace.to_string();
    // A file that is not there is not made by looking.
    let db = if site.files.is_there(&file)? {
        Some(site.files.open(&file)?)
    } else {
        None
    };
    site.system.read_now(|system| {
        let place = Place {
            site,
            workspace,
            now: site.clock.now(),
            system,
            data: None,
        };
        match &db {
            Some(db) => db.read_now(|data| {
                let data = Some(data);
                Ok(work(&Place { data, ..place }))
            }),
            None => Ok(work(&place)),
        }
    })?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names_of_their_own() {
        let mut names: Vec<_> = ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();

        assert_eq!(names.len(), ALL.len());
        assert!(named("app").is_ok());
        assert!(named("nothing").is_err());
    }
}
