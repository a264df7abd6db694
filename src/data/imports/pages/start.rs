//! What a person does with a file that is here: look again, check, import,
//! stop, throw away.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::{address, bringer, form, review, upload};
use crate::data::imports::Imports;
use crate::data::imports::actions;
use crate::data::imports::draft::Draft;
use crate::data::imports::model::{Error, Upload};
use crate::data::imports::order::Order;
use crate::data::imports::run::Wish;
use crate::web::{Again, Done, Faults, Fields, Result};
use crate::workspaces::Member;

/// Looks at the file, or looks again with other settings.
pub(super) async fn look(
    State(imports): State<Imports>,
    member: Member,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let upload = upload(&imports, &member, &id).await?;
    let wish = match &upload.seen {
        None => Wish::default(),
        Some(seen) => match form::wish(&fields, seen) {
            Ok(wish) => wish,
            Err(faults) => return again(&imports, &member, upload, None, faults).await,
        },
    };
    let to = address(upload.id);
    actions::look(&imports, upload, wish).await?;
    Ok(Done::to(to).into_response())
}

/// Looks for the rows the draft would stumble over.
pub(super) async fn check(
    State(imports): State<Imports>,
    member: Member,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response> {
    match decided(&imports, &member, &id, &fields).await? {
        Err(page) => Ok(page),
        Ok((upload, draft, order)) => {
            let to = format!("{}#problems", address(upload.id));
            // The order knows the types of a table that is there.
            let plan = order.plan;
            let draft = Draft { plan, ..draft };
            actions::check(&imports, upload, draft).await?;
            Ok(Done::to(to).into_response())
        }
    }
}

/// Brings the rows in.
pub(super) async fn import(
    State(imports): State<Imports>,
    member: Member,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response> {
    match decided(&imports, &member, &id, &fields).await? {
        Err(page) => Ok(page),
        Ok((upload, draft, order)) => {
            let to = address(upload.id);
            actions::import(&imports, &bringer(&member), upload, draft, order).await?;
            Ok(Done::to(to).into_response())
        }
    }
}

/// The draft the form says, or the form again with what is wrong.
async fn decided(
    imports: &Imports,
    member: &Member,
    id: &str,
    fields: &Fields,
) -> Result<Result<(Upload, Draft, Order), Response>> {
    let upload = upload(imports, member, id).await?;
    let seen = upload.seen.as_ref().ok_or(Error::NotSeen)?;
    let catalog = imports.data.catalog(member.workspace, &member.db).await?;
    let draft = form::draft(fields, seen, &catalog.tables);
    match Order::parse(&draft, &catalog.tables) {
        Ok(order) => Ok(Ok((upload, draft, order))),
        Err(faults) => {
            let page = again(imports, member, upload, Some(draft), faults).await?;
            Ok(Err(page))
        }
    }
}

async fn again(
    imports: &Imports,
    member: &Member,
    upload: Upload,
    draft: Option<Draft>,
    faults: Faults,
) -> Result<Response> {
    let catalog = imports.data.catalog(member.workspace, &member.db).await?;
    let draft = draft.or_else(|| upload.draft.clone());
    let page = review::page(&member.viewer, upload, draft, &catalog.tables, faults)?;
    Ok(Again(page).into_response())
}

pub(super) async fn cancel(
    State(imports): State<Imports>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Done> {
    let upload = upload(&imports, &member, &id).await?;
    let done = Done::to(address(upload.id));
    let Some(job) = imports.job(upload.id) else {
        return Ok(done.saying("It had ended already"));
    };
    if job.seen().finishing {
        return Ok(done.saying("Too late to cancel: the rows are being put in place"));
    }
    job.cancel.cancel();
    job.ended().await;
    Ok(done)
}

pub(super) async fn delete(
    State(imports): State<Imports>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Done> {
    let upload = upload(&imports, &member, &id).await?;
    let said = format!("{} is gone from this server", upload.name);
    actions::delete(&imports, &bringer(&member), upload).await?;
    Ok(Done::to("/data/import").saying(said))
}
