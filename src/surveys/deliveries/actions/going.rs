//! What a delivery does by itself: it begins by its schedule, its file is made, it arrives or
//! it fails; each with its line.

use serde_json::json;

use super::asking::begun;
use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::{self, Transaction};
use crate::surveys::deliveries::model::{Delivered, Delivery, Error, State, Whither};
use crate::surveys::deliveries::packing::Made;
use crate::surveys::deliveries::{lying, sql};
use crate::surveys::keeping::Of;
use crate::web::WorkspaceId;

fn by_system(of: &Of) -> Actor {
    Actor::system().in_workspace(of.workspace.to_string())
}

/// A moment of its schedule has come. Said once, also after a crash.
pub(in crate::surveys::deliveries) async fn begin(
    site: &Site,
    delivery: &Delivery,
    slot: Time,
) -> Result<(), Error> {
    let now = site.clock.now();
    let who = (delivery.user.clone(), delivery.by.clone());
    let new = begun(delivery, who, (now, Some(slot)));
    let begun = site.system.write(move |tx| {
        if !sql::set_slot(tx, (&new.of, new.delivery), slot)? {
            return Ok(());
        }
        sql::insert(tx, &new)?;
        let entry = Entry::new(now, &by_system(&new.of), "delivery.asked", &*new.said.name);
        let entry = entry.on("survey", &*new.of.survey).with(new.detail());
        Ok(journal::record(tx, &entry)?)
    });
    begun.await
}

/// Its file is made: from now on that is what leaves. `false`: somebody took it back.
pub(in crate::surveys::deliveries) async fn made(
    site: &Site,
    one: &Delivered,
    made: Made,
) -> Result<bool, Error> {
    let (now, mut one) = (site.clock.now(), one.clone());
    let done = site.system.write(move |tx| {
        (one.responses, one.bytes) = (Some(made.responses), Some(made.bytes));
        one.digest = Some(made.digest.clone());
        one.file = free_name(tx, &one.of, &made.name)?;
        let expires = match &one.said.whither {
            Whither::Link { days, .. } => Some(now.plus(i64::from(*days) * Time::DAY)),
            Whither::Place { .. } => None,
        };
        let new = sql::Making {
            file: &one.file,
            responses: made.responses,
            mark: &made.mark,
            bytes: made.bytes,
            digest: &made.digest,
            key: made.key.bytes(),
            state: expires.map_or(State::Made, |_| State::There),
            next: expires.unwrap_or(now),
            expires,
        };
        if !sql::made(tx, (&one.of, one.id, one.tries), &new)? {
            return Ok(false);
        }
        let entry = Entry::new(now, &by_system(&one.of), "delivery.made", &*one.said.name);
        let entry = entry.on("survey", &*one.of.survey).with(one.detail());
        journal::record(tx, &entry)?;
        Ok::<_, Error>(true)
    });
    done.await
}

/// No other file of the survey was called that.
fn free_name(
    tx: &Transaction<'_>,
    of: &Of,
    (stem, ending): &(String, String),
) -> Result<String, Error> {
    let mut name = format!("{stem}.{ending}");
    let mut count = 1;
    while sql::is_named(tx, of, &name)? {
        count += 1;
        name = format!("{stem}-{count}.{ending}");
    }
    Ok(name)
}

/// It is over, if it was that far still: gives the line that says so.
pub(super) fn ended(
    tx: &Transaction<'_>,
    (one, actor, now): (&Delivered, &Actor, Time),
    (to, why): (State, &str),
) -> Result<Option<Entry>, store::Error> {
    let of = (&one.of, one.id);
    let is_ended = sql::end(tx, of, (one.state, to), (why, now))?
        // Taken back while it was being brought: it is there all the same.
        || (to == State::Delivered && sql::end(tx, of, (State::Withdrawn, to), (why, now))?);
    if !is_ended {
        return Ok(None);
    }
    let action = match to {
        State::Delivered => "delivery.arrived",
        State::Over => "delivery.expired",
        State::Withdrawn => "delivery.withdrawn",
        State::Failed | State::Waiting | State::Made | State::There => "delivery.failed",
    };
    let mut detail = one.detail();
    detail["why"] = why.into();
    let entry = Entry::new(now, actor, action, &*one.said.name);
    let entry = entry.on("survey", &*one.of.survey).with(detail);
    Ok(Some(match to {
        State::Failed => entry.failed(why),
        _ => entry,
    }))
}

