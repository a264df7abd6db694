//! A record as one text, a JSON array: quick to write, and sealed as it is.

use std::borrow::Cow;

use rusqlite::{Error as SqlError, types::Type};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde::ser::{Serialize, SerializeTuple, Serializer};

use crate::journal::entry::{Entry, Past};

/// The form in which new lines are sealed.
const VERSION: i64 = 3;
/// Places in the array. The first is the line's number, which the file gives.
const PLACES: usize = 27;

/// The fields of [`Past`] in their order, wherever they are.
pub(in crate::journal) struct Fields<'a> {
    version: i64,
    at: i64,
    /// From the kind of actor to the reason. Nobody is an empty name.
    words: [&'a str; 21],
    rows: Option<i64>,
    detail: Cow<'a, str>,
    diff: Cow<'a, str>,
}

impl<'a> From<&'a Entry> for Fields<'a> {
    fn from(entry: &'a Entry) -> Fields<'a> {
        let (actor, seen) = (&entry.actor, &entry.actor.seen);
        Fields {
            version: VERSION,
            at: entry.at.0,
            words: [
                actor.kind(),
                actor.user.as_deref().unwrap_or_default(),
                &actor.name,
                &actor.email,
                actor.grant.as_deref().unwrap_or_default(),
                actor.workspace.as_deref().unwrap_or_default(),
                actor.via.name(),
                &seen.address,
                &seen.proxies,
                seen.device.name(),
                &seen.browser,
                &seen.system,
                &seen.session,
                &seen.method,
                &seen.request,
                &entry.action,
                &entry.kind,
                &entry.id,
                &entry.object,
                entry.outcome.name(),
                &entry.reason,
            ],
            rows: entry.rows(),
            detail: entry.detail.to_string().into(),
            diff: entry.diff.to_string().into(),
        }
    }
}

impl<'a> From<&'a Past> for Fields<'a> {
    fn from(past: &'a Past) -> Fields<'a> {
        Fields {
            version: past.version,
            at: past.at,
            words: [
                &past.actor_kind,
                past.actor.as_deref().unwrap_or_default(),
                &past.actor_name,
                &past.email,
                &past.grant,
                &past.workspace,
                &past.via,
                &past.address,
                &past.proxies,
                &past.device,
                &past.browser,
                &past.system,
                &past.session,
                &past.method,
                &past.request,
                &past.action,
                &past.kind,
                &past.object_id,
                &past.object,
                &past.result,
                &past.reason,
            ],
            rows: past.row_count,
            detail: past.detail.as_str().into(),
            diff: past.diff.as_str().into(),
        }
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut array = serializer.serialize_tuple(PLACES)?;
        for number in [0, self.version, self.at] {
            array.serialize_element(&number)?;
        }
        for word in self.words {
            array.serialize_element(word)?;
        }
        array.serialize_element(&self.rows)?;
        array.serialize_element(&self.detail)?;
        array.serialize_element(&self.diff)?;
        array.end()
    }
}

/// The one text there is for these fields.
pub(in crate::journal) fn pack(of: &Fields<'_>) -> Result<String, SqlError> {
    serde_json::to_string(of).map_err(|error| SqlError::ToSqlConversionFailure(error.into()))
}

/// The record of the line with that number.
pub(in crate::journal) fn unpack(line: i64, record: &str) -> Result<Past, SqlError> {
    let past: Past = serde_json::from_str(record).map_err(unreadable)?;
    Ok(Past {
        line,
        actor: past.actor.filter(|actor| !actor.is_empty()),
        ..past
    })
}

fn unreadable(error: serde_json::Error) -> SqlError {
    SqlError::FromSqlConversionFailure(0, Type::Text, error.into())
}

/// What has to be known of a record to carry it; the rest is not looked at.
pub(in crate::journal) struct Glance<'a> {
    pub(in crate::journal) version: i64,
    pub(in crate::journal) at: i64,
    pub(in crate::journal) workspace: Cow<'a, str>,
    pub(in crate::journal) action: Cow<'a, str>,
}

type Skip = IgnoredAny;

/// The whole array, place by place.
#[rustfmt::skip]
#[derive(Deserialize)]
struct Places<'a>(
    Skip, i64, i64, Skip, Skip, Skip, Skip, Skip,
    #[serde(borrow)] Cow<'a, str>,
    Skip, Skip, Skip, Skip, Skip, Skip, Skip, Skip, Skip,
    #[serde(borrow)] Cow<'a, str>,
    Skip, Skip, Skip, Skip, Skip, Skip, Skip, Skip,
);

impl Glance<'_> {
    pub(in crate::journal) fn at(record: &str) -> Result<Glance<'_>, SqlError> {
        let places: Places<'_> = serde_json::from_str(record).map_err(unreadable)?;
        Ok(Glance {
            version: places.1,
            at: places.2,
            workspace: places.8,
            action: places.18,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hostile() -> Past {
        let word = |number: u8| format!("{number} \" \\ \n \u{1} \u{7f} </script> é 🦀 \u{2028}");
        Past {
            line: 9,
            version: 3,
            at: i64::MIN,
            actor_kind: word(1),
            actor: Some(word(2)),
            actor_name: word(3),
            email: word(4),
            grant: word(5),
            workspace: word(6),
            via: word(7),
            address: word(8),
            proxies: word(9),
            device: word(10),
            browser: word(11),
            system: word(12),
            session: word(13),
            method: word(14),
            request: word(15),
            action: word(16),
            kind: word(17),
            object_id: word(18),
            object: word(19),
            result: word(20),
            reason: word(21),
            row_count: Some(i64::MAX),
            detail: "{\"a\":\"\\n\"}".to_owned(),
            diff: "null".to_owned(),
        }
    }

    /// Its text is what is sealed: there is one for each record, and only one.
    #[test]
    fn a_record_comes_back_from_its_text_and_gives_the_same_text_again() {
        for past in [hostile(), Past::default()] {
            let text = pack(&Fields::from(&past)).unwrap();
            let back = unpack(past.line, &text).unwrap();

            assert_eq!(back, past);
            assert_eq!(pack(&Fields::from(&back)).unwrap(), text);
        }
    }

    #[test]
    fn what_is_glanced_at_is_what_the_record_says() {
        let past = hostile();
        let text = pack(&Fields::from(&past)).unwrap();

        let glance = Glance::at(&text).unwrap();

        assert_eq!((glance.version, glance.at), (past.version, past.at));
        assert_eq!(glance.workspace, past.workspace);
        assert_eq!(glance.action, past.action);
    }

    #[test]
    fn what_is_no_record_is_refused() {
        let whole = pack(&Fields::from(&hostile())).unwrap();
        let short = whole.replacen("[0,", "[", 1);
        for text in ["", "[]", "{}", "null", &short, &format!("{whole}x")] {
            assert!(unpack(1, text).is_err(), "{text}");
            assert!(Glance::at(text).is_err(), "{text}");
        }
    }
}
