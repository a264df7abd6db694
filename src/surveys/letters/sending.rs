//! Letters on their way: rounds whose day has come begin, and what waits is handed to the
//! server for mail, no faster than it takes them. Like answers, a letter is data: it
//! leaves no line in the journal. What is guaranteed stands in the module above.

use std::time::Duration;

use super::actions::{begun, round_over};
use super::model::{Round, State};
use super::sql::{self, Due, Eligible, Ended};
use super::wording::{Known, letter};
use crate::base::{Patience, Time, text};
use crate::mail::{self, NoPost, Post, Sheet, Undelivered};
use crate::site::Site;
use crate::store::{Db, Error, Transaction, project_file};
use crate::surveys::running::{self, Surveys, token};

/// How often somebody looks whether a letter waits.
const LOOK: Duration = Duration::from_secs(5);
/// A server for mail that takes nothing is left alone for so long.
const REST: i64 = Time::MINUTE;
/// Letters of one round in one look.
const AT_ONCE: u32 = 50;
/// Letters of a fault that are kept.
const FAULT: usize = 200;

/// Until the server ends.
pub async fn watch(site: Site) {
    let surveys = Surveys::new(site);
    let mut look = tokio::time::interval(LOOK);
    let mut rest = Time(0);
    loop {
        look.tick().await;
        let now = surveys.site.clock.now();
        if now < rest {
            continue;
        }
        match send(&surveys).await {
            Ok(went) if went.is_held_up => rest = now.plus(REST),
            Ok(_) => {}
            Err(error) => tracing::error!("letters of surveys could not be sent: {error}"),
        }
    }
}

/// What one look gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Went {
    /// Letters the server for mail took.
    pub left: usize,
    /// It takes none just now.
    pub is_held_up: bool,
}

/// Why a round does not go on in this look.
enum Halt {
    HeldUp,
    Broken(Error),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Halt {
        Halt::Broken(error)
    }
}

impl From<NoPost> for Halt {
    fn from(error: NoPost) -> Halt {
        match error {
            NoPost::Off | NoPost::Trouble(_) => Halt::HeldUp,
            NoPost::Store(error) => Halt::Broken(error),
        }
    }
}

/// Looks at every round that is open, once.
pub async fn send(surveys: &Surveys) -> Result<Went, Error> {
    let rounds = surveys.site.system.read(sql::open_rounds).await?;
    let open: Vec<String> = { rounds.iter() }
        .map(|(round, _)| round.id.to_string())
        .collect();
    let now = surveys.site.clock.now();
    let is_due = |round: &Round| round.state == State::Begun || round.due <= now;
    let mut look = Look {
        surveys,
        share: { rounds.iter() }.filter(|(round, _)| is_due(round)).count(),
        open,
        post: None,
        went: Went::default(),
    };
    for (round, slug) in rounds {
        let survey = round.of.survey.clone();
        match look.at(round, &slug).await {
            Ok(()) => {}
            Err(Halt::HeldUp) => {
                look.went.is_held_up = true;
                // What was said of the server stays; nobody takes leave of it.
                look.post = None;
                break;
            }
            // What is wrong with one survey keeps no other's letters waiting.
            Err(Halt::Broken(error)) => {
                tracing::error!(survey.id = %survey, "letters of survey {survey} could not be sent: {error}");
            }
        }
    }
    if let Some(post) = look.post {
        post.close().await?;
    }
    Ok(look.went)
}

struct Look<'a> {
    surveys: &'a Surveys,
    /// The ids of the rounds that are open.
    open: Vec<String>,
    /// How many rounds share what may leave.
    share: usize,
    post: Option<Post>,
    went: Went,
}

