//! Sealed files of old audit records, and the signatures beside the chain.

use super::{Content, Home, Kind, Thing, files_of};
use crate::backup::Error;
use crate::site::{SYSTEM, Site};

pub(super) static KIND: Audit = Audit;

pub(super) struct Audit;

impl Kind for Audit {
    fn name(&self) -> &'static str {
        "audit"
    }

    fn title(&self) -> &'static str {
        "old audit records and the signatures of the chain"
    }

    fn things(&self, site: &Site) -> Result<Vec<Thing>, Error> {
        let files = files_of(&site.config.data.join("audit"))?;
        Ok(vec![Thing {
            name: "audit".to_owned(),
            owner: SYSTEM.to_owned(),
            content: Content::Files(files),
        }])
    }

    fn home(&self, _: &str) -> Home {
        Home::Files("audit".into())
    }
}
