//! An instance from its first minute on, the people in it, and the records that
//! what they do leaves.

use std::collections::HashMap;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use axum::response::Response;
use http_body_util::BodyExt;
use onsight::alerts::{self, Alert, Severity};
use onsight::audit::seal_old;
use onsight::backup::Identity;
use onsight::base::Time;
use onsight::journal::{Actor, Link, as_link, verify_all};
use onsight::people::{self, Email, NewUser};
use onsight::sanity;
use onsight::store::Error;
use onsight::web::Role;
use onsight::{operate, server};
use tempfile::TempDir;
use tower::ServiceExt;

use super::Row;
use super::directory::Directory;
use super::told::Saying;
use super::words::{WORDS, body};
use crate::support::{TestSite, code_of};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
/// A program with a name of its own would be no desktop.
const PROGRAM: &str = BROWSER;

pub(super) struct Stage {
    site: TestSite,
    router: Router,
    /// The cookie of each browser.
    cookies: HashMap<&'static str, String>,
    /// The seed of each person's app, and their recovery codes.
    seeds: HashMap<&'static str, String>,
    codes: Vec<String>,
    /// What was shown last: set-up code, links, key.
    shown: HashMap<String, String>,
    /// Whatever opens something: no record holds any of it.
    secrets: Vec<String>,
    /// The number of the last record that was looked at.
    last: i64,
    directory: Directory,
    /// Where backups may lie.
    cellar: TempDir,
    recipient: String,
}

impl Stage {
    pub(super) async fn set() -> Stage {
        let directory = Directory::open().await;
        let ours = format!("127.0.0.1:{}", directory.port);
        let site = TestSite::calling(vec!["127.0.0.1:9".to_owned(), ours]);
        Stage {
            router: server::router(&site.people),
            site,
            cookies: HashMap::new(),
            seeds: HashMap::new(),
            codes: Vec::new(),
            shown: HashMap::new(),
            secrets: Vec::new(),
            last: 0,
            directory,
            cellar: TempDir::new().unwrap(),
            recipient: Identity::random().unwrap().recipient().to_string(),
        }
    }

    /// Does what the row says. Tells what is wrong with the records it left.
    pub(super) async fn play(&mut self, row: &'static Row) -> Option<String> {
        let (who, what, form, leaves) = row;
        self.site.site().clock.advance(1);
        let said = match *who {
            "hand" | "time" | "console" => {
                self.happens(what, form).await;
                String::new()
            }
            _ => self.asks(who, what, form).await,
        };
        let now = self.site.site().clock.now();
        let new = self.news(leaves.len()).await;
        let all: Vec<&str> = new.iter().map(|link| link.past.action.as_str()).collect();
        let sayings: Vec<_> = leaves.iter().map(|leaf| Saying::read(leaf)).collect();
        let wanted: Vec<&str> = sayings.iter().map(|saying| saying.action).collect();
        if all != wanted {
            return Some(format!("left {all:?}, not {wanted:?}; {said}"));
        }
        let mut pairs = new.iter().zip(&sayings);
        pairs.find_map(|(link, saying)| {
            let fault = saying.fault(&link.past, now);
            fault.or_else(|| self.betrayed(link))
        })
    }

    fn betrayed(&self, link: &Link) -> Option<String> {
        let all = serde_json::to_string(&link.past).unwrap();
        let is_in = self.secrets.iter().any(|secret| all.contains(secret));
        is_in.then(|| format!("a secret stands in {all}"))
    }

