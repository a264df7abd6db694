//! What is looked at by the hour: copies from before upgrades, and the image.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::alerts::{self, Alert, Severity};
use crate::site::Site;
use crate::store;

use super::actions;
use super::image::Image;

const ROUND: Duration = Duration::from_hours(1);
const KEY: &str = "image.age";

/// Looks for as long as the server runs.
pub async fn watch(site: Site) {
    let mut round = tokio::time::interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut said = None;
    loop {
        round.tick().await;
        if let Err(error) = actions::forget_snapshots(&site).await {
            tracing::error!("snapshots that are a week old stay: {error}");
        }
        let image = Image::this(site.clock.now());
        let days = image.filter(|image| image.is_old).map(|image| image.days);
        // Once a day is enough to count it up.
        if said != Some(days) {
            match tell_of(&site, days).await {
                Ok(()) => said = Some(days),
                Err(error) => tracing::error!("nobody could be told of the image: {error}"),
            }
        }
    }
}

/// `days`: how old the image is, when that is too old.
async fn tell_of(site: &Site, days: Option<i64>) -> Result<(), store::Error> {
    let Some(days) = days else {
        return alerts::settle(site, KEY).await;
    };
    let alert = Alert {
        key: KEY.to_owned(),
        severity: Severity::Warning,
        title: "The image is old".to_owned(),
        text: format!(
            "This server runs from an image that was built {days} days ago. Images are built \
             anew every day, with the patches of that day: fetch the newest and start from it."
        ),
        workspace: None,
    };
    alerts::raise(site, alert).await
}
