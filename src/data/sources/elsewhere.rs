//! Databases on other machines as apps ask them: rows for a page, one change for a form.

use std::sync::Arc;

use tokio::time::Instant;

use super::asking::{self, change};
use super::lately::Names;
use super::model::{Account, Error, Rule};
use super::{Source, SourceId, Wanted, catalog, sql};
use crate::data::sql_text::Dialect;
use crate::data::tables::Table;
use crate::data::{Caps, Cell, ColumnType, Data, Question, Rows};
use crate::site::Site;
use crate::store::{self, Connection};
use crate::web::WorkspaceId;
use crate::workspaces::Member;

/// Digits that a number of ours keeps whatever they are.
const DIGITS: usize = 15;

/// A database that an app asks, as it is set now.
#[derive(Clone, Debug)]
pub struct Elsewhere(Arc<Source>);

/// Those of a workspace, by name.
pub async fn elsewhere(
    site: &Site,
    workspace: WorkspaceId,
) -> Result<Vec<Elsewhere>, store::Error> {
    let found = site.system.read(move |conn| connected(conn, workspace));
    found.await
}

/// The same, for whoever reads more at once.
pub fn connected(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Elsewhere>, store::Error> {
    let found = sql::list(conn, workspace)?.into_iter();
    Ok(found.map(|source| Elsewhere(Arc::new(source))).collect())
}

impl Elsewhere {
    pub fn id(&self) -> SourceId {
        self.0.id
    }

    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// As an app file says it.
    pub fn kind(&self) -> &str {
        &self.0.kind
    }

    /// In whose grammar it is asked.
    pub fn dialect(&self) -> Dialect {
        self.0.dialect()
    }

    /// Rows an answer may have.
    pub fn most(&self) -> usize {
        usize::try_from(self.0.settings.bounds.rows).unwrap_or(Caps::PAGE.rows)
    }

    /// An admin has entered an account that changes rows.
    pub fn can_write(&self) -> bool {
        self.0.can_write()
    }

    /// The answer, within the caps and the database's bounds. Whoever watches over the
    /// member is told how many rows it has.
    ///
    /// # Errors
    ///
    /// In words for whoever made the app.
    pub async fn ask(
        &self,
        (data, member): (&Data, &Member),
        question: &Question,
        caps: Caps,
    ) -> Result<Rows, Refusal> {
        let rows = caps.rows.min(self.most());
        let asked = asking::within(data, member, &self.0, (question, Caps { rows, ..caps }));
        Ok(numbered(asked.await.map_err(Refusal::of)?))
    }

    /// Changes rows as is wanted, or none. Gives how many.
    ///
    /// # Errors
    ///
    /// Nothing was changed, but for [`Refusal::Unknown`].
    pub async fn change(
        &self,
        data: &Data,
        question: &Question,
        wanted: Wanted,
    ) -> Result<u64, Refusal> {
        let changed = change(data, &self.0, (question, wanted)).await;
        changed.map_err(Refusal::of)
    }
}

impl Elsewhere {
    /// The tables that its account may read, as statements name them.
    ///
    /// # Errors
    ///
    /// In words for whoever made the app.
    pub async fn tables(&self, (data, member): (&Data, &Member)) -> Result<Vec<Table>, Refusal> {
        let rows = asking::columns(data, member, &self.0).await;
        let tables = catalog::tables(&self.0, &rows.map_err(Refusal::of)?);
        Ok(tables.into_iter().map(catalog::as_ours).collect())
    }

    /// What it calls things, as it is now.
    ///
    /// # Errors
    ///
    /// In words for whoever made the app.
    pub async fn names(&self, data: &Data, names: Names<'_>) -> Result<Arc<[String]>, Refusal> {
        let (asked, told) = (Instant::now(), self.told(data, names).await);
        let told = told.map_err(Refusal::of)?;
        data.lately.remember((&self.0, names), &told, asked);
        Ok(told)
    }

    /// The same as it was a moment ago.
    ///
    /// # Errors
    ///
    /// In words for whoever made the app.
    pub async fn names_lately(
        &self,
        data: &Data,
        names: Names<'_>,
    ) -> Result<Arc<[String]>, Refusal> {
        match data.lately.recall(&self.0, names) {
            Some(told) => Ok(told),
            None => self.names(data, names).await,
        }
    }

    async fn told(&self, data: &Data, names: Names<'_>) -> Result<Arc<[String]>, Error> {
        let kind = self.0.kind()?;
        match names {
            Names::Columns(table) => {
                let table = kind.dialect().quoted(table);
                let sql = format!("select * from {table} where 1 = 0");
                let none = asking::ours(data, &self.0, sql).await?;
                Ok(none.columns.into_iter().map(|column| column.name).collect())
            }
            Names::Others => {
                let told = asking::ours(data, &self.0, kind.other_names().to_owned()).await?;
                let names = (0..told.len()).filter_map(|row| match told.get(row, 0) {
                    Cell::Text(name) => Some(name.to_owned()),
                    _ => None,
                });
                Ok(names.collect())
            }
        }
    }

    /// What the account that reads may do besides, in words, and what makes one there that
    /// only reads; `None`: it only reads.
    ///
    /// # Errors
    ///
    /// In words for whoever made the app.
    pub async fn too_many(&self, data: &Data) -> Result<Option<(String, String)>, Refusal> {
        let kind = self.0.kind().map_err(Refusal::of)?;
        let way = asking::way(&data.site, &self.0, Account::Reader).map_err(Refusal::of)?;
        let line = asking::open(kind, &way).await;
        let mut line = line.map_err(|trouble| Refusal::of(trouble.into()))?;
        let powers = line.powers().await.map_err(Refusal::of)?;
        let mending = kind.reader(&self.0.settings.place.database);
        Ok((!powers.too_many.is_empty()).then_some((powers.too_many, mending)))
    }
}

/// Why rows were not given or not changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Holds the column, or the key's name.
    #[error("another entry has that value already")]
    Taken(String),
    /// Holds the column.
    #[error("this is required")]
    Missing(String),
    #[error("{0}")]
    Broken(String),
    #[error("{found} rows instead of {wanted}")]
    Expected { wanted: u64, found: u64 },
    /// The server's words, for whoever made the app.
    #[error("{0}")]
    Query(String),
    /// It was not asked: not reached, too busy, nobody to sign in as.
    #[error("{0}")]
    Away(String),
    /// The change may stand there or not.
    #[error("{0}")]
    Unknown(String),
    #[error(transparent)]
    Store(store::Error),
}