    /// The records since the last look. What is written a moment later is waited for.
    async fn news(&mut self, wanted: usize) -> Vec<Link> {
        let mut new = Vec::new();
        for _ in 0..12_000 {
            self.site.site().carry().await.unwrap();
            let seen = self.last;
            let read = self.site.site().system.read(move |conn| {
                let mut list = conn.prepare("select * from chain where seq > ?1 order by seq")?;
                let links = list.query_map([seen], as_link)?;
                Ok::<_, Error>(links.collect::<Result<Vec<_>, _>>()?)
            });
            new = read.await.unwrap();
            if new.len() >= wanted {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.last = new.last().map_or(self.last, |link| link.seq);
        new
    }

    /// The chain holds from its first record to the last.
    pub(super) async fn holds(&self) {
        let site = self.site.site();
        let (keyring, data) = (
            std::sync::Arc::clone(&site.keyring),
            site.config.data.clone(),
        );
        let verified = site
            .system
            .read(move |conn| verify_all(conn, &keyring, &data));
        verified.await.unwrap().unwrap();
    }

    async fn one(&self, sql: &'static str) -> String {
        let found = self
            .site
            .site()
            .system
            .read(move |conn| Ok::<_, Error>(conn.query_row(sql, [], |row| row.get(0))?));
        found.await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// What `{name}` stands for.
    async fn word(&mut self, who: &str, name: &str) -> Option<String> {
        match name {
            // An app shows another code every half a minute.
            "code" => {
                let clock = &self.site.site().clock;
                clock.advance(30 * Time::SECOND);
                Some(code_of(&self.seeds[who], clock.now()))
            }
            "recovery" => self.codes.pop(),
            "directory" => Some(self.directory.port.to_string()),
            "cellar" => Some(self.cellar.path().display().to_string()),
            "recipient" => Some(self.recipient.clone()),
            "today" => Some(self.day(0)),
            "tomorrow" => Some(self.day(1)),
            _ => match WORDS.iter().find(|(known, _)| *known == name) {
                Some((_, sql)) => Some(self.one(sql).await),
                None => self.shown.get(name).cloned(),
            },
        }
    }

    fn day(&self, ahead: i64) -> String {
        let day = self.site.site().clock.now().plus(ahead * Time::DAY);
        day.rfc3339()[..10].to_owned()
    }

    /// The text with its words; `{` may also just stand there.
    async fn fill(&mut self, who: &str, text: &str) -> String {
        let mut parts = text.split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let word = match part.split_once('}') {
                Some((name, rest)) => self.word(who, name).await.map(|word| (word, rest)),
                None => None,
            };
            match word {
                Some((word, rest)) => filled.extend([word.as_str(), rest]),
                None => filled.extend(["{", part]),
            }
        }
        filled
    }

    /// Sends the request. Gives what was answered, for the message.
    async fn asks(&mut self, who: &'static str, what: &str, form: &str) -> String {
        let person = who.trim_end_matches(|c: char| c.is_ascii_digit());
        let person: &'static str = person;
        let what = self.fill(person, what).await;
        let form = if form.starts_with("file:") {
            form.to_owned()
        } else {
            self.fill(person, form).await
        };
        let (method, path) = what.split_once(' ').unwrap();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost");
        let request = match who {
            "program" => request.header(header::USER_AGENT, PROGRAM).header(
                header::AUTHORIZATION,
                format!("Bearer {}", self.shown["made"]),
            ),
            _ => request.header(header::USER_AGENT, BROWSER).header(
                header::COOKIE,
                self.cookies.get(who).map_or("", String::as_str),
            ),
        };
        let (kind, body) = body(&form);
        let request = request
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body));
        let answer = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        self.learn(who, person, answer).await
    }

