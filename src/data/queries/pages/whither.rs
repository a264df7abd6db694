//! Which database a draft asks.

use crate::data::Data;
use crate::data::queries::model::{Draft, Fault};
use crate::data::sources::{self, Error, Source};
use crate::data::sql_text::Dialect;
use crate::web::{Fields, Result};
use crate::workspaces::Member;

/// Where a statement goes.
pub(super) enum Whither {
    /// The workspace's own tables.
    Here,
    Elsewhere(Box<Source>),
    /// It was disconnected since.
    Gone,
}

impl Whither {
    async fn of(data: &Data, member: &Member, source: &str) -> Result<Whither> {
        if source.is_empty() {
            return Ok(Whither::Here);
        }
        match sources::database(&data.site, member.workspace, source).await {
            Ok(source) => Ok(Whither::Elsewhere(Box::new(source))),
            Err(Error::NoSource) => Ok(Whither::Gone),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        match self {
            Whither::Elsewhere(source) => source.dialect(),
            Whither::Here | Whither::Gone => Dialect::Sqlite,
        }
    }
}

/// The draft a form holds, and where it goes.
pub(super) async fn draft(
    data: &Data,
    member: &Member,
    fields: &Fields,
) -> Result<(Draft, Whither)> {
    let source = fields.get("source").unwrap_or_default();
    let whither = Whither::of(data, member, source).await?;
    Ok((Draft::of(fields, whither.dialect()), whither))
}

/// The same of a draft that was kept.
pub(super) async fn kept(
    data: &Data,
    member: &Member,
    mut draft: Draft,
) -> Result<(Draft, Whither)> {
    let whither = Whither::of(data, member, &draft.source).await?;
    draft.dialect = whither.dialect();
    Ok((draft, whither))
}

/// What is said of a database that is not there any more.
pub(super) fn gone() -> Fault {
    Fault::of(Error::NoSource.to_string())
}
