//! The line over which an open page hears which of its widgets show something else now:
//! server-sent events, never a row.

use std::convert::Infallible;
use std::fmt::Write;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::{entered, fields};
use crate::apps::Apps;
use crate::apps::following::{Following, Said};
use crate::web::{Error, Result};
use crate::workspaces::Member;

pub(super) async fn follow(
    State(apps): State<Apps>,
    member: Member,
    Path((app, page)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let (published, seat) = entered(&apps, member, &app).await?;
    let mut pages = published.app.pages.iter();
    let at = pages.position(|known| known.id == page && known.live.follows());
    let at = at.ok_or(Error::NotFound)?;
    let since = fields(query)
        .get("since")
        .and_then(|text| text.parse().ok());
    let of = (Arc::clone(&published), at);
    // Who says no place may have missed everything.
    let following = Following::begin(&apps, seat.actor(), of, since.unwrap_or_default())?;
    drop(seat);
    let events = stream::unfold(following, async |mut following| {
        let said = following.next().await?;
        Some((Ok::<_, Infallible>(event(&said)), following))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        // A proxy on the way is not to collect them.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}

/// One event. Widgets have ids that need no escape.
fn event(said: &Said) -> String {
    let mut out = String::new();
    match said {
        Said::Here(place) => {
            let _ = write!(out, "event: here\nid: {place}\ndata:");
        }
        Said::Changed(place, widgets) => {
            let widgets = widgets.join(" ");
            let _ = write!(out, "event: changed\nid: {place}\ndata: {widgets}");
        }
        Said::Anew => out.push_str("event: anew\ndata:"),
        Said::End => out.push_str("event: end\ndata:"),
        Said::Beat => out.push(':'),
    }
    out.push_str("\n\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_written_as_browsers_read_them() {
        let all = [
            Said::Here(7),
            Said::Changed(8, vec!["list".to_owned(), "sums".to_owned()]),
            Said::Beat,
            Said::Anew,
            Said::End,
        ];
        let text: String = all.iter().map(event).collect();

        insta::assert_snapshot!(text, @r"
        event: here
        id: 7
        data:

        event: changed
        id: 8
        data: list sums

        :

        event: anew
        data:

        event: end
        data:
        ");
    }
}
