//! Raising an alert, and settling it when what it was about is over.

use serde_json::json;

use crate::alerts::model::{Alert, AlertId, Kept, STILL, Severity, State};
use crate::alerts::sql;
use crate::base::{Time, text};
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::{Error, Transaction};
use crate::web::WorkspaceId;

/// Letters of a title, a text and a key that are kept.
const TITLE: usize = 200;
const TEXT: usize = 4_000;
const KEY: usize = 200;

/// Says that something needs attention. One alert is open for a key: a repeat
/// counts it up, and leaves a line in the journal only when it got worse. What
/// somebody called a false alarm stays one for a day unless it gets worse.
pub async fn raise(site: &Site, alert: Alert) -> Result<(), Error> {
    let (now, alert) = (site.clock.now(), trimmed(&alert));
    site.system
        .write(move |tx| {
            let actor = by_system(alert.workspace);
            let entry = Entry::new(now, &actor, "alert.raised", &*alert.title);
            if let Some((id, before)) = take_in(tx, &alert, now)? {
                let entry = entry.on("alert", id.to_string()).with(json!({
                    "key": alert.key,
                    "severity": alert.severity.name(),
                    "before": before.map(Severity::name),
                }));
                journal::record(tx, &entry)?;
            }
            Ok(())
        })
        .await
}

/// Keeps it. Gives the alert and how bad it was before, when it is news.
fn take_in(
    tx: &Transaction<'_>,
    alert: &Alert,
    now: Time,
) -> Result<Option<(AlertId, Option<Severity>)>, Error> {
    let is_still = |kept: &Kept| {
        let fresh = kept.ended.is_some_and(|ended| ended.plus(STILL) > now);
        kept.state == State::FalseAlarm && fresh && alert.severity <= kept.alert.severity
    };
    match sql::newest(tx, &alert.key)? {
        Some(kept) if !kept.state.is_over() || is_still(&kept) => {
            sql::again(tx, kept.id, alert, now)?;
            let before = kept.alert.severity;
            if alert.severity <= before {
                return Ok(None);
            }
            // Somebody looks after less than it has become.
            sql::set_state(tx, kept.id, State::Open, now)?;
            Ok(Some((kept.id, Some(before))))
        }
        _ => {
            let id = AlertId::new(now);
            sql::insert(tx, id, alert, now)?;
            Ok(Some((id, None)))
        }
    }
}

/// The instance, in the workspace an alert is about: its admins read the line.
fn by_system(workspace: Option<WorkspaceId>) -> Actor {
    match workspace {
        Some(workspace) => Actor::system().in_workspace(workspace.to_string()),
        None => Actor::system(),
    }
}

fn trimmed(alert: &Alert) -> Alert {
    Alert {
        key: text::shorten(&alert.key, KEY).into_owned(),
        title: text::shorten(&alert.title, TITLE).into_owned(),
        text: text::shorten(&alert.text, TEXT).into_owned(),
        severity: alert.severity,
        workspace: alert.workspace,
    }
}

/// Says that what an alert was about is over. Without one nothing happens.
pub async fn settle(site: &Site, key: &str) -> Result<(), Error> {
    let (now, key) = (site.clock.now(), text::shorten(key, KEY).into_owned());
    let open = {
        let key = key.clone();
        site.system.read(move |conn| sql::newest(conn, &key))
    };
    if open.await?.is_none_or(|kept| kept.state.is_over()) {
        return Ok(());
    }
    site.system
        .write(move |tx| {
            let Some(kept) = sql::newest(tx, &key)?.filter(|kept| !kept.state.is_over()) else {
                return Ok(());
            };
            sql::set_state(tx, kept.id, State::Settled, now)?;
            let actor = by_system(kept.alert.workspace);
            let entry = Entry::new(now, &actor, "alert.settled", kept.alert.title);
            let entry = entry.on("alert", kept.id.to_string());
            journal::record(tx, &entry.with(json!({ "key": key, "by": "the system" })))
        })
        .await
}
