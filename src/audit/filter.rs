//! Which records somebody asks for.

use crate::base::Time;
use crate::journal::Outcome;
use crate::web::{Faults, Fields, WorkspaceId};

/// Whose records may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Those of one workspace.
    Workspace(WorkspaceId),
    /// Those about the instance and how people come in; no workspace's data.
    Instance,
}

impl Scope {
    /// Where its pages are.
    pub(super) fn home(self) -> &'static str {
        match self {
            Scope::Workspace(_) => "/audit",
            Scope::Instance => "/audit/instance",
        }
    }
}

/// What a record must be like; what is `None` may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) from: Option<Time>,
    /// The first moment that is too late.
    pub(super) to: Option<Time>,
    /// Part of a name or an e-mail address.
    pub(super) actor: Option<String>,
    /// How an action begins, or all of it.
    pub(super) action: Option<String>,
    /// Part of a name or an id.
    pub(super) object: Option<String>,
    /// How an address begins.
    pub(super) address: Option<String>,
    pub(super) result: Option<&'static str>,
}

/// The names of the fields, as forms and addresses carry them.
pub(super) const FIELDS: [&str; 7] = [
    "from", "to", "actor", "action", "object", "address", "result",
];
/// Letters of a word that is looked for.
const LONGEST: usize = 200;

impl Filter {
    /// Faults stand at the field they belong to; what was understood counts.
    pub(super) fn parse(fields: &Fields) -> (Filter, Faults) {
        let mut faults = Faults::default();
        let word = |name: &str| {
            let word = fields.get(name).map(str::trim).unwrap_or_default();
            (!word.is_empty() && word.chars().count() <= LONGEST).then(|| word.to_owned())
        };
        let mut moment = |name: &str, is_end: bool| {
            let word = word(name)?;
            let found = moment(&word, is_end);
            if found.is_none() {
                faults.add(
                    name,
                    "write a day such as 2026-11-21, or a moment such as 2026-11-21T14:30",
                );
            }
            found
        };
        let (from, to) = (moment("from", false), moment("to", true));
        let result = word("result").and_then(|word| {
            let outcome = Outcome::ALL.into_iter().find(|one| one.name() == word);
            if outcome.is_none() {
                faults.add("result", "a result is ok, refused or failed");
            }
            outcome.map(Outcome::name)
        });
        let filter = Filter {
            from,
            to,
            actor: word("actor"),
            action: word("action"),
            object: word("object"),
            address: word("address"),
            result,
        };
        (filter, faults)
    }

    /// How many of its fields say something.
    pub(super) fn count(&self) -> usize {
        [
            self.from.is_some(),
            self.to.is_some(),
            self.actor.is_some(),
            self.action.is_some(),
            self.object.is_some(),
            self.address.is_some(),
            self.result.is_some(),
        ]
        .into_iter()
        .filter(|said| *said)
        .count()
    }
}

/// The fields of a filter and nothing else, as an address carries them.
pub(super) fn query(fields: &Fields) -> String {
    let mut kept = Fields::default();
    for name in FIELDS {
        if let Some(value) = fields.get(name).filter(|value| !value.trim().is_empty()) {
            kept = kept.with(name, Some(value));
        }
    }
    kept.query()
}

/// A day or a moment, in UTC. The end of a day is the start of the next.
fn moment(word: &str, is_end: bool) -> Option<Time> {
    if let Ok(day) = word.parse::<jiff::civil::Date>() {
        let day = if is_end { day.tomorrow().ok()? } else { day };
        let start = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        return Some(Time(start.timestamp().as_millisecond()));
    }
    let bare = word
        .trim_end_matches('Z')
        .parse::<jiff::civil::DateTime>()
        .ok()?;
    let zoned = bare.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Time(zoned.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_the_next_begins() {
        let (filter, faults) = Filter::parse(&Fields::parse(
            "from=2026-11-21&to=2026-11-21&actor=+ada+&result=refused",
        ));

        assert!(faults.is_empty());
        assert_eq!(filter.from, Some(Time(1_795_219_200_000)));
        assert_eq!(filter.to, Some(Time(1_795_219_200_000 + Time::DAY)));
        assert_eq!(
            (filter.actor.as_deref(), filter.result),
            (Some("ada"), Some("refused"))
        );
        assert_eq!(filter.count(), 4);
    }

    #[test]
    fn what_is_no_time_and_no_result_is_told_at_its_field() {
        let (filter, faults) =
            Filter::parse(&Fields::parse("from=yesterday&to=2026-13-01&result=maybe"));

        assert_eq!(filter, Filter::default());
        for field in ["from", "to", "result"] {
            assert!(faults.at(field).is_some(), "{field}");
        }
    }

    #[test]
    fn only_the_filter_travels_in_an_address() {
        let fields = Fields::parse("actor=a%26b&before=7&evil=1&result=");
        assert_eq!(query(&fields), "actor=a%26b");
    }
}
