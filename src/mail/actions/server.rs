//! Naming the server that takes mail, and trying it.

use serde_json::Value;

use crate::base::Secret;
use crate::journal::{self, Entry};
use crate::mail::form::Draft;
use crate::mail::letter::{Body, Words};
use crate::mail::model::LetterId;
use crate::mail::server::Server;
use crate::mail::smtp::{Session, Step, Trouble};
use crate::mail::{message, sql};
use crate::site::Site;
use crate::store::Error;
use crate::web::Viewer;

use super::{called, key};

/// Keeps the server. A password given for one destination goes to no other:
/// when that changes and none is entered, it is forgotten. Gives whether one is
/// missing now.
pub(in crate::mail) async fn save(site: &Site, who: &Viewer, draft: Draft) -> Result<bool, Error> {
    let (now, actor, key) = (site.clock.now(), who.actor(), key(site)?);
    let new = match &draft.password {
        Some(words) => Some(key.seal_secret(&draft.server.place(), words)?),
        None => None,
    };
    let server = draft.server;
    site.system
        .write(move |tx| {
            let before = sql::server(tx)?;
            let is_new = new.is_some();
            let kept = before
                .as_ref()
                .filter(|kept| kept.server.place() == server.place())
                .and_then(|kept| kept.sealed.clone());
            let sealed = new.or(kept).filter(|_| !server.user.is_empty());
            sql::keep_server(tx, &server, sealed.as_deref(), now)?;
            let described = before.map_or(Value::Null, |kept| kept.server.described());
            let entry = Entry::new(now, &actor, "mail_server.changed", &*server.host);
            let entry = entry.changed(&described, &server.described());
            let detail =
                serde_json::json!({ "new_password": is_new, "has_password": sealed.is_some() });
            journal::record(tx, &entry.with(detail))?;
            Ok(!server.user.is_empty() && sealed.is_none())
        })
        .await
}

/// Forgets the server: letters wait, and new ones are not written.
pub(in crate::mail) async fn stop(site: &Site, who: &Viewer) -> Result<(), Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    site.system
        .write(move |tx| {
            let kept = sql::server(tx)?.ok_or(Error::NotFound)?;
            sql::drop_server(tx)?;
            let entry = Entry::new(now, &actor, "mail_server.removed", &*kept.server.host);
            journal::record(tx, &entry.changed(&kept.server.described(), &Value::Null))
        })
        .await
}

/// The password that goes with what was typed: the typed one, else the kept one
/// if it was given for the same destination.
pub(in crate::mail) async fn password_for(
    site: &Site,
    draft: &Draft,
) -> Result<Option<Secret>, Error> {
    if draft.password.is_some() {
        return Ok(draft.password.clone());
    }
    let kept = site.system.read(sql::server).await?;
    match kept.filter(|kept| kept.server.place() == draft.server.place()) {
        Some(kept) => kept.password(&key(site)?),
        None => Ok(None),
    }
}

/// Sends a letter that says it is a test, at once and past the queue.
pub(in crate::mail) async fn try_out(
    site: &Site,
    server: &Server,
    password: Option<&Secret>,
    to: &str,
) -> Result<(), Trouble> {
    let broken = |why: String| Trouble {
        step: Step::Message,
        why,
        is_final: true,
    };
    let mut session = Session::open(&site.egress, server, password, &called(site)).await?;
    let now = site.clock.now();
    let subject = "Onsight can send mail";
    let words = Words {
        paragraphs: vec![
            "This is a test: an operator of Onsight entered this server for mail, and it works."
                .to_owned(),
        ],
        ..Words::default()
    };
    let body = Body::of(subject, &words).map_err(|error| broken(error.to_string()))?;
    let bytes = message::bytes(
        server,
        (to, ""),
        (LetterId::new(now), now),
        (subject, &body),
    );
    let sent = match bytes {
        Ok(bytes) => session.send(to, &bytes).await,
        Err(why) => Err(broken(why)),
    };
    session.close().await;
    sent
}

/// Says that somebody tried a server, and how that went.
pub(in crate::mail) async fn tested(
    site: &Site,
    who: &Viewer,
    (host, fault): (String, Option<String>),
) -> Result<(), Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    site.system
        .write(move |tx| {
            let entry = Entry::new(now, &actor, "mail_server.tested", host);
            let entry = match fault {
                Some(fault) => entry.failed(fault),
                None => entry,
            };
            journal::record(tx, &entry)
        })
        .await
}
