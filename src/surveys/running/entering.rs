//! Who arrived is let in, once.

use std::sync::Arc;

use aws_lc_rs::rand;

use super::arriving::{Arrival, Refused, turn_away};
use super::beginning::{self, Begun, Brought, New};
use super::exits::{Exits, exit_to};
use super::keeping::Field;
use super::library::{Error, Fieldwork, LinkKind, Surveys};
use super::token;
use crate::store;
use crate::surveys::format::Outcome;
use crate::surveys::panels::Reason;

/// What came of entering.
pub enum Entered {
    /// The token of their address.
    In(String),
    Refused(Refused),
}

/// Lets somebody in who arrived.
pub async fn enter(
    surveys: &Surveys,
    of: &Fieldwork,
    arrival: Arrival,
    (lang, device): (String, String),
) -> Result<Entered, Error> {
    let exits = arrival.exits();
    let Arrival {
        compiled,
        version,
        brought,
        link,
    } = arrival;
    let (new_token, seed) = (token::fresh()?, seed()?);
    let (hash, now) = (token::hash(&new_token), surveys.site.clock.now());
    let is_own = matches!(
        link.as_ref().map(|link| link.kind),
        Some(LinkKind::Personal | LinkKind::Single)
    );
    let link = link.map(|link| link.id).unwrap_or_default();
    let (source, came_by) = (brought.source.clone(), link.clone());
    let known = brought.pairs();
    let (of_write, of_link) = (Arc::clone(&compiled), exits.clone());
    let hooks = Arc::clone(&of.hooks);
    let begun = surveys
        .file(of)?
        .write(move |tx| {
            let new = New {
                token: &hash,
                link: &link,
                version,
                lang: &lang,
                seed,
                is_test: false,
                device: &device,
                brought: &brought,
            };
            let field = Field {
                compiled: &of_write,
                exits: &of_link,
                hooks: &hooks,
                now,
            };
            beginning::let_in(tx, field, &new, is_own)
        })
        .await?;
    let (reason, outcome) = match begun {
        Begun::In => return Ok(Entered::In(new_token)),
        Begun::Before => (Reason::Before, Outcome::Duplicate),
        Begun::Replayed => (Reason::Replayed, Outcome::Invalid),
    };
    turn_away(surveys, of, (&came_by, &source), reason).await?;
    let to = match outcome {
        Outcome::Invalid => None,
        _ => exit_to(&compiled.survey, &exits, outcome, &known),
    };
    Ok(Entered::Refused(Refused {
        outcome,
        exit_to: to,
        compiled: Some(compiled),
    }))
}

/// Lets a researcher in, to try the draft or a version: what they enter is marked.
pub async fn enter_preview(
    surveys: &Surveys,
    of: &Fieldwork,
    (version, brought): (i64, Brought),
) -> Result<String, Error> {
    let trial = Trial {
        version,
        brought,
        lang: None,
        seed: None,
    };
    enter_trial(surveys, of, trial).await
}

/// What a test begins with.
pub struct Trial {
    pub version: i64,
    pub brought: Brought,
    /// One of the survey's languages; its first when nothing is said.
    pub lang: Option<String>,
    /// What chance is made of; another one each time when nothing is said.
    pub seed: Option<i64>,
}

/// Lets a researcher in with what they choose.
pub async fn enter_trial(surveys: &Surveys, of: &Fieldwork, trial: Trial) -> Result<String, Error> {
    let (version, brought) = (trial.version, trial.brought);
    let compiled = surveys.version(of, version).await?;
    let new_token = token::fresh()?;
    let seed = match trial.seed {
        Some(seed) => seed,
        None => seed()?,
    };
    let (hash, now) = (token::hash(&new_token), surveys.site.clock.now());
    let langs = &compiled.survey.langs;
    let lang = trial.lang.filter(|lang| langs.contains(lang));
    let lang = lang.unwrap_or_else(|| compiled.survey.lang().to_owned());
    surveys
        .file(of)?
        .write(move |tx| {
            let field = Field {
                compiled: &compiled,
                exits: &Exits::default(),
                hooks: &[],
                now,
            };
            let new = New {
                token: &hash,
                link: "",
                version,
                lang: &lang,
                seed,
                is_test: true,
                device: "",
                brought: &brought,
            };
            beginning::begin(tx, field, &new)
        })
        .await?;
    Ok(new_token)
}

fn seed() -> Result<i64, store::Error> {
    let mut bytes = [0; 8];
    rand::fill(&mut bytes).map_err(|_unspecified| store::Error::NoRandomness)?;
    Ok(i64::from_le_bytes(bytes))
}
