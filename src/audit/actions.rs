//! What can be done about the trail: views kept, exports told of, old records
//! sealed, settings changed. The records themselves cannot be touched.

use serde_json::{Value, json};

use super::{forward, sql};
use crate::base::Time;
use crate::journal::{self, Actor, Entry, Segment};
use crate::site::{SYSTEM, Site};
use crate::store::{Error, Transaction};
use crate::web::{UserId, Viewer, WorkspaceId};

/// Days a record stays in the table when nobody says otherwise.
const DAYS: i64 = 365;
/// No clock is right that says it is before this.
const MADE: i64 = 1_760_000_000_000;
/// What the retention may be set to.
pub(super) const FEWEST: i64 = 30;
pub(super) const MOST: i64 = 3_650;

pub(super) async fn keep_view(
    site: &Site,
    who: &Viewer,
    name: String,
    query: String,
) -> Result<(), Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    let mine = (who.person.workspace, who.person.id);
    let kept = site.system.write(move |tx| {
        let before = filter(tx, mine, &name)?;
        sql::keep_view(tx, mine, (&name, &query))?;
        let entry = Entry::new(now, &actor, "audit.view_saved", name);
        journal::record(tx, &entry.changed(&before, &json!({ "filter": query })))
    });
    kept.await
}

/// What a record says of somebody's view; nothing when there is none.
fn filter(
    tx: &Transaction<'_>,
    (workspace, user): (WorkspaceId, UserId),
    name: &str,
) -> Result<Value, Error> {
    let views = sql::views(tx, workspace, user)?;
    let view = views.into_iter().find(|(known, _)| known == name);
    Ok(view.map_or(Value::Null, |(_, query)| json!({ "filter": query })))
}

pub(super) async fn drop_view(site: &Site, who: &Viewer, name: String) -> Result<(), Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    let mine = (who.person.workspace, who.person.id);
    let dropped = site.system.write(move |tx| {
        let before = filter(tx, mine, &name)?;
        if sql::drop_view(tx, mine, &name)? == 0 {
            return Err(Error::NotFound);
        }
        let entry = Entry::new(now, &actor, "audit.view_deleted", name);
        journal::record(tx, &entry.changed(&before, &Value::Null))
    });
    dropped.await
}

/// Says that records leave as a file, before the first does.
pub(super) async fn exported(
    site: &Site,
    actor: Actor,
    (format, filter): (&'static str, String),
) -> Result<(), Error> {
    let now = site.clock.now();
    let told = site.system.write(move |tx| {
        let entry = Entry::new(now, &actor, "audit.exported", "audit");
        let detail = json!({ "format": format, "filter": filter });
        journal::record(tx, &entry.with(detail))
    });
    told.await
}

/// For how many days records stay in the table.
pub(super) async fn retention(site: &Site) -> Result<i64, Error> {
    let said = site.system.read(|conn| sql::setting(conn, "days")).await?;
    Ok(said.and_then(|days| days.parse().ok()).unwrap_or(DAYS))
}

pub(super) async fn set_retention(site: &Site, who: &Viewer, days: i64) -> Result<(), Error> {
    let (now, actor, before) = (site.clock.now(), who.actor(), retention(site).await?);
    let set = site.system.write(move |tx| {
        sql::set(tx, "days", &days.to_string())?;
        let entry = Entry::new(now, &actor, "audit.retention_changed", "audit");
        let entry = entry.changed(&json!({ "days": before }), &json!({ "days": days }));
        journal::record(tx, &entry)
    });
    set.await
}

/// Seals what is older than the retention into files, and takes it out of the
/// chain's table and the files' own journals. A clock that makes no sense seals
/// nothing. Gives the number of records sealed.
pub async fn seal_old(site: &Site) -> Result<i64, Error> {
    let now = site.clock.now();
    if now.0 < MADE {
        return Ok(0);
    }
    site.checkpoint().await?;
    let until = now.plus(-retention(site).await? * Time::DAY);
    let mut sealed = 0;
    loop {
        let (system, data) = (&site.system, &site.config.data);
        let segment = journal::seal_before(system, &site.keyring, data, (until, now)).await?;
        let Some(segment) = segment else { break };
        sealed += segment.last - segment.first + 1;
        take_out(site, segment, now).await?;
    }
    if sealed > 0 {
        prune(site, until).await?;
        site.carry().await?;
    }
    Ok(sealed)
}

async fn take_out(site: &Site, segment: Segment, now: Time) -> Result<(), Error> {
    let taken = site.system.write(move |tx| {
        journal::take_out(tx, &segment)?;
        let entry = Entry::new(now, &Actor::system(), "audit.sealed", &*segment.file);
        let detail = json!({
            "first": segment.first,
            "last": segment.last,
            "rows": segment.last - segment.first + 1,
            "sha256": journal::hex(&segment.digest),
        });
        journal::record(tx, &entry.with(detail))
    });
    taken.await
}

/// Lines of the files' own journals that the chain has carried and sealed.
async fn prune(site: &Site, until: Time) -> Result<(), Error> {
    let mut files = vec![(SYSTEM.to_owned(), site.system.clone())];
    files.extend(site.files.all_open());
    for (name, db) in files {
        let file = name.clone();
        let line = site
            .system
            .read(move |conn| journal::carried(conn, &file))
            .await?;
        let (now, actor) = (site.clock.now(), Actor::system());
        db.write(move |tx| {
            let gone = journal::prune(tx, line, until)?;
            if gone > 0 {
                let entry = Entry::new(now, &actor, "journal.pruned", name);
                journal::record(tx, &entry.with(json!({ "rows": gone })))?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    }
    Ok(())
}

/// Keeps a destination. `target` is what [`forward::Target`](super::forward)
/// says of itself, without a secret.
pub(super) async fn set_forward(
    site: &Site,
    who: &Viewer,
    name: &'static str,
    target: Value,
) -> Result<(), Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    let set = site.system.write(move |tx| {
        let before = target_of(tx, name)?;
        forward::sql::keep(tx, name, &target.to_string())?;
        let entry = Entry::new(now, &actor, "forwarding.changed", name);
        journal::record(tx, &entry.changed(&before, &target))
    });
    set.await
}

/// What a record says of a destination; nothing when there is none.
fn target_of(tx: &Transaction<'_>, name: &str) -> Result<Value, Error> {
    let kept = forward::sql::find(tx, name)?;
    Ok(kept.map_or(Value::Null, |kept| {
        serde_json::from_str(&kept.target).unwrap_or_default()
    }))
}

pub(super) async fn stop_forward(
    site: &Site,
    who: &Viewer,
    name: &'static str,
) -> Result<(), Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    let stopped = site.system.write(move |tx| {
        let before = target_of(tx, name)?;
        if forward::sql::drop_target(tx, name)? == 0 {
            return Err(Error::NotFound);
        }
        let entry = Entry::new(now, &actor, "forwarding.stopped", name);
        journal::record(tx, &entry.changed(&before, &Value::Null))
    });
    stopped.await
}

/// Says that somebody tried a destination, and how that went.
pub(super) async fn tested(
    site: &Site,
    who: &Viewer,
    (host, fault): (String, Option<String>),
) -> Result<(), Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    let told = site.system.write(move |tx| {
        let entry = Entry::new(now, &actor, "forwarding.tested", host);
        let entry = match fault {
            Some(fault) => entry.failed(fault),
            None => entry,
        };
        journal::record(tx, &entry)
    });
    told.await
}
