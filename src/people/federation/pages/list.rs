//! All methods, switched on and off.

use askama::Template;
use axum::extract::{Path, State};

use crate::people::federation::model::{Method, MethodId};
use crate::people::federation::{actions, sql};
use crate::people::pages::People;
use crate::web::{Done, Error, Fields, Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "people/federation/list.html")]
pub(super) struct List {
    shell: Shell,
    methods: Vec<Method>,
    has_url: bool,
}

pub(super) async fn list(State(people): State<People>, viewer: Viewer) -> Result<Page<List>> {
    Ok(Page(List {
        shell: Shell::of(&viewer, "sign-in-methods"),
        methods: people.site.system.read(sql::methods).await?,
        has_url: people.site.config.edges.url.is_some(),
    }))
}

pub(super) fn id(text: &str) -> Result<MethodId> {
    MethodId::parse(text).ok_or(Error::NotFound)
}

pub(super) async fn switch(
    State(people): State<People>,
    viewer: Viewer,
    Path(method): Path<String>,
    fields: Fields,
) -> Result<Done> {
    let is_on = fields.get("on") == Some("yes");
    let name = actions::switch(&people, &viewer, id(&method)?, is_on).await?;
    let said = if is_on {
        "is on"
    } else {
        "is off: nobody new comes in by it"
    };
    Ok(Done::to("/sign-in-methods").saying(format!("{name} {said}")))
}

pub(super) async fn delete(
    State(people): State<People>,
    viewer: Viewer,
    Path(method): Path<String>,
) -> Result<Done> {
    let name = actions::drop(&people, &viewer, id(&method)?).await?;
    Ok(Done::to("/sign-in-methods").saying(format!("{name} is gone")))
}
