//! What somebody is written: said once, put into plain text and into HTML.

use askama::Template;
use serde::{Deserialize, Serialize};

use crate::store::{Error, Key};
use crate::web::{UserId, WorkspaceId};

use super::model::LetterId;

/// What a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Invitation,
    Link,
    BreakGlass,
    Alert,
    /// Something another part of the product tells of itself.
    Notice,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Invitation => "invitation",
            Kind::Link => "link",
            Kind::BreakGlass => "break-glass",
            Kind::Alert => "alert",
            Kind::Notice => "notice",
        }
    }
}

/// Whom a letter goes to. Who has an account, gets nothing while it is
/// disabled; who is written to as a member, nothing while they are shut out of
/// that workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub address: String,
    pub name: String,
    pub user: Option<UserId>,
    pub workspace: Option<WorkspaceId>,
}

impl Recipient {
    /// An address of which nothing else is known.
    pub fn at(address: impl Into<String>) -> Recipient {
        Recipient {
            address: address.into(),
            name: String::new(),
            user: None,
            workspace: None,
        }
    }
}

/// A letter to one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub kind: Kind,
    pub to: Recipient,
    pub subject: String,
    pub words: Words,
}

/// What it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub paragraphs: Vec<String>,
    /// Where to go: what the link is called, and the address it leads to.
    pub link: Option<(String, String)>,
    /// Small print.
    pub foot: Vec<String>,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Plain<'a> {
    words: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    subject: &'a str,
    words: &'a Words,
}

/// A letter as both kinds of readers get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) text: String,
    pub(super) html: String,
}

impl Body {
    pub(super) fn of(subject: &str, words: &Words) -> Result<Body, Error> {
        let broken = |error: askama::Error| Error::Io(std::io::Error::other(error));
        Ok(Body {
            text: Plain { words }.render().map_err(broken)?,
            html: Html { subject, words }.render().map_err(broken)?,
        })
    }

    /// For the table, where nobody reads it: a letter may hold a link that
    /// opens a door.
    pub(super) fn seal(&self, key: &Key, id: LetterId) -> Result<Vec<u8>, Error> {
        let said = serde_json::to_vec(self).map_err(std::io::Error::other)?;
        key.seal(&place(id), &said)
    }

    pub(super) fn open(key: &Key, id: LetterId, sealed: &[u8]) -> Result<Body, Error> {
        let said = key.open(&place(id), sealed)?;
        Ok(serde_json::from_slice(&said).map_err(std::io::Error::other)?)
    }
}

fn place(id: LetterId) -> String {
    format!("letter|{id}|body")
}

/// One line of a head: whatever would begin another line becomes a space.
pub(super) fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| {
            let breaks = c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}');
            if breaks { ' ' } else { c }
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;

    #[test]
    fn both_bodies_say_the_same_and_html_runs_nothing() {
        let words = Words {
            paragraphs: vec!["Hello <script>alert(1)</script>.".to_owned()],
            link: Some((
                "Join".to_owned(),
                "https://onsight.corp/link/abc".to_owned(),
            )),
            foot: vec!["Good for 7 days.".to_owned()],
        };

        let body = Body::of("Hi & welcome", &words).unwrap();

        for said in ["https://onsight.corp/link/abc", "Good for 7 days."] {
            assert!(body.text.contains(said) && body.html.contains(said));
        }
        assert!(body.text.contains("Hello <script>"));
        assert!(!body.html.contains("<script"), "{}", body.html);
        assert!(!body.html.contains("src="), "nothing is fetched");
    }

    #[test]
    fn a_sealed_body_opens_for_its_letter_only() {
        let key = Key::random().unwrap();
        let (one, other) = (LetterId::new(Time(0)), LetterId::new(Time(1)));
        let body = Body {
            text: "the link".to_owned(),
            html: String::new(),
        };
        let sealed = body.seal(&key, one).unwrap();
        assert_eq!(Body::open(&key, one, &sealed).unwrap(), body);
        assert!(Body::open(&key, other, &sealed).is_err());
        assert!(!sealed.windows(4).any(|part| part == b"link"));
    }

    #[test]
    fn no_name_begins_another_line_of_the_head() {
        for (text, line) in [
            ("Ada\r\nBcc: eve@evil.example", "Ada Bcc: eve@evil.example"),
            ("a\nb\tc\0d", "a b c d"),
            ("  a\u{2028}b\u{85}c  ", "a b c"),
            ("Zoë Müller", "Zoë Müller"),
        ] {
            assert_eq!(one_line(text), line);
        }
    }
}
