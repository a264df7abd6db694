//! The surveys in use: where their answers lie, and their definitions, read once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::admission::Admission;
use super::compiled::Compiled;
use super::exits::Exits;
use super::sql::{self, Opens};
use crate::base::Time;
use crate::site::Site;
use crate::store::{self, Believed, Connection, Db, Key, project_file};
use crate::surveys::assets::{self, Assets};
use crate::surveys::calls::Calls;
use crate::surveys::format::Survey;
use crate::surveys::hooks::Wanted;
use crate::surveys::panels::Known;
use crate::surveys::personal::Apart;
use crate::web::{self, WorkspaceId};

/// More definitions than that are not kept in memory.
const MOST: usize = 200;

/// What surveys keep apart, by workspace, id and when they were made.
type KeptApart = HashMap<(WorkspaceId, String, i64), Arc<Apart>>;

/// What the pages about surveys lean on.
#[derive(Clone)]
pub struct Surveys {
    pub site: Site,
    kept: Arc<Mutex<HashMap<Stamp, Arc<Compiled>>>>,
    /// By its name in addresses, as it was when it was last looked at.
    seen: Arc<Believed<String, Fieldwork>>,
    apart: Arc<Mutex<KeptApart>>,
    /// What suppliers' secrets are sealed with, once it was asked for.
    seal: Arc<OnceLock<Key>>,
    pub admission: Arc<Admission>,
    pub calls: Arc<Calls>,
    /// Pictures go, and versions that show them come, one after the other.
    pub hanging: Arc<tokio::sync::Mutex<()>>,
}

/// Where a survey is: its workspace and its id.
type Place<'a> = (WorkspaceId, &'a str);

/// A survey, a version, and when it was made, or for drafts saved.
type Stamp = (WorkspaceId, String, i64, i64);

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
    /// Its webhooks that are on.
    pub hooks: Arc<[Wanted]>,
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
    pub exits: Exits,
    pub is_open: bool,
    /// The supplier it names is there, if it names one.
    pub is_whole: bool,
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
    /// Its workspace and its id.
    pub fn place(&self) -> (WorkspaceId, &str) {
        (self.workspace, &self.id)
    }

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
            admission: Arc::new(Admission::new(&site.meters)),
            calls: Arc::default(),
            site,
            kept: Arc::default(),
            seen: Arc::new(Believed::new(MOST)),
            apart: Arc::default(),
            seal: Arc::default(),
            hanging: Arc::default(),
        }
    }

    /// The survey at that address.
    pub async fn at(&self, slug: &str) -> Result<Fieldwork, Error> {
        let asked = slug.to_owned();
        let look = move |conn: &Connection| sql::by_slug(conn, &asked)?.ok_or(Error::Missing);
        let found = { &self.seen }.find(&self.site.system, slug.to_owned(), look);
        found.await
    }

    /// The file of its answers.
    pub fn file(&self, of: &Fieldwork) -> Result<Db, store::Error> {
        self.site.files.open(&project_file(of.workspace, &of.id))
    }

    /// A version of it, ready to be answered; version 0 is the draft.
    pub async fn version(&self, of: &Fieldwork, version: i64) -> Result<Arc<Compiled>, Error> {
        let stamp = if version == 0 { of.draft_at } else { of.made }.0;
        let key = (of.workspace, of.id.clone(), version, stamp);
        // What a later version marks as personal is personal in this one as well.
        let apart = self.apart(of).await?;
        if let Some(known) = self.kept().get(&key) {
            return Ok(Arc::clone(known));
        }
        let (workspace, id) = (of.workspace, of.id.clone());
        let found = { &self.site.system }
            .read(move |conn| sql::text(conn, (workspace, &id), version))
            .await?;
        let (text, assets) = found.ok_or(Error::Missing)?;
        let assets = match version {
            0 => assets::library(&self.site, of.place()).await?,
            _ => Assets::read(&assets),
        };
        let survey = Survey::read(&text).map_err(|problems| {
            let first = problems.first().map(ToString::to_string);
            Error::Broken(first.unwrap_or_default())
        })?;
        let compiled = Arc::new(Compiled::new(survey, assets).beside(apart));
        if version == 0 && compiled.survey.pictures().next().is_some() {
            // The pictures of a draft are what they are now.
            return Ok(compiled);
        }
        let mut kept = self.kept();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&compiled));
        Ok(compiled)
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Stamp, Arc<Compiled>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn all_apart(&self) -> MutexGuard<'_, KeptApart> {
        self.apart.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The link whose key stands in an address.
    pub async fn link(&self, of: &Fieldwork, key: &str) -> Result<Option<Link>, store::Error> {
        let hash = super::token::hash(key);
        let look = move |conn: &Connection, at: Place<'_>| sql::link(conn, at, &Opens::Key(&hash));
        let found = self.opened(of.place(), look).await?;
        self.known(of.workspace, found).await
    }

    /// The link of that number; and whether the survey has any that open by one.
    pub async fn list(
        &self,
        of: &Fieldwork,
        number: &str,
    ) -> Result<(Option<Link>, bool), store::Error> {
        let number = number.parse::<i64>().ok();
        let found = self.opened(of.place(), move |conn, at| {
            let link = match number {
                Some(number) => sql::link(conn, at, &Opens::List(number))?,
                None => None,
            };
            Ok((link, sql::has_lists(conn, at)?))
        });
        let (link, has_any) = found.await?;
        Ok((self.known(of.workspace, link).await?, has_any))
    }

    /// The link a respondent came by.
    pub async fn link_of(&self, of: Place<'_>, link: &str) -> Result<Option<Link>, store::Error> {
        if link.is_empty() {
            return Ok(None);
        }
        let link = link.to_owned();
        let look = move |conn: &Connection, at: Place<'_>| sql::link(conn, at, &Opens::Id(&link));
        let found = self.opened(of, look).await?;
        self.known(of.0, found).await
    }

    async fn opened<T: Send + 'static>(
        &self,
        (workspace, id): Place<'_>,
        look: impl FnOnce(&Connection, Place<'_>) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, store::Error> {
        let id = id.to_owned();
        let system = &self.site.system;
        system.read(move |conn| look(conn, (workspace, &id))).await
    }

    /// The link with its supplier. Of one whose supplier is not here any more, nobody
    /// is let in: see [`Link::is_whole`].
    async fn known(
        &self,
        workspace: WorkspaceId,
        found: Option<(Link, String)>,
    ) -> Result<Option<Link>, store::Error> {
        let Some((mut link, name)) = found else {
            return Ok(None);
        };
        if !name.is_empty() {
            link.exits.supplier = self.supplier(workspace, &name).await?;
            link.is_whole = link.exits.supplier.is_some();
        }
        Ok(Some(link))
    }

    /// The supplier of a workspace with that name, with its secret open.
    pub async fn supplier(
        &self,
        workspace: WorkspaceId,
        name: &str,
    ) -> Result<Option<Arc<Known>>, store::Error> {
        let name = name.to_owned();
        let system = &self.site.system;
        let sealed = system.read(move |conn| sql::supplier(conn, workspace, &name));
        let Some(sealed) = sealed.await? else {
            return Ok(None);
        };
        Ok(Known::open(&self.seal()?, workspace, sealed).map(Arc::new))
    }

    /// What suppliers' secrets are sealed with.
    pub fn seal(&self) -> Result<Key, store::Error> {
        if let Some(key) = self.seal.get() {
            return Ok(key.clone());
        }
        let key = self.site.keyring.key_of("survey suppliers")?.key;
        Ok(self.seal.get_or_init(|| key).clone())
    }
}
