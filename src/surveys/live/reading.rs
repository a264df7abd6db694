//! Events as they leave: of one respondent, or all of them in the order they came.

use serde_json::{Value, json};

use super::model;
use super::sql;
use crate::base::Time;
use crate::store::{Connection, Error};

/// An event as it is kept.
#[derive(Clone, Debug)]
pub struct Noted {
    pub id: i64,
    pub respondent: i64,
    pub visit: String,
    pub page: String,
    pub turn: u32,
    pub seq: u32,
    pub ms: i64,
    pub kind: String,
    /// Empty where it is about the page.
    pub question: String,
    pub data: String,
    pub at: Time,
}

/// Where somebody goes on reading.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// The last event they have.
    pub after: i64,
    pub most: u32,
    /// Those of tests, instead of everybody else's.
    pub is_test: bool,
}

impl Noted {
    /// Seconds since the page was shown, as in `12.3`.
    pub fn seconds(&self) -> String {
        let tenths = self.ms.max(0) / 100;
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    /// What happened, for people.
    pub fn words(&self) -> &'static str {
        model::words(&self.kind)
    }
}

/// The first events of a respondent, in the order they came.
pub fn events_of(conn: &Connection, respondent: i64, most: u32) -> Result<Vec<Noted>, Error> {
    sql::of_respondent(conn, respondent, most)
}

/// Events in the order they came. The file has one writer: none that is on its way gets
/// a lower number than one that can be read.
pub fn events_since(conn: &Connection, since: Since) -> Result<Vec<Noted>, Error> {
    sql::since(conn, since)
}

/// One JSON object and the end of the line.
pub fn line(noted: &Noted) -> String {
    let mut object = json!({
        "id": noted.id,
        "respondent": noted.respondent,
        "visit": noted.visit,
        "page": noted.page,
        "turn": noted.turn,
        "seq": noted.seq,
        "ms": noted.ms,
        "event": noted.kind,
    });
    if !noted.question.is_empty() {
        object["question"] = Value::from(&*noted.question);
    }
    if let Ok(data) = serde_json::from_str::<Value>(&noted.data) {
        object["data"] = data;
    }
    object["at"] = Value::from(noted.at.rfc3339());
    format!("{object}\n")
}
