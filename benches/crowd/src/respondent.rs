//! One respondent: what they answer, and how they get on when the server is away.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::Result;
use crate::line::{Answer, Line, Place};
use crate::notes::Notes;

/// A page the server showed.
pub struct Shown {
    pub way: String,
    page: String,
    turn: String,
    nonce: String,
}

pub struct Respondent<'a> {
    pub place: &'a Place,
    pub notes: &'a Notes,
    pub slug: &'a str,
    pub number: u64,
    pub line: Option<Line>,
}

/// What this respondent says to that page. A tenth is too young and is sent away.
pub fn says(number: u64, page: &str) -> String {
    match page {
        "screener" => {
            let age = if number % 10 == 7 {
                16
            } else {
                18 + number % 70
            };
            format!("gender={}&age={age}", 1 + number % 2)
        }
        "use" if number % 3 == 0 => {
            "brands=9&why=Too+sweet+for+me%2C+said+".to_owned() + &number.to_string()
        }
        "use" => format!("brands={}&brands=3", 1 + number % 2),
        "liking" => format!("liked={}&comment=It+is+number+{number}", 1 + number % 7),
        "grid" => format!(
            "often_1={}&often_2={}&often_3={}",
            1 + number % 3,
            1 + number / 3 % 3,
            1 + number / 9 % 3
        ),
        "last" => format!("recommend={}&anything=Thank+you%2C+{number}", number % 11),
        other => format!("unknown={other}"),
    }
}

impl Respondent<'_> {
    /// Asks until there is an answer, as the page's own script does. Gives how often it asked.
    async fn persist(&mut self, path: &str, form: Option<&str>) -> (Answer, u32) {
        let mut wait = Duration::from_millis(500);
        for tries in 1.. {
            match self.once(path, form).await {
                Ok(answer) if !matches!(answer.status, 502..=504) => return (answer, tries),
                Ok(answer) => {
                    let seconds = answer.retry_after.unwrap_or(1);
                    self.notes.sample("busy", Instant::now(), 1);
                    sleep(Duration::from_secs(seconds) + self.jitter(tries)).await;
                    continue;
                }
                Err(_) => self.line = None,
            }
            sleep(wait + self.jitter(tries)).await;
            wait = (wait * 2).min(Duration::from_secs(15));
        }
        unreachable!("it is asked without end")
    }

    /// Up to half a second, another for each respondent and try.
    fn jitter(&self, tries: u32) -> Duration {
        let mixed = (self.number + 1)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(tries);
        Duration::from_millis(mixed % 500)
    }

    async fn once(&mut self, path: &str, form: Option<&str>) -> Result<Answer> {
        if self.line.as_ref().is_none_or(Line::is_over) {
            self.line = Some(self.place.open(self.number).await?);
        }
        let line = self.line.as_mut().ok_or("no line")?;
        match form {
            None => line.get(path).await,
            Some(form) => line.post(path, form.to_owned()).await,
        }
    }

    /// From the door to the first page; nothing where nobody is let in.
    pub async fn begin(&mut self) -> Option<Shown> {
        let door = format!("/s/{}?pid={}", self.slug, self.number);
        let due = Instant::now();
        let (answer, tries) = self.persist(&door, None).await;
        self.notes.sample("door", due, tries);
        if answer.status != 200 {
            self.bad("door", &answer);
            return None;
        }
        let due = Instant::now();
        let (answer, tries) = self.persist(&door, Some("lang=en")).await;
        self.notes.sample("begin", due, tries);
        if answer.status != 303 {
            self.bad("begin", &answer);
            return None;
        }
        self.notes.acked(self.number, "", "");
        self.look(answer.location).await
    }

    /// The page at that address; nothing where the way has ended.
    pub async fn look(&mut self, way: String) -> Option<Shown> {
        let due = Instant::now();
        let (answer, tries) = self.persist(&way, None).await;
        self.notes.sample("page", due, tries);
        if answer.status != 200 {
            self.bad("page", &answer);
            return None;
        }
        let body = String::from_utf8_lossy(&answer.body);
        Some(Shown {
            page: field(&body, ".page")?,
            turn: field(&body, ".turn")?,
            nonce: field(&body, ".nonce")?,
            way,
        })
    }

    /// Sends the page. Gives where to go on; nothing where it was not taken.
    pub async fn send(&mut self, shown: &Shown) -> Option<String> {
        let says = says(self.number, &shown.page);
        let form = form(&shown.page, &shown.turn, &shown.nonce, &says);
        let due = Instant::now();
        let (answer, tries) = self.persist(&shown.way, Some(&form)).await;
        self.notes.sample("submit", due, tries);
        if answer.status != 303 {
            self.bad(&format!("submit of {} with {says}", shown.page), &answer);
            return None;
        }
        self.notes.submits.set(self.notes.submits.get() + 1);
        self.notes.acked(self.number, &shown.page, &says);
        Some(answer.location)
    }

    fn bad(&self, what: &str, answer: &Answer) {
        let body = String::from_utf8_lossy(&answer.body);
        let body = body.split_once("<main").map_or(&*body, |(_, main)| main);
        self.notes.bad(&format!(
            "{what} of {}: {} {body}",
            self.number, answer.status
        ));
    }
}

pub fn form(page: &str, turn: &str, nonce: &str, says: &str) -> String {
    format!(".page={page}&.turn={turn}&.nonce={nonce}&.lang=en&.spent=9000&{says}")
}

fn field(body: &str, name: &str) -> Option<String> {
    let (_, rest) = body.split_once(&format!("name=\"{name}\" value=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}
