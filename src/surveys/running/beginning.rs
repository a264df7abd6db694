//! The beginning of a way: who is new, and who came before. Like answers, this is
//! data: it leaves no line in the journal.

use super::keeping::{Case, Field, settle};
use super::sql::{self, Respondent};
use crate::journal::hex;
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
    pub brought: &'a Brought,
}

/// What came with somebody.
#[derive(Clone, Debug, Default)]
pub struct Brought {
    /// The supplier it came from; empty when none is named.
    pub source: String,
    pub values: Vec<Value>,
    /// The hash of what was signed, where something was.
    pub signed: Option<Vec<u8>>,
}

/// A value that came along.
#[derive(Clone, Debug)]
pub struct Value {
    pub name: String,
    pub value: String,
    pub once: Once,
}

/// Whether there is one respondent for each value, and what a second arrival meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Once {
    No,
    /// Whoever knows the value can bring it: they see nothing of who came before.
    Closed,
    /// It is theirs for sure: they go on where they were.
    GoesOn,
}

/// What comes of a beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The token opens their way, or the way they began before.
    In,
    /// Who came with the same values has ended already, or goes another way.
    Before,
    /// The signed link they came by let somebody in already.
    Replayed,
}

impl Brought {
    /// Names and values, as everything else wants them.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let pairs = self.values.iter();
        pairs
            .map(|came| (came.name.clone(), came.value.clone()))
            .collect()
    }
}

/// Lets somebody in. Who came before with the same value of a unique variable
/// goes on where they were, at the new address, if the value is theirs for sure.
pub fn begin(tx: &Transaction<'_>, field: Field<'_>, new: &New<'_>) -> Result<Begun, Error> {
    if !new.is_test
        && let Some(begun) = came_before(tx, field, new)?
    {
        return Ok(begun);
    }
    let survey = &field.compiled.survey;
    let signed = new.brought.signed.as_deref().filter(|_| !new.is_test);
    // It is noted that a signed link was used, and not by whom.
    if let Some(signed) = signed.filter(|_| survey.is_anonymous)
        && !sql::use_link(tx, &hex(signed))?
    {
        return Ok(Begun::Replayed);
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
    // What a supplier calls somebody has no place in an anonymous survey.
    let is_kept = |came: &&Value| {
        !survey.is_anonymous || survey.entries.iter().any(|entry| entry.name == came.name)
    };
    for came in new.brought.values.iter().filter(is_kept) {
        let is_unique = came.once != Once::No && !new.is_test;
        let entry = (&*new.brought.source, &*came.name, &*came.value);
        let vault = field.compiled.vault_of_entry(&came.name)?;
        let found_by = (is_unique, is_unique || new.is_test);
        sql::add_entry(tx, id, entry, found_by, vault.as_ref())?;
    }
    if let Some(signed) = signed.filter(|_| !survey.is_anonymous) {
        sql::set_signed(tx, id, signed)?;
    }
    let of = Respondent { id, ..respondent };
    let mut case = Case::load(tx, field.compiled, of)?;
    settle(tx, field, &mut case, None)?;
    Ok(Begun::In)
}

fn came_before(
    tx: &Transaction<'_>,
    field: Field<'_>,
    new: &New<'_>,
) -> Result<Option<Begun>, Error> {
    let brought = new.brought;
    for came in brought.values.iter().filter(|came| came.once != Once::No) {
        let vault = field.compiled.vault_of_entry(&came.name)?;
        let value = (&*came.value, vault.as_ref());
        if let Some(known) = sql::by_entry(tx, (&brought.source, &came.name), value)? {
            return again(tx, field, (&known, came.once == Once::GoesOn), new).map(Some);
        }
    }
    let Some(signed) = &brought.signed else {
        return Ok(None);
    };
    let Some(known) = sql::by_signed(tx, signed)? else {
        return Ok(None);
    };
    Ok(Some(match again(tx, field, (&known, false), new)? {
        Begun::In => Begun::In,
        Begun::Before | Begun::Replayed => Begun::Replayed,
    }))
}

/// Lets somebody in; `is_own`: by a link of their own. They are known by it, but in an
/// anonymous survey, where it is noted that it was used and not by whom.
pub(super) fn let_in(
    tx: &Transaction<'_>,
    field: Field<'_>,
    new: &New<'_>,
    is_own: bool,
) -> Result<Begun, Error> {
    if !is_own {
        return begin(tx, field, new);
    }
    if field.compiled.survey.is_anonymous {
        return if sql::use_link(tx, new.link)? {
            begin(tx, field, &New { link: "", ..*new })
        } else {
            Ok(Begun::Before)
        };
    }
    match sql::by_link(tx, new.link)? {
        Some(known) => again(tx, field, (&known, true), new),
        None => begin(tx, field, new),
    }
}

/// `is_sure`: it is them. Else a second arrival goes on only where nothing was sent
/// yet and it brings the very same: a button pressed twice loses nobody.
fn again(
    tx: &Transaction<'_>,
    field: Field<'_>,
    (known, is_sure): (&Respondent, bool),
    new: &New<'_>,
) -> Result<Begun, Error> {
    let is_same = || {
        let vault = field.compiled.vault()?;
        let mut before = sql::entries(tx, known.id, vault.as_ref())?;
        let mut now = new.brought.pairs();
        before.sort();
        now.sort();
        Ok::<_, Error>(before == now && !sql::has_sent(tx, known.id)?)
    };
    if known.outcome.is_some() || !(is_sure || is_same()?) {
        return Ok(Begun::Before);
    }
    sql::set_token(tx, known.id, new.token)?;
    Ok(Begun::In)
}
