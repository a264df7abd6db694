//! Destroys what its time has come for, at every destination, and writes each
//! of it into the ledger.

use tokio::runtime::Handle;

use super::lock::Lock;
use super::model::{Destination, Destroyed, Point, State};
use super::places::Place;
use super::retention::{Gone, HARD_CAP, Kept, gone};
use super::target::Target;
use super::{Error, actions, told};
use crate::base::Time;
use crate::sanity;
use crate::site::Site;

/// What was destroyed at a destination: the point, why, how many files.
type Done = (String, String, u64);

/// Destroys what has to go now. Gives how many copies went. Nothing goes while
/// the time is in doubt.
pub async fn prune(site: &Site) -> Result<usize, Error> {
    let standing = actions::standing(site).await?;
    if standing.plan.waits.is_some() || !sanity::is_sound(site).await? {
        return Ok(0);
    }
    let now = site.clock.now();
    let nights = usize::try_from(standing.plan.nights).unwrap_or(7);
    let kept: Vec<Kept> = standing.points.iter().map(as_kept).collect();
    let old = gone(&kept, nights, now);
    let is_held_whole = standing
        .holds
        .iter()
        .any(|hold| hold.released.is_none() && hold.point.is_none());
    // Once an hour what lies at the destinations is looked at, whatever is known.
    if old.is_empty() && !told::first_since(site, "sweep", now.plus(-Time::HOUR)).await? {
        return Ok(0);
    }
    let known: Vec<String> = standing.points.iter().map(|one| one.id.clone()).collect();
    let lock = Lock::take(&site.config.data)?;
    let (here, runtime) = (site.clone(), Handle::current());
    let destinations = standing.destinations.clone();
    let work = move || {
        let mut done = Vec::new();
        for destination in destinations {
            let mut target = Target::open(&here, destination.clone(), &runtime);
            let swept = sweep(&mut target, &old, &known, (now, is_held_whole));
            done.push((destination, swept));
        }
        drop(lock);
        (done, old)
    };
    let (done, old) = tokio::task::spawn_blocking(work)
        .await
        .map_err(|_panicked| Error::Stopped)?;
    let (count, is_everywhere) = note_all(site, done).await?;
    if is_everywhere {
        forget_lost(site, &standing.points, old).await?;
    }
    Ok(count)
}

/// Writes down what went at each destination. Gives how many copies that were,
/// and whether every destination was reached.
async fn note_all(
    site: &Site,
    done: Vec<(Destination, Result<Vec<Done>, Error>)>,
) -> Result<(usize, bool), Error> {
    let (mut count, mut is_everywhere) = (0, true);
    for (destination, swept) in done {
        match swept {
            Ok(swept) => {
                count += swept.len();
                for line in swept {
                    record(site, line, &destination).await?;
                }
            }
            Err(error) => {
                is_everywhere = false;
                tracing::warn!(
                    "backups at {} are not destroyed yet: {error}",
                    destination.name
                );
            }
        }
    }
    Ok((count, is_everywhere))
}

/// Points that lie nowhere: they failed, or all their copies went before.
async fn forget_lost(site: &Site, points: &[Point], old: Vec<Gone>) -> Result<(), Error> {
    for one in old {
        let known = points.iter().find(|point| point.id == one.id);
        if let Some(point) = known.filter(|point| point.copies.is_empty()) {
            let line = (one.id, one.why.to_owned(), 0);
            record_gone(site, line, ("nowhere", None, point.began)).await?;
        }
    }
    Ok(())
}

fn as_kept(point: &Point) -> Kept {
    Kept {
        id: point.id.clone(),
        at: point.began,
        reason: point.reason,
        base: point.base.clone(),
        is_whole: matches!(point.state, State::Whole | State::Degraded),
        is_held: point.is_held,
    }
}

