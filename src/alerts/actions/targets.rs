//! Who is told of alerts.

use aws_lc_rs::rand;
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

use crate::alerts::model::Error;
use crate::alerts::target::{NewTarget, Target, TargetId, Way};
use crate::alerts::{sql, webhook};
use crate::base::Secret;
use crate::journal::{self, Entry};
use crate::mail::{self, Kind, Letter, Recipient, Words};
use crate::site::Site;
use crate::store::Error as StoreError;
use crate::web::Viewer;

use super::key;

/// Keeps a target. Gives the secret that a webhook checks signatures with: it
/// is shown once and never again.
pub(in crate::alerts) async fn add(
    site: &Site,
    who: &Viewer,
    new: NewTarget,
) -> Result<Option<Secret>, Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    let mut target = Target {
        id: TargetId::new(now),
        way: new.way,
        place: new.place,
        severity: new.severity,
        ca: new.ca,
        sealed: None,
        sent: None,
        fault: None,
    };
    let secret = match target.way {
        Way::Mail => None,
        Way::Webhook => Some(secret()?),
    };
    if let Some(secret) = &secret {
        let bytes = secret.reveal().as_bytes();
        target.sealed = Some(key(site)?.seal(&target.seal_place(), bytes)?);
    }
    site.system
        .write(move |tx| {
            sql::add_target(tx, &target, now)?;
            let entry = Entry::new(now, &actor, "alert_target.added", target.shown());
            let entry = entry.on("alert_target", target.id.to_string());
            let detail = json!({ "way": target.way.name(), "from": target.severity.name() });
            journal::record(tx, &entry.with(detail))?;
            Ok::<_, Error>(())
        })
        .await?;
    Ok(secret)
}

fn secret() -> Result<Secret, StoreError> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_unspecified| StoreError::NoRandomness)?;
    Ok(BASE64URL_NOPAD.encode(&bytes).into())
}

/// Tells them no more; what is on its way to them is thrown away.
pub(in crate::alerts) async fn remove(
    site: &Site,
    who: &Viewer,
    id: TargetId,
) -> Result<Target, StoreError> {
    let (now, actor) = (site.clock.now(), who.actor());
    site.system
        .write(move |tx| {
            let target = sql::target(tx, id)?;
            sql::drop_target(tx, id)?;
            let entry = Entry::new(now, &actor, "alert_target.removed", target.shown());
            journal::record(tx, &entry.on("alert_target", id.to_string()))?;
            Ok(target)
        })
        .await
}

/// Sends what says of itself that it is a test. Mail goes into the queue, a
/// webhook is asked at once. Gives the target, and why it did not work.
pub(in crate::alerts) async fn try_out(
    site: &Site,
    who: &Viewer,
    id: TargetId,
) -> Result<(Target, Option<String>), StoreError> {
    let target = site.system.read(move |conn| sql::target(conn, id)).await?;
    let fault = match target.way {
        Way::Mail => by_mail(site, &target).await,
        Way::Webhook => {
            let body = webhook::trial(site.clock.now()).to_string();
            let key = key(site)?;
            webhook::send(site, (&target, &key), (&id.to_string(), body))
                .await
                .err()
        }
    };
    let (now, actor) = (site.clock.now(), who.actor());
    let (told, why) = (target.shown(), fault.clone());
    let is_webhook = target.way == Way::Webhook;
    site.system
        .write(move |tx| {
            if is_webhook {
                sql::note_target(tx, id, why.as_deref(), now)?;
            }
            let entry = Entry::new(now, &actor, "alert_target.tested", told);
            let entry = entry.on("alert_target", id.to_string());
            let entry = match why {
                Some(why) => entry.failed(why),
                None => entry,
            };
            journal::record(tx, &entry)
        })
        .await?;
    Ok((target, fault))
}

async fn by_mail(site: &Site, target: &Target) -> Option<String> {
    let letter = Letter {
        kind: Kind::Alert,
        to: Recipient::at(&*target.place),
        subject: "Onsight: a test of alerts".to_owned(),
        words: Words {
            paragraphs: vec![
                "This is a test: alerts of Onsight are sent to this address.".to_owned(),
            ],
            ..Words::default()
        },
    };
    match mail::send(site, vec![letter]).await {
        Ok(true) => None,
        Ok(false) => Some("there is no server for mail yet; name one first".to_owned()),
        Err(error) => Some(error.to_string()),
    }
}
