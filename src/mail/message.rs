//! A letter as it travels: a head nobody can add a line to, and the text twice.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::letter::{Body, one_line};
use super::model::LetterId;
use super::post::Sheet;
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
    let both = MultiPart::alternative_plain_html(body.text.clone(), body.html.clone());
    let message = head(server, (to, name), (&id.to_string(), at), subject)?.multipart(both);
    let message = message.map_err(|error| error.to_string())?;
    Ok(automatic(message).formatted())
}

/// A letter of plain text, which brings the way to get no more of them: the address, and
/// that a program of the reader's may send it a form at once (RFC 8058).
pub(super) fn plain(server: &Server, sheet: &Sheet<'_>) -> Result<Vec<u8>, String> {
    let (to, which) = ((sheet.to, sheet.name), (sheet.id, sheet.at));
    let mut builder = head(server, to, which, sheet.subject)?;
    if !sheet.reply_to.is_empty() {
        builder = builder.reply_to(mailbox(address(sheet.reply_to)?, ""));
    }
    let message = builder.singlepart(SinglePart::plain(sheet.text.to_owned()));
    let mut message = automatic(message.map_err(|error| error.to_string())?);
    let is_fit = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>');
    if !sheet.stop.is_empty() && sheet.stop.chars().all(is_fit) {
        let address = format!("<{}>", sheet.stop);
        for (name, value) in [
            ("List-Unsubscribe", &*address),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ] {
            let name = HeaderName::new_from_ascii_str(name);
            // It stands on one line as it is: an address that is folded is none.
            let (said, written) = (value.to_owned(), value.to_owned());
            let value = HeaderValue::dangerous_new_pre_encoded(name, said, written);
            message.headers_mut().insert_raw(value);
        }
    }
    Ok(message.formatted())
}

fn mailbox(address: Address, name: &str) -> Mailbox {
    let name = one_line(name);
    Mailbox::new((!name.is_empty()).then_some(name), address)
}

/// Who, to whom, which and when.
fn head(
    server: &Server,
    (to, name): (&str, &str),
    (id, at): (&str, Time),
    subject: &str,
) -> Result<MessageBuilder, String> {
    let from = address(&server.from)?;
    let message_id = format!("<{id}@{}>", from.domain());
    let seconds = u64::try_from(at.0 / Time::SECOND).unwrap_or_default();
    Ok(Message::builder()
        .from(mailbox(from, &server.from_name))
        .to(mailbox(address(to)?, name))
        .subject(one_line(subject))
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(message_id)))
}

fn automatic(mut message: Message) -> Message {
    for (name, value) in AUTOMATIC {
        let name = HeaderName::new_from_ascii_str(name);
        let value = HeaderValue::new(name, value.to_owned());
        message.headers_mut().insert_raw(value);
    }
    message
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
            per_hour: 1,
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
    fn unfolded(message: &str) -> Vec<(String, String)> {
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
        let head = unfolded(&written("Onsight", "Ada Byron", "Welcome"));
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
        let plain = unfolded(&written("Onsight", "Ada", "Welcome")).len();
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
                let head = unfolded(&message);
                assert_eq!(head.len(), plain, "{message}");
                assert!(head.iter().all(|(name, _)| name != "Bcc"), "{message}");
                let to = head.iter().find(|(name, _)| name == "To").unwrap();
                assert!(to.1.ends_with("<ada@corp.example>"), "{}", to.1);
            }
        }
    }

    #[test]
    fn a_letter_of_a_survey_brings_the_way_to_get_no_more() {
        let stop = format!("https://onsight.corp/s/brands/stop?k={}", "k".repeat(90));
        let sheet = |stop: &str| {
            let sheet = Sheet {
                id: "round.link",
                at: Time(1_800_000_000_000),
                to: "ada@corp.example",
                name: "",
                subject: "Brands\r\nBcc: eve@evil.example",
                text: "Hello Zoë",
                reply_to: "bob@corp.example",
                stop,
            };
            String::from_utf8(plain(&server("Onsight"), &sheet).unwrap()).unwrap()
        };
        let written = sheet(&stop);
        let whole = format!("\r\nList-Unsubscribe: <{stop}>\r\n");
        assert!(written.contains(&whole), "{written}");
        let post = "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
        assert!(written.contains(post), "{written}");
        assert!(written.contains("Reply-To: bob@corp.example"), "{written}");
        let lines = unfolded(&written).len();
        let evil = sheet("https://a>\r\nBcc: eve@evil.example");
        assert_eq!(unfolded(&evil).len(), lines - 2, "{evil}");
        let names: Vec<String> = unfolded(&written)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert!(!names.contains(&"Bcc".to_owned()), "{names:?}");
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
