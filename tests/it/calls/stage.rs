//! A survey in the field that asks a machine.

use onsight::people;
use onsight::store::{Connection, Error, project_file};
use onsight::web::WorkspaceId;

use super::machine::Machine;
use crate::fieldwork::{self, page_of, upload};
use crate::support::{Answer, TestSite, Visitor};

/// `PORT` is the machine's.
pub(super) const TEXT: &str = r#"format = 1
id = "brands"
title = "Brands"
langs = ["en"]

[entry.pid]

[[page]]
id = "first"

[[page.ask]]
id = "age"
type = "number"
text = "Age?"

[[page]]
id = "second"

[[page.ask]]
id = "crm"
type = "call"
text = "What the customer system knows"
url = "https://127.0.0.1:PORT/customers/${pid}?age=${age}"
headers = { Authorization = "Bearer secret:crm", X-App = "onsight" }
take = { tier = "/customer/tier", visits = "customer.visits", vip = "/customer/vip" }
as = { visits = "integer 0..1000", vip = "boolean" }
otherwise = { tier = "unknown" }
timeout = 1

[[page.ask]]
id = "liking"
type = "text"
text = "You are ${crm_tier} with ${crm_visits} visits. How is it?"

[[page]]
id = "gold"
when = "${crm_tier} = 'gold' and ${crm} = 'answered'"

[[page.ask]]
id = "more"
type = "text"
text = "More for gold?"
"#;

pub(super) const GOLD: &str = r#"{"customer":{"tier":"gold","visits":3,"vip":true}}"#;
pub(super) const SECRET: &str = "opensesame-canary";
pub(super) const CALLS: &str = "/surveys/brands/calls";

pub(super) struct Stage {
    pub(super) site: TestSite,
    pub(super) ada: Visitor,
    pub(super) workspace: WorkspaceId,
}

pub(super) fn form(pairs: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    form.finish()
}

impl Stage {
    /// It is brought and not published; the site may ask the machine.
    pub(super) async fn brought(text: &str, machine: &Machine) -> Stage {
        let allow = format!("127.0.0.1:{}", machine.port);
        let site = TestSite::calling(vec![allow]);
        let ada = site.found("Northgate", "ada@example.org").await;
        let text = text.replace("PORT", &machine.port.to_string());
        let brought = upload(&ada, "/surveys/import", "brands.toml", &text).await;
        assert_eq!(
            brought.location(),
            "/surveys/brands/edit",
            "{}",
            brought.text
        );
        let workspace = people::first_workspace(site.site()).await.unwrap();
        Stage {
            site,
            ada,
            workspace,
        }
    }

    /// It is in the field, with its secret and the machine's authority.
    pub(super) async fn of(text: &str, machine: &Machine) -> Stage {
        let stage = Stage::brought(text, machine).await;
        stage.enter_secret().await;
        let ca = form(&[("ca", &machine.ca)]);
        let set = stage.ada.post(&format!("{CALLS}/authority"), &ca).await;
        assert_eq!(set.location(), CALLS, "{}", set.text);
        let published = stage.publish().await;
        assert_eq!(
            published.location(),
            "/surveys/brands",
            "{}",
            published.text
        );
        stage
    }

    pub(super) async fn enter_secret(&self) {
        let secret = form(&[("name", "crm"), ("secret", SECRET)]);
        let set = self.ada.post(&format!("{CALLS}/secrets"), &secret).await;
        assert_eq!(set.location(), CALLS, "{}", set.text);
    }

    pub(super) async fn publish(&self) -> Answer {
        let draft = "select cast(draft_at as text) from survey";
        let seen = self.texts(true, draft).await.remove(0);
        let form = format!("note=First&draft_at={seen}");
        self.ada.post("/surveys/brands/publish", &form).await
    }

    /// Somebody comes and sends the first page. Gives where they are, and what they see.
    pub(super) async fn comes(&self, pid: &str) -> (String, Answer) {
        let at = format!("/s/brands?{}", form(&[("pid", pid)]));
        let way = fieldwork::begin(&self.site, &at).await;
        let page = fieldwork::send(&self.site, &way, "age=40").await;
        (way, page)
    }

    /// They go a page back.
    pub(super) async fn back(&self, way: &str) -> Answer {
        let stranger = self.site.stranger();
        let form = format!("{}&.back=1", page_of(&stranger.get(way).await));
        let sent = stranger.post(way, &form).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        stranger.get(way).await
    }

    pub(super) async fn page(&self) -> Answer {
        let page = self.ada.get(CALLS).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.len() < 60_000);
        page
    }

    pub(super) fn later(&self, milliseconds: i64) {
        self.site.site().clock.advance(milliseconds);
    }

    /// The process ends, and begins again.
    pub(super) fn restarted(self) -> Stage {
        let Stage {
            site,
            ada,
            workspace,
        } = self;
        drop(ada);
        let site = site.restarted();
        Stage {
            ada: site.stranger(),
            site,
            workspace,
        }
    }

    pub(super) async fn run(&self, is_system: bool, sql: &'static str) {
        let db = self.db(is_system);
        let done = db.write(move |tx| {
            tx.execute(sql, [])?;
            Ok::<_, Error>(())
        });
        done.await.unwrap();
    }

    fn db(&self, is_system: bool) -> onsight::store::Db {
        let site = self.site.site();
        if is_system {
            return site.system.clone();
        }
        let name = project_file(self.workspace, "brands");
        site.files.open(&name).unwrap()
    }

    /// Texts of the survey's file, or of the accounts database.
    pub(super) async fn texts(&self, is_system: bool, sql: &'static str) -> Vec<String> {
        let read = move |conn: &Connection| {
            let mut list = conn.prepare(sql)?;
            let rows = list.query_map([], |row| row.get(0))?;
            Ok::<_, Error>(rows.collect::<Result<Vec<String>, _>>()?)
        };
        self.db(is_system).read(read).await.unwrap()
    }

    /// What is kept of the call, of the newest respondent last.
    pub(super) async fn kept(&self) -> Vec<String> {
        let sql = "select variable || ' ' || coalesce(cast(value as text), '-') from answer
                   where variable glob 'crm*' order by respondent, variable";
        self.texts(false, sql).await
    }

    pub(super) async fn counts(&self) -> Vec<String> {
        let sql = "select went || ' ' || times from call_count order by went";
        self.texts(false, sql).await
    }
}
