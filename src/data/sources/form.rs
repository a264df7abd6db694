//! A database as its form says it, read and checked; and the form as what is kept fills it.

use super::model::{Bounds, Guard, Place, Settings, Source};
use super::{address, named};
use crate::base::Secret;
use crate::egress::{Host, Trust};
use crate::web::{Faults, Fields};

/// Letters that a reason has at least: one that says something.
const REASON: usize = 10;
/// Letters of a name, and of what goes to the server.
const NAME: usize = 60;
const WORD: usize = 128;

/// What an admin entered.
#[derive(Clone, Debug)]
pub(super) struct NewSource {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) settings: Settings,
    /// A new password; `None`: the one that is kept.
    pub(super) password: Option<Secret>,
    /// The same of the account that changes rows.
    pub(super) writer_password: Option<Secret>,
    /// What the page knew of it; 0 for a new one.
    pub(super) revision: i64,
}

impl NewSource {
    /// Faults stand at the names of the fields.
    pub(super) fn parse(fields: &Fields) -> Result<NewSource, Faults> {
        let mut faults = Faults::default();
        let word = |name: &str| {
            fields
                .get(name)
                .map(str::trim)
                .unwrap_or_default()
                .to_owned()
        };
        let (name, kind) = (word("name"), word("kind"));
        if name.is_empty() || name.chars().count() > NAME {
            let why = format!("write a name of 1 to {NAME} characters, such as Warehouse");
            faults.add("name", why);
        }
        let known = named(&kind);
        if known.is_none() {
            faults.add("kind", "choose what kind of database it is");
        }
        let api = known.filter(|kind| kind.is_described());
        let place = place(fields, api.is_some(), &mut faults);
        let reason = reason(place.guard, word("reason"), &mut faults);
        let bounds = bounds(fields, &mut faults);
        let (writer, tables) = if let Some(kind) = api {
            (String::new(), address::tables(kind, fields, &mut faults))
        } else {
            let writer = writer(word("writer"), &place.user, &mut faults);
            (writer, String::new())
        };
        let password = |name: &str| {
            let typed = fields.get(name).filter(|words| !words.is_empty());
            typed.map(|words| Secret::from(words.to_owned()))
        };
        let new = NewSource {
            name,
            kind,
            settings: Settings {
                place,
                writer,
                reason,
                bounds,
                tables,
            },
            password: password("password"),
            writer_password: password("writer_password"),
            revision: word("revision").parse().unwrap_or_default(),
        };
        if faults.is_empty() {
            Ok(new)
        } else {
            Err(faults)
        }
    }
}

/// What stands before the guard: where it is, what there, and as whom.
pub(super) struct Whereabouts {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) database: String,
    pub(super) user: String,
}

fn account(fields: &Fields, faults: &mut Faults) -> Whereabouts {
    let mut word = |name: &str, why: &str| {
        let word = fields.get(name).map(str::trim).unwrap_or_default();
        let is_fit = (1..=WORD).contains(&word.chars().count());
        if !is_fit || word.chars().any(char::is_control) {
            faults.add(name, why);
        }
        word.to_owned()
    };
    let database = word("database", "write the name of the database");
    let user = word("user", "write who signs in there");
    let host = fields
        .get("host")
        .map(str::trim)
        .unwrap_or_default()
        .to_owned();
    if let Err(error) = Host::parse(&host) {
        faults.add("host", error.to_string());
    }
    let port = fields
        .get("port")
        .and_then(|port| port.trim().parse::<u16>().ok());
    let port = port.filter(|port| *port > 0);
    if port.is_none() {
        faults.add("port", "write a number from 1 to 65535, such as 5432");
    }
    Whereabouts {
        host,
        port: port.unwrap_or_default(),
        database,
        user,
    }
}

fn place(fields: &Fields, is_api: bool, faults: &mut Faults) -> Place {
    let guard = fields.get("tls").and_then(Guard::named);
    if guard.is_none() {
        faults.add("tls", "choose how the connection is secured");
    }
    let guard = guard.unwrap_or(Guard::Verify);
    let mut ca = fields
        .get("ca")
        .map(str::trim)
        .unwrap_or_default()
        .to_owned();
    if guard != Guard::Ca {
        ca.clear();
    } else if ca.is_empty() {
        faults.add("ca", "enter the certificate of the authority, as PEM");
    } else if let Err(error) = Trust::new(&ca) {
        faults.add("ca", error.to_string());
    }
    let is_plain = guard == Guard::Off;
    let found = if is_api {
        address::entered(fields, is_plain, faults)
    } else {
        account(fields, faults)
    };
    Place {
        host: found.host,
        port: found.port,
        database: found.database,
        user: found.user,
        guard,
        ca,
    }
}

/// Reading and changing are apart: one account for both would let a query that reads change.
fn writer(writer: String, reader: &str, faults: &mut Faults) -> String {
    let is_fit = writer.chars().count() <= WORD && !writer.chars().any(char::is_control);
    if !is_fit {
        faults.add("writer", "write who signs in there, or nothing");
    } else if !writer.is_empty() && writer == reader {
        let why = "take another account than the one that reads: that one can only read";
        faults.add("writer", why);
    }
    writer
}

/// Where nobody has to prove who it is there has to be a reason.
fn reason(guard: Guard, reason: String, faults: &mut Faults) -> String {
    if !guard.is_weak() {
        return String::new();
    }
    if reason.chars().count() < REASON {
        let why = "say why the connection need not be safe; the audit trail keeps it";
        faults.add("reason", why);
    }
    reason
}

