//! One respondent is erased: recorded with what is left of them, then taken out.

use std::collections::BTreeMap;

use serde_json::json;

use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::{self, Connection};
use crate::surveys::hooks;
use crate::surveys::keeping::erasures::{Erasure, ErasureId, hash};
use crate::surveys::keeping::model::{Error, Of};
use crate::surveys::keeping::removing::{finish, let_go, started};
use crate::surveys::keeping::sql;
use crate::web::WorkspaceId;

/// Erases respondents of a survey, by their numbers, and links made for one person.
/// The record names no value of theirs. Gives how many respondents and links went.
pub async fn erase(
    site: &Site,
    actor: &Actor,
    of: &Of,
    (respondents, links): (&[i64], &[String]),
    how: &'static str,
) -> Result<(usize, usize), Error> {
    let known = started(site, of, respondents).await?;
    let own = known.iter().map(|one| one.link.clone());
    let mut links: Vec<String> = links.iter().cloned().chain(own).collect();
    links.sort();
    links.dedup();
    links.retain(|link| !link.is_empty());
    let of_nobody = links.clone();
    let (now, actor, place) = (site.clock.now(), actor.clone(), of.clone());
    let gone = site.system.write(move |tx| {
        let mut dropped = 0;
        for link in &links {
            dropped += usize::from(sql::drop_link(tx, &place, link)?);
        }
        if known.is_empty() && dropped == 0 {
            return Err(Error::Missing);
        }
        let mut ids = Vec::with_capacity(known.len());
        for one in &known {
            let erasure = Erasure {
                id: ErasureId::new(now).to_string(),
                workspace: place.workspace,
                at: now,
                hash: hash(&place, one.id, one.started),
            };
            sql::add_erasure(tx, &erasure, Some((place.survey.as_str(), one.id)))?;
            ids.push(erasure.id);
        }
        let entry = Entry::new(now, &actor, "respondent.erased", &*place.survey);
        let detail = json!({
            "rows": known.len(), "links": dropped, "erasures": ids, "how": how,
        });
        journal::record(tx, &entry.on("survey", &*place.survey).with(detail))?;
        let gone: Vec<i64> = known.iter().map(|one| one.id).collect();
        hooks::erased(tx, &place, (&gone, how), now)?;
        Ok((known.len(), dropped))
    });
    let gone = gone.await?;
    if let Err(error) = let_go(site, of, of_nobody).await {
        tracing::warn!("an erasure is not whole yet: {error}");
    }
    // What cannot be overwritten now, because somebody reads, is a minute later.
    if let Err(error) = finish(site).await {
        tracing::warn!("an erasure is not whole yet: {error}");
    }
    Ok(gone)
}

/// Erases again whom a restore brought back, and keeps the list. Gives how many
/// respondents were erased.
pub async fn erase_again(site: &Site, list: &[Erasure]) -> Result<usize, Error> {
    let mut by_workspace: BTreeMap<WorkspaceId, Vec<Erasure>> = BTreeMap::new();
    for one in list {
        let of = by_workspace.entry(one.workspace).or_default();
        of.push(one.clone());
    }
    let mut gone = 0;
    for (workspace, wanted) in by_workspace {
        gone += again_in(site, workspace, wanted).await?;
    }
    finish(site).await?;
    Ok(gone)
}

async fn again_in(
    site: &Site,
    workspace: WorkspaceId,
    wanted: Vec<Erasure>,
) -> Result<usize, Error> {
    let read = move |conn: &Connection| sql::surveys_of(conn, workspace);
    let mut here: BTreeMap<String, (String, i64)> = BTreeMap::new();
    for of in site.system.read(read).await? {
        if !site.files.is_there(&of.file())? {
            continue;
        }
        let db = site.files.open(&of.file())?;
        let all: Vec<(i64, Time)> = db.read(sql::tallied).await?;
        for (id, started) in all {
            // Who was nobody's when they were erased had no more than their day left.
            let day = Time(started.0 - started.0.rem_euclid(Time::DAY));
            for began in [started, day] {
                here.insert(hash(&of, id, began), (of.survey.clone(), id));
            }
        }
    }
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            let (mut gone, mut brought) = (0, 0);
            for one in &wanted {
                let open = here.get(&one.hash);
                if open.is_none() && sql::has_erasure(tx, &one.id)? {
                    continue;
                }
                let open = open.map(|(survey, id)| (survey.as_str(), *id));
                sql::add_erasure(tx, one, open)?;
                gone += usize::from(open.is_some());
                brought += 1;
            }
            if brought > 0 {
                let actor = Actor::system().in_workspace(workspace.to_string());
                let name = workspace.to_string();
                let entry = Entry::new(now, &actor, "respondent.erased_again", &*name);
                let detail = json!({ "rows": gone, "known": brought });
                journal::record(tx, &entry.on("workspace", &*name).with(detail))?;
            }
            Ok::<_, store::Error>(gone)
        })
        .await
        .map_err(Error::from)
}
