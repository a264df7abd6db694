//! The addresses of respondents: the door, and the page they are at.

mod calling;
mod door;
mod drawn;
mod ended;
mod files;
mod picture;
mod stop;
mod way;
mod withdraw;

use axum::extract::FromRef;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{IntoResponse, Redirect, Response};

use crate::site::Site;
use crate::surveys::format::Survey;
use crate::surveys::running::{Exits, Respondent, Surveys, hosts};
use crate::web::{Access, Routes, leading_to};

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
        .get("/s/{slug}/stop", Access::Respondent, stop::show)
        .post("/s/{slug}/stop", Access::Respondent, stop::done)
        .get("/s/{slug}/r/{token}/files", Access::Respondent, files::back)
        .post_stream("/s/{slug}/r/{token}/files", Access::Respondent, files::take)
        .get(
            "/s/{slug}/r/{token}/assets/{hash}",
            Access::Respondent,
            picture::show,
        )
        .get("/s/{slug}/withdrawn", Access::Respondent, withdraw::done)
        .get(
            "/s/{slug}/r/{token}/withdraw",
            Access::Respondent,
            withdraw::show,
        )
        .post(
            "/s/{slug}/r/{token}/withdraw",
            Access::Respondent,
            withdraw::withdraw,
        )
        .with(surveys.clone())
}

/// The page, whose form may lead to the exits of the survey and of the link, and which
/// the sites that the survey names may show in a frame.
fn leading_out(page: Response, survey: &Survey, exits: &Exits) -> Response {
    leading(page, (survey, exits), false)
}

/// The same of a page before one respondent: that of a test our own pages may show too.
fn before(page: Response, of: &Respondent, survey: &Survey, exits: &Exits) -> Response {
    leading(page, (survey, exits), of.is_test)
}

fn leading(mut page: Response, (survey, exits): (&Survey, &Exits), is_test: bool) -> Response {
    let (hosts, origins) = (hosts(survey, exits), &survey.allowed_origins);
    if hosts.is_empty() && origins.is_empty() && !is_test {
        return page;
    }
    if let Some(policy) = leading_to(&hosts, origins, is_test) {
        page.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    page
}

/// There, by getting it, whatever was sent here.
fn see_other(to: &str) -> Response {
    Redirect::to(to).into_response()
}
