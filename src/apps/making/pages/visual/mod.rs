//! The editor without its text: pages, and widgets on their grid. What is changed there
//! is changed in the text.

mod acting;
mod asking;
mod canvas;
mod changing;
mod databases;
mod forming;
mod frames;
mod here;
mod list;
mod offer;
mod panel;
mod saving;
mod statement;
mod there;

pub(super) use changing::{Made, change, seen_at};
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
        .get("/edit/{app}/tables", build, databases::tables)
        .post("/edit/{app}/uses", build, databases::add)
        .get("/edit/{app}/statement", build, statement::open)
        .post(
            "/edit/{app}/statement",
            build,
            statement::save.layer(long()),
        )
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
        .post("/edit/{app}/pages/{page}/forms", build, forming::begin)
        .post(
            "/edit/{app}/pages/{page}/widgets/{widget}/fields",
            build,
            forming::act,
        )
        .get(
            "/edit/{app}/pages/{page}/widgets/{widget}/fields/{field}",
            build,
            forming::field,
        )
        .post(
            "/edit/{app}/pages/{page}/widgets/{widget}/fields/{field}",
            build,
            forming::save_field,
        )
        .get(
            "/edit/{app}/pages/{page}/widgets/{widget}/lists/{list}",
            build,
            forming::list,
        )
        .post(
            "/edit/{app}/pages/{page}/widgets/{widget}/lists/{list}",
            build,
            forming::save_list,
        )
        .post(
            "/edit/{app}/pages/{page}/widgets/{widget}/text",
            build,
            saving::text.layer(long()),
        )
}
