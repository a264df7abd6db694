//! The beginning of a way: who is new, and who came before. Like answers, this is
//! data: it leaves no line in the journal.

use super::keeping::{Case, Field, settle};
use super::sql::{self, Respondent};
use crate::store::{Error, Transaction};

/// Somebody who begins.
pub struct New<'a> {
    pub token: &'a [u8],
    pub link: &'a str,
    pub version: i64,
    pub lang: &'a str,
    pub seed: i64,
    pub is_test: bool,
    pub device: &'a str,
    /// What came with them.
    pub entries: &'a [(String, String)],
}

/// What comes of a beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The token opens their way, or the way they began before.
    In,
    /// Who came with the same values has ended already.
    Before,
}

/// Lets somebody in. Who came before with the same value of a unique variable
/// goes on where they were, at the new address.
pub fn begin(tx: &Transaction<'_>, field: Field<'_>, new: &New<'_>) -> Result<Begun, Error> {
    let survey = &field.compiled.survey;
    let is_unique = |name: &str| {
        let mut entries = survey.entries.iter();
        !new.is_test && entries.any(|entry| entry.unique && entry.name == name)
    };
    for (name, value) in new.entries.iter().filter(|(name, _)| is_unique(name)) {
        if let Some(known) = sql::by_entry(tx, name, value)? {
            return again(tx, &known, new.token);
        }
    }
    let respondent = Respondent {
        id: 0,
        link: new.link.to_owned(),
        version: new.version,
        lang: new.lang.to_owned(),
        seed: new.seed,
        is_test: new.is_test,
        page: String::new(),
        turn: 0,
        outcome: None,
        way_out: String::new(),
        exit_to: None,
        started: field.stamp(),
    };
    let device = if survey.is_anonymous { "" } else { new.device };
    let id = sql::add(tx, new.token, &respondent, device)?;
    for (name, value) in new.entries {
        sql::add_entry(tx, id, (name, value), is_unique(name))?;
    }
    let of = Respondent { id, ..respondent };
    let mut case = Case::load(tx, field.compiled, of)?;
    settle(tx, field, &mut case, None)?;
    Ok(Begun::In)
}

/// Lets in again whoever has a link of their own.
pub(super) fn begin_again(
    tx: &Transaction<'_>,
    link: &str,
    token: &[u8],
) -> Result<Option<Begun>, Error> {
    match sql::by_link(tx, link)? {
        Some(known) => again(tx, &known, token).map(Some),
        None => Ok(None),
    }
}

fn again(tx: &Transaction<'_>, known: &Respondent, token: &[u8]) -> Result<Begun, Error> {
    if known.outcome.is_some() {
        return Ok(Begun::Before);
    }
    sql::set_token(tx, known.id, token)?;
    Ok(Begun::In)
}
