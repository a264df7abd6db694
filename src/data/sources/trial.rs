//! Trying a database: one step after the other, and which of them failed.

use super::Kind;
use super::asking::{open, way};
use super::model::{Account, Error, Source, Step, Trouble, Way};
use crate::egress::Purpose;
use crate::site::Site;

/// What an account may do there.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct Powers {
    /// Tables it may read.
    pub(in crate::data) tables: i64,
    /// What it may do besides, in words; empty: it only reads.
    pub(in crate::data) too_many: String,
}

/// A step that was taken: `Ok` says what was seen, `Err` why it failed.
pub(super) struct Taken {
    pub(super) step: Step,
    pub(super) went: Result<String, String>,
}

/// The steps that were taken; the last one failed, or all went well. With what the account
/// may do if it came so far.
pub(super) async fn try_out(site: &Site, source: &Source) -> (Vec<Taken>, Option<Powers>) {
    let mut taken = Vec::new();
    match walk(site, source, &mut taken).await {
        Ok(powers) => {
            taken.extend(writer(site, source).await);
            (taken, Some(powers))
        }
        Err(trouble) => {
            // A step that came before the one that failed went well, seen or not.
            let steps = source.kind().map_or(&[][..], Kind::steps);
            for step in steps.iter().copied().filter(|step| *step < trouble.step) {
                if !taken.iter().any(|known: &Taken| known.step == step) {
                    let went = Ok(String::new());
                    taken.push(Taken { step, went });
                }
            }
            let went = Err(trouble.why);
            let step = trouble.step;
            taken.retain(|known| known.step < step);
            taken.push(Taken { step, went });
            (taken, None)
        }
    }
}

/// Signing in as the account that changes rows, where there is one.
async fn writer(site: &Site, source: &Source) -> Option<Taken> {
    let user = &source.settings.writer;
    if user.is_empty() {
        return None;
    }
    let opened = async {
        let way = way(site, source, Account::Writer).map_err(|error| error.to_string())?;
        let kind = source.kind().map_err(|error| error.to_string())?;
        let opened = open(kind, &way).await.map_err(|trouble| trouble.why);
        opened.map(|_| format!("as {user}"))
    };
    let went = opened.await;
    let step = Step::Writer;
    Some(Taken { step, went })
}

async fn walk(site: &Site, source: &Source, taken: &mut Vec<Taken>) -> Result<Powers, Trouble> {
    let mut well = |step, said: String| {
        taken.push(Taken {
            step,
            went: Ok(said),
        });
    };
    let place = &source.settings.place;
    let (egress, port) = (&site.egress, place.port);
    let found = egress.route(&place.host, port, Purpose::Linked).await;
    let found = found.map_err(|error| Trouble::of(&error))?;
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    well(
        Step::Name,
        format!("{} is {}", place.host, found.join(", ")),
    );
    let reached = egress.connect(&place.host, port, Purpose::Linked).await;
    drop(reached.map_err(|error| Trouble::of(&error))?);
    well(Step::Route, "it answers at that port".to_owned());
    let fault = |error: Error| Trouble {
        step: Step::SignIn,
        why: error.to_string(),
    };
    let way: Way = way(site, source, Account::Reader).map_err(fault)?;
    let kind = source.kind().map_err(fault)?;
    let mut line = open(kind, &way).await?;
    let steps = kind.steps();
    for (step, said) in [
        (Step::Tls, place.guard.title().to_owned()),
        (Step::SignIn, kind.let_in(place)),
        (Step::LetIn, kind.let_in(place)),
        (Step::Database, place.database.clone()),
    ] {
        if steps.contains(&step) {
            well(step, said);
        }
    }
    let last = steps.last().copied().unwrap_or(Step::Powers);
    let powers = line.powers().await.map_err(|error| match error {
        // It says itself how far it came.
        Error::Unreachable(trouble) => way.trouble(trouble.step, trouble.why),
        Error::Misfit { step, message, .. } => way.trouble(step, message),
        other => way.trouble(last, other),
    })?;
    well(last, format!("{} tables can be read", powers.tables));
    Ok(powers)
}
