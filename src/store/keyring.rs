//! The keys of all other files, in a file that only the instance key opens.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, named_params};

use super::{Error, Key, Schema, connect, migrations};

pub struct Keyring {
    conn: Mutex<Connection>,
}

impl Keyring {
    /// Opens the keyring, making it if it is not there.
    pub fn open(path: &Path, instance: &Key) -> Result<Keyring, Error> {
        let mut conn = connect::to_write(path, instance)?;
        migrations::run(&mut conn, Schema::Keyring, "the keyring")?;
        Ok(Keyring {
            conn: Mutex::new(conn),
        })
    }

    /// The key of that file, made now if it never had one.
    pub fn key_of(&self, file: &str) -> Result<Key, Error> {
        let name = format!("file:{file}");
        if let Some(bytes) = self.secret(&name)? {
            return Key::from_bytes(&bytes).ok_or(Error::WrongKey(file.to_owned()));
        }
        let key = Key::random()?;
        self.keep(&name, key.bytes())?;
        Ok(key)
    }

    pub fn secret(&self, name: &str) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, Error> {
        let conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        let found = conn
            .query_row(
                "select value from secret where name = :name",
                named_params! { ":name": name },
                |row| row.get::<_, Vec<u8>>(0),
            )
            .optional()?;
        Ok(found.map(zeroize::Zeroizing::new))
    }

    /// Keeps a secret under a name, in place of what was there.
    pub fn keep(&self, name: &str, value: &[u8]) -> Result<(), Error> {
        let conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        conn.execute(
            "insert into secret (name, value) values (:name, :value)
             on conflict (name) do update set value = excluded.value",
            named_params! { ":name": name, ":value": value },
        )?;
        Ok(())
    }

    /// Destroys a secret: what it opened is closed for good.
    pub fn destroy(&self, name: &str) -> Result<(), Error> {
        let conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        conn.execute(
            "delete from secret where name = :name",
            named_params! { ":name": name },
        )?;
        Ok(())
    }
}
