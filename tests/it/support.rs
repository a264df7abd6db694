//! A whole site in a temporary folder, and people to use it.

use std::collections::HashMap;
use std::sync::Mutex;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use onsight::apps::{self, Apps, Author};
use onsight::base::{Clock, Time};
use onsight::config::{Config, Said};
use onsight::data::Data;
use onsight::data::imports::{Bringer, Imports, import_bytes};
use onsight::journal::Actor;
use onsight::people::{self, Email, NewUser, People};
use onsight::server;
use onsight::site::Site;
use onsight::store::Db;
use onsight::web::{Role, WorkspaceId};
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const NOON: Time = Time(1_800_000_000_000);

pub(crate) struct TestSite {
    pub(crate) people: People,
    router: Router,
    /// The seeds of the apps that were set up, by cookie.
    seeds: Mutex<HashMap<String, String>>,
    _folder: TempDir,
}

impl TestSite {
    /// A site nobody has set up yet.
    pub(crate) fn empty() -> TestSite {
        TestSite::with(|config| config)
    }

    /// The same, which may call those destinations.
    pub(crate) fn calling(allow: Vec<String>) -> TestSite {
        TestSite::with(|config| Config { allow, ..config })
    }

    pub(crate) fn with(change: impl FnOnce(Config) -> Config) -> TestSite {
        TestSite::at(Clock::set_to(NOON), change)
    }

    /// The same at another moment.
    pub(crate) fn at(clock: Clock, change: impl FnOnce(Config) -> Config) -> TestSite {
        let folder = TempDir::new().unwrap();
        let said = Said {
            data: Some(folder.path().to_owned()),
            listen: Some(([127, 0, 0, 1], 0).into()),
            ..Said::default()
        };
        let site = Site::open(change(Config::of(&[said]).unwrap()), clock).unwrap();
        let people = People::new(site);
        TestSite {
            router: server::router(&people),
            seeds: Mutex::default(),
            people,
            _folder: folder,
        }
    }

    /// The same folder after the process ended and began again.
    pub(crate) fn restarted(self) -> TestSite {
        self.restarted_after(|| {})
    }

    /// The same, with something done to the folder while nobody has it open.
    pub(crate) fn restarted_after(self, meanwhile: impl FnOnce()) -> TestSite {
        let TestSite {
            people,
            router,
            seeds,
            _folder: folder,
        } = self;
        let config = people.site.config.clone();
        drop((people, router));
        meanwhile();
        let people = People::new(Site::open(config, Clock::set_to(NOON)).unwrap());
        TestSite {
            router: server::router(&people),
            people,
            seeds,
            _folder: folder,
        }
    }

    /// A site with one admin, who is also its operator.
    pub(crate) async fn new() -> (TestSite, Visitor) {
        let site = TestSite::empty();
        let admin = site.found("Northgate", "ada@example.org").await;
        (site, admin)
    }

    pub(crate) fn site(&self) -> &Site {
        &self.people.site
    }

    /// A workspace of its own with its admin, signed in.
    pub(crate) async fn found(&self, workspace: &str, email: &str) -> Visitor {
        self.make(workspace, email).await;
        self.enter(email).await
    }

    /// A workspace of its own with its admin, who is nowhere yet.
    pub(crate) async fn make(&self, workspace: &str, email: &str) {
        let new = NewUser {
            email: Email::parse(email).unwrap(),
            name: email.split('@').next().unwrap().to_owned(),
            role: Role::Admin,
            operator: true,
        };
        people::welcome(self.site(), new, workspace, None)
            .await
            .unwrap();
    }

    /// Somebody else in the first workspace, signed in.
    pub(crate) async fn member(&self, email: &str, role: Role) -> Visitor {
        let new = NewUser {
            email: Email::parse(email).unwrap(),
            name: email.split('@').next().unwrap().to_owned(),
            role,
            operator: false,
        };
        people::add(self.site(), new).await.unwrap();
        self.enter(email).await
    }

