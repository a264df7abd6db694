//! The review of a workspace's members.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::csv;
use crate::people::People;
use crate::people::review::actions::{self, Of};
use crate::people::review::file;
use crate::people::review::model::{Detail, Line};
use crate::web::{Error, Page, Result, Shell, UserId, Viewer};

#[derive(Template)]
#[template(path = "people/review.html")]
pub(super) struct ReviewPage {
    shell: Shell,
    lines: Vec<Line>,
}

pub(super) async fn all(State(people): State<People>, viewer: Viewer) -> Result<Page<ReviewPage>> {
    Ok(Page(ReviewPage {
        shell: Shell::of(&viewer, "review"),
        lines: actions::look(&people.site, &viewer, Of::Members).await?,
    }))
}

pub(super) async fn file(State(people): State<People>, viewer: Viewer) -> Result<Response> {
    let lines = actions::look(&people.site, &viewer, Of::Members).await?;
    Ok(csv("access-review", file::file(&lines, "role")))
}

#[derive(Template)]
#[template(path = "people/review_one.html")]
pub(super) struct OnePage {
    shell: Shell,
    detail: Detail,
}

pub(super) async fn one(
    State(people): State<People>,
    viewer: Viewer,
    Path(user): Path<String>,
) -> Result<Page<OnePage>> {
    let user = UserId::parse(&user).ok_or(Error::NotFound)?;
    Ok(Page(OnePage {
        shell: Shell::of(&viewer, "review"),
        detail: actions::look_at(&people.site, &viewer, user).await?,
    }))
}
