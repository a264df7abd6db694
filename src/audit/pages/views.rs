//! Filters with a name, each person's own.

use axum::Form;
use axum::extract::State;
use serde::Deserialize;

use crate::audit::{actions, filter};
use crate::site::Site;
use crate::web::{Done, Error, Fields, Result, Viewer};

/// Letters of a name, and of a filter.
const NAME: usize = 60;
const QUERY: usize = 2_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ViewForm {
    name: String,
    query: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameForm {
    name: String,
}

pub(super) async fn keep(
    State(site): State<Site>,
    viewer: Viewer,
    Form(form): Form<ViewForm>,
) -> Result<Done> {
    let name = form.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME || form.query.len() > QUERY {
        return Err(Error::Invalid(format!(
            "a view needs a name of at most {NAME} letters; go back and write one"
        )));
    }
    let query = filter::query(&Fields::parse(&form.query));
    let to = format!("/audit?{query}");
    let said = format!("View {name} kept");
    actions::keep_view(&site, &viewer, name, query).await?;
    Ok(Done::to(to).saying(said))
}

pub(super) async fn delete(
    State(site): State<Site>,
    viewer: Viewer,
    Form(form): Form<NameForm>,
) -> Result<Done> {
    let said = format!("View {} deleted", form.name);
    actions::drop_view(&site, &viewer, form.name).await?;
    Ok(Done::to("/audit").saying(said))
}
