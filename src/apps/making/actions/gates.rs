//! What a text has to pass before it becomes a version.

use serde_json::{Value, json};

use super::files::unfit_policies;
use super::versions::NOTE;
use crate::apps::format::App;
use crate::apps::making::lint::{self, Finding, Weight};
use crate::apps::making::model::{Author, Read};
use crate::apps::making::trying::{Bench, Outcome};
use crate::apps::sources::unheld;
use crate::apps::{Apps, Error};
use crate::web::WorkspaceId;

/// Asked on every way to a new text: its policies can be enforced, its own tests hold, and
/// what a rule stands against goes on with a reason only. `why` is that reason, `None` where
/// the rules are not asked. Gives what the record says of it: rules, and no word of the app.
pub(super) async fn cleared(
    apps: &Apps,
    author: &Author,
    (id, text): (&str, &str),
    why: Option<&str>,
) -> Result<Option<Value>, Error> {
    let Some(app) = Read::of_app(text, id).app else {
        return Ok(None);
    };
    held(apps, author.workspace, (text, &app)).await?;
    passes(apps, author, &app).await?;
    match why {
        Some(why) => excused(apps, author, (id, &app), why).await,
        None => Ok(None),
    }
}

/// All that going back is asked: its policies. Tests and rules do not stand in its way,
/// because it has to work when something is wrong.
pub(super) async fn enforceable(
    apps: &Apps,
    workspace: WorkspaceId,
    (id, text): (&str, &str),
) -> Result<(), Error> {
    match Read::of_app(text, id).app {
        Some(app) => held(apps, workspace, (text, &app)).await,
        None => Ok(()),
    }
}

async fn held(apps: &Apps, workspace: WorkspaceId, (text, app): (&str, &App)) -> Result<(), Error> {
    let db = apps.site().files.open(&workspace.to_string())?;
    let mut unfit = unfit_policies(&db, text, app).await;
    unfit.extend(unheld(apps, workspace, (text, app)).await?);
    if unfit.is_empty() {
        Ok(())
    } else {
        Err(Error::Problems(unfit))
    }
}

async fn passes(apps: &Apps, author: &Author, app: &App) -> Result<(), Error> {
    if app.tests.is_empty() {
        return Ok(());
    }
    let outcomes = Bench::new(apps, author, app).await?.all().await;
    let failed: Vec<_> = outcomes.iter().filter_map(Outcome::problem).collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Error::Problems(failed))
    }
}

/// What the rules find in the text of an app; nothing in one that does not load.
pub(in crate::apps::making) async fn findings(
    apps: &Apps,
    author: &Author,
    (id, text): (&str, &str),
) -> Result<Vec<Finding>, Error> {
    match Read::of_app(text, id).app {
        Some(app) => found(apps, author, (id, &app)).await,
        None => Ok(Vec::new()),
    }
}

async fn found(
    apps: &Apps,
    author: &Author,
    (id, app): (&str, &App),
) -> Result<Vec<Finding>, Error> {
    let (catalog, facts) = lint::gather(apps, author, (id, app)).await?;
    Ok(lint::look(app, &catalog.tables, &facts))
}

async fn excused(
    apps: &Apps,
    author: &Author,
    of: (&str, &App),
    why: &str,
) -> Result<Option<Value>, Error> {
    let found = found(apps, author, of).await?;
    let stands = found.iter().filter(|one| one.weight == Weight::Must);
    let mut rules: Vec<&str> = stands.map(Finding::rule).collect();
    rules.dedup();
    if rules.is_empty() {
        return Ok(None);
    }
    let why: String = why.trim().chars().take(NOTE).collect();
    if why.is_empty() {
        return Err(Error::Refused(
            "what the review stands against needs a reason: say why it is published all the same, or put it right"
                .to_owned(),
        ));
    }
    Ok(Some(json!({ "rules": rules, "why": why })))
}

/// Runs the tests of a draft and says what came of each.
pub(in crate::apps::making) async fn rehearse(
    apps: &Apps,
    author: &Author,
    (id, text): (&str, &str),
) -> Result<Vec<Outcome>, Error> {
    let read = Read::of_app(text, id);
    let app = read.app.ok_or(Error::Problems(read.problems))?;
    Ok(Bench::new(apps, author, &app).await?.all().await)
}

/// The same of one of them; nothing, when there is none of that name.
pub(in crate::apps::making) async fn rehearse_one(
    apps: &Apps,
    author: &Author,
    (id, text): (&str, &str),
    name: &str,
) -> Result<Option<Outcome>, Error> {
    let read = Read::of_app(text, id);
    let app = read.app.ok_or(Error::Problems(read.problems))?;
    let Some(one) = app.tests.iter().find(|one| one.name == name) else {
        return Ok(None);
    };
    let bench = Bench::new(apps, author, &app).await?;
    Ok(Some(bench.one(one).await))
}
