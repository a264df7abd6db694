//! Choosing the databases an app asks.

use serde_json::json;

use super::model::Known;
use super::sql;
use crate::apps::format::App;
use crate::apps::{Apps, Error, library};
use crate::data::{Elsewhere, elsewhere};
use crate::journal::{self, Entry};
use crate::web::{Viewer, WorkspaceId};

/// A name of `uses` and what it may stand for.
pub(in crate::apps) struct Choice {
    pub(in crate::apps) name: String,
    pub(in crate::apps) kind: String,
    /// Ids and names of the databases of that kind.
    pub(in crate::apps) fit: Vec<(String, String)>,
    /// The id of the one that was chosen.
    pub(in crate::apps) chosen: String,
    /// The one that is asked, chosen or called like it; or why none is.
    pub(in crate::apps) asked: Result<Elsewhere, String>,
}

/// The names that stand for databases elsewhere, in the order of the file.
pub(in crate::apps) async fn choices(
    apps: &Apps,
    workspace: WorkspaceId,
    app: &App,
) -> Result<Vec<Choice>, Error> {
    let known = Known::of(apps, workspace, app).await?;
    let names = app.uses.iter().filter(|uses| !uses.is_own());
    let choices = names.map(|uses| {
        let fit = { known.there.iter() }.filter(|one| one.kind() == uses.kind);
        let mut chosen = known.chosen.iter();
        let choice = chosen.find(|(name, _)| *name == uses.name);
        Choice {
            name: uses.name.clone(),
            kind: uses.kind.clone(),
            fit: fit
                .map(|one| (one.id().to_string(), one.name().to_owned()))
                .collect(),
            chosen: choice.map(|(_, id)| id.clone()).unwrap_or_default(),
            asked: known.found(uses),
        }
    });
    Ok(choices.collect())
}

/// Has the app ask those from now on: names and ids; an empty id chooses none.
pub(in crate::apps) async fn choose(
    apps: &Apps,
    who: &Viewer,
    app: &str,
    wanted: Vec<(String, String)>,
) -> Result<(), Error> {
    let workspace = who.person.workspace;
    let there = elsewhere(apps.site(), workspace).await?;
    for (uses, id) in &wanted {
        let is_there = id.is_empty() || there.iter().any(|one| one.id().to_string() == *id);
        if !is_there {
            return Err(Error::Refused(format!(
                "the database chosen for `{uses}` is not connected any more; choose another"
            )));
        }
    }
    let names = move |chosen: &[(String, String)]| {
        let named = chosen.iter().map(|(uses, id)| {
            let name = there.iter().find(|one| one.id().to_string() == *id);
            let name = name.map_or_else(|| id.clone(), |one| one.name().to_owned());
            (uses.clone(), name.into())
        });
        serde_json::Value::Object(named.collect())
    };
    let (now, actor, name) = (apps.site().clock.now(), who.actor(), app.to_owned());
    let written = apps.site().system.write(move |tx| {
        if !library::sql::exists(tx, workspace, &name)? {
            return Err(Error::Missing);
        }
        let before = sql::chosen(tx, workspace, &name)?;
        for (uses, id) in &wanted {
            let id = Some(id.as_str()).filter(|id| !id.is_empty());
            sql::choose(tx, (workspace, &name), (uses, id))?;
        }
        let after = sql::chosen(tx, workspace, &name)?;
        if before != after {
            let entry = Entry::new(now, &actor, "app.source_chosen", name);
            let (before, after) = (names(&before), names(&after));
            let entry = entry.changed(&json!({ "asks": before }), &json!({ "asks": after }));
            journal::record(tx, &entry)?;
        }
        Ok(())
    });
    written.await
}
