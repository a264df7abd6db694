//! The editor without its text: pages and questions as lists and forms. What is
//! changed there is changed in the text.

mod acting;
mod drawn;
mod outline;
mod part;
mod saving;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;

use super::REQUEST;
use crate::base::Time;
use crate::surveys::editing::Unfit;
use crate::surveys::projects::model::Error;
use crate::surveys::running::Surveys;
use crate::web::{self, Access, Fields, Right, Routes};

pub(super) fn routes() -> Routes<Surveys> {
    let build = Access::Needs(Right::Build);
    let long = || DefaultBodyLimit::max(REQUEST);
    Routes::default()
        .get("/surveys/{survey}/questions", build, outline::open)
        .post("/surveys/{survey}/questions", build, acting::act)
        .get(
            "/surveys/{survey}/questions/{question}",
            build,
            part::question,
        )
        .post(
            "/surveys/{survey}/questions/{question}",
            build,
            saving::question.layer(long()),
        )
        .get("/surveys/{survey}/pages/{page}", build, part::page)
        .post("/surveys/{survey}/pages/{page}", build, saving::page)
        .get("/surveys/{survey}/settings", build, part::settings)
        .post(
            "/surveys/{survey}/settings",
            build,
            saving::settings.layer(long()),
        )
        .get("/surveys/{survey}/lists/{list}", build, part::list)
        .post(
            "/surveys/{survey}/lists/{list}",
            build,
            saving::list.layer(long()),
        )
        .get("/surveys/{survey}/quotas/{quota}", build, part::quota)
        .post("/surveys/{survey}/quotas/{quota}", build, saving::quota)
        .get("/surveys/{survey}/exits/{outcome}", build, part::exit)
        .post("/surveys/{survey}/exits/{outcome}", build, saving::exit)
}

impl From<Unfit> for Error {
    fn from(unfit: Unfit) -> Error {
        match unfit {
            Unfit::Missing(_) => Error::Missing,
            Unfit::Syntax(_) | Unfit::Shape(_) | Unfit::Field(..) => {
                Error::Refused(unfit.to_string())
            }
        }
    }
}

/// The draft that a form was made from.
fn seen(fields: &Fields) -> Result<Time, web::Error> {
    let at = fields.get("draft_at").and_then(|at| at.parse().ok());
    at.map(Time).ok_or_else(|| {
        web::Error::Invalid("this page is too old to save from; open it anew".to_owned())
    })
}
