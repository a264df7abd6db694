//! The running installation: what every slice may lean on.

use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::Notify;

use crate::base::Clock;
use crate::config::Config;
use crate::journal::Chain;
use crate::running::Running;
use crate::store::{Db, Files, Folder, FolderError, Keyring, Schema};
use crate::tls::{self, Certificates};

pub use crate::journal::SYSTEM;

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
    pub running: Running,
    committed: Arc<Notify>,
    chain: Chain,
    _folder: Folder,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Store(#[from] crate::store::Error),
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
        let instance = folder.instance_key()?;
        let keyring = Arc::new(Keyring::open(
            &folder.within("keys")?.join("keyring.db"),
            &instance,
        )?);
        let committed = Arc::new(Notify::new());
        let system = Db::open(
            &folder.path().join("onsight.db"),
            &keyring.key_of(SYSTEM)?,
            Schema::System,
            Arc::clone(&committed),
        )?;
        let files = Files::new(
            folder.within("workspaces")?,
            Arc::clone(&keyring),
            Arc::clone(&committed),
        );
        let certificates = Certificates::open(&keyring, config.tls.clone(), &config.names, &clock)?;
        Ok(Site(Arc::new(Parts {
            chain: Chain::new(system.clone()),
            certificates: Arc::new(certificates),
            system,
            files,
            keyring,
            clock,
            config,
            running: Running::default(),
            committed,
            _folder: folder,
        })))
    }

    /// Waits until something new is on disk in any file.
    pub async fn news(&self) {
        self.committed.notified().await;
    }

    /// Carries what is new in the open files' journals into the chain.
    pub async fn carry(&self) -> Result<(), crate::store::Error> {
        self.chain.carry(SYSTEM, &self.system).await?;
        for (file, db) in self.files.all_open() {
            self.chain.carry(&file, &db).await?;
        }
        Ok(())
    }
}