impl Refusal {
    fn of(error: Error) -> Refusal {
        let said = error.to_string();
        match error {
            Error::Store(error) => Refusal::Store(error),
            Error::Expected { wanted, found } => Refusal::Expected { wanted, found },
            Error::Unknown(_) => Refusal::Unknown(said),
            Error::Rule { rule, column, .. } => match rule {
                Rule::Unique => Refusal::Taken(column),
                Rule::Required => Refusal::Missing(column),
                Rule::Reference => Refusal::Broken(
                    "something this refers to is not there, or something else still refers to it; nothing was changed".to_owned(),
                ),
                Rule::Check => Refusal::Broken(format!(
                    "this does not meet the rule “{column}”; nothing was changed"
                )),
            },
            Error::Outside => Refusal::Broken(said),
            Error::BadQuery { .. }
            | Error::Misfit { .. }
            | Error::Denied { .. }
            | Error::TooMuch(_)
            | Error::Exists(_)
            | Error::Changed(_) => Refusal::Query(said),
            Error::NoSource
            | Error::NoPassword
            | Error::NoWriter
            | Error::Unreachable(_)
            | Error::Broke(_)
            | Error::Busy
            | Error::TooSlow(_) => Refusal::Away(said),
        }
    }
}

/// Decimals come as their digits. Those that a number of ours keeps are one, so that
/// charts and sums have them; the others stay as they are, to the last digit.
fn numbered(mut rows: Rows) -> Rows {
    for at in 0..rows.columns.len() {
        if rows.columns[at].kind == Some(ColumnType::Number) {
            rows.read_numbers(at, number);
        }
    }
    rows
}

/// The number that those digits are, if one of ours keeps them all.
pub(super) fn number(digits: &str) -> Option<f64> {
    let said = digits.bytes().filter(u8::is_ascii_digit).count();
    let number: f64 = digits.parse().ok()?;
    (said <= DIGITS && number.is_finite()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Column;

    #[test]
    fn decimals_are_numbers_as_far_as_ours_keep_them() {
        let column = |name: &str, kind| Column {
            name: name.to_owned(),
            kind: Some(kind),
        };
        let mut rows = Rows::new(vec![
            column("amount", ColumnType::Number),
            column("word", ColumnType::Text),
        ]);
        let exact = "12345678901234567.89";
        for digits in ["1240.50", exact, "NaN"] {
            rows.push(Cell::Text(digits));
            rows.push(Cell::Text("7"));
        }
        let rows = numbered(rows);
        let amounts: Vec<Cell<'_>> = (0..3).map(|row| rows.get(row, 0)).collect();
        let expected = [Cell::Real(1240.5), Cell::Text(exact), Cell::Text("NaN")];
        assert_eq!(amounts, expected);
        assert_eq!(rows.get(0, 1), Cell::Text("7"));
    }
}
