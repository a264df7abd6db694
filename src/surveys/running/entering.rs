//! The door of a survey: what an address brings, who is let in, and who is not.

use std::sync::Arc;

use aws_lc_rs::rand;

use super::beginning::{self, Begun, New};
use super::exits::exit_to;
use super::keeping::Field;
use super::library::{Error, Fieldwork, Link, LinkKind, Surveys};
use super::{Compiled, sql, token};
use crate::store;
use crate::surveys::format::{Entry, Outcome};
use crate::web::Fields;

/// A longer value of an entry variable is none.
const LONGEST: usize = 500;

/// Somebody at the door with a right to come in.
pub struct Arrival {
    pub compiled: Arc<Compiled>,
    pub version: i64,
    pub entries: Vec<(String, String)>,
    pub link: Option<Link>,
}

/// Why somebody is not let in, and where they are sent instead.
#[derive(Debug)]
pub struct Refused {
    pub outcome: Outcome,
    pub exit_to: Option<String>,
    /// The version whose words are said, if there is one.
    pub compiled: Option<Arc<Compiled>>,
}

/// What came of entering.
pub enum Entered {
    /// The token of their address.
    In(String),
    Refused(Refused),
}

/// Looks at what the address brings; nobody is let in yet. `query` is the
/// address's own, as it was sent.
pub async fn arrive(
    surveys: &Surveys,
    of: &Fieldwork,
    query: &str,
) -> Result<Result<Arrival, Refused>, Error> {
    let refused = |outcome, compiled| {
        Ok(Err(Refused {
            outcome,
            exit_to: None,
            compiled,
        }))
    };
    let Some(version) = of.version else {
        return refused(Outcome::Closed, None);
    };
    let compiled = surveys.version(of, version).await?;
    let fields = Fields::parse(query);
    let link = match fields.get("k") {
        Some(key) => match surveys.link(of, key).await? {
            Some(link) => Some(link),
            None => return refused(Outcome::Invalid, Some(compiled)),
        },
        None => None,
    };
    let entries = entries(&compiled, link.as_ref(), &fields);
    let is_open = link.as_ref().is_none_or(|link| link.is_open);
    let outcome = if !of.is_open(surveys.site.clock.now()) || !is_open {
        Some(Outcome::Closed)
    } else if is_valid(surveys, of, &compiled, (&entries, query)).await? {
        None
    } else {
        Some(Outcome::Invalid)
    };
    let Some(outcome) = outcome else {
        return Ok(Ok(Arrival {
            compiled,
            version,
            entries,
            link,
        }));
    };
    let exits = link.as_ref().map_or(&[][..], |link| &link.exits);
    // Who brings a signature that is none is sent nowhere: the values are not theirs.
    let to = if outcome == Outcome::Invalid {
        None
    } else {
        exit_to(&compiled.survey, exits, outcome, &entries)
    };
    Ok(Err(Refused {
        outcome,
        exit_to: to,
        compiled: Some(compiled),
    }))
}

/// What the address and the link say of the declared variables. The link's word stands.
fn entries(compiled: &Compiled, link: Option<&Link>, fields: &Fields) -> Vec<(String, String)> {
    let of_link = |entry: &Entry| {
        let known = link?.entry.iter().find(|(name, _)| *name == entry.name);
        known.map(|(_, value)| value.clone())
    };
    let value = |entry: &Entry| {
        let sent = || fields.get(&entry.key).map(str::to_owned);
        let value = of_link(entry).or_else(sent)?;
        let is_fit = !value.trim().is_empty()
            && value.len() <= LONGEST
            && !value.contains(|c: char| c.is_control());
        is_fit.then(|| (entry.name.clone(), value))
    };
    compiled.survey.entries.iter().filter_map(value).collect()
}

/// Is everything there that has to be, and signed where it has to be?
async fn is_valid(
    surveys: &Surveys,
    of: &Fieldwork,
    compiled: &Compiled,
    (known, query): (&[(String, String)], &str),
) -> Result<bool, Error> {
    for entry in &compiled.survey.entries {
        let is_there = known.iter().any(|(name, _)| *name == entry.name);
        if entry.required && !is_there {
            return Ok(false);
        }
        if let Some(name) = entry.sign.as_deref().filter(|_| is_there) {
            let name = name.strip_prefix("hmac-sha256:").unwrap_or(name);
            let secret = surveys.key(of, name).await?;
            let is_signed = |secret: Vec<u8>| {
                token::is_signed(&secret, query) || token::is_signed(&secret, brought(query))
            };
            if !secret.is_some_and(is_signed) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The address as it was brought: without the language that was chosen here, which
/// stands in front and was never signed.
pub fn brought(query: &str) -> &str {
    match query.strip_prefix("lang=") {
        Some(rest) => rest.split_once('&').map_or("", |(_, brought)| brought),
        None => query,
    }
}

/// Lets somebody in who arrived.
pub async fn enter(
    surveys: &Surveys,
    of: &Fieldwork,
    arrival: Arrival,
    (lang, device): (String, String),
) -> Result<Entered, Error> {
    let Arrival {
        compiled,
        version,
        entries,
        link,
    } = arrival;
    let (new_token, seed) = (token::fresh()?, seed()?);
    let (hash, now) = (token::hash(&new_token), surveys.site.clock.now());
    let exits = link
        .as_ref()
        .map(|link| link.exits.clone())
        .unwrap_or_default();
    let is_own = matches!(
        link.as_ref().map(|link| link.kind),
        Some(LinkKind::Personal | LinkKind::Single)
    );
    let link = link.map(|link| link.id).unwrap_or_default();
    let duplicate = Refused {
        outcome: Outcome::Duplicate,
        exit_to: exit_to(&compiled.survey, &exits, Outcome::Duplicate, &entries),
        compiled: Some(Arc::clone(&compiled)),
    };
    let begun = surveys
        .file(of)?
        .write(move |tx| {
            let is_anonymous = compiled.survey.is_anonymous;
            if is_own && is_anonymous && !sql::use_link(tx, &link)? {
                return Ok(Begun::Before);
            }
            // Who has a link of their own is known by it, but where nobody may be.
            if is_own
                && !is_anonymous
                && let Some(begun) = beginning::begin_again(tx, &link, &hash)?
            {
                return Ok::<_, store::Error>(begun);
            }
            let field = Field {
                compiled: &compiled,
                exits: &exits,
                now,
            };
            let new = New {
                token: &hash,
                link: if is_own && is_anonymous { "" } else { &link },
                version,
                lang: &lang,
                seed,
                is_test: false,
                device: &device,
                entries: &entries,
            };
            beginning::begin(tx, field, &new)
        })
        .await?;
    Ok(match begun {
        Begun::In => Entered::In(new_token),
        Begun::Before => Entered::Refused(duplicate),
    })
}

/// Lets a researcher in, to try the draft or a version: what they enter is marked.
pub async fn enter_preview(
    surveys: &Surveys,
    of: &Fieldwork,
    version: i64,
) -> Result<String, Error> {
    let compiled = surveys.version(of, version).await?;
    let (new_token, seed) = (token::fresh()?, seed()?);
    let (hash, now) = (token::hash(&new_token), surveys.site.clock.now());
    let lang = compiled.survey.lang().to_owned();
    surveys
        .file(of)?
        .write(move |tx| {
            let field = Field {
                compiled: &compiled,
                exits: &[],
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
                entries: &[],
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