    /// Keeps what a browser and the person before it would keep.
    async fn learn(&mut self, who: &'static str, person: &'static str, answer: Response) -> String {
        let (parts, body) = answer.into_parts();
        let cookies = parts.headers.get_all(header::SET_COOKIE);
        for cookie in cookies.iter().filter_map(|cookie| cookie.to_str().ok()) {
            let pair = cookie.split(';').next().unwrap_or_default();
            let is_ours = pair.starts_with("__Host-session=") || pair.starts_with("__Host-entry=");
            if is_ours && !pair.ends_with('=') {
                self.secrets
                    .extend(pair.split('=').skip(1).map(str::to_owned));
                self.cookies.insert(who, pair.to_owned());
            }
        }
        let text = body.collect().await.map(|body| body.to_bytes().to_vec());
        let text = String::from_utf8_lossy(&text.unwrap_or_default()).into_owned();
        let after = |mark: &'static str| {
            let rest = text.split(mark).skip(1);
            rest.map(|rest| {
                rest.split(['<', '"', '&', '\n'])
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
        };
        if let Some(seed) = after("id=\"seed\">").next() {
            self.secrets.push(seed.clone());
            self.seeds.insert(person, seed);
        }
        if let Some((_, codes)) = text.split_once("id=\"codes\">") {
            let codes = codes.split("</code>").next().unwrap_or_default();
            self.codes = codes.split("<br>").map(str::to_owned).collect();
            self.secrets.extend_from_slice(&self.codes);
        }
        let mut links: Vec<String> = after("https://localhost/link/").collect();
        links.dedup();
        for (at, link) in links.into_iter().enumerate() {
            let name = if at == 0 {
                "link".to_owned()
            } else {
                format!("link{}", at + 1)
            };
            self.secrets.push(link.clone());
            self.shown.insert(name, link);
        }
        if let Some(key) = after("id=\"made-key\">").next() {
            self.secrets.push(key.clone());
            self.shown.insert("made".to_owned(), key);
        }
        let to = parts.headers.get(header::LOCATION);
        let to = to.and_then(|to| to.to_str().ok()).unwrap_or_default();
        let fault = text.split("class=\"fault").nth(1).unwrap_or_default();
        let fault: String = fault.chars().take(300).collect();
        format!("it was answered {} {to} {fault}", parts.status)
    }

    /// What is no request.
    async fn happens(&mut self, what: &str, form: &'static str) {
        let site = self.site.site().clone();
        let email = || Email::parse(form).unwrap();
        match what {
            "a set-up code" => {
                let code = people::offer_setup(&site).await.unwrap().unwrap();
                let code = code.reveal().to_owned();
                self.shown.insert("setup".to_owned(), code);
            }
            "user add" => {
                let new = NewUser {
                    email: email(),
                    name: "Gil".to_owned(),
                    role: Role::User,
                    operator: false,
                };
                people::add(&site, new).await.unwrap();
            }
            "user link" => {
                people::sign_in_link(&site, &email()).await.unwrap();
            }
            "user disable" => people::disable(&site, &email()).await.unwrap(),
            "user enable" => people::enable(&site, &email()).await.unwrap(),
            "user reset-factors" => people::forget_factors_of(&site, &email()).await.unwrap(),
            "write" => self.writes(form).await,
            "minutes" => site
                .clock
                .advance(form.parse::<i64>().unwrap() * Time::MINUTE),
            "the clock jumps" => site.clock.jump(form.parse::<i64>().unwrap() * Time::HOUR),
            "the clock is right" => sanity::believe(&site, Actor::command_line()).await.unwrap(),
            "keys" => {
                operate::change_keys(&site).await.unwrap();
            }
            "seal" => {
                site.clock.advance(366 * Time::DAY);
                seal_old(&site).await.unwrap();
            }
            "an alert" => {
                let workspace = people::first_workspace(&site).await.unwrap();
                let alert = Alert {
                    key: format!("disk.low:{form}"),
                    severity: Severity::Warning,
                    title: "The disk fills up".to_owned(),
                    text: "Make room.".to_owned(),
                    workspace: (form == "workspace").then_some(workspace),
                };
                alerts::raise(&site, alert).await.unwrap();
            }
            "the directory lets go of everybody" => self.directory.let_go(),
            "the upload is looked at" => self.settles().await,
            _ => panic!("what is “{what}”?"),
        }
    }

    /// Puts a row where only a browser with a device, or a fault, would.
    async fn writes(&self, sql: &'static str) {
        let written = self.site.site().system.write(move |tx| {
            tx.execute_batch(sql)?;
            Ok::<_, Error>(())
        });
        written.await.unwrap();
    }

    async fn settles(&mut self) {
        for _ in 0..1_000 {
            let path = self.fill("ada", "GET /data/import/{upload}/progress").await;
            let request = Request::get(path.trim_start_matches("GET "))
                .header(header::HOST, "localhost")
                .header(header::COOKIE, &self.cookies["ada"]);
            let request = request.body(Body::empty()).unwrap();
            let answer = self.router.clone().oneshot(request).await;
            let text = answer
                .unwrap()
                .into_body()
                .collect()
                .await
                .unwrap()
                .to_bytes();
            if String::from_utf8_lossy(&text).contains("data-done") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the work on the upload does not end");
    }
}
