//! Whether the process lives, and whether it is fit to be sent people to.

use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::time::timeout;

use crate::site::Site;
use crate::store::{self, Room};
use crate::web::{Right, Viewer};

/// With less than this on the disk, nobody new is sent here.
const FLOOR: u64 = 64 << 20;
/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers: that is all this says.
pub(super) async fn lives() -> &'static str {
    "ok"
}

/// One question with its answer.
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) is_well: bool,
    pub(super) text: String,
}

/// Everything that has to be well.
pub(super) async fn checks(site: &Site) -> Vec<Check> {
    let (reads, writes) = tokio::join!(reads(site), writes(site));
    let draining = site.is_draining();
    vec![
        Check {
            name: "serving",
            is_well: !draining,
            text: if draining { "about to end" } else { "yes" }.to_owned(),
        },
        check("reading", reads),
        check("writing", writes),
        room(site).await,
    ]
}

async fn reads(site: &Site) -> Result<(), String> {
    let read = site.system.read(|conn| {
        conn.is_busy();
        Ok::<_, store::Error>(())
    });
    in_time(read).await
}

/// An empty transaction passes the queue and the writer, and touches no disk.
async fn writes(site: &Site) -> Result<(), String> {
    in_time(site.system.write(|_tx| Ok::<_, store::Error>(()))).await
}

async fn in_time(work: impl Future<Output = Result<(), store::Error>>) -> Result<(), String> {
    match timeout(PATIENCE, work).await {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_elapsed) => Err(format!("no answer within {PATIENCE:?}")),
    }
}

fn check(name: &'static str, done: Result<(), String>) -> Check {
    Check {
        name,
        is_well: done.is_ok(),
        text: done.err().unwrap_or_else(|| "answers".to_owned()),
    }
}

async fn room(site: &Site) -> Check {
    let data = site.config.data.clone();
    let space = tokio::task::spawn_blocking(move || Room::of(&data)).await;
    let space = space.unwrap_or_else(|error| Err(std::io::Error::other(error)));
    let (is_well, text) = match space {
        Ok(space) => (space.free >= FLOOR, format!("{} MB left", space.free >> 20)),
        Err(error) => (false, error.to_string()),
    };
    Check {
        name: "disk",
        is_well,
        text,
    }
}

/// For load balancers: a word and a status. Operators see each check.
pub(super) async fn ready(State(site): State<Site>, viewer: Option<Extension<Viewer>>) -> Response {
    let checks = checks(&site).await;
    let is_ready = checks.iter().all(|check| check.is_well);
    let status = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let is_operator = viewer.is_some_and(|Extension(viewer)| {
        viewer.may(Right::Operate) && !viewer.standing.is_locked && !viewer.standing.owes_factor
    });
    if !is_operator {
        let word = if is_ready { "ready" } else { "not ready" };
        return (status, word).into_response();
    }
    let checks: Vec<_> = checks
        .iter()
        .map(|check| json!({"check": check.name, "well": check.is_well, "says": check.text}))
        .collect();
    let kind = [(header::CONTENT_TYPE, "application/json")];
    let body = json!({"ready": is_ready, "checks": checks});
    (status, kind, body.to_string()).into_response()
}
