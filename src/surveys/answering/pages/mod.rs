//! The addresses of respondents: the door, and the page they are at.

mod door;
mod drawn;
mod ended;
mod way;

use axum::extract::FromRef;
use axum::response::{IntoResponse, Redirect, Response};

use crate::site::Site;
use crate::surveys::running::Surveys;
use crate::web::{Access, Routes};

impl FromRef<Surveys> for Site {
    fn from_ref(surveys: &Surveys) -> Site {
        surveys.site.clone()
    }
}

pub fn routes(surveys: &Surveys) -> Routes {
    Routes::default()
        .get("/s/{slug}", Access::Respondent, door::show)
        .post("/s/{slug}", Access::Respondent, door::begin)
        .get("/s/{slug}/r/{token}", Access::Respondent, way::show)
        .post("/s/{slug}/r/{token}", Access::Respondent, way::submit)
        .with(surveys.clone())
}

/// There, by getting it, whatever was sent here.
fn see_other(to: &str) -> Response {
    Redirect::to(to).into_response()
}
