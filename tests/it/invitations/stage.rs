//! A survey in the field beside a server for mail, and letters as they arrive.

use onsight::people;
use onsight::store::{Connection, Db, Error, project_file};
use onsight::surveys::letters;
use onsight::surveys::running::Surveys;
use serde_json::Value;

use crate::canaries;
use crate::fieldwork;
use crate::mail::Sink;
use crate::support::{Answer, TestSite, Visitor};

const TEXT: &str = r#"format = 1
id = "brands"
title = "Brands"
langs = ["en", "de"]
withdraw = true

[entry.region]

[[page]]
id = "first"

[[page.ask]]
id = "mail"
type = "text"
text = "Your e-mail?"
personal = true

[[page.leave]]
id = "out"
outcome = "screenout"
when = "${mail} = 'out'"

[[page]]
id = "second"

[[page.ask]]
id = "why"
type = "text"
text = "Why?"
"#;

/// Both letters in both languages.
pub(super) const LETTERS: &[(&str, &str)] = &[
    ("invitation-subject-en", "Brands, ${name}?"),
    (
        "invitation-text-en",
        "Hello ${name} from ${region}!\r\n\r\n${link}",
    ),
    ("invitation-subject-de", "Marken, ${name}?"),
    (
        "invitation-text-de",
        "Hallo ${name} aus ${region}!\r\n\r\n${link}",
    ),
    ("reminder-subject-en", "Once more"),
    ("reminder-text-en", "Still time, ${name}: ${link}"),
    ("reply_to", "study@example.org"),
    ("most", "2"),
    ("gap", "3"),
];

pub(super) fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

pub(super) struct Mailing {
    sink: Option<Sink>,
    pub(super) site: TestSite,
    pub(super) ada: Visitor,
    /// As she came in first: her app is known by that.
    first: Visitor,
}

impl Mailing {
    /// The server for mail behaves like that, and is entered with these changes.
    pub(super) async fn set(want: Value, changes: &[(&str, &str)]) -> Mailing {
        Mailing::of("", want, changes).await
    }

    /// The same with further lines of the survey.
    pub(super) async fn of(lines: &str, want: Value, changes: &[(&str, &str)]) -> Mailing {
        let sink = Sink::start(want);
        let site = TestSite::calling(vec![format!("127.0.0.1:{}", sink.port)]);
        let ada = site.found("Northgate", "ada@example.org").await;
        let saved = ada.post("/mail/server", &sink.form(changes)).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let first = ada.clone();
        fieldwork::publish(&ada, &with(lines)).await;
        Mailing {
            sink: Some(sink),
            site,
            ada,
            first,
        }
    }

    /// Without a server for mail.
    pub(super) async fn bare() -> Mailing {
        let (site, ada) = TestSite::new().await;
        fieldwork::publish(&ada, &with("")).await;
        Mailing {
            sink: None,
            site,
            first: ada.clone(),
            ada,
        }
    }

    pub(super) async fn bring(&self, list: &str) -> Answer {
        let to = "/surveys/brands/invitations/people";
        fieldwork::upload(&self.ada, to, "people.csv", list).await
    }

    pub(super) async fn list(&self, list: &str) {
        let brought = self.bring(list).await;
        assert_eq!(brought.status, 303, "{}", brought.text);
    }

    pub(super) async fn write(&self, letters: &[(&str, &str)]) {
        let to = "/surveys/brands/invitations/letters";
        let saved = self.ada.post(to, &form(letters)).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
    }

    pub(super) async fn confirm(&self, kind: &str, more: &str) {
        let to = "/surveys/brands/invitations/rounds";
        let confirmed = self.ada.post(to, &format!("kind={kind}&{more}")).await;
        assert_eq!(confirmed.status, 303, "{}", confirmed.text);
    }

    pub(super) async fn board(&self) -> String {
        let page = self.ada.get("/surveys/brands/invitations").await;
        assert_eq!(page.status, 200, "{}", page.text);
        page.text
    }

    /// Looks whether something is to leave, once. Gives how many letters did.
    pub(super) async fn send(&self) -> usize {
        let surveys = Surveys::new(self.site.site().clone());
        letters::send(&surveys).await.unwrap().left
    }

    /// The next letters that arrived.
    pub(super) fn letters(&mut self, count: usize) -> Vec<Value> {
        let sink = self.sink.as_mut().unwrap();
        (0..count).map(|_| sink.letter()).collect()
    }

    /// Her session, after the clock moved.
    pub(super) async fn again(&mut self) {
        self.ada = self.site.again("ada@example.org", &self.first).await;
    }

    pub(super) async fn db(&self) -> Db {
        let site = self.site.site();
        let workspace = people::first_workspace(site).await.unwrap();
        site.files.open(&project_file(workspace, "brands")).unwrap()
    }

    /// One text of the accounts database.
    pub(super) async fn told(&self, sql: &'static str) -> String {
        let read = move |conn: &Connection| {
            Ok::<_, Error>(conn.query_row(sql, [], |row| row.get::<_, Option<String>>(0))?)
        };
        let found = self.site.site().system.read(read).await.unwrap();
        found.unwrap_or_default()
    }

    /// In which files these words are, as the engine reads their pages or as bytes.
    pub(super) async fn held(&self, words: &[&str]) -> Vec<String> {
        canaries::held(&self.site, words).await
    }

    /// The whole site ended and began again, at noon.
    pub(super) fn restarted(self) -> Mailing {
        let Mailing {
            sink,
            site,
            ada,
            first,
        } = self;
        drop((ada, first));
        let site = site.restarted();
        let ada = site.stranger();
        Mailing {
            sink,
            site,
            first: ada.clone(),
            ada,
        }
    }
}

fn with(lines: &str) -> String {
    let text = TEXT.replace("withdraw = true", &format!("withdraw = true\n{lines}"));
    // Nothing personal is asked where nobody is known.
    if lines.contains("anonymous = true") {
        return text.replace("personal = true\n", "");
    }
    text
}

/// The letter to that address.
pub(super) fn to<'a>(letters: &'a [Value], address: &str) -> &'a Value {
    let found = letters.iter().find(|letter| letter["to"][0] == address);
    found.unwrap_or_else(|| panic!("nothing went to {address}: {letters:?}"))
}

/// What a letter says, as a reader's program shows it.
pub(super) fn text_of(letter: &Value) -> String {
    let raw = letter["text"].as_str().unwrap();
    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
    let is = |how: &str| head.contains(&format!("Content-Transfer-Encoding: {how}"));
    if is("base64") {
        let lines: String = body.split_whitespace().collect();
        let bytes = data_encoding::BASE64.decode(lines.as_bytes()).unwrap();
        return String::from_utf8(bytes).unwrap();
    }
    if !is("quoted-printable") {
        return body.to_owned();
    }
    let (body, mut bytes) = (body.replace("=\r\n", ""), Vec::new());
    let mut rest = body.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            let digits = std::str::from_utf8(&digits).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The path of the link to the survey in a text.
pub(super) fn link_in(text: &str) -> String {
    let rest = text.split("https://localhost/s/brands?").nth(1).unwrap();
    let query = rest.split([' ', '\r', '\n', '"']).next().unwrap();
    format!("/s/brands?{query}")
}

/// The path at which letters are stopped.
pub(super) fn stop_in(letter: &Value) -> String {
    let raw = letter["text"].as_str().unwrap();
    let rest = raw
        .split("List-Unsubscribe: <https://localhost")
        .nth(1)
        .unwrap();
    rest.split('>').next().unwrap().to_owned()
}
