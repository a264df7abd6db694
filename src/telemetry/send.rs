//! Sends the agreed report to the one address the configuration names. Only the
//! command `onsight telemetry send` does this, on a timer of its own: the server
//! itself calls nobody, and may run where it could not.

use crate::base::{Time, text};
use crate::egress::{Post, Purpose, Trust};
use crate::site::Site;

use super::model::Error;
use super::{actions, collect, sql};

/// A report a week; a timer that comes a little early still finds it due.
const EVERY: i64 = 6 * Time::DAY + 12 * Time::HOUR;
/// Letters of an answer that are kept.
const ANSWER: usize = 200;

/// What sending came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody agreed to it.
    Off,
    /// The configuration names no address.
    NoEndpoint,
    /// The last one arrived then.
    NotDue(Time),
    /// It left; the collector answered with that.
    Sent { bytes: usize, status: u16 },
}

/// Sends what is due; with `now` also what is not due yet.
pub async fn send(site: &Site, now: bool) -> Result<Outcome, Error> {
    let choice = site.system.read(sql::choice).await?;
    let Some(instance) = choice.and_then(|choice| choice.instance) else {
        return Ok(Outcome::Off);
    };
    let Some(endpoint) = &site.config.telling.endpoint else {
        return Ok(Outcome::NoEndpoint);
    };
    let last = site.system.read(sql::last_arrived).await?;
    if let Some(last) = last.filter(|last| !now && site.clock.now() < last.plus(EVERY)) {
        return Ok(Outcome::NotDue(last));
    }
    let client = trust(site)?.client()?;
    let body = collect::report(site, instance).await?.bytes()?;
    let number = actions::begin_sending(site, &body, endpoint).await?;
    let bytes = body.len();
    let post = Post {
        url: endpoint,
        purpose: Purpose::Telemetry,
        json: body,
        headers: &[],
    };
    let answered = site.egress.post(&client, post).await;
    let (status, said) = match &answered {
        Ok(answer) => (
            Some(answer.status),
            line(&String::from_utf8_lossy(&answer.body)),
        ),
        Err(error) => (None, line(&error.to_string())),
    };
    actions::end_sending(site, number, status, said).await?;
    let status = answered?.status;
    Ok(Outcome::Sent { bytes, status })
}

fn trust(site: &Site) -> Result<Trust, Error> {
    let pem = match &site.config.telling.ca {
        None => String::new(),
        Some(path) => std::fs::read_to_string(path).map_err(|source| Error::Ca {
            path: path.display().to_string(),
            source,
        })?,
    };
    Ok(Trust::new(&pem)?)
}

/// What a collector says is shown to people: one short line of plain letters.
fn line(said: &str) -> String {
    let plain: String = said
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    text::shorten(plain.trim(), ANSWER).into_owned()
}
