//! The page a respondent is at: shown, and taken in.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::calling::{self, Reached};
use super::drawn::{Drawing, draw};
use super::ended::ended;
use crate::base::Time;
use crate::store::{self, Db, Transaction};
use crate::surveys::hooks::Wanted;
use crate::surveys::running::{
    After, Case, Compiled, Exits, Field, Fieldwork, Respondent, Sending, Step, Surveys, by_token,
    set_lang, submit as take_in, token,
};
use crate::web::{Error, Fields, Inside, Result};

/// A page left open for longer than that says nothing about how long it took.
const LONGEST: i64 = 24 * 60 * 60 * 1000;

/// A respondent whose address was opened.
pub(super) struct Opened {
    pub(super) of: Fieldwork,
    pub(super) compiled: Arc<Compiled>,
    pub(super) case: Case,
}

/// Where the answers of that survey lie, if anybody answered it.
pub(super) async fn place(surveys: &Surveys, slug: &str, token: &str) -> Result<(Fieldwork, Db)> {
    if !token::is_one(token) {
        return Err(Error::NotFound);
    }
    let of = surveys.at(slug).await?;
    if !surveys
        .site
        .files
        .is_there(&store::project_file(of.workspace, &of.id))?
    {
        return Err(Error::NotFound);
    }
    let db = surveys.file(&of)?;
    Ok((of, db))
}

pub(super) async fn open(surveys: &Surveys, slug: &str, token: &str) -> Result<Opened> {
    let (of, db) = place(surveys, slug, token).await?;
    let respondent = known(&db, token).await?;
    let compiled = surveys.version(&of, respondent.version).await?;
    let case = load(&db, &compiled, respondent).await?;
    Ok(Opened { of, compiled, case })
}

/// Who has that address.
pub(super) async fn known(db: &Db, token: &str) -> Result<Respondent> {
    let hash = token::hash(token);
    let respondent = db.read(move |conn| by_token(conn, &hash)).await?;
    respondent.ok_or(Error::NotFound)
}

async fn load(db: &Db, compiled: &Arc<Compiled>, respondent: Respondent) -> Result<Case> {
    let compiled = Arc::clone(compiled);
    let loading = db.read(move |conn| Case::load(conn, &compiled, respondent));
    Ok(loading.await?)
}

