//! What is looked at while nobody asks: every check each few minutes, the chain
//! and our own routes each day, the clock each minute.

use std::path::Path;
use std::time::Duration;

use super::actions;
use super::checks;
use super::facts::{Facts, uptime};
use super::pages::{Trust, scan};
use crate::base::Time;
use crate::store::Error;

/// How often the clock is held against the machine's own count.
const BEAT: Duration = Duration::from_mins(1);
/// Beats from one look to the next.
const BEATS: u32 = 5;
/// How often what takes long is done.
const DAILY: i64 = Time::DAY;
/// Between two beats the clock may be put right by this much.
const SLACK: i64 = 2 * Time::MINUTE;

/// Until the server ends.
pub async fn watch(trust: Trust) {
    let mut beat = tokio::time::interval(BEAT);
    let (mut pulse, mut left) = (Pulse::default(), 0);
    loop {
        beat.tick().await;
        let now = trust.site().clock.now();
        let count = uptime(Path::new("/"));
        if let Some(jump) = count.and_then(|count| pulse.beat(now, count)) {
            tracing::warn!("the clock jumped by {jump} milliseconds");
            if let Err(error) = actions::jumped(trust.site(), jump).await {
                tracing::error!("that the clock jumped could not be written down: {error}");
            }
            left = 0;
        }
        if left == 0 {
            left = BEATS;
            if let Err(error) = look(&trust).await {
                tracing::error!("the promises could not be looked at: {error}");
            }
        }
        left -= 1;
    }
}

/// Looks at everything once, and keeps what changed.
pub async fn look(trust: &Trust) -> Result<(), Error> {
    look_long(trust, DAILY).await?;
    let facts = Facts::of(trust.site(), true).await?;
    actions::keep(trust.site(), checks::look(&facts)).await?;
    Ok(())
}

/// Does again what takes long and was not done for that long.
pub async fn look_long(trust: &Trust, every: i64) -> Result<(), Error> {
    let site = trust.site();
    let (now, done) = (
        site.clock.now(),
        site.system.read(super::sql::long_looks).await?,
    );
    let is_due = |name: &str| {
        let last = done.iter().find(|long| long.name == name);
        // A clock that was put back makes nothing young.
        last.is_none_or(|long| long.at.plus(every) <= now || long.at > now)
    };
    if is_due("chain") {
        actions::keep_long(site, actions::read_chain(site).await?).await?;
    }
    if is_due("surface") {
        actions::keep_long(site, scan(trust).await).await?;
    }
    Ok(())
}

/// The wall clock against a count that nobody sets.
#[derive(Debug, Default)]
struct Pulse {
    last: Option<(Time, i64)>,
}

impl Pulse {
    /// By how much the clock left the count since the last beat, when that is more
    /// than putting it right explains.
    fn beat(&mut self, now: Time, count: i64) -> Option<i64> {
        let before = self.last.replace((now, count));
        let (then, since) = before?;
        let jump = (now.0 - then.0) - (count - since);
        (jump.abs() > SLACK).then_some(jump)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_either_way_is_noticed_once_and_a_slow_clock_is_not() {
        let mut pulse = Pulse::default();
        let minute = Time::MINUTE;
        assert_eq!(pulse.beat(Time(0), 0), None);
        assert_eq!(pulse.beat(Time(minute + 500), minute), None);
        let ahead = Time(2 * minute + Time::DAY);
        assert_eq!(pulse.beat(ahead, 2 * minute), Some(Time::DAY - 500));
        assert_eq!(pulse.beat(ahead.plus(minute), 3 * minute), None);
        assert_eq!(pulse.beat(Time(4 * minute), 4 * minute), Some(-Time::DAY));
        // Asleep for a week: both go on.
        let slept = 7 * Time::DAY;
        assert_eq!(
            pulse.beat(Time(5 * minute + slept), 5 * minute + slept),
            None
        );
    }
}
