//! What tables a workspace has, kept in memory and asked anew when they change.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::sources::{Lately, Pools};
use super::tables::{Table, sql};
use super::{Column, ColumnType, sql_text};
use crate::site::Site;
use crate::store::{CachedStatement, Db, Error};
use crate::web::WorkspaceId;

/// The tables of one workspace, as they were when it was asked.
#[derive(Debug, Default)]
pub struct Catalog {
    pub tables: Vec<Table>,
    types: HashMap<String, HashMap<String, ColumnType>>,
}

impl Catalog {
    pub fn new(tables: Vec<Table>) -> Catalog {
        let types = tables
            .iter()
            .map(|table| {
                let columns = table.columns.iter();
                let types = columns.map(|column| (column.name.clone(), column.kind));
                (table.name.clone(), types.collect())
            })
            .collect();
        Catalog { tables, types }
    }

    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The tables whose names stand in a statement, words in its strings and comments too:
    /// one too many does little harm, one too few would.
    pub fn named_in(&self, sql: &str) -> Vec<&Table> {
        let words: Vec<&str> = sql_text::words(sql).collect();
        let is_named = |table: &&Table| {
            let mut words = words.iter();
            words.any(|word| word.eq_ignore_ascii_case(&table.name))
        };
        self.tables.iter().filter(is_named).collect()
    }

    /// The columns a statement gives, and where those come from that come straight from a
    /// table.
    pub fn origins_of(&self, statement: &CachedStatement<'_>) -> Vec<Origin> {
        let columns = statement.columns_with_metadata();
        columns
            .map(|column| {
                let table = column
                    .table_name()
                    .filter(|name| self.types.contains_key(*name));
                let from = table.zip(column.origin_name());
                let from = from.map(|(table, column)| (table.to_owned(), column.to_owned()));
                (column.name().to_owned(), from)
            })
            .collect()
    }

    /// The columns a statement gives, with the type of those that come straight
    /// from a table.
    pub fn columns_of(&self, statement: &CachedStatement<'_>) -> Vec<Column> {
        let columns = statement.columns_with_metadata();
        columns
            .map(|column| {
                let types = column.table_name().and_then(|table| self.types.get(table));
                let kind = types
                    .zip(column.origin_name())
                    .and_then(|(types, origin)| types.get(origin));
                Column {
                    name: column.name().to_owned(),
                    kind: kind.copied(),
                }
            })
            .collect()
    }
}

/// A column of a result, and the table and column it comes straight from.
type Origin = (String, Option<(String, String)>);

/// What the pages about data lean on: the site, and every workspace's catalog.
#[derive(Clone)]
pub struct Data {
    pub site: Site,
    /// Connections to databases elsewhere.
    pub(super) pools: Pools,
    /// What they told of their names.
    pub(super) lately: Lately,
    known: Arc<Mutex<HashMap<WorkspaceId, Arc<Catalog>>>>,
}

impl Data {
    pub fn new(site: Site) -> Data {
        Data {
            site,
            pools: Pools::default(),
            lately: Lately::default(),
            known: Arc::default(),
        }
    }

    /// The tables of a workspace. `db` is that workspace's file.
    pub async fn catalog(&self, workspace: WorkspaceId, db: &Db) -> Result<Arc<Catalog>, Error> {
        if let Some(known) = self.lock().get(&workspace) {
            return Ok(Arc::clone(known));
        }
        let catalog = Arc::new(Catalog::new(db.read(sql::tables).await?));
        self.lock().insert(workspace, Arc::clone(&catalog));
        Ok(catalog)
    }

    /// To be called after every change to which tables and columns there are.
    pub fn changed(&self, workspace: WorkspaceId) {
        self.lock().remove(&workspace);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<WorkspaceId, Arc<Catalog>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