pub(super) async fn show(
    State(surveys): State<Surveys>,
    Path((slug, token)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response> {
    let opened = open(&surveys, &slug, &token).await?;
    let mut opened = match calling::onward(&surveys, opened, &token).await? {
        Reached::Page(opened) => *opened,
        Reached::Said(page) => return Ok(inside(page)),
    };
    let query = Fields::parse(&query.unwrap_or_default());
    let wanted = query.get("lang").map(str::to_owned);
    let langs = &opened.compiled.survey.langs;
    if let Some(lang) = wanted.filter(|lang| langs.contains(lang)) {
        opened.case.respondent.lang = lang;
    }
    let (case, compiled) = (&opened.case, &opened.compiled);
    if let Some(outcome) = case.respondent.outcome {
        let at = format!("/s/{}/r/{token}", opened.of.slug);
        return Ok(ended(case, &compiled.survey, outcome, (&at, &headers)));
    }
    let now = surveys.site.clock.now();
    let whole = case.walk(compiled, now);
    let step = case.place(compiled, &whole).ok_or(Error::Busy)?;
    let drawing = Drawing {
        action: &format!("/s/{}/r/{token}", opened.of.slug),
        compiled,
        case,
        step,
        now,
    };
    let page = draw(&drawing, &whole, None)?;
    let link = surveys
        .link_of(opened.of.place(), &case.respondent.link)
        .await?;
    let exits = link.map(|link| link.exits).unwrap_or_default();
    let of = &case.respondent;
    Ok(inside(super::before(page, of, &compiled.survey, &exits)))
}

/// Says that the answer is to somebody who is on their way.
fn inside(mut answer: Response) -> Response {
    answer.extensions_mut().insert(Inside);
    answer
}

/// What somebody answers by: a version, and the link they came by.
struct Terms {
    version: i64,
    link: String,
    compiled: Arc<Compiled>,
    exits: Exits,
    hooks: Arc<[Wanted]>,
}

impl Terms {
    async fn of(surveys: &Surveys, of: &Fieldwork, version: i64, link: String) -> Result<Terms> {
        let opened = surveys.link_of(of.place(), &link).await?;
        Ok(Terms {
            compiled: surveys.version(of, version).await?,
            exits: opened.map(|link| link.exits).unwrap_or_default(),
            hooks: Arc::clone(&of.hooks),
            version,
            link,
        })
    }
}

/// What came of sending a page by some terms.
struct Tried {
    respondent: Respondent,
    what: What,
}

enum What {
    /// The respondent answers by other terms; nothing was done.
    OtherTerms,
    /// There is no such page.
    Nowhere,
    Done(After, Step),
}

pub(super) async fn submit(
    State(surveys): State<Surveys>,
    Path((slug, token)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response> {
    let (of, db) = place(&surveys, &slug, &token).await?;
    if let Some(what) = fields.get(calling::FIELD) {
        let opened = open(&surveys, &slug, &token).await?;
        return calling::tried(&surveys, opened, (&token, what)).await;
    }
    Ok(sent(&surveys, (&of, &db, &token), fields).await?.page)
}

/// What comes of a page that was sent.
pub(super) struct Taken {
    pub(super) page: Response,
    /// It has to be put right: nothing of it is kept.
    pub(super) is_amiss: bool,
}

/// Takes a page in.
pub(super) async fn sent(
    surveys: &Surveys,
    (of, db, token): (&Fieldwork, &Db, &str),
    fields: Fields,
) -> Result<Taken> {
    let begun = Instant::now();
    let action = format!("/s/{}/r/{token}", of.slug);
    let (fields, now) = (Arc::new(fields), surveys.site.clock.now());
    // Almost everybody answers the newest version by no link of its own: who does not is
    // found in the same transaction, and asked for once more by the right terms.
    let (mut version, mut link) = if let Some(newest) = of.version {
        (newest, String::new())
    } else {
        let known = known(db, token).await?;
        (known.version, known.link)
    };
    let (terms, tried) = loop {
        let terms = Arc::new(Terms::of(surveys, of, version, link).await?);
        let tried = take(db, &terms, (token, &fields), now).await?;
        if !matches!(tried.what, What::OtherTerms) {
            break (terms, tried);
        }
        (version, link) = (tried.respondent.version, tried.respondent.link);
    };
    surveys.admission.took(begun.elapsed());
    let What::Done(After::Faults(faults), step) = tried.what else {
        return Ok(Taken {
            page: inside(super::see_other(&action)),
            is_amiss: false,
        });
    };
    let case = load(db, &terms.compiled, tried.respondent).await?;
    let whole = case.walk(&terms.compiled, now);
    let drawing = Drawing {
        action: &action,
        compiled: &terms.compiled,
        case: &case,
        step,
        now,
    };
    let page = draw(&drawing, &whole, Some((&faults, &fields)))?;
    let survey = &terms.compiled.survey;
    Ok(Taken {
        page: inside(super::before(page, &case.respondent, survey, &terms.exits)),
        is_amiss: true,
    })
}

/// Finds who sends the page and takes it in, all in one transaction.
async fn take(
    db: &Db,
    terms: &Arc<Terms>,
    (token, fields): (&str, &Arc<Fields>),
    now: Time,
) -> Result<Tried> {
    let (hash, terms, fields) = (token::hash(token), Arc::clone(terms), Arc::clone(fields));
    let tried = db.write(move |tx| {
        let respondent = by_token(tx, &hash)?.ok_or(store::Error::NotFound)?;
        taken(tx, &terms, respondent, (&fields, now))
    });
    match tried.await {
        Ok(tried) => Ok(tried),
        // An address of nobody hears that it is nobody's, whatever else is wrong.
        Err(error) => {
            known(db, token).await?;
            Err(error.into())
        }
    }
}

fn taken(
    tx: &Transaction<'_>,
    terms: &Terms,
    mut respondent: Respondent,
    (fields, now): (&Fields, Time),
) -> Result<Tried, store::Error> {
    let tried = |respondent, what| Ok(Tried { respondent, what });
    if (respondent.version, &respondent.link) != (terms.version, &terms.link) {
        return tried(respondent, What::OtherTerms);
    }
    let step = step(&terms.compiled, fields);
    let nonce = fields.get(".nonce").filter(|nonce| token::is_one(nonce));
    let (Some(step), Some(nonce)) = (step, nonce) else {
        return tried(respondent, What::Nowhere);
    };
    let lang = fields.get(".lang").unwrap_or_default();
    let mut langs = terms.compiled.survey.langs.iter();
    if lang != respondent.lang && langs.any(|known| known == lang) {
        set_lang(tx, respondent.id, lang)?;
        lang.clone_into(&mut respondent.lang);
    }
    let field = Field {
        compiled: &terms.compiled,
        exits: &terms.exits,
        hooks: &terms.hooks,
        now,
    };
    let sending = Sending {
        step,
        nonce,
        fields,
        spent: spent(fields),
        is_back: fields.get(".back").is_some(),
    };
    let after = take_in(tx, field, respondent.clone(), &sending)?;
    tried(respondent, What::Done(after, step))
}

/// The milliseconds a page took, where they can be.
fn spent(sent: &Fields) -> Option<i64> {
    let took = sent.get(".spent")?.parse().ok();
    took.filter(|took| (0..=LONGEST).contains(took))
}

fn step(compiled: &Compiled, fields: &Fields) -> Option<Step> {
    let page = compiled.page_at(fields.get(".page")?)?;
    let turn = fields.get(".turn")?.parse().ok()?;
    Some(Step { page, turn })
}
