//! The page a respondent is at: shown, and taken in.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::drawn::{Drawing, draw};
use super::ended::ended;
use crate::store::{self, Db};
use crate::surveys::running::{
    After, Case, Compiled, Field, Fieldwork, Sending, Step, Surveys, by_token, set_lang,
    submit as take_in, token,
};
use crate::web::{Error, Fields, Result};

/// A page left open for longer than that says nothing about how long it took.
const LONGEST: i64 = 24 * 60 * 60 * 1000;

/// A respondent whose address was opened.
pub(super) struct Opened {
    pub(super) of: Fieldwork,
    db: Db,
    pub(super) compiled: Arc<Compiled>,
    pub(super) case: Case,
}

pub(super) async fn open(surveys: &Surveys, slug: &str, token: &str) -> Result<Opened> {
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
    let (db, hash) = (surveys.file(&of)?, token::hash(token));
    let respondent = db.read(move |conn| by_token(conn, &hash)).await?;
    let respondent = respondent.ok_or(Error::NotFound)?;
    let compiled = surveys.version(&of, respondent.version).await?;
    let of_case = Arc::clone(&compiled);
    let case = db
        .read(move |conn| Case::load(conn, &of_case, respondent))
        .await?;
    Ok(Opened {
        of,
        db,
        compiled,
        case,
    })
}

pub(super) async fn show(
    State(surveys): State<Surveys>,
    Path((slug, token)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response> {
    let mut opened = open(&surveys, &slug, &token).await?;
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
    Ok(super::leading_out(page, &compiled.survey, &exits))
}

pub(super) async fn submit(
    State(surveys): State<Surveys>,
    Path((slug, token)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response> {
    let mut opened = open(&surveys, &slug, &token).await?;
    let action = format!("/s/{}/r/{token}", opened.of.slug);
    let compiled = Arc::clone(&opened.compiled);
    let step = step(&compiled, &fields);
    let nonce = fields.get(".nonce").filter(|nonce| token::is_one(nonce));
    let (Some(step), Some(nonce)) = (step, nonce.map(str::to_owned)) else {
        return Ok(super::see_other(&action));
    };
    let lang = fields.get(".lang").unwrap_or_default();
    if compiled.survey.langs.iter().any(|known| known == lang) {
        lang.clone_into(&mut opened.case.respondent.lang);
    }
    let link = surveys
        .link_of(opened.of.place(), &opened.case.respondent.link)
        .await?;
    let exits = link.map(|link| link.exits).unwrap_or_default();
    let of_link = exits.clone();
    let (now, hash) = (surveys.site.clock.now(), token::hash(&token));
    let (of_write, sent, id) = (
        Arc::clone(&compiled),
        fields.clone(),
        opened.case.respondent.id,
    );
    let lang = opened.case.respondent.lang.clone();
    let after = { &opened.db }
        .write(move |tx| {
            set_lang(tx, id, &lang)?;
            let field = Field {
                compiled: &of_write,
                exits: &exits,
                now,
            };
            let sending = Sending {
                step,
                nonce: &nonce,
                fields: &sent,
                spent: spent(&sent),
                is_back: sent.get(".back").is_some(),
            };
            take_in(tx, field, &hash, &sending)
        })
        .await?;
    let After::Faults(faults) = after else {
        return Ok(super::see_other(&action));
    };
    let whole = opened.case.walk(&compiled, now);
    let drawing = Drawing {
        action: &action,
        compiled: &compiled,
        case: &opened.case,
        step,
        now,
    };
    let page = draw(&drawing, &whole, Some((&faults, &fields)))?;
    Ok(super::leading_out(page, &compiled.survey, &of_link))
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
