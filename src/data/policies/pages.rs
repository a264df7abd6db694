//! The page where an admin says who sees what of a table.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::actions;
use super::model::Typed;
use crate::data::Data;
use crate::data::tables::Table;
use crate::store::{Error as StoreError, policies};
use crate::web::{
    self, Access, Again, Done, Faults, Fields, Page, Result, Right, Role, Routes, Shell,
};
use crate::workspaces::Member;

const ADMIN: Access = Access::Needs(Right::ManageMembers);
/// Whoever changes what a table shows proved a moment ago who they are.
const SURE: Access = Access::Fresh(Right::ManageMembers);

pub(in crate::data) fn routes(data: Data) -> Routes {
    Routes::default()
        .get("/data/{table}/policy", ADMIN, show)
        .post("/data/{table}/policy", SURE, save)
        .post("/data/{table}/policy/remove", SURE, remove)
        .with(data)
}

#[derive(Template)]
#[template(path = "policies/policy.html")]
struct PolicyPage {
    shell: Shell,
    table: Table,
    /// The table has one.
    is_there: bool,
    form: Typed,
    faults: Faults,
}

async fn page(data: &Data, member: &Member, name: &str) -> Result<PolicyPage> {
    let catalog = data.catalog(member.workspace, &member.db).await?;
    let table = catalog.table(name).ok_or(web::Error::NotFound)?.clone();
    let all = member.db.read(policies).await?;
    let policy = all.iter().find(|policy| policy.table == name);
    Ok(PolicyPage {
        shell: Shell::of(&member.viewer, "data"),
        is_there: policy.is_some(),
        form: Typed::of(&table, policy),
        faults: Faults::default(),
        table,
    })
}

async fn show(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
) -> Result<Page<PolicyPage>> {
    Ok(Page(page(&data, &member, &name).await?))
}

async fn save(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let page = page(&data, &member, &name).await?;
    let form = Typed::sent(&page.table, &fields);
    let faults = match form.policy(&name) {
        Err(faults) => faults,
        Ok(policy) => {
            let checked = member.db.check_policy(name.clone(), policy.layer.clone());
            match checked.await {
                Ok(()) => {
                    actions::keep(&data, &member, policy).await?;
                    let done = Done::to(format!("/data/{name}/policy"));
                    return Ok(done.saying("The policy holds from now on").into_response());
                }
                Err(StoreError::BadSql { message, .. }) => {
                    Faults::of(field(&message).as_str(), message)
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    Ok(Again(PolicyPage {
        form,
        faults,
        ..page
    })
    .into_response())
}

/// The field an error of the engine is about: it begins with which it was.
fn field(message: &str) -> String {
    let column = message
        .strip_prefix("the mask of ")
        .and_then(|rest| rest.split(':').next());
    column.map_or_else(|| "rows".to_owned(), |column| format!("mask.{column}"))
}

async fn remove(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
) -> Result<Done> {
    let catalog = data.catalog(member.workspace, &member.db).await?;
    catalog.table(&name).ok_or(web::Error::NotFound)?;
    actions::remove(&data, &member, name.clone()).await?;
    let done = Done::to(format!("/data/{name}/policy"));
    Ok(done.saying("The policy is gone: everybody who may read the table sees all of it"))
}
