//! What a round does by itself: it begins and ends, each with its line.

use serde_json::json;

use super::model::{Round, State};
use super::sql;
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::Error;

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
