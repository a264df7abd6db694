//! One record: everything it says, what changed, and its proof.

use askama::Template;
use axum::extract::{Path, State};
use serde_json::Value;

use crate::audit::filter::Scope;
use crate::audit::sql;
use crate::base::Time;
use crate::journal::{Link, hex, holds};
use crate::site::Site;
use crate::web::{Error, Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "audit/record.html")]
pub(super) struct RecordPage {
    shell: Shell,
    scope: Scope,
    link: Link,
    /// Name and value of what is not empty.
    facts: Vec<(&'static str, String)>,
    /// Name, before, after.
    changes: Vec<(String, String, String)>,
    detail: Vec<(String, String)>,
    before: String,
    hash: String,
    holds: bool,
    /// The checkpoint that covers it: up to which record, and when.
    covered: Option<(i64, Time)>,
}

pub(super) async fn workspace(
    State(site): State<Site>,
    viewer: Viewer,
    Path(seq): Path<String>,
) -> Result<Page<RecordPage>> {
    let scope = Scope::Workspace(viewer.person.workspace);
    show(&site, &viewer, scope, &seq).await
}

pub(super) async fn instance(
    State(site): State<Site>,
    viewer: Viewer,
    Path(seq): Path<String>,
) -> Result<Page<RecordPage>> {
    show(&site, &viewer, Scope::Instance, &seq).await
}

async fn show(site: &Site, viewer: &Viewer, scope: Scope, seq: &str) -> Result<Page<RecordPage>> {
    let seq: i64 = seq.parse().map_err(|_no_number| Error::NotFound)?;
    let (found, covered) = site
        .system
        .read(move |conn| {
            let found = sql::one(conn, scope, seq)?;
            Ok::<_, crate::store::Error>((found, sql::covered(conn, seq)?))
        })
        .await?;
    let found = found.ok_or(Error::NotFound)?;
    let link = found.link;
    Ok(Page(RecordPage {
        shell: Shell::of(viewer, "audit"),
        scope,
        facts: facts(&link),
        changes: changes(&link.past.diff),
        detail: detail(&link.past.detail),
        holds: holds(&found.before, &link),
        before: hex(&found.before),
        hash: hex(&link.hash),
        covered: covered.map(|(seq, at)| (seq, Time(at))),
        link,
    }))
}

fn facts(link: &Link) -> Vec<(&'static str, String)> {
    let past = &link.past;
    let rows = past.row_count.map(|rows| rows.to_string());
    let all = [
        ("Who", past.actor_name.clone()),
        ("E-mail", past.email.clone()),
        ("Kind", past.actor_kind.clone()),
        ("Person’s id", past.actor.clone().unwrap_or_default()),
        ("Break-glass grant", past.grant.clone()),
        ("Through", past.via.clone()),
        ("Signed in by", past.method.clone()),
        ("Session or key", past.session.clone()),
        ("Address", past.address.clone()),
        ("Proxies", past.proxies.clone()),
        ("Device", past.device.clone()),
        ("Browser", past.browser.clone()),
        ("System", past.system.clone()),
        ("Request", past.request.clone()),
        ("Object", past.object.clone()),
        ("Kind of object", past.kind.clone()),
        ("Object’s id", past.object_id.clone()),
        ("Rows", rows.unwrap_or_default()),
        ("Reason", past.reason.clone()),
        ("Workspace", past.workspace.clone()),
        ("Written to", format!("{}, line {}", link.file, past.line)),
    ];
    all.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

fn changes(diff: &str) -> Vec<(String, String, String)> {
    let Ok(Value::Object(fields)) = serde_json::from_str(diff) else {
        return Vec::new();
    };
    fields
        .into_iter()
        .map(|(name, pair)| (name, words(&pair[0]), words(&pair[1])))
        .collect()
}

fn detail(detail: &str) -> Vec<(String, String)> {
    match serde_json::from_str(detail) {
        Ok(Value::Object(fields)) => fields
            .into_iter()
            .map(|(name, value)| (name, words(&value)))
            .collect(),
        _ => Vec::new(),
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
