//! The databases an app asks, and the tables of one of them, for whoever makes a query.

use super::super::Read;
use crate::apps::editing::{Used, uses};
use crate::apps::sources::{Places, choices};
use crate::apps::{Apps, Error};
use crate::data::sql_text::Dialect;
use crate::data::tables::Table;
use crate::data::{dialect_of, elsewhere};
use crate::web::Result;
use crate::workspaces::Member;

/// What the workspace's own tables are called beside databases elsewhere.
const OWN: &str = "the tables of this workspace";

/// A database that an app asks.
pub(super) struct Asked {
    pub(super) is: Used,
    pub(super) is_own: bool,
    /// What people call it; why it cannot be asked.
    pub(super) called: std::result::Result<String, String>,
}

/// Those an app asks, and those it could ask besides: id and name.
pub(super) struct Databases {
    pub(super) asked: Vec<Asked>,
    pub(super) others: Vec<(String, String)>,
}

impl Databases {
    /// Does the text have that name for one?
    pub(super) fn names(&self, name: &str) -> bool {
        self.asked.iter().any(|one| one.is.name == name)
    }
}

/// One of them with its tables.
pub(super) struct There {
    /// As the text names it; empty for the workspace's own where the text says nothing yet.
    pub(super) uses: String,
    pub(super) called: String,
    pub(super) is_own: bool,
    pub(super) dialect: Dialect,
    pub(super) tables: Vec<Table>,
    /// Why none are known.
    pub(super) trouble: String,
}

impl There {
    /// As an address names it.
    pub(super) fn address(&self) -> &str {
        if self.is_own { "" } else { &self.uses }
    }
}

pub(super) async fn databases(apps: &Apps, member: &Member, text: &str) -> Result<Databases> {
    let all = uses(text).map_err(|unfit| Error::Refused(unfit.to_string()))?;
    let choices = match Read::of(text).app {
        Some(app) => choices(apps, member.workspace, &app).await?,
        None => Vec::new(),
    };
    let there = elsewhere(apps.site(), member.workspace).await;
    let there = there.map_err(Error::Store)?;
    let mut used: Vec<String> = Vec::new();
    let asked = all.into_iter().map(|is| {
        let choice = choices.iter().find(|choice| choice.name == is.name);
        let called = match choice.map(|choice| &choice.asked) {
            Some(Ok(place)) => {
                used.push(place.id().to_string());
                Ok(place.name().to_owned())
            }
            Some(Err(why)) => Err(why.clone()),
            None => Ok(OWN.to_owned()),
        };
        Asked {
            is_own: is.is_own(),
            called,
            is,
        }
    });
    let asked = asked.collect();
    let others = there
        .iter()
        .map(|one| (one.id().to_string(), one.name().to_owned()));
    Ok(Databases {
        asked,
        others: others.filter(|(id, _)| !used.contains(id)).collect(),
    })
}

/// The tables that a name of `uses` leads to. An empty name, and one that is not there, is
/// the workspace's own database.
pub(super) async fn there(apps: &Apps, member: &Member, text: &str, name: &str) -> Result<There> {
    let known = uses(text).map_err(|unfit| Error::Refused(unfit.to_string()))?;
    let named = known.into_iter().find(|one| one.name == name);
    let Some(used) = named.filter(|one| !one.is_own()) else {
        let catalog = apps.data.catalog(member.workspace, &member.db).await?;
        return Ok(There {
            uses: name.to_owned(),
            called: OWN.to_owned(),
            is_own: true,
            dialect: Dialect::Sqlite,
            tables: catalog.tables.clone(),
            trouble: String::new(),
        });
    };
    let mut there = There {
        dialect: dialect_of(&used.kind).unwrap_or_default(),
        called: used.name.clone(),
        uses: used.name,
        is_own: false,
        tables: Vec::new(),
        trouble: String::new(),
    };
    let Some(app) = Read::of(text).app else {
        "the text cannot be read; mend it first".clone_into(&mut there.trouble);
        return Ok(there);
    };
    let places = Places::of(apps, member.workspace, &app).await;
    match places.map_err(Error::Store)?.of_use(&there.uses) {
        Ok(Some(place)) => {
            place.name().clone_into(&mut there.called);
            match place.tables((&apps.data, member)).await {
                Ok(tables) => there.tables = tables,
                Err(refusal) => there.trouble = refusal.to_string(),
            }
        }
        Ok(None) => {}
        Err(why) => there.trouble = why,
    }
    Ok(there)
}
