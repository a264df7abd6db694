//! What an operator says about where this runs: the site, the provider, their
//! certificates and when those end.

use crate::base::Time;
use crate::id;
use crate::web::Faults;

id!(FactId);

/// How long before its end a certificate is told of.
pub(super) const SOON: i64 = 60 * Time::DAY;
const LONGEST: usize = 300;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Site,
    Provider,
    Certificate,
    Contract,
    Other,
}

impl Kind {
    pub(super) const ALL: [Kind; 5] = [
        Kind::Site,
        Kind::Provider,
        Kind::Certificate,
        Kind::Contract,
        Kind::Other,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Site => "site",
            Kind::Provider => "provider",
            Kind::Certificate => "certificate",
            Kind::Contract => "contract",
            Kind::Other => "other",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Kind::Site => "Site: where the machines stand",
            Kind::Provider => "Provider: who runs them",
            Kind::Certificate => "Certificate: such as ISO 27001 or SOC 2",
            Kind::Contract => "Contract: such as a data processing agreement",
            Kind::Other => "Something else",
        }
    }

    /// One word, for a column.
    pub(super) fn word(self) -> &'static str {
        self.title().split(':').next().unwrap_or_default()
    }

    pub(super) fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One fact, as it is kept.
#[derive(Clone, Debug)]
pub struct Hosting {
    pub(super) id: FactId,
    pub kind: Kind,
    pub name: String,
    pub number: String,
    /// The last moment it is good for.
    pub ends: Option<Time>,
    pub link: String,
    pub note: String,
}

impl Hosting {
    pub(super) fn day(&self) -> String {
        self.ends.map_or_else(String::new, day)
    }

    pub(super) fn is_over(&self, now: Time) -> bool {
        self.ends.is_some_and(|ends| ends < now)
    }

    pub(super) fn ends_soon(&self, now: Time) -> bool {
        self.ends.is_some_and(|ends| ends < now.plus(SOON))
    }

    #[cfg(test)]
    pub(super) fn test(kind: Kind, name: &str, ends: Option<Time>) -> Hosting {
        Hosting {
            id: FactId::new(Time(0)),
            kind,
            name: name.to_owned(),
            number: String::new(),
            ends,
            link: String::new(),
            note: String::new(),
        }
    }
}

/// A fact, and what its end means now.
pub(super) struct Shown {
    pub(super) fact: Hosting,
    pub(super) is_over: bool,
    pub(super) is_soon: bool,
}

pub(super) fn shown(facts: Vec<Hosting>, now: Time) -> Vec<Shown> {
    let facts = facts.into_iter().map(|fact| Shown {
        is_over: fact.is_over(now),
        is_soon: fact.ends_soon(now),
        fact,
    });
    facts.collect()
}

/// The day of a moment, in UTC.
fn day(time: Time) -> String {
    time.rfc3339()[..10].to_owned()
}

/// A fact about to be kept, with what was typed checked.
#[derive(Clone, Debug)]
pub(super) struct NewFact {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) number: String,
    pub(super) ends: Option<Time>,
    pub(super) link: String,
    pub(super) note: String,
}

/// What was typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) number: String,
    #[serde(default)]
    pub(super) ends: String,
    #[serde(default)]
    pub(super) link: String,
    #[serde(default)]
    pub(super) note: String,
}

impl Typed {
    pub(super) fn of(fact: &Hosting) -> Typed {
        Typed {
            kind: fact.kind.name().to_owned(),
            name: fact.name.clone(),
            number: fact.number.clone(),
            ends: fact.day(),
            link: fact.link.clone(),
            note: fact.note.clone(),
        }
    }

    /// Faults stand at the fields' own names.
    pub(super) fn parse(&self) -> Result<NewFact, Faults> {
        let mut faults = Faults::default();
        let kind = Kind::named(&self.kind);
        if kind.is_none() {
            faults.add("kind", "choose what it is about");
        }
        let mut line = |field: &str, text: &str| {
            let text = text.trim();
            if text.chars().count() > LONGEST {
                faults.add(field, format!("use at most {LONGEST} characters"));
            }
            text.to_owned()
        };
        let (name, number) = (line("name", &self.name), line("number", &self.number));
        let (address, note) = (line("link", &self.link), line("note", &self.note));
        if name.is_empty() {
            faults.add(
                "name",
                "write its name, such as ISO 27001 or Data centre Dublin 2",
            );
        }
        if !address.is_empty() && !address.starts_with("https://") {
            faults.add(
                "link",
                "write an address that begins with https://, or nothing",
            );
        }
        let ends = match self.ends.trim() {
            "" => None,
            text => {
                let end = end_of(text);
                if end.is_none() {
                    faults.add("ends", "write a day such as 2027-03-31, or nothing");
                }
                end
            }
        };
        match kind {
            Some(kind) if faults.is_empty() => Ok(NewFact {
                kind,
                name,
                number,
                ends,
                link: address,
                note,
            }),
            _ => Err(faults),
        }
    }
}

/// The last moment of a day, in UTC.
fn end_of(text: &str) -> Option<Time> {
    let next = text.parse::<jiff::civil::Date>().ok()?.tomorrow().ok()?;
    let start = next.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Time(start.timestamp().as_millisecond() - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(change: impl FnOnce(&mut Typed)) -> Typed {
        let mut typed = Typed {
            kind: "certificate".to_owned(),
            name: " ISO 27001 ".to_owned(),
            number: "IS 123".to_owned(),
            ends: "2027-03-31".to_owned(),
            link: "https://example.org/cert".to_owned(),
            note: String::new(),
        };
        change(&mut typed);
        typed
    }

    #[test]
    fn a_certificate_is_good_through_its_last_day() {
        let fact = typed(|_| ()).parse().unwrap();
        assert_eq!(fact.name, "ISO 27001");
        let kept = Hosting {
            ends: fact.ends,
            ..Hosting::test(fact.kind, &fact.name, None)
        };
        assert_eq!(kept.day(), "2027-03-31");
        let noon = Time(1_806_494_400_000);
        assert_eq!(noon.rfc3339(), "2027-03-31T12:00:00Z");
        assert!(!kept.is_over(noon) && kept.is_over(noon.plus(Time::DAY)));
    }

    #[test]
    fn what_is_wrong_is_told_at_its_field() {
        type Change = fn(&mut Typed);
        let cases: [(&str, Change); 6] = [
            ("kind", |typed| typed.kind = "x".into()),
            ("name", |typed| typed.name = " ".into()),
            ("ends", |typed| typed.ends = "31.3.2027".into()),
            ("link", |typed| typed.link = "javascript:alert(1)".into()),
            ("link", |typed| typed.link = "http://example.org".into()),
            ("note", |typed| typed.note = "x".repeat(301)),
        ];
        for (field, change) in cases {
            let faults = typed(change).parse().unwrap_err();
            assert!(faults.at(field).is_some(), "{field}");
        }
    }
}
