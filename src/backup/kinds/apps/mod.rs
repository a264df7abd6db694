//! Apps and queries as text, for people: each draft and version in a file of
//! its own. What is put back comes from the database of the instance.

use super::{Content, Home, Kind, Thing};
use crate::backup::{Error, sql};
use crate::site::Site;

pub(super) static KIND: Apps = Apps;

pub(super) struct Apps;

impl Kind for Apps {
    fn name(&self) -> &'static str {
        "apps"
    }

    fn title(&self) -> &'static str {
        "apps and queries as readable text"
    }

    fn things(&self, site: &Site) -> Result<Vec<Thing>, Error> {
        let mut things = Vec::new();
        for name in site.files.names()? {
            let id = name.clone();
            let texts = site.system.read_now(move |conn| sql::sources(conn, &id))?;
            if !texts.is_empty() {
                things.push(Thing {
                    owner: name.clone(),
                    name,
                    content: Content::Texts(texts),
                });
            }
        }
        Ok(things)
    }

    fn home(&self, _: &str) -> Home {
        Home::Reading
    }
}
