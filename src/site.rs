//! The running installation: what every slice may lean on.

use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::Notify;

use crate::base::Clock;
use crate::config::Config;
use crate::journal::Chain;
use crate::store::{self, Db, Files, Folder, FolderError, Keyring, Schema};
use crate::tls::{self, Certificates};

/// The name the system database goes by in the chain.
pub const SYSTEM: &str = "system";

/// Cheap to clone; every clone is the same installation.
#[derive(Clone)]
pub struct Site(Arc<Parts>);

pub struct Parts {
    pub system: Db,
    pub files: Files,
    pub keyring: Arc<Keyring>,
    pub certificates: Arc<Certificates>,
    pub clock: Clock,
    pub config: Config,
    committed: Arc<Notify>,
    chain: Chain,
    folder: Folder,
    /// Keys change one at a time.
    changing: tokio::sync::Mutex<()>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Tls(#[from] tls::Error),
}

impl Deref for Site {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Site {
    /// Opens the data folder for this process alone: keys, databases brought up
    /// to date, certificates.
    pub fn open(config: Config, clock: Clock) -> Result<Site, Error> {
        let folder = Folder::claim(&config.data)?;
        Site::in_folder(folder, config, clock)
    }

    /// Opens the data folder beside the process that serves it, for one command.
    pub fn beside(config: Config, clock: Clock) -> Result<Site, Error> {
        let folder = Folder::share(&config.data)?;
        Site::in_folder(folder, config, clock)
    }

    fn in_folder(folder: Folder, config: Config, clock: Clock) -> Result<Site, Error> {
        let keyring = Arc::new(Keyring::of(&folder)?);
        let committed = Arc::new(Notify::new());
        let system = store::open_single(
            &keyring,
            (folder.path(), "onsight", SYSTEM),
            Schema::System,
            Arc::clone(&committed),
        )?;
        let files = Files::new(
            folder.within("workspaces")?,
            Arc::clone(&keyring),
            Arc::clone(&committed),
        )
        .bounded(config.limits, &system.read_now(store::set_limits)?);
        let certificates = Certificates::open(&keyring, config.tls.clone(), &config.names, &clock)?;
        Ok(Site(Arc::new(Parts {
            chain: Chain::new(system.clone()),
            certificates: Arc::new(certificates),
            system,
            files,
            keyring,
            clock,
            config,
            committed,
            folder,
            changing: tokio::sync::Mutex::default(),
        })))
    }

    /// Waits until no key changes; none does while what this gives is held.
    pub async fn key_change(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    /// Gives the instance a new key, sealing all others again; the old one is destroyed.
    pub async fn rotate_instance(&self) -> Result<(), FolderError> {
        let site = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _alone = site.folder.alone()?;
            site.keyring.rotate()
        });
        done.await
            .map_err(|_panicked| store::Error::Closed)?
    }

    /// Gives a file a new key, and destroys the old one: `system` or the name
    /// of a workspace's file.
    pub async fn rotate_file(&self, file: &str) -> Result<(), FolderError> {
        let _alone = self.folder.alone()?;
        if file == SYSTEM {
            let keyring = Arc::clone(&self.keyring);
            let (folder, names) = (self.folder.path(), ("onsight", SYSTEM));
            store::rotate(&self.system, keyring, folder, names).await?;
        } else {
            self.files.rotate(file).await?;
        }
        Ok(())
    }

    /// Waits until something new is on disk in any file.
    pub async fn news(&self) {
        self.committed.notified().await;
    }

    /// Carries what is new in the open files' journals into the chain.
    pub async fn carry(&self) -> Result<(), store::Error> {
        self.chain.carry(SYSTEM, &self.system).await?;
        for (file, db) in self.files.all_open() {
            self.chain.carry(&file, &db).await?;
        }
        Ok(())
    }
}