impl Look<'_> {
    fn site(&self) -> &Site {
        &self.surveys.site
    }

    async fn at(&mut self, mut round: Round, slug: &str) -> Result<(), Halt> {
        let now = self.site().clock.now();
        if round.state == State::Waiting && round.due > now {
            return Ok(());
        }
        let name = project_file(round.of.workspace, &round.of.survey);
        let db = if self.site().files.is_there(&name)? {
            Some(self.site().files.open(&name)?)
        } else {
            None
        };
        let of = match self.surveys.at(slug).await {
            Ok(of) => of,
            Err(running::Error::Store(error)) => return Err(error.into()),
            Err(_) => return Ok(()),
        };
        let Some(db) = db.filter(|_| of.is_open(now)) else {
            return self.gives_up(&round, &name).await;
        };
        if round.state == State::Waiting {
            let letters = self.spread(&db, &round).await?;
            if !begun(self.site(), &round, letters).await? {
                return Ok(());
            }
            (round.state, round.letters) = (State::Begun, letters);
        }
        let id = round.id;
        let (all, due) = db.read(move |conn| sql::waiting(conn, id, now)).await?;
        if all == 0 {
            let tally = db.read(move |conn| sql::tally(conn, id)).await?;
            round_over(self.site(), &round, (State::Over, ""), tally).await?;
            return Ok(());
        }
        if due == 0 {
            return Ok(());
        }
        self.batch(&db, &round, slug).await
    }

    /// Nobody new is let in: letters would lead to a closed door.
    async fn gives_up(&self, round: &Round, name: &str) -> Result<(), Halt> {
        let (id, now) = (round.id, self.site().clock.now());
        let why = "the survey was not open";
        let mut tally = sql::Tally::default();
        if self.site().files.is_there(name)? {
            let db = self.site().files.open(name)?;
            let drop = move |tx: &Transaction<'_>| {
                sql::drop_waiting(tx, id, (why, now))?;
                sql::tally(tx, id)
            };
            tally = db.write(drop).await?;
        }
        round_over(self.site(), round, (State::Stopped, why), tally).await?;
        Ok(())
    }

    async fn spread(&self, db: &Db, round: &Round) -> Result<u64, Error> {
        let (id, open) = (round.id, self.open.clone());
        let whom = Eligible {
            kind: round.kind,
            rules: round.said.rules,
            now: self.site().clock.now(),
        };
        db.write(move |tx| sql::spread(tx, id, whom, &open)).await
    }

    /// As many as may leave now.
    async fn allowed(&self, per_hour: u32) -> Result<u32, Error> {
        let now = self.site().clock.now();
        let system = &self.site().system;
        let handed = system.read(move |conn| sql::handed_over(conn, now)).await?;
        let share = u32::try_from(self.share).unwrap_or(u32::MAX).max(1);
        Ok(allowed(per_hour, handed, share).min(AT_ONCE))
    }

    /// Hands over what is due of one round.
    async fn batch(&mut self, db: &Db, round: &Round, slug: &str) -> Result<(), Halt> {
        let facts = mail::facts(self.site()).await?.ok_or(Halt::HeldUp)?;
        let most = self.allowed(facts.per_hour).await?;
        if most == 0 {
            return Ok(());
        }
        let mut post = match self.post.take() {
            Some(post) => post,
            None => Post::open(self.site()).await?,
        };
        let surveys = self.surveys;
        let site = &surveys.site;
        let (now, id) = (site.clock.now(), round.id);
        let taken = db.write(move |tx| sql::take(tx, id, (now, most))).await?;
        let entries = self.keys(round, &taken).await?;
        for (due, entry) in taken.iter().zip(entries) {
            let one = One {
                site,
                db,
                round,
                slug,
            };
            match entry {
                None => one.end(due, (Ended::Dropped, "their link is shut")).await?,
                Some(entry) => {
                    let has_left = one.leave(&mut post, due, &entry).await?;
                    self.went.left += usize::from(has_left);
                }
            }
        }
        self.post = Some(post);
        Ok(())
    }

    /// Has the keys on the disk before a letter says them, and counts what is handed over.
    /// Gives what comes with each link; none where the link lets nobody in.
    async fn keys(&self, round: &Round, taken: &[Due]) -> Result<Vec<Option<String>>, Error> {
        let (now, of) = (self.site().clock.now(), round.of.clone());
        let keys: Vec<(String, Vec<u8>)> = { taken.iter() }
            .map(|due| (due.link.clone(), token::hash(&due.key)))
            .collect();
        let keep = move |tx: &Transaction<'_>| {
            let mut entries = Vec::with_capacity(keys.len());
            for (link, hash) in &keys {
                let entry = sql::link_stands(tx, &of, link)?;
                if entry.is_some() {
                    sql::add_key(tx, &of, (link, hash))?;
                }
                entries.push(entry);
            }
            let letters = u32::try_from(keys.len()).unwrap_or(u32::MAX);
            sql::count_minute(tx, now, letters)?;
            Ok::<_, Error>(entries)
        };
        self.site().system.write(keep).await
    }
}

/// One letter of a round.
struct One<'a> {
    site: &'a Site,
    db: &'a Db,
    round: &'a Round,
    slug: &'a str,
}

