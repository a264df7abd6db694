//! SQLite, and nothing about the product.
//!
//! One thread owns the only connection that writes to a file; a handful of
//! read-only connections serve everyone else. Work is handed over as a
//! closure, so no caller can hold a connection across an `await`.

mod allowed;
mod connect;
mod db;
mod error;
mod files;
mod folder;
mod guarded;
mod key;
mod keyring;
mod migrations;
mod mutation;
mod readers;
mod sealed;
mod writer;

pub use db::{Db, Lane, Transaction, Witness, schema};
pub use error::{Error, ResultExt};
pub use files::Files;
pub use folder::{Error as FolderError, Folder};
pub use guarded::{Budget, Cancel, Guarded};
pub use key::Key;
pub use keyring::Keyring;
pub use migrations::Schema;
pub use mutation::{Mutation, mutate};
pub use rusqlite::{
    CachedStatement, Connection, OptionalExtension, Result as SqlResult, Row, ToSql, named_params,
    types,
};
pub use sealed::{SealedReader, SealedWriter};
