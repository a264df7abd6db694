//! One machine asked, and what is made of its answer.

use std::time::Duration;

use super::reason::Went;
use super::taking::Take;
use crate::base::Secret;
use crate::egress::{Answer, Call, Client, Egress, Error, Purpose};
use crate::surveys::map::Datum;

/// What is read of an answer.
const LARGEST: usize = 64 << 10;

/// A call with everything put in.
pub struct Asking {
    pub url: String,
    /// What is sent by POST.
    pub json: Option<String>,
    pub headers: Vec<(String, Secret)>,
    pub patience: Duration,
    pub takes: Vec<Take>,
}

/// The values that were asked for, in their order; or why there are none. Of an answer
/// everything is taken or nothing.
pub async fn ask(egress: &Egress, client: &Client, asking: &Asking) -> Result<Vec<Datum>, Went> {
    let call = Call {
        url: &asking.url,
        // A builder chose the address: only where the configuration file lets it.
        purpose: Purpose::Linked,
        json: asking.json.clone(),
        headers: &asking.headers,
        within: asking.patience,
        largest: LARGEST,
    };
    let answer = egress.call(client, call).await;
    read(&answer.map_err(|error| why(&error))?, &asking.takes)
}

fn read(answer: &Answer, takes: &[Take]) -> Result<Vec<Datum>, Went> {
    match answer.status {
        200..300 => {}
        300..400 => return Err(Went::Redirected),
        _ => return Err(Went::Refused),
    }
    // Where nothing is taken, that it came is all.
    if takes.is_empty() {
        return Ok(Vec::new());
    }
    let json = serde_json::from_slice(&answer.body).map_err(|_no_json| Went::NotJson)?;
    let values: Option<Vec<Datum>> = takes.iter().map(|take| take.of(&json)).collect();
    values.ok_or(Went::Misfit)
}

fn why(error: &Error) -> Went {
    match error {
        Error::TimedOut(_) => Went::Late,
        Error::Never { .. } | Error::NotAllowed { .. } => Went::NotAllowed,
        Error::BadCa(_) | Error::Untrusted { .. } => Went::Untrusted,
        Error::TooLarge(..) => Went::TooLarge,
        Error::BadRule(_) | Error::BadHost(_) | Error::BadAddress(_) => Went::Address,
        Error::UnknownName { .. }
        | Error::NoNames(_)
        | Error::Refused { .. }
        | Error::Broke(..) => Went::Unreachable,
    }
}
