//! SQLite, and nothing about the product.
//!
//! One thread owns the only connection that writes to a file; a handful of
//! read-only connections serve everyone else. Work is handed over as a
//! closure, so no caller can hold a connection across an `await`.

mod allowed;
mod apart;
mod asking;
mod believed;
mod changes;
mod connect;
mod copies;
mod db;
mod error;
mod files;
mod folder;
mod gaps;
mod guarded;
mod instance;
mod key;
mod keyed;
mod keyring;
mod lane;
mod limits;
mod log;
mod migrations;
mod moving;
mod mutation;
mod names;
mod pace;
mod policy;
mod readers;
mod room;
mod scrub;
mod sealed;
mod still;
pub mod tokens;
mod trial;
mod versions;
mod whose;
mod writer;

pub use asking::Witness;
pub use believed::Believed;
pub use changes::{Changes, Follower, Touched};
use copies::remove_copy;
pub use db::{Db, Transaction, schema};
pub use error::{Error, ResultExt};
pub use files::{Files, PROJECTS, open_single, project_file, project_of, rotate};
pub use folder::{Alone, Error as FolderError, Folder, RESTORING};
pub use guarded::{Budget, Cancel, Guarded};
pub use key::Key;
pub use keyed::{Written, written};
pub use keyring::FileKey;
pub use keyring::Keyring;
pub use lane::Lane;
pub use limits::{set_limit, set_limits};
pub use migrations::Schema;
pub use mutation::{Mutation, answer, mutate};
pub use policy::{Asker, Layer, Policy, Somebody, add, forget_policy, keep_policy, look, policies};
pub use room::Room;
pub use rusqlite::{
    CachedStatement, Connection, OptionalExtension, Result as SqlResult, Row, ToSql, named_params,
    params_from_iter, types,
};
pub use scrub::Scrubbed;
pub use sealed::{SealedReader, SealedWriter};
pub use still::{PAGE, Rebuilt, Still, rebuild};
pub use versions::{
    Back, Build, Note, Snapshot, Turn, Upgrade, forget_old, is_ready, note, noted, roll_back,
    snapshots,
};
