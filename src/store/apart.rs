//! The second key of a file. What it seals lies in the file and stays closed to whoever
//! opens that with its first key only.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Error, Files, Key};

/// What the keyring calls a second key: this, then the name of the file.
const SECOND: &str = "personal:";

/// Second keys that were asked for: respondents' pages ask again and again.
#[derive(Default)]
pub(super) struct Apart(Mutex<HashMap<String, Key>>);

impl Apart {
    fn known(&self) -> MutexGuard<'_, HashMap<String, Key>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files {
    /// The second key of that file, made now if it has none.
    pub fn second_key(&self, id: &str) -> Result<Key, Error> {
        let mut known = self.apart.known();
        if let Some(key) = known.get(id) {
            return Ok(key.clone());
        }
        let key = self.keyring.key_named(&format!("{SECOND}{id}"))?.key;
        known.insert(id.to_owned(), key.clone());
        Ok(key)
    }

    /// Destroys the second key of that file: what it sealed is closed for good, and
    /// what comes from now on is sealed with another.
    pub fn destroy_second_key(&self, id: &str) -> Result<(), Error> {
        let mut known = self.apart.known();
        self.keyring.destroy(&format!("{SECOND}{id}"))?;
        known.remove(id);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Notify;

    use super::*;
    use crate::store::Keyring;

    #[test]
    fn a_second_key_is_the_files_own_and_another_once_it_was_destroyed() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = Keyring::open(&folder.path().join("k.db"), &Key::random().unwrap()).unwrap();
        let keyring = Arc::new(keyring);
        let root = folder.path().join("workspaces");
        let files = |keyring: &Arc<Keyring>| {
            Files::new(root.clone(), Arc::clone(keyring), Arc::new(Notify::new()))
        };
        let here = files(&keyring);
        let key = here.second_key("w.one").unwrap();

        assert_eq!(
            files(&keyring).second_key("w.one").unwrap().bytes(),
            key.bytes()
        );
        assert_ne!(here.second_key("w.two").unwrap().bytes(), key.bytes());
        assert_ne!(keyring.key_of("w.one").unwrap().key.bytes(), key.bytes());
        here.destroy_second_key("w.one").unwrap();
        assert_ne!(here.second_key("w.one").unwrap().bytes(), key.bytes());
        here.destroy("w.one").unwrap();
        let left = keyring.names().unwrap();
        assert_eq!(left, ["personal:w.two"]);
    }
}
