//! A letter as it travels: a head nobody can add a line to, and the text twice.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use super::letter::{Body, one_line};
use super::model::LetterId;
use super::server::Server;
use crate::base::Time;

/// What says that no person wrote it, so that nobody's out-of-office answers.
const AUTOMATIC: [(&str, &str); 2] = [
    ("Auto-Submitted", "auto-generated"),
    ("X-Auto-Response-Suppress", "All"),
];

/// Mail can go there.
pub fn is_address(text: &str) -> bool {
    address(text).is_ok()
}

pub(super) fn address(text: &str) -> Result<Address, String> {
    let bad = || format!("mail cannot go to `{}`", one_line(text));
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(bad());
    }
    text.parse().map_err(|_bad_address| bad())
}

/// The letter as bytes. Its id is the same each time it is tried, so that a
/// reader's program can tell the same letter from another.
pub(super) fn bytes(
    server: &Server,
    (to, name): (&str, &str),
    (id, at): (LetterId, Time),
    (subject, body): (&str, &Body),
) -> Result<Vec<u8>, String> {
    let mailbox = |address: Address, name: &str| {
        let name = one_line(name);
        Mailbox::new((!name.is_empty()).then_some(name), address)
    };
    let from = address(&server.from)?;
    let message_id = format!("<{id}@{}>", from.domain());
    let seconds = u64::try_from(at.0 / Time::SECOND).unwrap_or_default();
    let mut message = Message::builder()
        .from(mailbox(from, &server.from_name))
        .to(mailbox(address(to)?, name))
        .subject(one_line(subject))
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(message_id))
        .multipart(MultiPart::alternative_plain_html(
            body.text.clone(),
            body.html.clone(),
        ))
        .map_err(|error| error.to_string())?;
    for (name, value) in AUTOMATIC {
        let name = HeaderName::new_from_ascii_str(name);
        let value = HeaderValue::new(name, value.to_owned());
        message.headers_mut().insert_raw(value);
    }
    Ok(message.formatted())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::server::Security;

    fn server(from_name: &str) -> Server {
        Server {
            host: "mail.corp".to_owned(),
            port: 587,
            security: Security::StartTls,
            ca: String::new(),
            user: String::new(),
            from: "onsight@corp.example".to_owned(),
            from_name: from_name.to_owned(),
            reason: String::new(),
        }
    }

    fn written(from_name: &str, name: &str, subject: &str) -> String {
        let body = Body {
            text: "Zoë,\r\n.\r\nMAIL FROM:<eve@evil.example>\n".to_owned(),
            html: "<p>Zoë</p>".to_owned(),
        };
        let id = LetterId::new(Time(7));
        let at = Time(1_800_000_000_000);
        let bytes = bytes(
            &server(from_name),
            ("ada@corp.example", name),
            (id, at),
            (subject, &body),
        );
        String::from_utf8(bytes.unwrap()).unwrap()
    }

    /// The head, unfolded: a name and a value each.
    fn head(message: &str) -> Vec<(String, String)> {
        let (head, _) = message.split_once("\r\n\r\n").unwrap();
        let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let lines = head.split("\r\n").map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_owned(), value.trim().to_owned())
        });
        lines.collect()
    }

    #[test]
    fn a_letter_says_who_when_which_and_that_no_person_wrote_it() {
        let head = head(&written("Onsight", "Ada Byron", "Welcome"));
        let is = |name: &str| {
            let found = head.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        assert_eq!(is("From"), "Onsight <onsight@corp.example>");
        assert_eq!(is("To"), "\"Ada Byron\" <ada@corp.example>");
        assert_eq!(is("Subject"), "Welcome");
        assert_eq!(is("Date"), "Fri, 15 Jan 2027 08:00:00 +0000");
        assert_eq!(is("Auto-Submitted"), "auto-generated");
        assert!(is("Message-ID").ends_with("@corp.example>"));
        assert!(is("Content-Type").starts_with("multipart/alternative"));
    }

    #[test]
    fn names_and_subjects_add_no_line_whatever_is_in_them() {
        let plain = head(&written("Onsight", "Ada", "Welcome")).len();
        for evil in [
            "Ada\r\nBcc: eve@evil.example",
            "Ada\nBcc: eve@evil.example",
            "Ada\rBcc: eve@evil.example",
            "Ada\r\n\r\n<script>",
            "Ada\u{0}\u{85}\u{2028}Bcc: eve@evil.example",
            "=?utf-8?q?Ada=0D=0ABcc:_eve@evil.example?=",
            "Ada\" <eve@evil.example>, \"Eve",
            "\r\n.\r\nRCPT TO:<eve@evil.example>",
        ] {
            for message in [
                written(evil, "Ada", "Welcome"),
                written("Onsight", evil, "Welcome"),
                written("Onsight", "Ada", evil),
            ] {
                let head = head(&message);
                assert_eq!(head.len(), plain, "{message}");
                assert!(head.iter().all(|(name, _)| name != "Bcc"), "{message}");
                let to = head.iter().find(|(name, _)| name == "To").unwrap();
                assert!(to.1.ends_with("<ada@corp.example>"), "{}", to.1);
            }
        }
    }

    #[test]
    fn an_address_is_one_address() {
        for fine in ["ada@corp.example", "ada+x@corp.example"] {
            assert!(is_address(fine), "{fine}");
        }
        for wrong in [
            "",
            "ada",
            "@corp.example",
            "ada@",
            "ada@corp.example\r\nRCPT TO:<eve@evil.example>",
            "ada@corp.example>, <eve@evil.example",
            "ada@corp.example,eve@evil.example",
            "Ada <ada@corp.example>",
            "ada byron@corp.example",
        ] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }
}
