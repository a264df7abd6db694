//! The database of the instance, first, and then that of each workspace: what
//! the later ones know more goes into the audit chain when they are opened.

use std::path::PathBuf;

use super::{Content, Home, Kind, Thing};
use crate::backup::Error;
use crate::site::{SYSTEM, Site};

pub(super) static KIND: Databases = Databases;

pub(super) struct Databases;

impl Kind for Databases {
    fn name(&self) -> &'static str {
        "databases"
    }

    fn title(&self) -> &'static str {
        "accounts, apps, audit chain; tables and rows of each workspace"
    }

    fn things(&self, site: &Site) -> Result<Vec<Thing>, Error> {
        let system = site.system.clone();
        let mut things = vec![Thing {
            name: SYSTEM.to_owned(),
            owner: SYSTEM.to_owned(),
            content: Content::Database(Box::new(move || Ok(system.still()?))),
        }];
        for name in site.files.names()? {
            let (site, id) = (site.clone(), name.clone());
            things.push(Thing {
                owner: name.clone(),
                name,
                content: Content::Database(Box::new(move || Ok(site.files.open(&id)?.still()?))),
            });
        }
        Ok(things)
    }

    fn home(&self, name: &str) -> Home {
        let (folder, stem) = match name {
            SYSTEM => (PathBuf::new(), "onsight"),
            id => (PathBuf::from("workspaces").join(id), "data"),
        };
        Home::Database {
            folder,
            stem,
            file: name.to_owned(),
        }
    }
}
