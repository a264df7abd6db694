//! The door of a survey: what an address brings, and whether it can be believed.

use std::sync::Arc;

use super::beginning::{Brought, Once, Value};
use super::exits::{Exits, exit_to, may_return};
use super::library::{Error, Fieldwork, Link, Surveys};
use super::queries::{apart, brought, unsigned};
use super::{Compiled, sql, token};
use crate::store;
use crate::surveys::format::{Entry, Outcome};
use crate::surveys::panels::{Came, Known, Reason};
use crate::web::Fields;

/// A longer value of an entry variable is none.
const LONGEST: usize = 500;
/// A longer address to go back to is none.
const FARTHEST: usize = 2_000;

/// Where somebody stands: this server as they reached it, and what stood behind
/// the `?`, as it was sent.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    pub origin: &'a str,
    pub query: &'a str,
}

/// Somebody at the door with a right to come in.
pub struct Arrival {
    pub compiled: Arc<Compiled>,
    pub version: i64,
    pub brought: Brought,
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

impl Arrival {
    /// What the link says about the end.
    pub fn exits(&self) -> Exits {
        let link = self.link.as_ref();
        link.map(|link| link.exits.clone()).unwrap_or_default()
    }
}

/// Looks at what the address brings; nobody is let in yet. Who is turned away is
/// counted.
pub async fn arrive(
    surveys: &Surveys,
    of: &Fieldwork,
    at: At<'_>,
) -> Result<Result<Arrival, Refused>, Error> {
    let refused = |outcome, compiled| Refused {
        outcome,
        exit_to: None,
        compiled,
    };
    let Some(version) = of.version else {
        return Ok(Err(refused(Outcome::Closed, None)));
    };
    let compiled = surveys.version(of, version).await?;
    let link = match named(surveys, of, &Fields::parse(at.query)).await? {
        Ok(link) => link,
        Err(reason) => {
            turn_away(surveys, of, ("", ""), reason).await?;
            return Ok(Err(refused(Outcome::Invalid, Some(compiled))));
        }
    };
    let is_open = link.as_ref().is_none_or(|link| link.is_open);
    let door = Door {
        surveys,
        of,
        compiled: &compiled,
        link: link.as_ref(),
        own: None,
    };
    let is_open = is_open && of.is_open(surveys.site.clock.now());
    let (reason, known) = match door.look(at).await? {
        Ok(brought) if is_open => {
            return Ok(Ok(Arrival {
                compiled,
                version,
                brought,
                link,
            }));
        }
        Ok(brought) => (Reason::Closed, brought.pairs()),
        // Nothing goes back signed that came unsigned.
        Err(_) if !is_open => (Reason::Closed, Vec::new()),
        Err(reason) => (reason, Vec::new()),
    };
    let id = link.as_ref().map_or("", |link| link.id.as_str());
    turn_away(surveys, of, (id, &door.source()), reason).await?;
    let exits = link.as_ref().map(|link| link.exits.clone());
    let (outcome, to) = if reason == Reason::Closed {
        let exits = exits.unwrap_or_default();
        let to = exit_to(&compiled.survey, &exits, Outcome::Closed, &known);
        (Outcome::Closed, to)
    } else {
        // Who brings a signature that is none is sent nowhere: the values are not theirs.
        (Outcome::Invalid, None)
    };
    Ok(Err(Refused {
        outcome,
        exit_to: to,
        compiled: Some(compiled),
    }))
}

/// What an address would bring to a preview of the draft, signatures aside. `own` is
/// the page of ours that plays the host: there one may go back to besides.
pub async fn bring_preview(
    surveys: &Surveys,
    of: &Fieldwork,
    (query, own): (&str, &str),
) -> Result<Result<Brought, Reason>, Error> {
    let compiled = surveys.version(of, 0).await?;
    Ok(match named(surveys, of, &Fields::parse(query)).await? {
        Err(reason) => Err(reason),
        Ok(link) => {
            let door = Door {
                surveys,
                of,
                compiled: &compiled,
                link: link.as_ref(),
                own: Some(own),
            };
            door.values(query, false)
        }
    })
}

/// The link that the address names, by its key or its number.
async fn named(
    surveys: &Surveys,
    of: &Fieldwork,
    fields: &Fields,
) -> Result<Result<Option<Link>, Reason>, store::Error> {
    if let Some(key) = fields.get("k") {
        let link = surveys.link(of, key).await?;
        return Ok(link.map(Some).ok_or(Reason::NoLink));
    }
    let Some(number) = fields.get("list") else {
        return Ok(Ok(None));
    };
    // Where no link has a number, `list` is a parameter like others.
    Ok(match surveys.list(of, number).await? {
        (None, true) => Err(Reason::NoLink),
        (link, _) => Ok(link),
    })
}

/// Counts whom nobody let in, by link, supplier and reason. This is data of the
/// survey and no administration: it leaves no line in the journal.
pub(super) async fn turn_away(
    surveys: &Surveys,
    of: &Fieldwork,
    (link, source): (&str, &str),
    reason: Reason,
) -> Result<(), store::Error> {
    let (link, source) = (link.to_owned(), source.to_owned());
    let now = surveys.site.clock.now();
    surveys
        .file(of)?
        .write(move |tx| sql::turn_away(tx, (&link, &source), reason.name(), now))
        .await
}

/// What stands at the door: the survey, and the link somebody came by.
struct Door<'a> {
    surveys: &'a Surveys,
    of: &'a Fieldwork,
    compiled: &'a Compiled,
    link: Option<&'a Link>,
    /// In a preview, the page of ours that plays the host.
    own: Option<&'a str>,
}

