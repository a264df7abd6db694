//! The surveys in use: where their answers lie, and their definitions, read once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::compiled::Compiled;
use super::sql;
use crate::base::Time;
use crate::site::Site;
use crate::store::{self, Db, project_file};
use crate::surveys::format::Survey;
use crate::web::{self, WorkspaceId};

/// More definitions than that are not kept in memory.
const MOST: usize = 200;

/// What the pages about surveys lean on.
#[derive(Clone)]
pub struct Surveys {
    pub site: Site,
    kept: Arc<Mutex<HashMap<Key, Arc<Compiled>>>>,
}

/// A survey, a version, and when it was made, or for drafts saved.
type Key = (WorkspaceId, String, i64, i64);

/// A survey that can be answered, or could be.
#[derive(Clone, Debug)]
pub struct Fieldwork {
    pub workspace: WorkspaceId,
    pub id: String,
    pub slug: String,
    /// The version newcomers get.
    pub version: Option<i64>,
    pub state: State,
    pub starts: Option<Time>,
    pub ends: Option<Time>,
    pub draft_at: Time,
    /// When it was made: another of the same id has another moment.
    pub made: Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Draft,
    Live,
    Closed,
}

/// A way in.
#[derive(Clone, Debug)]
pub struct Link {
    pub id: String,
    pub kind: LinkKind,
    /// What comes with whoever uses it.
    pub entry: Vec<(String, String)>,
    /// Addresses by outcome.
    pub exits: Vec<(String, String)>,
    pub is_open: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    Open,
    /// One person's: they go on where they were.
    Personal,
    /// It lets in once.
    Single,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no survey at this address")]
    Missing,
    /// Its definition cannot be read: the first problem.
    #[error("this survey cannot be shown: {0}")]
    Broken(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Missing => web::Error::NotFound,
            Error::Broken(_) => web::Error::Conflict(error.to_string()),
            Error::Store(error) => error.into(),
        }
    }
}

impl Fieldwork {
    /// May somebody new come in?
    pub fn is_open(&self, now: Time) -> bool {
        self.state == State::Live
            && self.version.is_some()
            && self.starts.is_none_or(|starts| starts <= now)
            && self.ends.is_none_or(|ends| now < ends)
    }
}

impl Surveys {
    pub fn new(site: Site) -> Surveys {
        Surveys {
            site,
            kept: Arc::default(),
        }
    }

    /// The survey at that address.
    pub async fn at(&self, slug: &str) -> Result<Fieldwork, Error> {
        let slug = slug.to_owned();
        let found = self.site.system.read(move |conn| sql::by_slug(conn, &slug));
        found.await?.ok_or(Error::Missing)
    }

    /// The file of its answers.
    pub fn file(&self, of: &Fieldwork) -> Result<Db, store::Error> {
        self.site.files.open(&project_file(of.workspace, &of.id))
    }

    /// A version of it, ready to be answered; version 0 is the draft.
    pub async fn version(&self, of: &Fieldwork, version: i64) -> Result<Arc<Compiled>, Error> {
        let stamp = if version == 0 { of.draft_at } else { of.made }.0;
        let key = (of.workspace, of.id.clone(), version, stamp);
        if let Some(known) = self.kept().get(&key) {
            return Ok(Arc::clone(known));
        }
        let (workspace, id) = (of.workspace, of.id.clone());
        let text = { &self.site.system }
            .read(move |conn| sql::text(conn, (workspace, &id), version))
            .await?;
        let survey = Survey::read(&text.ok_or(Error::Missing)?).map_err(|problems| {
            let first = problems.first().map(ToString::to_string);
            Error::Broken(first.unwrap_or_default())
        })?;
        let compiled = Arc::new(Compiled::new(survey));
        let mut kept = self.kept();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&compiled));
        Ok(compiled)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Arc<Compiled>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The link whose key stands in an address.
    pub async fn link(&self, of: &Fieldwork, key: &str) -> Result<Option<Link>, store::Error> {
        let (workspace, id, hash) = (of.workspace, of.id.clone(), super::token::hash(key));
        let system = &self.site.system;
        system
            .read(move |conn| sql::link(conn, (workspace, &id), &hash))
            .await
    }

    /// The link a respondent came by.
    pub async fn link_of(&self, of: &Fieldwork, link: &str) -> Result<Option<Link>, store::Error> {
        if link.is_empty() {
            return Ok(None);
        }
        let (workspace, id, link) = (of.workspace, of.id.clone(), link.to_owned());
        let system = &self.site.system;
        system
            .read(move |conn| sql::link_of(conn, (workspace, &id), &link))
            .await
    }

    /// The secret of that name.
    pub async fn key(&self, of: &Fieldwork, name: &str) -> Result<Option<Vec<u8>>, store::Error> {
        let (workspace, name) = (of.workspace, name.to_owned());
        let system = &self.site.system;
        system
            .read(move |conn| sql::key(conn, workspace, &name))
            .await
    }
}
