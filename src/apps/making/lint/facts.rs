//! What the database says about an app, asked once for all rules.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::sql;
use crate::apps::format::{App, Bound, Query, QueryKind};
use crate::apps::making::model::Author;
use crate::apps::{Apps, Error, sharing};
use crate::data::Catalog;
use crate::data::tables::{Table, indexed};
use crate::store::{Budget, Db, Error as StoreError, Guarded, Lane};

/// Asking all of it takes this long at the most; what is not known by then is not told.
const ASKING: Duration = Duration::from_secs(2);

#[derive(Clone, Debug, Default)]
pub(in crate::apps::making) struct Facts {
    /// Everybody in the workspace may open the app.
    pub(super) is_open: bool,
    /// Rows of each table, counted as far as [`sql::COUNTED`].
    pub(super) rows: BTreeMap<String, i64>,
    /// The columns of each table that an index begins with, its key among them.
    pub(super) indexed: BTreeMap<String, Vec<String>>,
    /// What there is to say of each query that reads.
    pub(super) asked: BTreeMap<String, Asked>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) columns: Vec<Shown>,
    /// Lines of the engine's plan that walk through a whole table.
    pub(super) scans: Vec<String>,
}

/// A column of a result, and the table and column it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) from: Option<(String, String)>,
}

/// The tables there are, and what the database says of them and of the queries.
pub(in crate::apps::making) async fn gather(
    apps: &Apps,
    author: &Author,
    (id, app): (&str, &App),
) -> Result<(Arc<Catalog>, Facts), Error> {
    let db = author.db(apps)?;
    let catalog = apps.data.catalog(author.workspace, &db).await?;
    let is_open = sharing::is_for_everybody(apps, author.workspace, id, &app.access).await?;
    let all: Vec<&str> = app.queries.iter().map(|query| query.sql.as_str()).collect();
    let named: Vec<Table> = { catalog.named_in(&all.join("\n")) }
        .into_iter()
        .cloned()
        .collect();
    let facts = Facts {
        is_open,
        indexed: indices(&db, named.clone()).await?,
        ..asked(&db, (&catalog, named), app).await
    };
    Ok((catalog, facts))
}

async fn indices(db: &Db, tables: Vec<Table>) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
    db.read(move |conn| {
        let mut found = BTreeMap::new();
        for table in tables {
            let mut columns = indexed(conn, &table.name)?;
            columns.push(table.key);
            found.insert(table.name, columns);
        }
        Ok(found)
    })
    .await
}

/// What no time was left for is not there.
async fn asked(db: &Db, (catalog, tables): (&Arc<Catalog>, Vec<Table>), app: &App) -> Facts {
    let ours = |query: &&Query| query.kind == QueryKind::Read && app.is_own(&query.uses);
    let reads = app.queries.iter().filter(ours);
    let reads: Vec<(String, String)> = reads
        .filter_map(|query| Some((query.name.clone(), filled(query)?)))
        .collect();
    let catalog = Arc::clone(catalog);
    let asked = db.ask(Lane::Desk, Budget::of(ASKING), move |guarded| {
        let mut facts = Facts::default();
        for (name, text) in reads {
            // A query the database cannot run has a problem of its own.
            if let Ok(asked) = one(guarded, &catalog, &text) {
                facts.asked.insert(name, asked);
            }
        }
        for table in tables {
            if let Ok(rows) = sql::rows(guarded, &table.name) {
                facts.rows.insert(table.name, rows);
            }
        }
        Ok::<_, StoreError>(facts)
    });
    asked.await.unwrap_or_default()
}

/// The statement as it is when every parameter has a value.
fn filled(query: &Query) -> Option<String> {
    let value = |list: bool| {
        let text = Bound::Text("x".to_owned());
        if list { Bound::List(vec![text]) } else { text }
    };
    let params = query.params.iter();
    let values: Vec<(&str, Bound)> = params
        .map(|param| (param.name.as_str(), value(param.list)))
        .collect();
    Some(query.statement(&values).ok()?.sql)
}

fn one(guarded: &Guarded, catalog: &Catalog, text: &str) -> Result<Asked, StoreError> {
    let origins = catalog.origins_of(&guarded.prepare(text)?);
    let plan = guarded.plan(text)?;
    let scans = plan.iter().map(|line| line.trim());
    let scans = scans.filter(|line| line.starts_with("SCAN ") && !line.contains(" USING "));
    Ok(Asked {
        columns: { origins.into_iter() }
            .map(|(name, from)| Shown { name, from })
            .collect(),
        scans: scans.map(str::to_owned).collect(),
    })
}