impl Door<'_> {
    /// What was brought, or why it lets nobody in.
    async fn look(&self, at: At<'_>) -> Result<Result<Brought, Reason>, Error> {
        if self.link.is_some_and(|link| !link.is_whole) {
            return Ok(Err(Reason::NoSecret));
        }
        let mut signed = String::new();
        let mut query = at.query;
        for (known, is_asked) in self.signers(at.query).await? {
            let Some(known) = known else {
                return Ok(Err(Reason::NoSecret));
            };
            match checked(&known, (at, &self.of.slug)) {
                Ok(Some(message)) => {
                    signed = format!("{signed}{}\n{message}\n", known.name);
                    query = unsigned(query, &known.agreed.entry);
                }
                Ok(None) if is_asked => return Ok(Err(Reason::Unsigned)),
                Ok(None) => {}
                Err(reason) => return Ok(Err(reason)),
            }
        }
        Ok(self
            .values(query, !signed.is_empty())
            .map(|brought| Brought {
                signed: (!signed.is_empty()).then(|| token::hash(&signed)),
                ..brought
            }))
    }

    /// Whoever has to have signed the address, each once: the link's supplier, and
    /// those that the definition names for what comes by the address. With those a
    /// signature is asked for.
    async fn signers(&self, query: &str) -> Result<Vec<(Option<Arc<Known>>, bool)>, store::Error> {
        let of_link = self.link.and_then(|link| link.exits.supplier.clone());
        let mut all: Vec<_> = { of_link.into_iter() }
            .map(|known| (Some(known), false))
            .collect();
        let fields = Fields::parse(query);
        for entry in &self.compiled.survey.entries {
            let comes = entry.required || fields.get(&entry.key).is_some();
            let Some(sign) = entry.sign.as_ref().filter(|_| comes) else {
                continue;
            };
            let is_there = |(known, _): &(Option<Arc<Known>>, bool)| {
                known.as_ref().is_some_and(|known| known.name == sign.name)
            };
            // What stands in the link itself is nobody else's word.
            if self.own(entry).is_some() || all.iter().any(is_there) {
                continue;
            }
            let known = self.surveys.supplier(self.of.workspace, &sign.name).await?;
            all.push((known.filter(|known| known.kind.id() == sign.kind), true));
        }
        Ok(all)
    }

    /// What the link itself says of that variable.
    fn own(&self, entry: &Entry) -> Option<&str> {
        let mut known = self.link?.entry.iter();
        let found = known.find(|(name, _)| *name == entry.name)?;
        Some(&found.1)
    }

    /// Where respondents of this link come from.
    fn source(&self) -> String {
        let supplier = self.link.and_then(|link| link.exits.supplier.as_ref());
        supplier.map_or_else(String::new, |known| known.name.clone())
    }

    /// What the address and the link say of the variables. The link's word stands.
    fn values(&self, query: &str, is_signed: bool) -> Result<Brought, Reason> {
        let survey = &self.compiled.survey;
        let returns = survey.entries.iter().find(|entry| entry.is_return);
        let (query, back) = match returns {
            Some(entry) => apart(query, &entry.key),
            None => (query.to_owned(), None),
        };
        let fields = Fields::parse(&query);
        let mut values = Vec::new();
        for entry in survey.entries.iter().filter(|entry| !entry.is_return) {
            match self.value(entry, &fields, is_signed) {
                Some(value) => values.push(value),
                None if entry.required => return Err(Reason::Missing),
                None => {}
            }
        }
        if let Some(entry) = returns {
            let exits = self.link.map(|link| link.exits.clone()).unwrap_or_default();
            match back {
                Some(to) if to.len() <= FARTHEST && self.may_return(&exits, &to) => {
                    values.push(Value {
                        name: entry.name.clone(),
                        value: to,
                        once: Once::No,
                    });
                }
                Some(_) => return Err(Reason::Return),
                None if entry.required => return Err(Reason::Missing),
                None => {}
            }
        }
        let supplier = self.link.and_then(|link| link.exits.supplier.as_ref());
        let brings = supplier.map_or(&[][..], |known| known.kind.brings());
        for brought in brings {
            let is_there = values.iter().any(|value| value.name == brought.key);
            if let Some(value) = fields.get(brought.key).filter(|value| is_fit(value))
                && !is_there
            {
                values.push(Value {
                    name: brought.key.to_owned(),
                    value: value.to_owned(),
                    once: once(brought.is_unique, is_signed),
                });
            }
        }
        Ok(Brought {
            source: self.source(),
            values,
            signed: None,
        })
    }

    fn may_return(&self, exits: &Exits, to: &str) -> bool {
        let is_own = self.own.is_some_and(|own| to.starts_with(own));
        is_own || may_return(&self.compiled.survey, exits, to)
    }

    fn value(&self, entry: &Entry, fields: &Fields, is_signed: bool) -> Option<Value> {
        let own = self.own(entry);
        let value = own
            .or_else(|| fields.get(&entry.key))
            .filter(|value| is_fit(value))?;
        let is_sure = is_signed || own.is_some() || entry.resume;
        Some(Value {
            name: entry.name.clone(),
            value: value.to_owned(),
            once: once(entry.unique, is_sure),
        })
    }
}

fn is_fit(value: &str) -> bool {
    !value.trim().is_empty() && value.len() <= LONGEST && !value.contains(|c: char| c.is_control())
}

fn once(is_unique: bool, is_sure: bool) -> Once {
    match (is_unique, is_sure) {
        (false, _) => Once::No,
        (true, true) => Once::GoesOn,
        (true, false) => Once::Closed,
    }
}

/// What was signed in the address, with or without the language that was chosen
/// here, which was never signed.
fn checked(known: &Known, (at, slug): (At<'_>, &str)) -> Result<Option<String>, Reason> {
    let check = |query: &str| {
        let address = match query {
            "" => format!("{}/s/{slug}", at.origin),
            _ => format!("{}/s/{slug}?{query}", at.origin),
        };
        known.check(&Came { address: &address })
    };
    let whole = check(at.query);
    match brought(at.query) {
        same if same == at.query => whole,
        other => whole.or_else(|_reason| check(other)),
    }
}