impl One<'_> {
    /// Hands it over. Gives whether it left.
    async fn leave(&self, post: &mut Post, due: &Due, entry: &str) -> Result<bool, Halt> {
        let (id, link) = (self.round.id, due.link.clone());
        let wanted = self.db.read(move |conn| sql::is_wanted(conn, id, &link));
        if !wanted.await? {
            return Ok(false);
        }
        let said = &self.round.said;
        let Some(wording) = said.wording(&due.lang) else {
            let why = "nothing is written in their language";
            self.end(due, (Ended::GivenUp, why)).await?;
            return Ok(false);
        };
        let lang = match &*due.lang {
            "" => said.lang.as_str(),
            lang => lang,
        };
        let door = format!("{}/s/{}", said.origin, self.slug);
        let to = format!("{door}?k={}&lang={lang}", due.key);
        let stop = format!("{door}/stop?k={}&lang={lang}", due.key);
        let known = Known {
            link: &to,
            name: &due.name,
            entry: &pairs(entry),
        };
        let (subject, text) = letter(wording, known, (lang, &stop));
        let sheet = Sheet {
            id: &format!("{}.{}", self.round.id, due.link),
            at: due.first,
            to: &due.address,
            name: "",
            subject: &subject,
            text: &text,
            reply_to: &said.reply_to,
            stop: &stop,
        };
        match post.send(&sheet).await {
            Ok(()) => {
                self.end(due, (Ended::Sent, "")).await?;
                Ok(true)
            }
            Err(fault) if fault.is_general => Err(Halt::HeldUp),
            Err(fault) => {
                self.in_vain(due, &fault).await?;
                Ok(false)
            }
        }
    }

    async fn end(&self, due: &Due, (how, why): (Ended, &str)) -> Result<(), Error> {
        let (now, id, link) = (self.site.clock.now(), self.round.id, due.link.clone());
        let (why, tries) = (why.to_owned(), due.tries + 1);
        let note = move |tx: &Transaction<'_>| sql::end(tx, (id, &link), (how, &why), (tries, now));
        self.db.write(note).await
    }

    async fn in_vain(&self, due: &Due, fault: &Undelivered) -> Result<(), Error> {
        let (now, tries) = (self.site.clock.now(), due.tries + 1);
        let why = text::shorten(&fault.why, FAULT).into_owned();
        if fault.is_final {
            return self.end(due, (Ended::Refused, &why)).await;
        }
        let Some(next) = Patience::DAY.next(due.first, tries, now) else {
            return self.end(due, (Ended::GivenUp, &why)).await;
        };
        let (id, link) = (self.round.id, due.link.clone());
        let note = move |tx: &Transaction<'_>| sql::later(tx, (id, &link), (tries, next), &why);
        self.db.write(note).await
    }
}

fn pairs(json: &str) -> Vec<(String, String)> {
    let table: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(json).unwrap_or_default();
    let texts = table.into_iter();
    texts
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .collect()
}

/// How many letters of one of `share` rounds may leave now, when so many did in the last
/// hour and in this minute. An hour's letters are spread over its minutes.
fn allowed(per_hour: u32, (hour, minute): (u32, u32), share: u32) -> u32 {
    let left = per_hour.saturating_sub(hour);
    let now = per_hour.div_ceil(60).saturating_sub(minute);
    match left.min(now) {
        0 => 0,
        most => (most / share).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_leave_in_an_hour_than_the_server_takes() {
        for per_hour in [1, 7, 60, 500, 10_000] {
            let mut minutes = Vec::new();
            for at in 0..180_usize {
                let mut minute = 0;
                for _look in 0..12 {
                    let from = at.saturating_sub(59);
                    let hour: u32 = minutes[from..].iter().sum::<u32>() + minute;
                    minute += allowed(per_hour, (hour, minute), 1);
                }
                minutes.push(minute);
                let from = at.saturating_sub(59);
                assert!(
                    minutes[from..].iter().sum::<u32>() <= per_hour,
                    "{minutes:?}"
                );
            }
            assert!(
                minutes.iter().sum::<u32>() >= 2 * per_hour,
                "{per_hour} an hour"
            );
        }
        assert_eq!(allowed(600, (0, 0), 3), 3, "rounds share what may leave");
        assert_eq!(allowed(60, (0, 0), 3), 1, "and none is left out");
    }
}