fn bounds(fields: &Fields, faults: &mut Faults) -> Bounds {
    let usual = Bounds::default();
    let mut number = |name: &str, usual: u32, most: u32| {
        let said = fields.get(name).map(str::trim).unwrap_or_default();
        if said.is_empty() {
            return usual;
        }
        let number = said
            .parse()
            .ok()
            .filter(|number| (1..=most).contains(number));
        if number.is_none() {
            faults.add(
                name,
                format!("write a number from 1 to {most}, such as {usual}"),
            );
        }
        number.unwrap_or(usual)
    };
    Bounds {
        connections: number("connections", usual.connections, 50),
        seconds: number("seconds", usual.seconds, 300),
        rows: number("rows", usual.rows, 100_000),
    }
}

/// The form as what is kept fills it: never with the password.
pub(super) fn filled(source: &Source) -> Fields {
    let (place, bounds) = (&source.settings.place, source.settings.bounds);
    let all = [
        ("name", source.name.clone()),
        ("kind", source.kind.clone()),
        ("host", place.host.clone()),
        ("port", place.port.to_string()),
        ("database", place.database.clone()),
        ("user", place.user.clone()),
        ("writer", source.settings.writer.clone()),
        ("tls", place.guard.name().to_owned()),
        ("ca", place.ca.clone()),
        ("reason", source.settings.reason.clone()),
        ("connections", bounds.connections.to_string()),
        ("seconds", bounds.seconds.to_string()),
        ("rows", bounds.rows.to_string()),
        ("address", address::written(place)),
        ("tables", source.settings.tables.clone()),
        ("revision", source.revision.to_string()),
    ];
    all.into_iter()
        .fold(Fields::default(), |fields, (name, value)| {
            fields.with(name, Some(&value))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: &str = "name=Shop&kind=postgres&host=db.corp&port=5432&database=shop&user=reader\
        &password=hunter2&tls=verify&ca=&reason=&connections=&seconds=&rows=";

    fn parse(change: &[(&str, &str)]) -> Result<NewSource, Vec<String>> {
        let fields = change
            .iter()
            .fold(Fields::parse(FINE), |fields, (name, value)| {
                fields.with(name, Some(value))
            });
        NewSource::parse(&fields)
            .map_err(|faults| faults.iter().map(|(field, _)| field.to_owned()).collect())
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        for (field, value) in [
            ("name", ""),
            ("kind", "oracle"),
            ("host", "127.1"),
            ("host", "user@db.corp"),
            ("port", "0"),
            ("database", ""),
            ("user", "a\0b"),
            ("writer", "a\0b"),
            ("writer", "reader"),
            ("tls", "maybe"),
            ("connections", "51"),
            ("seconds", "0"),
            ("rows", "many"),
        ] {
            assert_eq!(parse(&[(field, value)]).unwrap_err(), [field], "{value}");
        }
        assert_eq!(parse(&[]).unwrap().settings.bounds, Bounds::default());
    }

    const API: &str = "name=Shop&kind=http&address=https://api.corp:8443/v2/&user=Authorization\
        &password=Bearer+x&tls=verify&ca=&reason=&connections=&seconds=&rows=\
        &tables=[t]%0Aget=\"/t\"%0Acolumns={id=\"integer\"}";

    fn api(change: &[(&str, &str)]) -> Result<NewSource, Vec<String>> {
        let fields = change
            .iter()
            .fold(Fields::parse(API), |fields, (name, value)| {
                fields.with(name, Some(value))
            });
        NewSource::parse(&fields)
            .map_err(|faults| faults.iter().map(|(field, _)| field.to_owned()).collect())
    }

    #[test]
    fn an_api_has_an_address_a_header_and_tables() {
        let place = api(&[]).unwrap().settings.place;
        assert_eq!((&*place.host, place.port), ("api.corp", 8443));
        assert_eq!((&*place.database, &*place.user), ("v2", "Authorization"));
        assert_eq!(address::written(&place), "https://api.corp:8443/v2");
        let off = [
            ("address", "http://[::1]/a/b"),
            ("tls", "off"),
            ("reason", "it is on this very machine"),
        ];
        let place = api(&off).unwrap().settings.place;
        assert_eq!((&*place.host, place.port), ("[::1]", 80));
        assert_eq!(address::written(&place), "http://[::1]/a/b");
        for (field, value) in [
            ("address", ""),
            ("address", "api.corp"),
            ("address", "http://api.corp/"),
            ("address", "https://ada@api.corp/"),
            ("address", "https://api.corp/?a=1"),
            ("address", "https://api.corp/#a"),
            ("address", "https://api.corp/../a"),
            ("address", "https://127.1/"),
            ("address", "https://api.corp:0/"),
            ("user", "a b"),
            ("user", "Host"),
            ("user", ""),
            ("password", "a\nb"),
            ("tables", ""),
            ("tables", "[t]"),
        ] {
            assert_eq!(api(&[(field, value)]).unwrap_err(), [field], "{value}");
        }
        assert_eq!(api(&[("tls", "off")]).unwrap_err(), ["address", "reason"]);
        assert!(api(&[("user", ""), ("password", "")]).is_ok());
    }

    #[test]
    fn a_weak_guard_needs_a_reason_and_an_authority_its_certificate() {
        for weak in ["require", "off"] {
            assert_eq!(parse(&[("tls", weak)]).unwrap_err(), ["reason"]);
            let reason = ("reason", "a cable between two machines of one rack");
            assert!(parse(&[("tls", weak), reason]).is_ok());
        }
        assert_eq!(parse(&[("tls", "ca")]).unwrap_err(), ["ca"]);
        assert_eq!(
            parse(&[("tls", "ca"), ("ca", "hello")]).unwrap_err(),
            ["ca"]
        );
    }
}
