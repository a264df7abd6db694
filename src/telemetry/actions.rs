//! What an operator decides about reports and figures.

use serde_json::json;

use crate::base::Secret;
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store;

use super::model::{Error, InstanceId, Report, Sent, State};
use super::{collect, signed, sql};

/// The same person, for what concerns the instance and not the workspace they
/// happen to be in.
fn for_instance(actor: &Actor) -> Actor {
    Actor {
        workspace: None,
        ..actor.clone()
    }
}

/// How reports stand.
pub async fn state(site: &Site) -> Result<State, store::Error> {
    let read = |conn: &store::Connection| {
        Ok(State {
            choice: sql::choice(conn)?,
            sent: sql::sent(conn)?,
        })
    };
    site.system.read(read).await
}

/// Whether an operator was asked and answered.
pub async fn is_decided(site: &Site) -> Result<bool, store::Error> {
    Ok(site.system.read(sql::choice).await?.is_some())
}

/// The report that would go now: under the name there is, or one made for the
/// moment to show what a report looks like.
pub async fn preview(site: &Site) -> Result<Report, Error> {
    let choice = site.system.read(sql::choice).await?;
    let instance = match choice.and_then(|choice| choice.instance) {
        Some(instance) => instance,
        None => InstanceId::random()?,
    };
    collect::report(site, instance).await
}

/// Agrees to reports, under that name. Agreed again, the name is another from
/// now on.
pub async fn agree(site: &Site, actor: &Actor, instance: InstanceId) -> Result<(), store::Error> {
    let (now, actor) = (site.clock.now(), for_instance(actor));
    site.system
        .write(move |tx| {
            let was_on = sql::choice(tx)?.is_some_and(|choice| choice.instance.is_some());
            sql::choose(tx, Some(&instance), now, &actor.name)?;
            let action = if was_on {
                "telemetry.renewed"
            } else {
                "telemetry.switched_on"
            };
            journal::record(tx, &Entry::new(now, &actor, action, "usage reports"))
        })
        .await
}

/// Wants no reports, and forgets the name of the instance.
pub async fn decline(site: &Site, actor: &Actor) -> Result<(), store::Error> {
    let (now, actor) = (site.clock.now(), for_instance(actor));
    site.system
        .write(move |tx| {
            sql::choose(tx, None, now, &actor.name)?;
            let entry = Entry::new(now, &actor, "telemetry.switched_off", "usage reports");
            journal::record(tx, &entry)
        })
        .await
}

/// Puts the report of now into a signed file and the ledger.
pub async fn take_file(site: &Site, actor: &Actor) -> Result<String, Error> {
    let choice = site.system.read(sql::choice).await?;
    let instance = choice.and_then(|choice| choice.instance);
    let report = collect::report(site, instance.ok_or(Error::Off)?).await?;
    let body = report.bytes()?;
    let file = signed::file(site.signer(), &body)?;
    let (mut sent, actor) = (about_to_leave(site, &body, ""), for_instance(actor));
    sent.is_file = true;
    sent.answer = Some("written into a file".to_owned());
    site.system
        .write(move |tx| {
            let number = sql::begin_sending(tx, &sent)?;
            let entry = Entry::new(sent.at, &actor, "telemetry.file_taken", "usage report");
            let facts = json!({"number": number, "bytes": sent.body.len(), "sha256": sent.sha256});
            journal::record(tx, &entry.with(facts))
        })
        .await?;
    Ok(file)
}

fn about_to_leave(site: &Site, body: &str, endpoint: &str) -> Sent {
    Sent {
        id: 0,
        at: site.clock.now(),
        is_file: false,
        endpoint: endpoint.to_owned(),
        body: body.to_owned(),
        sha256: journal::hex(&journal::sha256(body.as_bytes())),
        status: None,
        answer: None,
    }
}

/// Writes into the ledger that a report leaves now, before it does.
pub(super) async fn begin_sending(
    site: &Site,
    body: &str,
    endpoint: &str,
) -> Result<i64, store::Error> {
    let sent = about_to_leave(site, body, endpoint);
    site.system
        .write(move |tx| {
            let number = sql::begin_sending(tx, &sent)?;
            let actor = Actor::command_line();
            let entry = Entry::new(sent.at, &actor, "telemetry.sending", sent.endpoint.clone());
            let facts = json!({"number": number, "bytes": sent.body.len(), "sha256": sent.sha256});
            journal::record(tx, &entry.with(facts))?;
            Ok(number)
        })
        .await
}

/// Writes down what became of it.
pub(super) async fn end_sending(
    site: &Site,
    number: i64,
    status: Option<u16>,
    answer: String,
) -> Result<(), store::Error> {
    let (now, endpoint) = (site.clock.now(), site.config.telling.endpoint.clone());
    site.system
        .write(move |tx| {
            sql::end_sending(tx, number, status, &answer)?;
            let actor = Actor::command_line();
            let entry = Entry::new(now, &actor, "telemetry.sent", endpoint.unwrap_or_default());
            let entry = match status {
                Some(200..300) => entry,
                _ => entry.failed(answer),
            };
            journal::record(tx, &entry.with(json!({"number": number, "status": status})))
        })
        .await
}

/// Makes the token that opens the figures, in place of the one there was.
pub(super) async fn make_token(
    site: &Site,
    actor: &Actor,
    (token, hash): (Secret, Vec<u8>),
) -> Result<Secret, store::Error> {
    let (now, actor) = (site.clock.now(), for_instance(actor));
    site.system
        .write(move |tx| {
            sql::set_token(tx, &hash, now, &actor.name)?;
            let entry = Entry::new(now, &actor, "metrics.token_made", "token for the figures");
            journal::record(tx, &entry)
        })
        .await?;
    Ok(token)
}

/// From now on the figures are shown to nobody.
pub(super) async fn forget_token(site: &Site, actor: &Actor) -> Result<(), store::Error> {
    let (now, actor) = (site.clock.now(), for_instance(actor));
    site.system
        .write(move |tx| {
            if sql::forget_token(tx)? {
                let object = "token for the figures";
                journal::record(
                    tx,
                    &Entry::new(now, &actor, "metrics.token_removed", object),
                )?;
            }
            Ok(())
        })
        .await
}

/// Writes down that the server began to serve, and with which program. Gives
/// the hash that the same version had before, when it was another.
pub(super) async fn started(
    site: &Site,
    sha256: Option<String>,
) -> Result<Option<String>, store::Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            let version = env!("CARGO_PKG_VERSION");
            sql::started(tx, now)?;
            let actor = Actor::system();
            let entry = Entry::new(now, &actor, "server.started", version);
            let facts = json!({"version": version, "sha256": sha256});
            journal::record(tx, &entry.with(facts))?;
            let Some(sha256) = sha256 else {
                return Ok(None);
            };
            let before = sql::program(tx, version)?.filter(|before| *before != sha256);
            sql::keep_program(tx, version, &sha256, now)?;
            Ok(before)
        })
        .await
}
