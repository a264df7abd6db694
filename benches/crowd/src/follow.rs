//! Open pages of an app that follow what others change: each hears over a line of its own and
//! asks for its widgets again, as the page's script does.

use std::cell::{Cell, RefCell};
use std::fs;
use std::rc::Rc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::sync::Barrier;
use tokio::task::{JoinSet, LocalSet};
use tokio::time::{sleep, timeout};

use crate::Result;
use crate::line::{Line, Place};

/// Between two pages that are opened: people do not all come at one moment.
const STEP: Duration = Duration::from_millis(4);

/// What came of all pages together.
#[derive(Default)]
struct Tally {
    drawn: Cell<u64>,
    bad: Cell<u64>,
    first_bad: RefCell<String>,
}

impl Tally {
    fn bad(&self, what: &str) {
        self.bad.set(self.bad.get() + 1);
        if self.first_bad.borrow().is_empty() {
            what.clone_into(&mut self.first_bad.borrow_mut());
        }
    }
}

/// One page, as far as it is.
struct Page {
    line: Line,
    cookie: String,
    path: String,
    events: Incoming,
    text: String,
    heard: u64,
    place: u64,
}

/// Opens that many pages, by the cookies of the file in turn, says `ready` when all listen, and
/// prints the figures when the seconds are over.
pub async fn pages(place: Place, path: &str, cookies: &str, numbers: &[u64]) -> Result<()> {
    let (pages, seconds) = (numbers[0], Duration::from_secs(numbers[1]));
    let cookies = fs::read_to_string(cookies)?;
    let cookies: Vec<String> = cookies.lines().map(str::to_owned).collect();
    let (tally, together) = (
        Rc::new(Tally::default()),
        Rc::new(Barrier::new(usize::try_from(pages)?)),
    );
    let mut all = Vec::new();
    LocalSet::new()
        .run_until(async {
            let mut tasks = JoinSet::new();
            for number in 0..pages {
                let cookie =
                    cookies[usize::try_from(number).unwrap_or_default() % cookies.len()].clone();
                let (place, path) = (place.clone(), path.to_owned());
                let (tally, together) = (Rc::clone(&tally), Rc::clone(&together));
                tasks.spawn_local(async move {
                    sleep(STEP * u32::try_from(number).unwrap_or(u32::MAX)).await;
                    let opened = Page::open(&place, number, (path, cookie)).await;
                    if together.wait().await.is_leader() {
                        println!("ready");
                    }
                    let mut page = match opened {
                        Ok(page) => page,
                        Err(error) => {
                            tally.bad(&error.to_string());
                            return (0, 0);
                        }
                    };
                    // Who listens to the end is done when the time is.
                    if let Ok(ended) = timeout(seconds, page.listen(&tally)).await {
                        let why = ended.err().map(|error| error.to_string());
                        tally.bad(&why.unwrap_or_else(|| "the line ended".to_owned()));
                    }
                    (page.heard, page.place)
                });
            }
            while let Some(one) = tasks.join_next().await {
                all.extend(one.ok());
            }
        })
        .await;
    let last = all
        .iter()
        .map(|(_, place)| *place)
        .max()
        .unwrap_or_default();
    let whole = all.iter().filter(|(_, place)| *place == last).count();
    let heard = all.iter().map(|(heard, _)| *heard);
    let (least, most) = (heard.clone().min(), heard.max());
    println!(
        "{{\"pages\": {pages}, \"up_to_date\": {whole}, \"least\": {}, \"most\": {}, \"drawn\": {}, \"bad\": {}, \"first_bad\": {:?}}}",
        least.unwrap_or_default(),
        most.unwrap_or_default(),
        tally.drawn.get(),
        tally.bad.get(),
        tally.first_bad.borrow(),
    );
    Ok(())
}

impl Page {
    async fn open(place: &Place, number: u64, (path, cookie): (String, String)) -> Result<Page> {
        let mut line = place.open(number).await?;
        let page = line.fetch(&path, &[("cookie", &cookie)]).await?;
        let html = String::from_utf8_lossy(&page.body).into_owned();
        let (at, since) = between(&html, "data-follow=\"")
            .zip(between(&html, "data-since=\""))
            .ok_or_else(|| format!("{path} ({}) does not follow", page.status))?;
        let headers = [("cookie", cookie.as_str()), ("onsight-follow", "1")];
        let events = line.last(&format!("{at}?since={since}"), &headers).await?;
        let place = since.parse()?;
        let mut page = Page {
            line,
            cookie,
            path,
            events,
            text: String::new(),
            heard: 0,
            place,
        };
        let here = page.event().await?;
        if !here.starts_with("event: here") {
            return Err(format!("it began with {here}").into());
        }
        Ok(page)
    }

    /// The next thing that is said; a beat is nothing.
    async fn event(&mut self) -> Result<String> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                if event.starts_with("event:") {
                    return Ok(event);
                }
                continue;
            }
            let frame = self.events.frame().await.ok_or("the line ended")??;
            if let Ok(data) = frame.into_data() {
                self.text.push_str(&String::from_utf8_lossy(&data));
            }
        }
    }

    async fn listen(&mut self, tally: &Tally) -> Result<()> {
        loop {
            let event = self.event().await?;
            let mut lines = event.lines();
            if lines.next() != Some("event: changed") {
                return Err(format!("it ended with {event}").into());
            }
            let value = |line: Option<&str>, name: &str| {
                let value = line.and_then(|line| line.strip_prefix(name));
                value.map(|value| value.trim().to_owned())
            };
            let place = value(lines.next(), "id:").ok_or("a change without a place")?;
            let widgets = value(lines.next(), "data:").ok_or("a change of nothing")?;
            (self.heard, self.place) = (self.heard + 1, place.parse()?);
            let headers = [
                ("cookie", self.cookie.as_str()),
                ("onsight-follow", "1"),
                ("onsight-part", "1"),
                ("onsight-only", &widgets),
            ];
            let part = self.line.fetch(&self.path, &headers).await?;
            let first = widgets.split(' ').next().unwrap_or_default();
            let has_it = String::from_utf8_lossy(&part.body).contains(&format!("id=\"w-{first}\""));
            if part.status != 200 || !has_it {
                return Err(format!("the widgets were answered with {}", part.status).into());
            }
            tally.drawn.set(tally.drawn.get() + 1);
        }
    }
}

/// What stands from that mark to the next quotation mark.
fn between(html: &str, mark: &str) -> Option<String> {
    let (_, rest) = html.split_once(mark)?;
    let (found, _) = rest.split_once('"')?;
    Some(found.to_owned())
}
