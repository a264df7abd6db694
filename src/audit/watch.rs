//! What the trail needs while nobody asks: signatures every hour, old records
//! sealed once a day.

use std::time::Duration;

use super::actions;
use crate::site::Site;

/// Until the server ends.
pub async fn watch(site: Site) {
    let mut hourly = tokio::time::interval(Duration::from_hours(1));
    loop {
        hourly.tick().await;
        if let Err(error) = site.checkpoint().await {
            tracing::error!("the head of the audit chain could not be signed: {error}");
        }
        match actions::seal_old(&site).await {
            Ok(0) => {}
            Ok(sealed) => tracing::info!("{sealed} old audit records were sealed into a file"),
            Err(error) => tracing::error!("old audit records could not be sealed: {error}"),
        }
    }
}
