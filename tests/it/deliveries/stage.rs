//! A survey with an answer or two, and whoever works on its deliveries.

use axum::body::Body;
use http_body_util::BodyExt;
use onsight::people;
use onsight::store::{Connection, Error};
use onsight::surveys::deliveries::Desk;
use onsight::web::WorkspaceId;

use crate::fieldwork;
use crate::support::{Answer, TestSite, Visitor};

const TEXT: &str = r#"format = 1
id = "brands"
title = "Brands"
langs = ["en"]

[entry.pid]
unique = true

[[page]]
id = "first"

[[page.ask]]
id = "gender"
type = "single"
text = "Are you …?"
required = true
items = [ { code = 1, text = "Male" }, { code = 2, text = "Female" } ]

[[page.ask]]
id = "mail"
type = "text"
text = "Where may we write to?"
personal = true

[[page.ask]]
id = "why"
type = "text"
text = "Why?"
"#;

/// What one of them wrote, in an answer that is personal and in one that is not.
pub(super) const WORDS: [&str; 2] = ["canarymail8801", "canarywhy8802"];

/// A form without where to.
const FORM: &str = "name=Weekly&format=csv&which=all&lang=en&pattern={survey}-{time}&days=7";

pub(super) struct Stage {
    pub(super) site: TestSite,
    pub(super) ada: Visitor,
    /// As she came in first: her app is known by that.
    first: Visitor,
    pub(super) workspace: WorkspaceId,
}

pub(super) async fn stage() -> Stage {
    calling(Vec::new()).await
}

/// A site that may call those, with a survey that one person answered.
pub(super) async fn calling(allow: Vec<String>) -> Stage {
    let site = TestSite::calling(allow);
    let ada = site.found("Northgate", "ada@example.org").await;
    fieldwork::publish(&ada, TEXT).await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let stage = Stage {
        site,
        first: ada.clone(),
        ada,
        workspace,
    };
    stage.answers("a7").await;
    stage
}

impl Stage {
    /// Somebody answers all of it.
    pub(super) async fn answers(&self, pid: &str) {
        let way = fieldwork::begin(&self.site, &format!("/s/brands?pid={pid}")).await;
        let fields = format!("gender=1&mail={}%40example.org&why={}", WORDS[0], WORDS[1]);
        fieldwork::send(&self.site, &way, &fields).await;
        self.site.site().clock.advance(1_000);
    }

    /// Ada comes in anew, after the clock moved.
    pub(super) async fn again(&mut self) {
        self.ada = self.site.again("ada@example.org", &self.first).await;
    }

    pub(super) async fn keep(&self, more: &str) -> Answer {
        let form = format!("{FORM}&{more}");
        self.ada.post("/surveys/brands/deliveries", &form).await
    }

    /// Sets one up. Gives its address.
    pub(super) async fn set(&self, more: &str) -> String {
        // Ids lie in the order of the clock.
        self.site.site().clock.advance(1);
        let kept = self.keep(more).await;
        assert_eq!(kept.status, 303, "{}", kept.text);
        let id = self
            .told("select id from survey_delivery order by id desc limit 1")
            .await;
        format!("/surveys/brands/deliveries/{id}")
    }

    pub(super) async fn deliver(&self, at: &str) {
        self.site.site().clock.advance(1);
        let asked = self.ada.post(&format!("{at}/deliver"), "").await;
        assert_eq!(asked.status, 303, "{}", asked.text);
        self.work().await;
    }

    /// What is due is made, and then what was made is brought.
    pub(super) async fn work(&self) {
        let desk = Desk::new(self.site.site().clone());
        for _ in 0..2 {
            desk.round().await.unwrap();
        }
    }

    pub(super) async fn list(&self) -> String {
        self.ada.get("/surveys/brands/deliveries").await.text
    }

    /// The newest line of the log.
    pub(super) async fn newest(&self) -> String {
        self.told("select id from survey_delivered order by id desc limit 1")
            .await
    }

    /// How far the lines of the log are, the oldest first.
    pub(super) async fn states(&self) -> String {
        let sql =
            "select group_concat(state, ' ') from (select state from survey_delivered order by id)";
        self.told(sql).await
    }

    /// A link to what was delivered last. Gives its path.
    pub(super) async fn link(&self) -> String {
        let at = format!("/surveys/brands/delivered/{}/link", self.newest().await);
        let made = self.ada.post(&at, "").await;
        assert_eq!(made.status, 200, "{}", made.text);
        format!("/take/{}", made.between("/take/", "<"))
    }

    /// The file as somebody saves it now.
    pub(super) async fn exported(&self, format: &str, query: &str) -> Vec<u8> {
        let at = format!("/surveys/brands/exports/{format}?{query}");
        bytes(&self.ada, "GET", &at).await
    }

    /// One text of the accounts database.
    pub(super) async fn told(&self, sql: &'static str) -> String {
        let read = move |conn: &Connection| {
            Ok::<_, Error>(conn.query_row(sql, [], |row| row.get::<_, Option<String>>(0))?)
        };
        let found = self.site.site().system.read(read).await.unwrap();
        found.unwrap_or_default()
    }

    /// The actions of the journal about deliveries, in their order.
    pub(super) async fn recorded(&self) -> String {
        let sql = "select group_concat(action, ' ') from (select action from journal where action like 'delivery.%' order by id)";
        self.told(sql).await
    }

    /// The names of the files that lie here for links or on their way.
    pub(super) fn lying(&self) -> Vec<String> {
        let folder = self.site.site().config.data.join("workspaces");
        let folder = folder.join(self.workspace.to_string()).join("deliveries");
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect()
    }

    /// The same after the process ended and began again.
    pub(super) fn restarted(self) -> Stage {
        let Stage {
            site,
            ada,
            first,
            workspace,
        } = self;
        drop((ada, first));
        let site = site.restarted();
        let nobody = site.stranger();
        Stage {
            ada: nobody.clone(),
            first: nobody,
            site,
            workspace,
        }
    }
}

/// What comes, byte by byte.
pub(super) async fn bytes(by: &Visitor, method: &str, at: &str) -> Vec<u8> {
    let kind = "application/x-www-form-urlencoded";
    let answer = by.ask(method, at, kind, Body::empty()).await;
    assert_eq!(answer.status(), 200, "{at}");
    let body = answer.into_body().collect().await.unwrap();
    body.to_bytes().to_vec()
}

pub(super) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