    /// Somebody who is here already, signed in anew, with the app they had
    /// before if they had one.
    pub(crate) async fn again(&self, email: &str, before: &Visitor) -> Visitor {
        let email = Email::parse(email).unwrap();
        let link = people::sign_in_link(self.site(), &email).await.unwrap();
        let mut visitor = self.stranger();
        let answer = visitor.post(&link, "").await;
        if !answer.location().starts_with("/sign-in/second") {
            visitor.keep(&answer);
            return visitor;
        }
        visitor.keep_named("__Host-entry=", &answer);
        let code = self.shown(before);
        let entered = visitor
            .post("/sign-in/second", &format!("code={code}&then=%2F"))
            .await;
        assert_eq!(entered.status, 303, "{}", entered.text);
        visitor.keep(&entered);
        visitor
    }

    /// Comes in by a link, and sets up an app where that is the way in.
    pub(crate) async fn enter(&self, email: &str) -> Visitor {
        let visitor = self.enter_by_link(email).await;
        self.settle(visitor).await
    }

    /// Sets up an app if one is owed.
    async fn settle(&self, visitor: Visitor) -> Visitor {
        if visitor.get("/").await.location() == "/account/factors" {
            self.enrol(&visitor).await;
        }
        visitor
    }

    /// Sets up an authenticator app. Gives its seed and the recovery codes.
    pub(crate) async fn enrol(&self, visitor: &Visitor) -> (String, Vec<String>) {
        let page = visitor.get("/account/factors").await;
        let seed = page.between("id=\"seed\">", "<").to_owned();
        let form = format!("code={}", code_of(&seed, self.site().clock.now()));
        let answer = visitor.post("/account/factors/app", &form).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let codes = answer.between("id=\"codes\">", "</code>");
        let mut seeds = self.seeds.lock().unwrap();
        seeds.insert(visitor.cookie.clone(), seed.clone());
        (seed, codes.split("<br>").map(str::to_owned).collect())
    }

    /// What the visitor's app shows now.
    pub(crate) fn shown(&self, visitor: &Visitor) -> String {
        let seeds = self.seeds.lock().unwrap();
        code_of(&seeds[&visitor.cookie], self.site().clock.now())
    }

    /// Unlocks the visitor's session, or makes it fresh, with their app.
    pub(crate) async fn prove(&self, visitor: &Visitor, at: &str) {
        let form = format!("code={}&then=%2F&kept=", self.shown(visitor));
        let proven = visitor.post(at, &form).await;
        assert_eq!(proven.status, 303, "{}", proven.text);
    }

    /// Comes in by a link, as far as that leads.
    pub(crate) async fn enter_by_link(&self, email: &str) -> Visitor {
        let link = people::sign_in_link(self.site(), &Email::parse(email).unwrap())
            .await
            .unwrap();
        let mut visitor = self.stranger();
        let answer = visitor.post(&link, "").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        visitor.keep(&answer);
        visitor
    }

    /// A table of a workspace, with its rows, as an import makes it.
    pub(crate) async fn table(&self, workspace: WorkspaceId, name: &str, csv: &'static str) -> Db {
        let site = self.site();
        let db = site.files.open(&workspace.to_string()).unwrap();
        let bringer = Bringer {
            actor: Actor::command_line(),
            workspace,
            db: db.clone(),
        };
        let imports = Imports::new(Data::new(site.clone()));
        let bytes = csv.as_bytes().into();
        import_bytes(&imports, &bringer, &format!("{name}.csv"), bytes, name)
            .await
            .unwrap();
        db
    }

    /// Somebody who runs the server and is in no workspace, signed in.
    pub(crate) async fn operator(&self, by: &Visitor, email: &str) -> Visitor {
        let invited = by
            .post("/accounts", &format!("email={email}&name=Op"))
            .await;
        self.join(&invited).await
    }

    /// Takes up the invitation that an answer shows, with a new account.
    pub(crate) async fn join(&self, invited: &Answer) -> Visitor {
        let mut visitor = self.stranger();
        let joined = visitor
            .post(
                &invited.link(),
                "name=Joined&password=correct+horse+battery+staple",
            )
            .await;
        assert_eq!(joined.status, 303, "{}", joined.text);
        visitor.keep(&joined);
        self.settle(visitor).await
    }

