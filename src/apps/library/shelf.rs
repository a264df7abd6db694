//! The published apps in use, parsed once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::model::{Error, Mine};
use super::sql;
use crate::apps::following::Places;
use crate::apps::format::App;
use crate::apps::making::Present;
use crate::apps::using::Shown;
use crate::apps::{sharing, sources, widgets};
use crate::base::{Expiring, Time};
use crate::data::Data;
use crate::site::Site;
use crate::store::{Believed, Connection};
use crate::web::{UserId, WorkspaceId};
use crate::workspaces::Openings;

/// An app as people use it.
#[derive(Debug)]
pub struct Published {
    pub version: i64,
    /// When the app was made: another one of its id is another app.
    pub made: Time,
    pub app: App,
}

/// What the pages about apps lean on: data, and the apps in use.
#[derive(Clone)]
pub struct Apps {
    pub data: Data,
    pub openings: Openings,
    kept: Arc<Mutex<Kept>>,
    /// What databases elsewhere the apps in use ask.
    pub(in crate::apps) looked: sources::Looked,
    /// What apps are to those who use them.
    mine: Arc<Theirs>,
    /// The views that those who use apps may open.
    pub(in crate::apps) shown: Shown,
    sharing: sharing::Kept,
    /// Who looks at an app as whom, until they end it or an hour is over.
    pub(in crate::apps) views: Arc<Expiring<Look, UserId>>,
    /// Who has an app open to change it.
    pub(in crate::apps) present: Arc<Present>,
    /// The open pages that follow what others change.
    pub(in crate::apps) follows: Places,
}

/// People of whom it is known what apps are to them.
const PEOPLE: usize = 2_000;
/// Looks as somebody else at once.
const LOOKS: usize = 10_000;

/// Whose look it is: workspace, person and app.
pub(in crate::apps) type Look = (WorkspaceId, UserId, String);

/// What the apps of a workspace are to a person.
type Theirs = Believed<(WorkspaceId, UserId), Arc<[Mine]>>;

type Kept = HashMap<(WorkspaceId, String), Arc<Published>>;

impl Apps {
    pub fn new(data: Data) -> Apps {
        Apps {
            openings: Openings::new(data.site.clone()),
            data,
            kept: Arc::default(),
            looked: sources::Looked::default(),
            mine: Arc::new(Believed::new(PEOPLE)),
            shown: Shown::default(),
            sharing: sharing::Kept::default(),
            views: Arc::new(Expiring::new(Time::HOUR, LOOKS)),
            present: Arc::default(),
            follows: Places::default(),
        }
    }

    pub fn site(&self) -> &Site {
        &self.data.site
    }

    /// The published version of an app. [`Error::Missing`] when there is none.
    pub async fn published(
        &self,
        workspace: WorkspaceId,
        id: &str,
    ) -> Result<Arc<Published>, Error> {
        let place = (workspace, id.to_owned());
        if let Some(kept) = self.lock().get(&place) {
            return Ok(Arc::clone(kept));
        }
        let asked = id.to_owned();
        let found = self
            .site()
            .system
            .read(move |conn| {
                let made = sql::made(conn, workspace, &asked)?;
                Ok::<_, Error>(made.zip(sql::published(conn, workspace, &asked)?))
            })
            .await?;
        let (made, (version, text)) = found.ok_or(Error::Missing)?;
        let app = App::parse(&text, &widgets::Known).map_err(Error::Problems)?;
        let published = Arc::new(Published { version, made, app });
        self.lock().insert(place, Arc::clone(&published));
        Ok(published)
    }

    /// What the apps of a workspace are to one person.
    pub(in crate::apps) async fn mine(
        &self,
        (workspace, user): (WorkspaceId, UserId),
    ) -> Result<Arc<[Mine]>, Error> {
        let look = move |conn: &Connection| Ok(sql::mine(conn, workspace, user)?.into());
        let of = (workspace, user);
        self.mine.find(&self.site().system, of, look).await
    }

    pub(in crate::apps) fn sharing(&self) -> &sharing::Kept {
        &self.sharing
    }

    /// To be called when another version of an app is published, or it is
    /// shared with others.
    pub fn changed(&self, workspace: WorkspaceId, id: &str) {
        self.lock().remove(&(workspace, id.to_owned()));
        self.sharing.changed(workspace, id);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
