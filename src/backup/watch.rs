//! What backups need while nobody asks: points in their slots, what is old
//! destroyed, restore tests, and a word when something of it does not happen.

use std::time::Duration;

use tokio::runtime::Handle;

use super::lock::Lock;
use super::make::{self, Wanted, make};
use super::model::State;
use super::{Error, Reason, Standing, actions, keys, prove, prune, schedule, told};
use crate::base::Time;
use crate::journal::Actor;
use crate::site::Site;

/// How often somebody looks whether something is due.
const ROUND: Duration = Duration::from_mins(1);
/// How long after a try that failed the next one comes.
const AGAIN: i64 = 10 * Time::MINUTE;
/// The longest that may go without a restore test that succeeded.
pub(super) const TEST_LIMIT: i64 = 90 * Time::DAY;

/// Until the server ends.
pub async fn watch(site: Site) {
    if let Err(error) = actions::give_up(&site).await {
        tracing::error!("what was left of a backup could not be looked at: {error}");
    }
    let mut minutes = tokio::time::interval(ROUND);
    minutes.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        minutes.tick().await;
        if let Err(error) = round(&site).await {
            tracing::error!("backups: {error}");
        }
    }
}

/// One look: does what is due, says what is late.
pub async fn round(site: &Site) -> Result<(), Error> {
    let standing = actions::standing(site).await?;
    if standing.destinations.is_empty() || standing.holders.is_empty() {
        return Ok(());
    }
    let now = site.clock.now();
    if standing.plan.waits.is_none() {
        shred(site, &standing).await?;
        make_if_due(site, &standing, now).await?;
        prune(site).await.map(drop).or_else(busy)?;
    }
    let standing = actions::standing(site).await?;
    if standing.is_late(now) {
        say_late(site, &standing, now).await?;
    }
    if standing.plan.waits.is_none() && standing.test_is_due(now) {
        prove(site, &Actor::system())
            .await
            .map(drop)
            .or_else(busy)?;
    }
    if actions::standing(site).await?.test_is_overdue(now)
        && told::first_since(site, "overdue", now.plus(-Time::DAY)).await?
    {
        actions::overdue(site).await?;
    }
    for hold in &standing.holds {
        let is_past = hold.released.is_none() && hold.review < now;
        let day = now.plus(-Time::DAY);
        if is_past && told::first_since(site, &hold.id.to_string(), day).await? {
            actions::tell_hold(site, hold).await?;
        }
    }
    Ok(())
}

/// Somebody else is at it: the next round looks again.
fn busy(error: Error) -> Result<(), Error> {
    match error {
        Error::Busy => Ok(()),
        other => Err(other),
    }
}

async fn make_if_due(site: &Site, standing: &Standing, now: Time) -> Result<(), Error> {
    let slot = standing.plan.schedule.latest(now);
    let last = { standing.points.iter() }
        .filter(|one| matches!(one.state, State::Whole | State::Degraded))
        .find_map(|one| one.slot);
    if !standing.plan.is_on || !schedule::is_due(slot, last) {
        return Ok(());
    }
    let tried = standing.points.iter().find(|one| one.slot == Some(slot.at));
    if tried.is_some_and(|one| (0..AGAIN).contains(&(now.0 - one.began.0))) {
        return Ok(());
    }
    let has_night = { standing.points.iter() }
        .any(|one| one.is_full() && one.slot.is_some() && one.began >= night_of(standing, now));
    let wanted = Wanted {
        actor: Actor::system(),
        reason: Reason::Slot,
        slot: Some(slot.at),
        // Also when the night's own slot was missed.
        is_full: slot.is_full || !has_night,
    };
    match make(site, wanted).await {
        // It was told to those who want to know.
        Ok(_) | Err(Error::Busy) => Ok(()),
        Err(error) => {
            tracing::error!("no backup was made: {error}");
            Ok(())
        }
    }
}

/// The newest moment at which a full point was due.
fn night_of(standing: &Standing, now: Time) -> Time {
    let daily = schedule::Schedule {
        every: 24,
        ..standing.plan.schedule.clone()
    };
    daily.latest(now).at
}

async fn say_late(site: &Site, standing: &Standing, now: Time) -> Result<(), Error> {
    let slot = standing.plan.schedule.latest(now);
    let why = match (&standing.plan.waits, standing.points.first()) {
        (Some(waits), _) => format!("Backups wait: {waits}."),
        (None, Some(point)) => match &point.fault {
            Some(fault) => format!("The last try: {fault}."),
            None => "Look at the Backup page.".to_owned(),
        },
        (None, None) => "Look at the Backup page.".to_owned(),
    };
    // Once for a slot, not once a minute.
    if told::first_since(site, "late", slot.at).await? {
        actions::raise_late(site, slot.at, &why).await?;
    }
    Ok(())
}

/// A key that was destroyed goes from the sealed keyrings as well, at once.
async fn shred(site: &Site, standing: &Standing) -> Result<(), Error> {
    if keys::forget_ended(&site.keyring)? == 0 {
        return Ok(());
    }
    let lock = match Lock::take(&site.config.data) {
        // What is being made now takes a keyring along that knows nothing of it.
        Err(Error::Busy) => return Ok(()),
        taken => taken?,
    };
    let tombstones = actions::tombstones(site).await?;
    let (here, runtime) = (site.clone(), Handle::current());
    let (holders, destinations) = (standing.holders.clone(), standing.destinations.clone());
    let work = move || {
        let mut targets = make::open(&here, destinations, &runtime);
        make::renew_keyring(&here, holders, tombstones, (&lock, &mut targets))
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_panicked| Error::Stopped)?
}
