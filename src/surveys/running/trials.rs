//! A test of a survey being tried out: looked at, led to a page, changed. A test counts for
//! nothing: it leaves no line in the journal.

use std::sync::Arc;

use super::beginning::{Brought, Once, Value};
use super::calling::stand_in;
use super::compiled::Compiled;
use super::entering::{Trial, enter_trial};
use super::exits::Exits;
use super::forced;
use super::handed::{give, is_call};
use super::keeping::{After, Case, Field, Sending, settle, submit};
use super::leading::{Filled, Lead, lead};
use super::library::{Error, Fieldwork, Surveys};
use super::others::Others;
use super::sql::{self, Respondent, by_token};
use super::token;
use super::walk::Step;
use crate::base::Time;
use crate::store::{self, Transaction, project_file};
use crate::surveys::blocks::{Fault, Fielded, Role};
use crate::surveys::map::Datum;
use crate::surveys::uploads::put_sample;
use crate::web::Fields;

/// A test as it stands.
pub struct Run {
    /// The hash of its token.
    pub(super) hash: Vec<u8>,
    pub compiled: Arc<Compiled>,
    pub case: Case,
    pub others: Others,
    pub now: Time,
}

/// How a test came to a page.
#[derive(Debug, Default)]
pub struct Led {
    pub is_forced: bool,
    /// Other answers took the place of those that were given.
    pub is_anew: bool,
    /// How many pages were filled in.
    pub filled: usize,
    /// Questions that took no answer, and what was said: their pages were passed over.
    pub passed: Vec<(String, Fault)>,
}

/// What came of changing an answer.
#[derive(Debug)]
pub enum Changed {
    Done,
    /// It is not taken.
    Faults(Vec<(String, Fault)>),
    /// Its page is not on the way of this test.
    Elsewhere,
}

/// A question in its place: the page, the turn, its id.
type Question<'a> = (&'a str, u32, &'a str);

impl Run {
    /// The page of that id, in that turn.
    pub fn step(&self, page: &str, turn: u32) -> Option<Step> {
        let page = self.compiled.page_at(page)?;
        Some(Step { page, turn })
    }
}

pub(super) fn field<'a>(compiled: &'a Compiled, exits: &'a Exits, now: Time) -> Field<'a> {
    Field {
        compiled,
        exits,
        hooks: &[],
        now,
    }
}

/// The test of that token. `None`: nobody has it, or it is no test.
pub async fn run(surveys: &Surveys, of: &Fieldwork, token: &str) -> Result<Option<Run>, Error> {
    let is_there = surveys
        .site
        .files
        .is_there(&project_file(of.workspace, &of.id))?;
    if !is_there || !token::is_one(token) {
        return Ok(None);
    }
    let (db, hash) = (surveys.file(of)?, token::hash(token));
    let own = hash.clone();
    let respondent = db.read(move |conn| by_token(conn, &hash)).await?;
    let Some(respondent) = respondent.filter(|one| one.is_test) else {
        return Ok(None);
    };
    let compiled = surveys.version(of, respondent.version).await?;
    let known = Arc::clone(&compiled);
    let read = db.read(move |conn| {
        let others = Others::of(conn, &known)?;
        Ok::<_, store::Error>((Case::load(conn, &known, respondent)?, others))
    });
    let (case, others) = read.await?;
    Ok(Some(Run {
        hash: own,
        compiled,
        case,
        others,
        now: surveys.site.clock.now(),
    }))
}

/// Begins anew with what came with that test, in its place. `is_same`: by the same chance.
pub async fn again(
    surveys: &Surveys,
    of: &Fieldwork,
    (token, is_same): (&str, bool),
) -> Result<Option<String>, Error> {
    let Some(run) = run(surveys, of, token).await? else {
        return Ok(None);
    };
    let (id, seed) = (run.case.respondent.id, run.case.respondent.seed);
    let value = |(name, value): (String, String)| Value {
        name,
        value,
        once: Once::No,
    };
    let trial = Trial {
        version: run.case.respondent.version,
        brought: Brought {
            values: run.case.entries.into_iter().map(value).collect(),
            ..Brought::default()
        },
        lang: Some(run.case.respondent.lang),
        seed: (is_same && id != 0).then_some(seed),
    };
    let begun = enter_trial(surveys, of, trial).await?;
    let file = surveys.file(of)?;
    file.write(move |tx| sql::forget_test(tx, id)).await?;
    Ok(Some(begun))
}

/// Leads a test to that page. `None`: there is no such test, or nothing joins it to its
/// answers any more.
pub async fn go(
    surveys: &Surveys,
    of: &Fieldwork,
    (token, to): (&str, (&str, u32)),
) -> Result<Option<Led>, Error> {
    let Some(run) = run(surveys, of, token).await? else {
        return Ok(None);
    };
    let Some(to) = run.step(to.0, to.1).filter(|_| run.case.respondent.id != 0) else {
        return Ok(None);
    };
    let (compiled, now) = (Arc::clone(&run.compiled), run.now);
    let search = move || {
        let exits = Exits::default();
        let field = field(&run.compiled, &exits, now);
        lead(&run.case, field, &run.others, to)
    };
    let found = tokio::task::spawn_blocking(search).await;
    let lead = found.map_err(|broken| store::Error::from(std::io::Error::other(broken)))?;
    let hash = token::hash(token);
    let work = move |tx: &Transaction<'_>| {
        let exits = Exits::default();
        follow(tx, field(&compiled, &exits, now), &hash, &lead)?;
        Ok::<_, store::Error>(Led {
            is_forced: lead.is_forced,
            is_anew: lead.is_anew,
            filled: lead
                .pages
                .iter()
                .filter(|page| page.fields.is_some())
                .count(),
            passed: lead
                .pages
                .into_iter()
                .filter_map(|page| page.fault)
                .collect(),
        })
    };
    Ok(Some(surveys.file(of)?.write(work).await?))
}

