//! A survey in the field with a webhook, and whoever listens to it.

use aws_lc_rs::hmac;
use data_encoding::BASE64;
use onsight::people;
use onsight::store::{Connection, Error, project_file};
use onsight::surveys::hooks::{Sender, send};
use onsight::web::WorkspaceId;

use super::receiver::{Heard, Receiver};
use crate::fieldwork;
use crate::support::{Answer, TestSite, Visitor};

pub(super) const TEXT: &str = r#"format = 1
id = "brands"
title = "Brands"
langs = ["en"]
withdraw = true

[entry.pid]

[[page]]
id = "first"

[[page.ask]]
id = "mail"
type = "text"
text = "Your e-mail?"
personal = true

[[page.ask]]
id = "age"
type = "number"
text = "Age?"

[[page.leave]]
id = "young"
outcome = "screenout"
when = "${age} < 18"
"#;

pub(super) const LIST: &str = "/surveys/brands/webhooks";

pub(super) struct Stage {
    pub(super) site: TestSite,
    pub(super) ada: Visitor,
    /// As she came in first: her app is known by that.
    first: Visitor,
    pub(super) workspace: WorkspaceId,
    pub(super) sender: Sender,
}

/// A webhook that was added.
pub(super) struct Added {
    pub(super) id: String,
    pub(super) secret: String,
}

impl Added {
    pub(super) fn at(&self, what: &str) -> String {
        format!("{LIST}/{}{what}", self.id)
    }
}

/// The fields of a form that wants these events.
pub(super) fn form(receiver: &Receiver, events: &[&str], more: &str) -> String {
    let address = format!("https://127.0.0.1:{}/in/hunter2", receiver.port);
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("name", "Warehouse");
    form.append_pair("address", &address);
    form.append_pair("ca", &receiver.ca);
    for event in events {
        form.append_pair("event", event);
    }
    format!("{}{more}", form.finish())
}

/// Counted here once more, as the specification says it.
pub(super) fn signature(secret: &str, heard: &Heard) -> String {
    let bytes = BASE64
        .decode(secret.strip_prefix("whsec_").unwrap().as_bytes())
        .unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
    let (id, at) = (
        heard.header("webhook-id"),
        heard.header("webhook-timestamp"),
    );
    let tag = hmac::sign(&key, format!("{id}.{at}.{}", heard.body).as_bytes());
    format!("v1,{}", BASE64.encode(tag.as_ref()))
}

impl Stage {
    /// The site may call these receivers.
    pub(super) async fn calling(receivers: &[&Receiver]) -> Stage {
        Stage::of(TEXT, receivers).await
    }

    pub(super) async fn of(text: &str, receivers: &[&Receiver]) -> Stage {
        let allow = receivers
            .iter()
            .map(|one| format!("127.0.0.1:{}", one.port));
        let site = TestSite::calling(allow.collect());
        let ada = site.found("Northgate", "ada@example.org").await;
        fieldwork::publish(&ada, text).await;
        Stage {
            workspace: people::first_workspace(site.site()).await.unwrap(),
            first: ada.clone(),
            sender: Sender::new(site.site().clone()),
            site,
            ada,
        }
    }

    pub(super) async fn add(&self, receiver: &Receiver, events: &[&str], more: &str) -> Added {
        let added = self.ada.post(LIST, &form(receiver, events, more)).await;
        assert_eq!(added.status, 200, "{}", added.text);
        Added {
            id: added.between(&format!("{LIST}/"), "/test").to_owned(),
            secret: format!("whsec_{}", added.between("whsec_", "<")),
        }
    }

    /// Somebody answers. Gives the address of their answers.
    pub(super) async fn answers(&self, age: &str) -> String {
        let way = fieldwork::begin(&self.site, "/s/brands?pid=canary9").await;
        let fields = format!("mail=grace%40example.org&age={age}");
        fieldwork::send(&self.site, &way, &fields).await;
        way
    }

    /// Looks once, into every file. Gives how many messages were taken.
    pub(super) async fn send(&self) -> usize {
        send(&self.sender, true).await.unwrap()
    }

    pub(super) fn later(&self, milliseconds: i64) {
        self.site.site().clock.advance(milliseconds);
    }

    /// Ada comes in again, after the clock moved far.
    pub(super) async fn again(&mut self) {
        self.ada = self.site.again("ada@example.org", &self.first).await;
    }

    pub(super) async fn page(&self) -> Answer {
        let page = self.ada.get(LIST).await;
        assert_eq!(page.status, 200, "{}", page.text);
        page
    }

    /// The process ends, and begins again.
    pub(super) fn restarted(self) -> Stage {
        let Stage {
            site,
            ada,
            first,
            workspace,
            sender,
        } = self;
        drop((ada, first, sender));
        let site = site.restarted();
        Stage {
            ada: site.stranger(),
            first: site.stranger(),
            sender: Sender::new(site.site().clone()),
            workspace,
            site,
        }
    }

    /// Texts of the survey's file, or of the accounts database.
    pub(super) async fn texts(&self, is_system: bool, sql: &'static str) -> Vec<String> {
        let site = self.site.site();
        let db = if is_system {
            site.system.clone()
        } else {
            let name = project_file(self.workspace, "brands");
            site.files.open(&name).unwrap()
        };
        let read = move |conn: &Connection| {
            let mut list = conn.prepare(sql)?;
            let rows = list.query_map([], |row| row.get(0))?;
            Ok::<_, Error>(rows.collect::<Result<Vec<String>, _>>()?)
        };
        db.read(read).await.unwrap()
    }

    /// Messages about respondents: state, tries and fault of each.
    pub(super) async fn messages(&self) -> Vec<String> {
        let sql =
            "select trim(state || ' ' || tries || ' ' || fault) from hook_message order by at, id";
        self.texts(false, sql).await
    }

    /// Actions with their outcome, of webhooks alone.
    pub(super) async fn records(&self) -> Vec<String> {
        let sql =
            "select action || ' ' || result from journal where action like 'webhook.%' order by id";
        self.texts(true, sql).await
    }
}
