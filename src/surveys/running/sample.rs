//! Somebody who answers by chance, from the door to the end: for what is shown before
//! anybody answered.

use super::beginning::{Brought, New, begin};
use super::calling::stand_in;
use super::exits::Exits;
use super::filling::{Hints, How, With, fill};
use super::keeping::{Case, Field, Sending, submit};
use super::library::{Error, Fieldwork, Surveys};
use super::{sql, token};
use crate::store;

/// Nobody sends more pages than that.
const LONGEST: usize = 500;

/// Lets so many people answer the newest version of a survey that is open, each in a
/// language of it in turn. They count as all others do; the same number is the same people.
pub async fn people(surveys: &Surveys, of: &Fieldwork, many: i64) -> Result<(), Error> {
    let version = of.version.ok_or(store::Error::NotFound)?;
    let compiled = surveys.version(of, version).await?;
    let now = surveys.site.clock.now();
    let answer = move |tx: &store::Transaction<'_>| {
        let (exits, hints) = (Exits::default(), Hints::of(&compiled));
        let field = Field {
            compiled: &compiled,
            exits: &exits,
            hooks: &[],
            now,
        };
        for (seed, lang) in (1..=many).zip(compiled.survey.langs.iter().cycle()) {
            take_part(tx, field, (version, seed, lang), &hints)?;
        }
        Ok::<_, store::Error>(())
    };
    surveys.file(of)?.write(answer).await?;
    Ok(())
}

fn take_part(
    tx: &store::Transaction<'_>,
    field: Field<'_>,
    (version, seed, lang): (i64, i64, &str),
    hints: &Hints,
) -> Result<(), store::Error> {
    let hash = token::hash(&token::fresh()?);
    let new = New {
        token: &hash,
        link: "",
        version,
        lang,
        seed,
        is_test: false,
        device: "desktop",
        brought: &Brought::default(),
    };
    begin(tx, field, &new)?;
    for _ in 0..LONGEST {
        stand_in(tx, field, &hash)?;
        let of = sql::by_token(tx, &hash)?.filter(|of| of.outcome.is_none());
        let Some(of) = of else { break };
        let case = Case::load(tx, field.compiled, of.clone())?;
        let whole = case.walk(field.compiled, field.now);
        let Some(step) = whole.next else { break };
        let before = case.walk_to(field.compiled, &whole, step, field.now);
        let stand = case.stand(field.compiled, (&before, step, field.now));
        let how = How {
            with: With::Chance,
            place: "",
            is_eager: false,
        };
        // Who finds no answer that is taken stops there, as people do.
        let Ok(fields) = fill(&stand, hints, how) else {
            break;
        };
        let sending = Sending {
            step,
            nonce: &token::fresh()?,
            fields: &fields,
            spent: None,
            is_back: false,
        };
        submit(tx, field, of, &sending)?;
    }
    Ok(())
}
