//! A survey in the field with people who answered it, and a look into every page
//! of every file.

use std::path::Path;

use onsight::base::Time;
use onsight::people;
use onsight::store::{Connection, Db, Error, project_file};
use onsight::web::WorkspaceId;

use crate::canaries;
use crate::fieldwork;
use crate::support::{Answer, TestSite, Visitor};

pub(super) const TEXT: &str = r#"format = 1
id = "brands"
title = "Brands"
langs = ["en", "de"]
withdraw = true

[entry.pid]
unique = true

[entry.region]

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

[quota.men]
target = 2
when = "${gender} = 1"

[exit.quotafull]
text = "quota is full"
"#;

/// A page behind it, for those who stop in the middle.
pub(super) const SECOND: &str = "\n[[page]]\nid = \"second\"\n\n[[page.ask]]\nid = \"more\"\ntype = \"text\"\ntext = \"What else?\"\n";

pub(super) struct Study {
    pub(super) site: TestSite,
    pub(super) ada: Visitor,
    /// As she came in first: her app is known by that.
    first: Visitor,
    pub(super) workspace: WorkspaceId,
}

pub(super) async fn live() -> Study {
    with_rule("").await
}

/// The survey is published with that line of retention.
pub(super) async fn with_rule(rule: &str) -> Study {
    let lines = format!("withdraw = true\n{rule}");
    of(&TEXT.replace("withdraw = true", &lines)).await
}

/// The survey of that text is published.
pub(super) async fn of(text: &str) -> Study {
    let (site, ada) = TestSite::new().await;
    on(site, ada, text).await
}

/// The same on that site.
pub(super) async fn on(site: TestSite, ada: Visitor, text: &str) -> Study {
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let study = Study {
        site,
        first: ada.clone(),
        ada,
        workspace,
    };
    study.bring(text).await;
    study
}

impl Study {
    /// Brings the text as a file, and publishes it.
    pub(super) async fn bring(&self, text: &str) {
        fieldwork::publish(&self.ada, text).await;
    }

    /// Somebody comes by an address. Gives where they are then.
    pub(super) async fn begins(&self, address: &str) -> String {
        fieldwork::begin(&self.site, address).await
    }

    /// They send the page they are at.
    pub(super) async fn sends(&self, way: &str, fields: &str) -> Answer {
        fieldwork::send(&self.site, way, fields).await
    }

    /// Somebody answers all of it. Gives the address of their answers.
    pub(super) async fn answers(&self, address: &str, fields: &str) -> String {
        let way = self.begins(address).await;
        self.sends(&way, fields).await;
        way
    }

    /// A link for one person. Gives its path.
    pub(super) async fn link(&self, list: &str) -> String {
        let to = "/surveys/brands/links/people";
        let made = fieldwork::upload(&self.ada, to, "people.csv", list).await;
        let line = made.text.lines().nth(1).unwrap().to_owned();
        line.split("https://localhost")
            .nth(1)
            .unwrap()
            .trim_end_matches('"')
            .to_owned()
    }

    /// The address of ada's session, after the clock moved.
    pub(super) async fn again(&mut self) {
        self.ada = self.site.again("ada@example.org", &self.first).await;
    }

    pub(super) fn file(&self) -> String {
        project_file(self.workspace, "brands")
    }

    pub(super) fn db(&self) -> Db {
        self.site.site().files.open(&self.file()).unwrap()
    }

    /// One number of the survey's file.
    pub(super) async fn number(&self, sql: &'static str) -> i64 {
        let read =
            move |conn: &Connection| Ok::<_, Error>(conn.query_row(sql, [], |row| row.get(0))?);
        self.db().read(read).await.unwrap()
    }

    /// One text of the accounts database, of all its rows together.
    pub(super) async fn told(&self, sql: &'static str) -> String {
        let read = move |conn: &Connection| {
            Ok::<_, Error>(conn.query_row(sql, [], |row| row.get::<_, Option<String>>(0))?)
        };
        let found = self.site.site().system.read(read).await.unwrap();
        found.unwrap_or_default()
    }

    /// In which files these words are: in a page of a database, used or free, as the
    /// engine reads it, or in the bytes of anything in the data folder.
    pub(super) async fn held(&self, words: &[&str]) -> Vec<String> {
        canaries::held(&self.site, words).await
    }

    /// The log beside the survey's file is empty. That of the accounts database was
    /// emptied as well, and holds by now what was noted after that.
    pub(super) fn logs_are_empty(&self) {
        let data = &self.site.site().config.data;
        let folder = data.join("workspaces").join(self.workspace.to_string());
        let log = folder.join("projects").join("brands.db-wal");
        let length = std::fs::metadata(&log).map_or(0, |facts| facts.len());
        assert_eq!(length, 0, "{}", log.display());
    }

    pub(super) fn minutes(&self, minutes: i64) {
        self.site.site().clock.advance(minutes * Time::MINUTE);
    }
}

/// The folder as it is now, for a restore later.
pub(super) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}
