//! Hashing passwords: slow on purpose, so a few at a time and never on the
//! threads that serve pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::base::Secret;

use super::model::{Error, Password};

/// 46 MiB, two passes, one lane (OWASP ASVS 5, appendix C).
const MEMORY: u32 = 47_104;
const PASSES: u32 = 2;
/// What a password is held against when there is nobody of that name, so that
/// the answer takes as long. No password hashes to it.
const NOBODY: &str = "$argon2id$v=19$m=47104,t=2,p=1$b25zaWdodC1ub2JvZHk$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes a bounded number of passwords at once.
#[derive(Clone)]
pub struct Passwords {
    seats: Arc<Semaphore>,
    computed: Arc<AtomicU64>,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Passwords {
            seats: Arc::new(Semaphore::new(cores)),
            computed: Arc::default(),
        }
    }
}

impl Passwords {
    /// How many hashes were computed so far: what an answer has cost.
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// What is kept of a password.
    pub async fn hash(&self, password: Password) -> Result<String, Error> {
        self.run(move || {
            let hash = argon()?.hash_password(password.0.reveal().as_bytes());
            hash.map(|hash| hash.to_string())
                .map_err(|_unusable| Error::Hashing)
        })
        .await
    }

    /// Whether these are the words. Takes as long when there is no hash.
    pub(super) async fn fits(&self, words: Secret, hash: Option<String>) -> Result<bool, Error> {
        self.run(move || {
            let kept = hash.as_deref().unwrap_or(NOBODY);
            let kept = argon2::PasswordHash::new(kept).map_err(|_unusable| Error::Hashing)?;
            let fits = argon()?.verify_password(words.reveal().as_bytes(), &kept);
            Ok(fits.is_ok() && hash.is_some())
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let seat = Arc::clone(&self.seats)
            .acquire_owned()
            .await
            .map_err(|_closed| Error::Hashing)?;
        self.computed.fetch_add(1, Ordering::Relaxed);
        let done = spawn_blocking(move || {
            let done = work();
            drop(seat);
            done
        });
        done.await.map_err(|_panicked| Error::Hashing)?
    }
}

fn argon() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY, PASSES, 1, None).map_err(|_unusable| Error::Hashing)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}
