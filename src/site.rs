//! The running installation: what every slice may lean on.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::Notify;

use crate::base::Clock;
use crate::config::Config;
use crate::egress::{self, Egress};
use crate::journal::{self, Chain, Checkpoint, Notes, Run, Signer};
use crate::meters::Meters;
use crate::running::Running;
use crate::store::{self, Build, Db, Files, Folder, FolderError, Keyring, Schema, Upgrade};
use crate::tls::{self, Certificates, Strict};

pub use crate::journal::SYSTEM;

/// Cheap to clone; every clone is the same installation.
#[derive(Clone)]
pub struct Site(Arc<Parts>);

pub struct Parts {
    pub system: Db,
    pub files: Files,
    pub keyring: Arc<Keyring>,
    pub certificates: Arc<Certificates>,
    pub strict: Strict,
    pub clock: Clock,
    pub config: Config,
    pub running: Running,
    pub egress: Egress,
    /// What is counted; slices declare their figures there.
    pub meters: Meters,
    draining: AtomicBool,
    committed: Arc<Notify>,
    /// How often the names of groups have changed.
    renamed: AtomicU64,
    /// Reads that wait for their record.
    pub notes: Notes,
    chain: Chain,
    signer: Signer,
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
    #[error(transparent)]
    Egress(#[from] egress::Error),
}

impl Deref for Site {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Site {
    /// Opens the data folder for this process alone: keys, databases brought up
    /// to date, certificates. What another version left is copied first.
    pub fn open(config: Config, clock: Clock) -> Result<Site, Error> {
        let folder = Folder::claim(&config.data)?;
        let upgrade = Upgrade::begin(&folder, Build::this(), SYSTEM, clock.now())?;
        let site = Site::in_folder(folder, config, clock)?;
        if upgrade.is_one() {
            site.files.bring_up_to_date()?;
        }
        upgrade.end(&site.folder)?;
        Ok(site)
    }

    /// Opens the data folder beside the process that serves it, for one command.
    pub fn beside(config: Config, clock: Clock) -> Result<Site, Error> {
        let folder = Folder::share(&config.data)?;
        store::is_ready(&folder, &Build::this())?;
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
        .bounded(config.workspace, &system.read_now(store::set_limits)?);
        let certificates = Certificates::open(&keyring, config.tls.clone(), &config.names, &clock)?;
        let egress = Egress::new(&config.allow, config.listen.port())?;
        Ok(Site(Arc::new(Parts {
            egress,
            chain: Chain::new(system.clone()),
            signer: Signer::of(&keyring)?,
            notes: Notes::new(Arc::clone(&committed)),
            certificates: Arc::new(certificates),
            strict: Strict::default(),
            system,
            files,
            keyring,
            clock,
            config,
            running: Running::default(),
            meters: Meters::default(),
            draining: AtomicBool::default(),
            committed,
            renamed: AtomicU64::new(0),
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
        done.await.map_err(|_panicked| store::Error::Closed)?
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

    /// From now on nobody new should be sent here: the process is about to end.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    /// Waits until something new is on disk in any file.
    pub async fn news(&self) {
        self.committed.notified().await;
    }

    /// To be called when a group has another name, or is gone: who remembers
    /// names asks anew when [`Site::names`] gives another number.
    pub fn renamed(&self) {
        self.renamed.fetch_add(1, Ordering::SeqCst);
    }

    /// Which state of the groups' names this is.
    pub fn names(&self) -> u64 {
        self.renamed.load(Ordering::SeqCst)
    }

    /// Carries what is new in the open files' journals into the chain.
    pub async fn carry(&self) -> Result<(), store::Error> {
        self.notes.write(&self.system, self.clock.now()).await?;
        self.chain.carry(SYSTEM, &self.system).await?;
        for (file, db) in self.files.all_open() {
            self.chain.carry(&file, &db).await?;
        }
        Ok(())
    }

    /// What this process carried last, without a break.
    pub fn carried_here(&self) -> Run {
        self.chain.run()
    }

    /// Signs the head of the chain and keeps that in the database and beside
    /// it. Gives the checkpoint, when there was something new to sign.
    pub async fn checkpoint(&self) -> Result<Option<Checkpoint>, store::Error> {
        self.carry().await?;
        let (site, now) = (self.clone(), self.clock.now());
        let signed = self
            .system
            .write(move |tx| Checkpoint::sign(tx, &site.signer, now))
            .await?;
        if let Some(checkpoint) = &signed {
            journal::append(&self.config.data, checkpoint)?;
        }
        Ok(signed)
    }

    /// What signs for this instance.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }
}
