//! The database of the instance, first, and then those of each workspace: what
//! the later ones know more goes into the audit chain when they are opened.

use std::path::PathBuf;

use super::{Content, Home, Kind, Thing};
use crate::backup::Error;
use crate::site::{SYSTEM, Site};
use crate::store::{PROJECTS, project_of};

pub(super) static KIND: Databases = Databases;

pub(super) struct Databases;

impl Kind for Databases {
    fn name(&self) -> &'static str {
        "databases"
    }

    fn title(&self) -> &'static str {
        "accounts, apps, audit chain; tables and rows of each workspace; answers to surveys"
    }

    fn things(&self, site: &Site) -> Result<Vec<Thing>, Error> {
        let system = site.system.clone();
        let mut things = vec![Thing {
            name: SYSTEM.to_owned(),
            owner: SYSTEM.to_owned(),
            content: Content::Database(Box::new(move || Ok(system.still()?))),
        }];
        for name in site.files.all_names()? {
            let (site, id) = (site.clone(), name.clone());
            things.push(Thing {
                owner: project_of(&name).map_or(&*name, |(workspace, _)| workspace).to_owned(),
                name,
                content: Content::Database(Box::new(move || Ok(site.files.open(&id)?.still()?))),
            });
        }
        Ok(things)
    }

    fn home(&self, name: &str) -> Home {
        let workspaces = PathBuf::from("workspaces");
        let (folder, stem) = match (name, project_of(name)) {
            (SYSTEM, _) => (PathBuf::new(), "onsight"),
            (_, Some((workspace, project))) => {
                (workspaces.join(workspace).join(PROJECTS), project)
            }
            (id, None) => (workspaces.join(id), "data"),
        };
        Home::Database {
            folder,
            stem: stem.to_owned(),
            file: name.to_owned(),
        }
    }
}
