//! The editor without its text: pages, and widgets on their grid. What is changed there
//! is changed in the text.

mod acting;
mod asking;
mod canvas;
mod changing;
mod frames;
mod here;
mod list;
mod offer;
mod panel;
mod saving;

pub(super) use here::met;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;

use super::REQUEST;
use crate::apps::Apps;
use crate::web::{Access, Right, Routes};

pub(super) fn routes() -> Routes<Apps> {
    let build = Access::Needs(Right::Build);
    let long = || DefaultBodyLimit::max(REQUEST);
    Routes::default()
        .get("/edit/{app}/here", build, here::others)
        .get("/edit/{app}/queries", build, asking::list)
        .get("/edit/{app}/query", build, asking::open)
        .post("/edit/{app}/query", build, asking::save)
        .get("/edit/{app}/pages", build, list::open)
        .post("/edit/{app}/pages", build, acting::act)
        .get("/edit/{app}/pages/{page}", build, canvas::page)
        .post("/edit/{app}/pages/{page}", build, saving::page)
        .get(
            "/edit/{app}/pages/{page}/widgets/{widget}",
            build,
            canvas::widget,
        )
        .post(
            "/edit/{app}/pages/{page}/widgets/{widget}",
            build,
            saving::widget.layer(long()),
        )
        .post(
            "/edit/{app}/pages/{page}/widgets/{widget}/text",
            build,
            saving::text.layer(long()),
        )
}
