//! What a round does by itself: it begins and ends, each with its line.

use serde_json::json;

use super::model::{Round, State};
use super::people::drop_letters;
use super::sql;
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::Error;
use crate::web::WorkspaceId;

fn by_system(round: &Round) -> Actor {
    Actor::system().in_workspace(round.of.workspace.to_string())
}

/// Its letters are made. Said once, also after a crash; `false`: somebody stopped it.
pub(super) async fn begun(site: &Site, round: &Round, letters: u64) -> Result<bool, Error> {
    let (now, round) = (site.clock.now(), round.clone());
    site.system
        .write(move |tx| {
            let (of, turn) = (&round.of, (State::Waiting, State::Begun));
            if !sql::set_round(tx, (of, round.id), turn, (letters, ""))? {
                return Ok(false);
            }
            let entry = Entry::new(now, &by_system(&round), "survey.round_begun", &*of.survey);
            let detail = json!({
                "round": round.id, "kind": round.kind.name(), "rows": letters,
            });
            journal::record(tx, &entry.on("survey", &*of.survey).with(detail))?;
            Ok(true)
        })
        .await
}

/// Nothing of it waits any more, or it cannot go on.
pub(super) async fn round_over(
    site: &Site,
    round: &Round,
    (to, why): (State, &'static str),
    tally: sql::Tally,
) -> Result<(), Error> {
    let (now, round) = (site.clock.now(), round.clone());
    site.system
        .write(move |tx| {
            let (of, turn) = (&round.of, (round.state, to));
            if !sql::set_round(tx, (of, round.id), turn, (round.letters, why))? {
                return Ok(());
            }
            let entry = Entry::new(now, &by_system(&round), "survey.round_over", &*of.survey);
            let detail = json!({
                "round": round.id, "kind": round.kind.name(), "sent": tally.sent,
                "failed": tally.failed, "dropped": tally.dropped, "why": why,
            });
            journal::record(tx, &entry.on("survey", &*of.survey).with(detail))
        })
        .await
}

/// Stops every round that is open, of one workspace or of all: their files were put back
/// from a backup, which does not know what left since. Who has to be written to yet is for
/// people to say.
pub async fn stop_open(site: &Site, workspace: Option<WorkspaceId>) -> Result<usize, Error> {
    let why = "a backup was put back; confirm it anew";
    let mut open = site.system.read(sql::open_rounds).await?;
    open.retain(|(round, _)| workspace.is_none_or(|one| round.of.workspace == one));
    for (round, _) in &open {
        round_over(site, round, (State::Stopped, why), sql::Tally::default()).await?;
        drop_letters(site, &round.of, (round.id, why)).await?;
    }
    Ok(open.len())
}
