//! The pages of a review.

mod accounts;
mod members;

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::people::People;
use crate::web::{Access, Right, Routes};

pub(in crate::people) fn routes() -> Routes<People> {
    let (reader, operator, sure) = (
        Access::Needs(Right::ReadAudit),
        Access::Needs(Right::Operate),
        Access::Fresh(Right::Operate),
    );
    Routes::default()
        .get("/members/review", reader, members::all)
        .get(
            "/members/review.csv",
            Access::Fresh(Right::ReadAudit),
            members::file,
        )
        .get("/members/review/{user}", reader, members::one)
        .get("/accounts", operator, accounts::all)
        .get("/accounts.csv", sure, accounts::file)
        .post("/accounts", sure, accounts::invite)
        .post("/accounts/{user}/disable", sure, accounts::disable)
        .post("/accounts/{user}/enable", operator, accounts::enable)
        .post("/accounts/{user}/operator", sure, accounts::operator)
}

fn csv(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ),
    ];
    (headers, text).into_response()
}
