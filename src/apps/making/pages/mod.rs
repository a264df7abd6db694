//! The pages on which apps are made.

mod approvals;
mod beginning;
mod editor;
mod mending;
mod preview;
mod review;
mod settings;
mod several;
mod shelf;
mod versions;
mod visual;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;

pub(in crate::apps) use several::arrived;

use super::actions;
use super::difference::{Difference, Line};
use super::model::{Author, Import, MOST, Read, fits};
use crate::apps::format::{Level, Problem};
use crate::apps::library::Draft;
use crate::apps::{Apps, Error};
use crate::web::{self, Access, Right, Routes};

/// What a request with the text of an app may weigh: as a form sends it, a
/// character can take three.
const REQUEST: usize = 3 * MOST + (64 << 10);

pub(in crate::apps) fn routes() -> Routes<Apps> {
    let build = Access::Needs(Right::Build);
    let long = || DefaultBodyLimit::max(REQUEST);
    Routes::default()
        .get("/apps", Access::Needs(Right::UseApps), shelf::list)
        .get("/apps/new", build, beginning::ways)
        .post("/apps/new", build, beginning::start)
        .get("/apps/make", build, several::choose)
        .post("/apps/make", build, several::make)
        .post("/apps/import", build, beginning::import.layer(long()))
        .get("/edit/{app}", build, editor::open)
        .post("/edit/{app}", build, editor::save.layer(long()))
        .post("/edit/{app}/check", build, editor::check.layer(long()))
        .post("/edit/{app}/preview", build, preview::part.layer(long()))
        .get("/edit/{app}/preview", build, preview::home)
        .get("/edit/{app}/preview/p/{*path}", build, preview::page)
        .get("/edit/{app}/publish", build, versions::review)
        .post("/edit/{app}/publish", build, versions::publish)
        .post("/edit/{app}/ask", build, approvals::ask)
        .get("/publishing", Access::SignedIn, approvals::list)
        .post(
            "/publishing/two",
            Access::Needs(Right::ManageMembers),
            approvals::set,
        )
        .get("/publishing/{request}", build, approvals::show)
        .post("/publishing/{request}/approve", build, approvals::approve)
        .post("/publishing/{request}/refuse", build, approvals::refuse)
        .post("/publishing/{request}/withdraw", build, approvals::withdraw)
        .get("/edit/{app}/review", build, review::open)
        .post("/edit/{app}/review/tests", build, review::run)
        .post("/edit/{app}/review/fix", build, mending::fix)
        .get("/edit/{app}/versions", build, versions::list)
        .post("/edit/{app}/roll-back", build, versions::roll_back)
        .get("/edit/{app}/settings", build, settings::open)
        .post("/edit/{app}/rename", build, settings::rename)
        .post("/edit/{app}/databases", build, settings::databases)
        .get("/edit/{app}/export", build, settings::export)
        .get("/schema/app.json", Access::Open, editor::schema)
        .and(visual::routes())
}

/// A problem as a line of a page: the word for its weight, and its class.
struct Told {
    line: usize,
    column: usize,
    message: String,
    is_warning: bool,
}

fn told(problems: &[Problem]) -> Vec<Told> {
    let each = problems.iter().map(|problem| Told {
        line: problem.line,
        column: problem.column,
        message: problem.message.clone(),
        is_warning: problem.level == Level::Note,
    });
    each.collect()
}

/// What a person can put right is said on the page again; the rest is a failure.
pub(in crate::apps) fn fault(error: Error) -> Result<String, web::Error> {
    match error {
        Error::Store(_) | Error::Missing | Error::NotYours => Err(error.into()),
        Error::Exists(_)
        | Error::Problems(_)
        | Error::Stale(_)
        | Error::Apart(..)
        | Error::Refused(_) => Ok(error.to_string()),
    }
}