pub(super) fn one(tx: &Transaction<'_>, hash: &[u8]) -> Result<Respondent, store::Error> {
    let found = by_token(tx, hash)?.filter(|one| one.is_test && one.id != 0);
    let mut one = found.ok_or(store::Error::NotFound)?;
    if one.outcome.take().is_some() {
        sql::reopen(tx, one.id)?;
    }
    Ok(one)
}

/// Sends the pages as a respondent would, and goes to where they lead.
fn follow(
    tx: &Transaction<'_>,
    field: Field<'_>,
    hash: &[u8],
    lead: &Lead,
) -> Result<(), store::Error> {
    let to = lead.to;
    let id = one(tx, hash)?.id;
    if lead.is_anew {
        sql::forget_sent(tx, id)?;
    }
    if lead.is_forced {
        let mut pages = Case::load(tx, field.compiled, one(tx, hash)?)?.forced;
        pages.retain(|page| *page != to);
        pages.push(to);
        sql::force(tx, id, &forced::text(&pages, field.compiled))?;
    }
    stand_in(tx, field, hash)?;
    for page in &lead.pages {
        pass(tx, field, one(tx, hash)?, page)?;
        stand_in(tx, field, hash)?;
    }
    let case = Case::load(tx, field.compiled, one(tx, hash)?)?;
    let whole = case.walk(field.compiled, field.now);
    if whole.steps.contains(&to) {
        let page = &field.compiled.page(to.page).id;
        sql::move_to(tx, id, (page, to.turn), field.stamp())?;
    }
    Ok(())
}

fn pass(
    tx: &Transaction<'_>,
    field: Field<'_>,
    of: Respondent,
    page: &Filled,
) -> Result<(), store::Error> {
    let (id, turn) = (of.id, page.step.turn);
    for (block, name) in &page.files {
        let vault = field.compiled.vault_of_files(block)?;
        put_sample(tx, id, (block, turn, name), vault.as_ref(), field.now)?;
    }
    let nonce = token::fresh()?;
    let Some(fields) = &page.fields else {
        let name = &field.compiled.page(page.step.page).id;
        sql::add_visit(tx, id, (name, turn), (&nonce, None, "{}"), field.stamp())?;
        let mut case = Case::load(tx, field.compiled, of)?;
        return settle(tx, field, &mut case, Some(page.step));
    };
    let sending = Sending {
        step: page.step,
        nonce: &nonce,
        fields,
        spent: None,
        is_back: false,
    };
    submit(tx, field, of, &sending).map(drop)
}

/// Puts other values in the place of a question's answer and goes on from there, as if its
/// page had been sent so.
pub async fn change(
    surveys: &Surveys,
    of: &Fieldwork,
    token: &str,
    ((page, turn, block), values): (Question<'_>, Vec<(String, Datum)>),
) -> Result<Changed, Error> {
    let Some(run) = run(surveys, of, token).await? else {
        return Ok(Changed::Elsewhere);
    };
    let Some(step) = run.step(page, turn) else {
        return Ok(Changed::Elsewhere);
    };
    if is_call(&run.compiled, block) {
        return give(surveys, of, &run, ((step, block), values)).await;
    }
    let whole = run.case.walk(&run.compiled, run.now);
    if run.case.respondent.id == 0 || !whole.steps.contains(&step) {
        return Ok(Changed::Elsewhere);
    }
    let fields = changed(&run, step, (block, &values));
    let (compiled, now, hash) = (run.compiled, run.now, token::hash(token));
    let work = move |tx: &Transaction<'_>| {
        let exits = Exits::default();
        let field = field(&compiled, &exits, now);
        let nonce = token::fresh()?;
        let sending = Sending {
            step,
            nonce: &nonce,
            fields: &fields,
            spent: None,
            is_back: false,
        };
        Ok::<_, store::Error>(match submit(tx, field, one(tx, &hash)?, &sending)? {
            After::Onward => Changed::Done,
            After::Faults(faults) => Changed::Faults(faults),
            After::Stale => Changed::Elsewhere,
        })
    };
    Ok(surveys.file(of)?.write(work).await?)
}

/// The page as a form sends it with those values for one of its questions.
fn changed(run: &Run, step: Step, (block, values): (&str, &[(String, Datum)])) -> Fields {
    let mut pairs = Fielded::new();
    for each in &run.compiled.page(step.page).blocks {
        if each.kind.role() != Role::Asks {
            continue;
        }
        let kept = |key: &str| {
            if each.id != block {
                return run.case.kept.get(key, step.turn);
            }
            let found = values.iter().find(|(name, _)| name == key);
            found.map_or(Datum::NotAsked, |(_, datum)| datum.clone())
        };
        pairs.extend(each.kind.fields(each, &kept));
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    Fields::parse(&query.finish())
}
