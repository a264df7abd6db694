//! What looks, again and again, whether something is due.

use std::time::Duration;

use super::{actions, keep};
use crate::site::Site;

/// How often.
const ROUND: Duration = Duration::from_mins(1);

/// Goes on until it is stopped.
pub async fn watch(site: Site) {
    if let Err(error) = keep::cut_off(&site).await {
        tracing::error!("archives that were cut off could not be noted: {error}");
    }
    let mut round = tokio::time::interval(ROUND);
    loop {
        round.tick().await;
        if let Err(error) = actions::round(&site).await {
            tracing::error!("what is due could not be destroyed: {error}");
        }
    }
}
