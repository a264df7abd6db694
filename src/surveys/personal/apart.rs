//! What one survey keeps apart, as far as it is known: all versions together say it.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::{Names, Vault, sql};
use crate::site::Site;
use crate::store::{Error, project_file};
use crate::web::WorkspaceId;

/// For those who write answers. It is asked in the moment of writing: what another version
/// marks is sealed from then on, by whoever is on their way in an older one as well.
pub struct Apart {
    site: Site,
    of: (WorkspaceId, String),
    names: RwLock<Arc<Names>>,
    /// The newest version that was looked at.
    known: AtomicI64,
}

impl Apart {
    pub fn new(site: &Site, (workspace, survey): (WorkspaceId, &str)) -> Apart {
        Apart {
            site: site.clone(),
            of: (workspace, survey.to_owned()),
            names: RwLock::default(),
            known: AtomicI64::new(0),
        }
    }

    pub fn names(&self) -> Arc<Names> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&names)
    }

    pub fn vault(&self) -> Result<Vault, Error> {
        Vault::of(&self.site, &project_file(self.of.0, &self.of.1))
    }

    /// Looks at what was published, up to that version, unless it was before.
    pub async fn learn(&self, newest: i64) -> Result<(), Error> {
        if self.known.load(Ordering::Acquire) >= newest {
            return Ok(());
        }
        let (workspace, survey) = self.of.clone();
        let read = move |conn: &crate::store::Connection| sql::names(conn, (workspace, &survey));
        let found = self.site.system.read(read).await?;
        {
            // Versions are never taken back: whoever read fewer takes no name away.
            let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
            *names = Arc::new(found.and(Names::clone(&names)));
        }
        self.known.fetch_max(newest, Ordering::Release);
        Ok(())
    }
}

impl fmt::Debug for Apart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Apart({})", self.of.1)
    }
}
