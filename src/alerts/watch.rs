//! What goes on while nobody asks: rules read along, states are looked at, and
//! those who asked for it are told.

use std::time::Duration;

use super::actions::{hand_over, tell};
use super::checks;
use super::reading::Reader;
use crate::base::Time;
use crate::site::Site;

/// How often the rules read, and messages leave.
const ROUND: Duration = Duration::from_secs(2);
/// How often states are looked at, and how often the whole chain is read.
const LOOKS: i64 = 5 * Time::MINUTE;
const PROOFS: i64 = Time::DAY;

/// Until the server ends.
pub async fn watch(site: Site) {
    tokio::join!(read(site.clone()), look(site.clone()), send(site));
}

async fn read(site: Site) {
    let mut reader = Reader::new(site);
    let mut round = tokio::time::interval(ROUND);
    loop {
        round.tick().await;
        if let Err(error) = reader.read().await {
            tracing::error!("the rules could not read the journal: {error}");
        }
    }
}

async fn look(site: Site) {
    let mut round = tokio::time::interval(ROUND);
    let (mut looked, mut proved) = (Time(0), site.clock.now());
    loop {
        round.tick().await;
        let now = site.clock.now();
        if now >= looked.plus(LOOKS) {
            looked = now;
            if let Err(error) = checks::look(&site).await {
                tracing::error!("the state of the instance could not be looked at: {error}");
            }
        }
        if now >= proved.plus(PROOFS) {
            proved = now;
            if let Err(error) = checks::chain(&site).await {
                tracing::error!("the audit chain could not be read: {error}");
            }
        }
    }
}

async fn send(site: Site) {
    let mut round = tokio::time::interval(ROUND);
    loop {
        round.tick().await;
        if let Err(error) = tell(&site).await {
            tracing::error!("nobody could be told of alerts: {error}");
        }
        if let Err(error) = hand_over(&site).await {
            tracing::error!("messages to webhooks could not be handed over: {error}");
        }
    }
}
