//! What looks, again and again, whether answers are due.

use std::time::Duration;

use super::removing::finish;
use super::rounds::round;
use crate::site::Site;

/// How often erasures are gone on with that somebody's reading held up.
const OFTEN: Duration = Duration::from_mins(1);
/// Rules are looked at at the beginning and once in so many looks.
const RULES: u32 = 60;

/// Goes on until it is stopped.
pub async fn watch(site: Site) {
    let mut beat = tokio::time::interval(OFTEN);
    let mut looks: u32 = 0;
    loop {
        beat.tick().await;
        let done = if looks.is_multiple_of(RULES) {
            round(&site).await.map(|_surveys| ())
        } else {
            finish(&site).await
        };
        looks = looks.wrapping_add(1);
        if let Err(error) = done {
            tracing::error!("answers that are due could not be looked at: {error}");
        }
    }
}
