//! What is said over a line, the same over a socket and over HTTPS: who is there, events,
//! and how far they are kept.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;

use super::model::{Asked, Batch, Sent};
use super::places::{Place, Places};
use super::refusal::Refusal;
use super::taking;
use crate::store::{Db, project_file};
use crate::surveys::running::{Compiled, Fieldwork, State, Surveys, token};

/// What a page says.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Said {
    Hello { token: String },
    Events(Sent),
    Beat,
}

/// Events by themselves, with who sends them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Posted {
    token: String,
    events: Sent,
}

/// What the lines lean on.
#[derive(Clone)]
pub(super) struct Live {
    pub(super) surveys: Surveys,
    pub(super) places: Places,
}

/// Somebody whose page notes.
struct Guest {
    of: Fieldwork,
    db: Db,
    hash: Vec<u8>,
    compiled: Arc<Compiled>,
}

/// A line over a socket.
pub(super) struct Exchange {
    live: Live,
    of: Fieldwork,
    place: Place,
    guest: Option<Guest>,
}

impl Live {
    /// The survey at that address, where something may be noted.
    pub(super) async fn at(&self, slug: &str) -> Result<Fieldwork, Refusal> {
        let of = self.surveys.at(slug).await?;
        match of.state {
            State::Closed => Err(Refusal::Over),
            State::Draft | State::Live => Ok(of),
        }
    }

    async fn greet(&self, of: &Fieldwork, token: &str) -> Result<Guest, Refusal> {
        let site = &self.surveys.site;
        let file = project_file(of.workspace, &of.id);
        if !token::is_one(token) || !site.files.is_there(&file)? {
            return Err(Refusal::Nobody);
        }
        let (db, hash, now) = (self.surveys.file(of)?, token::hash(token), site.clock.now());
        let looked = hash.clone();
        let found = db
            .read(move |conn| taking::guest(conn, &looked, now))
            .await?;
        let compiled = self.surveys.version(of, found?.1).await?;
        if !compiled.survey.notes_events {
            return Err(Refusal::Over);
        }
        Ok(Guest {
            of: of.clone(),
            db,
            hash,
            compiled,
        })
    }

    /// Is everything as it was when they said who they are?
    async fn still(&self, guest: &Guest) -> Result<(), Refusal> {
        let of = self.at(&guest.of.slug).await?;
        if (of.place(), of.made) != (guest.of.place(), guest.of.made) {
            return Err(Refusal::Nobody);
        }
        let (hash, now) = (guest.hash.clone(), self.surveys.site.clock.now());
        let look = guest.db.read(move |conn| taking::guest(conn, &hash, now));
        look.await?.map(|_| ())
    }

    /// Keeps a batch: when this returns it is on the disk.
    async fn take(&self, guest: &Guest, sent: Sent) -> Result<String, Refusal> {
        let asked = Asked::on(&guest.compiled, &sent.page).ok_or(Refusal::Malformed)?;
        let batch = Batch::of(sent, &asked).ok_or(Refusal::Malformed)?;
        let now = self.surveys.site.clock.now();
        self.places.pay(&guest.hash, batch.events.len(), now)?;
        let (hash, visit) = (guest.hash.clone(), batch.visit.clone());
        let taken = { &guest.db }.write(move |tx| taking::take(tx, &hash, batch, now));
        let upto = taken.await?;
        Ok(json!({ "ack": { "visit": visit, "seq": upto } }).to_string())
    }

    /// A batch that came by itself.
    pub(super) async fn post(&self, slug: &str, text: &str) -> Result<String, Refusal> {
        let posted: Posted = serde_json::from_str(text).map_err(|_strange| Refusal::Malformed)?;
        let of = self.at(slug).await?;
        let guest = self.greet(&of, &posted.token).await?;
        self.take(&guest, posted.events).await
    }
}

impl Exchange {
    pub(super) fn new(live: Live, of: Fieldwork, place: Place) -> Exchange {
        Exchange {
            live,
            of,
            place,
            guest: None,
        }
    }

    /// Did they say who they are?
    pub(super) fn is_known(&self) -> bool {
        self.guest.is_some()
    }

    /// What is answered to a message.
    pub(super) async fn hear(&mut self, text: &str) -> Result<Answer, Refusal> {
        let said = serde_json::from_str(text).map_err(|_strange| Refusal::Malformed)?;
        match (said, &self.guest) {
            (Said::Hello { token }, None) => {
                let guest = self.live.greet(&self.of, &token).await?;
                let now = self.live.surveys.site.clock.now();
                self.place.sit(&guest.hash, now)?;
                self.guest = Some(guest);
                Ok(Answer::Word("\"hello\""))
            }
            (Said::Hello { .. }, Some(_)) => Err(Refusal::Malformed),
            (Said::Beat, Some(_)) => Ok(Answer::Word("\"beat\"")),
            (Said::Events(sent), Some(guest)) => self.live.take(guest, sent).await.map(Answer::Ack),
            (Said::Beat | Said::Events(_), None) => Err(Refusal::NoHello),
        }
    }

    /// May it go on? Asked every few seconds.
    pub(super) async fn still(&self) -> Result<(), Refusal> {
        if self.live.surveys.site.is_draining() {
            return Err(Refusal::Leaving);
        }
        match &self.guest {
            Some(guest) => self.live.still(guest).await,
            None => Ok(()),
        }
    }
}

/// What a page is answered.
pub(super) enum Answer {
    Word(&'static str),
    /// Up to which number everything of a visit is on the disk.
    Ack(String),
}
