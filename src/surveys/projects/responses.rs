//! Responses as records in the order of a map, read from the file of a survey.

use std::collections::BTreeMap;

use super::sql::{self, Found};
use crate::store::{Connection, Error as StoreError};
use crate::surveys::exports::{self, Records, Seer};
use crate::surveys::map::{DataMap, Datum, Source, Standard, Variable, outcome_code};
use crate::surveys::personal::Vault;

/// Respondents read from the file at a time.
const AT_A_TIME: u32 = 200;

/// Which responses are meant.
#[derive(Clone, Debug, Default)]
pub(super) struct Which {
    /// Tests by researchers, instead of everybody else.
    pub(super) is_test: bool,
    /// With that outcome only; `partial` is who is on the way.
    pub(super) outcome: Option<String>,
}

/// The responses of a survey, as often as they are asked for. The connection
/// stands in a transaction that reads, so that they are the same each time.
pub(super) struct Responses<'c> {
    pub(super) conn: &'c Connection,
    pub(super) map: &'c DataMap,
    /// The names of links, by id.
    pub(super) links: &'c BTreeMap<String, String>,
    pub(super) which: Which,
    /// Opens what is personal; without it there is none of it.
    pub(super) vault: Option<&'c Vault>,
}

impl Records for Responses<'_> {
    fn each(&mut self, see: &mut Seer<'_>) -> Result<(), exports::Error> {
        let mut after = 0;
        loop {
            let outcome = self.which.outcome.as_deref();
            let found =
                sql::respondents(self.conn, (after, AT_A_TIME), self.which.is_test, outcome)?;
            let Some(last) = found.last() else {
                return Ok(());
            };
            after = last.id;
            for one in &found {
                see(&record(self.conn, (self.map, self.links), one, self.vault)?)?;
            }
        }
    }
}

/// What one respondent said, in the order of the map; without a vault nothing personal.
pub(super) fn record(
    conn: &Connection,
    (map, links): (&DataMap, &BTreeMap<String, String>),
    found: &Found,
    vault: Option<&Vault>,
) -> Result<Vec<Datum>, StoreError> {
    let mut answers = sql::answers(conn, found.id, vault)?;
    let entries = sql::entries(conn, found.id, vault)?;
    let values = map.variables.iter().map(|variable| match variable.source {
        Source::Standard(Standard::Link) => match links.get(&found.link) {
            Some(name) => Datum::Text(name.clone()),
            None => standard(found, Standard::Link),
        },
        Source::Standard(what) => standard(found, what),
        Source::Entry => match entries.get(&variable.key) {
            Some(value) => Datum::Text(value.clone()),
            None => Datum::NotAsked,
        },
        Source::Answer => answer(&mut answers, variable),
    });
    Ok(values.collect())
}

fn answer(answers: &mut BTreeMap<(String, u32), Datum>, variable: &Variable) -> Datum {
    let place = (variable.key.clone(), variable.turn.unwrap_or_default());
    answers.remove(&place).unwrap_or(Datum::NotAsked)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of respondents and versions"
)]
fn standard(found: &Found, what: Standard) -> Datum {
    match what {
        Standard::Respondent => Datum::Number(found.id as f64),
        Standard::Outcome => Datum::Number(outcome_code(found.outcome) as f64),
        Standard::Started => Datum::Text(found.started.rfc3339()),
        Standard::Ended => match found.ended {
            Some(ended) => Datum::Text(ended.rfc3339()),
            None => Datum::NotAsked,
        },
        Standard::Lang => Datum::Text(found.lang.clone()),
        Standard::Version => Datum::Number(found.version as f64),
        Standard::Link if found.link.is_empty() => Datum::NotAsked,
        Standard::Link => Datum::Text(found.link.clone()),
    }
}
