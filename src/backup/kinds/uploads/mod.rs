//! Files that people brought, sealed as they lie in their workspace.

use std::path::Path;

use super::{Content, Home, Kind, Thing, files_of};
use crate::backup::Error;
use crate::site::Site;

pub(super) static KIND: Uploads = Uploads;

pub(super) struct Uploads;

impl Kind for Uploads {
    fn name(&self) -> &'static str {
        "uploads"
    }

    fn title(&self) -> &'static str {
        "uploaded files"
    }

    fn things(&self, site: &Site) -> Result<Vec<Thing>, Error> {
        let mut things = Vec::new();
        for name in site.files.names()? {
            let files = files_of(&site.files.staging(&name)?)?;
            if !files.is_empty() {
                things.push(Thing {
                    owner: name.clone(),
                    name,
                    content: Content::Files(files),
                });
            }
        }
        Ok(things)
    }

    fn home(&self, name: &str) -> Home {
        Home::Files(Path::new("workspaces").join(name).join("files"))
    }
}