async fn end(site: &Site, one: &Delivered, to: State, why: &str) -> Result<bool, Error> {
    let (now, what, why) = (site.clock.now(), one.clone(), why.to_owned());
    let done = site.system.write(move |tx: &Transaction<'_>| {
        let Some(entry) = ended(tx, (&what, &by_system(&what.of), now), (to, &why))? else {
            return Ok(false);
        };
        journal::record(tx, &entry)?;
        Ok::<_, Error>(true)
    });
    let is_ended = done.await?;
    lying::remove(site, &one.of, one.id)?;
    Ok(is_ended)
}

/// It lies where it was to go.
pub(in crate::surveys::deliveries) async fn arrived(
    site: &Site,
    one: &Delivered,
) -> Result<bool, Error> {
    end(site, one, State::Delivered, "").await
}

/// The time of its link is over.
pub(in crate::surveys::deliveries) async fn over(
    site: &Site,
    one: &Delivered,
) -> Result<bool, Error> {
    end(site, one, State::Over, "").await
}

/// It came to nothing.
pub(in crate::surveys::deliveries) async fn failed(
    site: &Site,
    one: &Delivered,
    why: &str,
) -> Result<bool, Error> {
    end(site, one, State::Failed, why).await
}

/// Its schedule goes on no more, until somebody keeps it anew.
pub(in crate::surveys::deliveries) async fn stopped(
    site: &Site,
    (delivery, why): (&Delivery, &str),
) -> Result<bool, Error> {
    let (now, why) = (site.clock.now(), why.to_owned());
    let (of, id, name) = (
        delivery.of.clone(),
        delivery.id,
        delivery.settings.name.clone(),
    );
    let stopped = site.system.write(move |tx| {
        if !sql::stop(tx, (&of, id), &why)? {
            return Ok(false);
        }
        let entry = Entry::new(now, &by_system(&of), "delivery.stopped", name);
        let detail = json!({ "delivery": id, "why": why });
        journal::record(tx, &entry.on("survey", &*of.survey).with(detail))?;
        Ok::<_, Error>(true)
    });
    stopped.await
}

/// Answers of a survey were deleted or made nobody's: files with them that lie here yet go as
/// well, and one that is being made is made anew.
pub(in crate::surveys) async fn recall(site: &Site, of: &Of) -> Result<(), store::Error> {
    let (now, of) = (site.clock.now(), of.clone());
    let gone = site.system.write(move |tx: &Transaction<'_>| {
        sql::make_anew(tx, &of)?;
        let mut all = sql::open(tx, Some(of.workspace))?;
        all.retain(|one| one.of == of && one.state != State::Waiting);
        for one in &all {
            let why = "answers were deleted meanwhile: deliver it anew";
            let end = (State::Withdrawn, why);
            if let Some(entry) = ended(tx, (one, &by_system(&of), now), end)? {
                journal::record(tx, &entry)?;
            }
        }
        Ok::<_, store::Error>(all)
    });
    for one in gone.await? {
        lying::remove(site, &one.of, one.id)?;
    }
    Ok(())
}

/// Ends what was on its way and stops every schedule, of one workspace or of all: their files
/// were put back from a backup, which does not know what left since.
pub async fn stop_open(site: &Site, workspace: Option<WorkspaceId>) -> Result<usize, Error> {
    let why = "a backup was put back; look what arrived since, then deliver anew";
    let open = site
        .system
        .read(move |conn| sql::open(conn, workspace))
        .await?;
    for one in &open {
        failed(site, one, why).await?;
    }
    let mut going = site.system.read(sql::scheduled).await?;
    going.retain(|one| workspace.is_none_or(|workspace| one.of.workspace == workspace));
    for one in &going {
        stopped(site, (one, why)).await?;
    }
    Ok(open.len() + going.len())
}
