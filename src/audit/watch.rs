//! What the trail needs while nobody asks: signatures every hour, old records
//! sealed, new ones sent on.

use std::time::Duration;

use super::actions;
use super::forward::{JOURNALD, SYSLOG, Sender};
use crate::site::Site;

/// The longest wait after a destination took nothing.
const PATIENCE: Duration = Duration::from_mins(1);

/// Until the server ends.
pub async fn watch(site: Site) {
    tokio::join!(
        prove(&site),
        forward(Sender::new(site.clone(), SYSLOG)),
        forward(Sender::new(site.clone(), JOURNALD)),
    );
}

async fn prove(site: &Site) {
    let mut hourly = tokio::time::interval(Duration::from_hours(1));
    loop {
        hourly.tick().await;
        if let Err(error) = site.checkpoint().await {
            tracing::error!("the head of the audit chain could not be signed: {error}");
        }
        match actions::seal_old(site).await {
            Ok(0) => {}
            Ok(sealed) => tracing::info!("{sealed} old audit records were sealed into a file"),
            Err(error) => tracing::error!("old audit records could not be sealed: {error}"),
        }
    }
}

async fn forward(mut sender: Sender) {
    let mut wait = Duration::from_secs(1);
    let mut is_well = true;
    loop {
        tokio::time::sleep(wait).await;
        // What is left over goes at once.
        while let Ok(1..) = sent(&mut sender, &mut wait, &mut is_well).await {}
    }
}

async fn sent(sender: &mut Sender, wait: &mut Duration, is_well: &mut bool) -> Result<usize, ()> {
    match sender.push().await {
        Ok(count) => {
            *wait = Duration::from_secs(1);
            *is_well = true;
            Ok(count)
        }
        Err(error) => {
            // Said once, not every minute that it lasts.
            if std::mem::take(is_well) {
                tracing::warn!("audit records wait and are not sent: {error}");
            }
            *wait = (*wait * 2).min(PATIENCE);
            Err(())
        }
    }
}