/// Destroys at one destination what goes, and what nobody knows and is too old.
fn sweep(
    target: &mut Target,
    old: &[Gone],
    known: &[String],
    (now, is_held): (Time, bool),
) -> Result<Vec<Done>, Error> {
    let place = target.place()?;
    let paths = place.list("points/")?;
    let mut there: Vec<&str> = { paths.iter() }
        .filter_map(|path| path.strip_prefix("points/")?.split('/').next())
        .collect();
    there.dedup();
    let mut done = Vec::new();
    for id in there {
        let why = match old.iter().find(|one| one.id == id) {
            Some(one) => one.why,
            // From before a restore, or cut off: only its name tells its age.
            None if !known.iter().any(|known| known == id) && !is_held => match made(id) {
                Some(made) if now.0 - made.0 > HARD_CAP => {
                    "older than 30 days, and not in the list"
                }
                _ => continue,
            },
            None => continue,
        };
        let files = destroy(&mut **place, id, &paths)?;
        done.push((id.to_owned(), why.to_owned(), files));
    }
    Ok(done)
}

/// The manifest goes first: what is left without one is no point.
fn destroy(place: &mut dyn Place, id: &str, paths: &[String]) -> Result<u64, Error> {
    let folder = format!("points/{id}/");
    let manifest = format!("{folder}{}", super::manifest::NAME);
    let mut mine: Vec<&String> = paths
        .iter()
        .filter(|path| path.starts_with(&folder))
        .collect();
    mine.sort_by_key(|path| **path != manifest);
    for path in &mine {
        place.remove(path)?;
    }
    Ok(mine.len() as u64)
}

/// When a point of that name was made.
fn made(id: &str) -> Option<Time> {
    let stamp = id.split('-').next()?;
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", stamp).ok()?;
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Time(at.timestamp().as_millisecond()))
}

async fn record(site: &Site, line: Done, destination: &Destination) -> Result<(), Error> {
    let made = made(&line.0).unwrap_or(Time(0));
    record_gone(site, line, (&destination.name, Some(destination.id), made)).await
}

async fn record_gone(
    site: &Site,
    (point, why, files): Done,
    (destination, id, made): (&str, Option<super::DestinationId>, Time),
) -> Result<(), Error> {
    let line = Destroyed {
        at: site.clock.now(),
        point,
        made,
        destination: destination.to_owned(),
        why,
        files,
    };
    actions::gone(site, line, id).await
}

/// Destroys everything of this instance at a destination that is given up.
pub(super) async fn empty(site: &Site, destination: Destination) -> Result<(), Error> {
    let holds = actions::standing(site).await?.holds;
    if holds.iter().any(|hold| hold.released.is_none()) {
        return Err(Error::Held);
    }
    let lock = Lock::take(&site.config.data)?;
    let (here, runtime, to) = (site.clone(), Handle::current(), destination.clone());
    let work = move || {
        let mut target = Target::open(&here, to, &runtime);
        let place = target.place()?;
        let paths = place.list("")?;
        let mut done: Vec<Done> = Vec::new();
        for path in paths.iter().filter(|path| path.starts_with("points/")) {
            let id = path["points/".len()..]
                .split('/')
                .next()
                .unwrap_or_default();
            if done.last().is_none_or(|(last, ..)| last != id) {
                let files = destroy(&mut **place, id, &paths)?;
                done.push((
                    id.to_owned(),
                    "the destination is given up".to_owned(),
                    files,
                ));
            }
        }
        for path in paths.iter().filter(|path| !path.starts_with("points/")) {
            place.remove(path)?;
        }
        drop(lock);
        Ok::<_, Error>(done)
    };
    let done = tokio::task::spawn_blocking(work).await;
    for line in done.map_err(|_panicked| Error::Stopped)?? {
        record(site, line, &destination).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_point_tells_when_it_was_made() {
        let at = made("20261122T020000Z-1f2e3d4c").unwrap();
        assert_eq!(at.rfc3339(), "2026-11-22T02:00:00Z");
        for wrong in ["", "x", "20261122", "2026-11-22T02:00:00Z"] {
            assert_eq!(made(wrong), None, "{wrong}");
        }
    }
}
