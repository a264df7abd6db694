//! The two lines a page sends its events over: a socket, and HTTPS where none gets through.

mod post;
mod socket;

use axum::extract::{DefaultBodyLimit, FromRef};
use axum::handler::Handler;
use axum::http::HeaderMap;
use axum::http::header::ORIGIN;

use super::exchange::Live;
use super::model::HEAVIEST;
use super::places::Places;
use super::refusal::Refusal;
use crate::site::Site;
use crate::surveys::running::Surveys;
use crate::web::{Access, Error, Origin, Routes};

impl FromRef<Live> for Site {
    fn from_ref(live: &Live) -> Site {
        live.surveys.site.clone()
    }
}

pub fn routes(surveys: &Surveys) -> Routes {
    let bound = DefaultBodyLimit::max(HEAVIEST);
    Routes::default()
        .get("/s/{slug}/live", Access::Respondent, socket::open)
        .post(
            "/s/{slug}/live",
            Access::Respondent,
            post::take.layer(bound),
        )
        .with(Live {
            surveys: surveys.clone(),
            places: Places::default(),
        })
}

/// Only pages of this site send events: any other page could open a socket to here, and
/// no browser would ask.
fn from_here(Origin(own): &Origin, headers: &HeaderMap) -> Result<(), Error> {
    let mut said = headers.get_all(ORIGIN).iter();
    let is_own = |origin: &[u8]| !own.is_empty() && origin.eq_ignore_ascii_case(own.as_bytes());
    match (said.next(), said.next()) {
        (Some(origin), None) if is_own(origin.as_bytes()) => Ok(()),
        _ => Err(Error::Forbidden),
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        match refusal {
            Refusal::Malformed | Refusal::NoHello => Error::Invalid(refusal.to_string()),
            Refusal::TooLarge => Error::TooLarge(format!("at most {HEAVIEST} bytes")),
            Refusal::Nobody => Error::NotFound,
            Refusal::Over => Error::Conflict(refusal.to_string()),
            Refusal::TooMany(seconds) => Error::TooMany(seconds),
            Refusal::Silent | Refusal::Busy | Refusal::Leaving => Error::Busy,
            Refusal::Store(error) => error.into(),
        }
    }
}
