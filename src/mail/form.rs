//! The server for mail as its form says it, read and checked; and the form as
//! what is kept fills it.

use crate::base::Secret;
use crate::egress::{Host, Trust};
use crate::web::{Faults, Fields};

use super::letter::one_line;
use super::message;
use super::server::{Security, Server, USUAL};

/// Letters that a reason has at least: one that says something.
const REASON: usize = 10;

/// More letters in an hour no server takes from one sender.
const FASTEST: u32 = 100_000;

/// What an operator entered.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) server: Server,
    /// A new password; `None`: the one that is kept.
    pub(super) password: Option<Secret>,
}

impl Draft {
    /// Faults stand at the names of the fields.
    pub(super) fn parse(fields: &Fields) -> Result<Draft, Faults> {
        let mut faults = Faults::default();
        let word = |name: &str| one_line(fields.get(name).unwrap_or_default());
        let host = word("host");
        if let Err(error) = Host::parse(&host) {
            faults.add("host", error.to_string());
        }
        let port = word("port").parse::<u16>().ok().filter(|port| *port > 0);
        if port.is_none() {
            faults.add("port", "write a number from 1 to 65535, such as 587");
        }
        let security = Security::named(&word("security"));
        if security.is_none() {
            faults.add("security", "choose StartTLS, TLS from the start, or none");
        }
        let ca = fields.get("ca").unwrap_or_default().trim().to_owned();
        if let Err(error) = Trust::new(&ca) {
            faults.add("ca", error.to_string());
        }
        let from = word("from");
        if !message::is_address(&from) {
            faults.add("from", "write an address such as onsight@corp.example");
        }
        let per_hour = match &*word("per_hour") {
            "" => Some(USUAL),
            words => words.parse().ok(),
        };
        let per_hour = per_hour.filter(|count| (1..=FASTEST).contains(count));
        if per_hour.is_none() {
            faults.add("per_hour", "write a number from 1 to 100000, such as 500");
        }
        let server = Server {
            host,
            port: port.unwrap_or_default(),
            security: security.unwrap_or(Security::StartTls),
            ca,
            user: word("user"),
            from,
            from_name: word("from_name"),
            reason: word("reason"),
            per_hour: per_hour.unwrap_or(USUAL),
        };
        let password = fields.get("password").filter(|words| !words.is_empty());
        let draft = Draft {
            server: guarded(server, &mut faults),
            password: password.map(|words| words.to_owned().into()),
        };
        if draft.password.is_some() && draft.server.user.is_empty() {
            faults.add("user", "write who signs in with this password");
        }
        if faults.is_empty() {
            Ok(draft)
        } else {
            Err(faults)
        }
    }
}

/// Without TLS there has to be a reason, and nobody signs in.
fn guarded(server: Server, faults: &mut Faults) -> Server {
    if server.security != Security::Plain {
        return Server {
            reason: String::new(),
            ..server
        };
    }
    if server.reason.chars().count() < REASON {
        faults.add(
            "reason",
            "say why letters, with the links in them, may be read on the way; the audit trail keeps it",
        );
    }
    if !server.user.is_empty() {
        faults.add(
            "user",
            "without TLS nobody signs in: the password could be read on the way",
        );
    }
    server
}

/// The form as what is kept fills it: never with the password.
pub(super) fn filled(server: &Server) -> Fields {
    let (port, per_hour) = (server.port.to_string(), server.per_hour.to_string());
    let all = [
        ("host", &*server.host),
        ("port", &port),
        ("security", server.security.name()),
        ("ca", &server.ca),
        ("user", &server.user),
        ("from", &server.from),
        ("from_name", &server.from_name),
        ("reason", &server.reason),
        ("per_hour", &per_hour),
    ];
    all.into_iter()
        .fold(Fields::default(), |fields, (name, value)| {
            fields.with(name, Some(value))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: &str = "host=mail.corp&port=587&security=starttls&ca=&user=onsight\
        &password=hunter2&from=onsight%40corp.example&from_name=Onsight&reason=";

    fn parse(change: &[(&str, &str)]) -> Result<Draft, Vec<String>> {
        let fields = change
            .iter()
            .fold(Fields::parse(FINE), |fields, (name, value)| {
                fields.with(name, Some(value))
            });
        Draft::parse(&fields)
            .map_err(|faults| faults.iter().map(|(field, _)| field.to_owned()).collect())
    }

    #[test]
    fn what_is_kept_fills_the_form_without_the_password() {
        let draft = parse(&[]).unwrap();
        let again = filled(&draft.server);
        assert!(again.get("password").is_none());
        assert_eq!(Draft::parse(&again).unwrap().server, draft.server);
        assert!(Draft::parse(&again).unwrap().password.is_none());
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        for (field, value) in [
            ("host", "127.1"),
            ("host", "mail.corp\r\nX"),
            ("port", "0"),
            ("port", "65536"),
            ("security", "maybe"),
            ("ca", "hello"),
            ("from", "nobody"),
            ("from", "a@b@c"),
            ("from", "Ada <ada@corp.example>"),
            ("per_hour", "0"),
            ("per_hour", "many"),
        ] {
            assert_eq!(parse(&[(field, value)]).unwrap_err(), [field], "{value}");
        }
    }

    #[test]
    fn without_tls_there_is_a_reason_and_no_password() {
        let plain = ("security", "plain");
        assert_eq!(parse(&[plain]).unwrap_err(), ["reason", "user"]);
        let reason = ("reason", "the relay listens on this host only");
        assert_eq!(parse(&[plain, reason]).unwrap_err(), ["user"]);
        let nobody = [plain, reason, ("user", ""), ("password", "")];
        assert_eq!(parse(&nobody).unwrap().server.security, Security::Plain);
        let orphan = [("user", "")];
        assert_eq!(parse(&orphan).unwrap_err(), ["user"]);
    }

    #[test]
    fn no_field_begins_another_line() {
        let draft = parse(&[("from_name", "Onsight\r\nBcc: eve@evil.example")]).unwrap();
        assert_eq!(draft.server.from_name, "Onsight Bcc: eve@evil.example");
    }
}