    /// A table of penguins and an app of it, in the first workspace.
    pub(crate) async fn furnish(&self) -> WorkspaceId {
        let site = self.site();
        let workspace = people::first_workspace(site).await.unwrap();
        let db = site.files.open(&workspace.to_string()).unwrap();
        let (data, author) = (Data::new(site.clone()), Author::command_line(workspace));
        let bringer = Bringer {
            actor: author.actor.clone(),
            workspace,
            db: db.clone(),
        };
        let imports = Imports::new(data.clone());
        let rows = include_bytes!("../../assets/sample/penguins.csv").as_slice();
        import_bytes(&imports, &bringer, "penguins.csv", rows.into(), "penguins")
            .await
            .unwrap();
        let apps = Apps::new(data);
        apps::make(&apps, &db, &author, "penguins").await.unwrap();
        workspace
    }

    pub(crate) fn stranger(&self) -> Visitor {
        Visitor {
            router: self.router.clone(),
            cookie: String::new(),
            key: None,
            origin: None,
            headers: Vec::new(),
        }
    }
}

/// What an authenticator app shows for a seed, counted here once more from the
/// standard.
pub(crate) fn code_of(seed: &str, at: Time) -> String {
    use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};

    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bits = String::new();
    for letter in seed.chars() {
        let value = letters.find(letter).unwrap();
        bits.extend(
            (0..5)
                .rev()
                .map(|bit| if value >> bit & 1 == 1 { '1' } else { '0' }),
        );
    }
    let bytes: Vec<u8> = (0..bits.len() / 8)
        .map(|at| u8::from_str_radix(&bits[8 * at..8 * at + 8], 2).unwrap())
        .collect();
    let key = Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let tag = sign(&key, &(at.0 / 30_000).to_be_bytes());
    let from = usize::from(tag.as_ref()[19] & 15);
    let number = u32::from_be_bytes(tag.as_ref()[from..from + 4].try_into().unwrap());
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

/// Somebody with a browser.
#[derive(Clone)]
pub(crate) struct Visitor {
    router: Router,
    pub(crate) cookie: String,
    pub(crate) key: Option<String>,
    /// The site of the page that asks.
    pub(crate) origin: Option<String>,
    /// What a page's own script sends besides.
    pub(crate) headers: Vec<(&'static str, &'static str)>,
}

impl Visitor {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        self.send("POST", path, Body::from(form.to_owned())).await
    }

    /// Keeps the session a sign-in gave.
    pub(crate) fn keep(&mut self, answer: &Answer) {
        self.keep_named("__Host-session=", answer);
    }

    /// Keeps that cookie in place of the one there was.
    pub(crate) fn keep_named(&mut self, name: &str, answer: &Answer) {
        let set = answer.headers.get_all(header::SET_COOKIE);
        let session = set
            .iter()
            .filter_map(|cookie| cookie.to_str().ok())
            .find(|cookie| cookie.starts_with(name));
        session
            .and_then(|cookie| cookie.split(';').next())
            .unwrap()
            .clone_into(&mut self.cookie);
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Body) -> Answer {
        self.send_as(method, path, "application/x-www-form-urlencoded", body)
            .await
    }

    pub(crate) async fn send_as(&self, method: &str, path: &str, kind: &str, body: Body) -> Answer {
        let response = self.ask(method, path, kind, body).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// The answer as it comes, for a test that takes it piece by piece.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        kind: &str,
        body: Body,
    ) -> axum::response::Response {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, kind);
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        if let Some(origin) = &self.origin {
            request = request.header(header::ORIGIN, origin);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .map_or("", |to| to.to_str().unwrap())
    }

    /// The path of the link it shows.
    pub(crate) fn link(&self) -> String {
        format!("/link/{}", self.between("https://localhost/link/", "<"))
    }

    /// What stands between two marks, for a test that follows a link.
    pub(crate) fn between(&self, before: &str, after: &str) -> &str {
        let rest = self.text.split(before).nth(1).unwrap_or("");
        rest.split(after).next().unwrap_or("")
    }
}
