//! A finding that is put right at a press, and undone at another.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::review;
use super::visual::{Made, change, seen_at};
use super::{Apps, Author, actions, fault};
use crate::apps::making::actions::Way;
use crate::apps::making::lint::{Finding, Fix};
use crate::apps::sharing::MayEdit;
use crate::base::Time;
use crate::data::tables::make_index;
use crate::web::{self, Again, Done, Fields, Result};
use crate::workspaces::Member;

/// Puts one finding right, or undoes what was done to the draft last.
pub(super) async fn fix(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let seen = seen_at(&fields)?;
    if fields.get("do") == Some("undo") {
        return undo(&apps, &member, (&app, seen)).await;
    }
    let id = fields.get("finding").unwrap_or_default();
    let author = Author::of(&member.viewer);
    let base = match actions::seen(&apps, member.workspace, &app, seen).await {
        Ok(base) => base,
        Err(error) => return again(&apps, &member, &app, fault(error)?).await,
    };
    let found = actions::findings(&apps, &author, (&app, &base.text)).await?;
    let found = found.into_iter().find(|finding| finding.id == id);
    let fix = found.and_then(|finding: Finding| finding.fix);
    match fix {
        None => {
            let said = "this was put right meanwhile, or the draft is another one now";
            again(&apps, &member, &app, said.to_owned()).await
        }
        Some(Fix::Index { table, column }) => indexed(&apps, &member, &app, (table, column)).await,
        Some(fix) => written(&apps, &member, (&app, seen), &fix).await,
    }
}

async fn written(
    apps: &Apps,
    member: &Member,
    (app, seen): (&str, Time),
    fix: &Fix,
) -> Result<Response> {
    let done = change(apps, member, (app, seen), |text| {
        Ok(Made {
            text: fix.written(text)?,
            what: format!("put right: {}", fix.label()),
            then: String::new(),
        })
    });
    match done.await {
        Ok(_) => Ok(Done::to(format!("/edit/{app}/review"))
            .saying("Changed in the text; nobody sees it before you publish")
            .into_response()),
        Err(trouble) => match trouble.words(apps, member, app).await {
            Ok(words) => again(apps, member, app, words).await,
            Err(response) => Ok(*response),
        },
    }
}

async fn indexed(
    apps: &Apps,
    member: &Member,
    app: &str,
    (table, column): (String, String),
) -> Result<Response> {
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let found = catalog.table(&table).cloned().ok_or(web::Error::NotFound)?;
    let said = format!("There is an index on {table}.{column} now");
    make_index(&apps.data, member, found, column).await?;
    Ok(Done::to(format!("/edit/{app}/review"))
        .saying(said)
        .into_response())
}

async fn undo(apps: &Apps, member: &Member, (app, seen): (&str, Time)) -> Result<Response> {
    let author = Author::of(&member.viewer);
    match actions::step(apps, &author, app, (Way::Undo, seen)).await {
        Ok(what) => Ok(Done::to(format!("/edit/{app}/review"))
            .saying(format!("Undone: {what}"))
            .into_response()),
        Err(error) => again(apps, member, app, fault(error)?).await,
    }
}

/// The page again, with why nothing was changed.
async fn again(apps: &Apps, member: &Member, app: &str, fault: String) -> Result<Response> {
    let mut page = review::page(apps, member, app).await?;
    page.fault = fault;
    Ok(Again(page).into_response())
}
