//! Records of what only looked: kept for a moment and written many at a time,
//! so that reading a page costs no write. What changes something never comes
//! here; it writes its line in its own transaction.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tokio::sync::Notify;

use super::actor::Actor;
use super::entry::Entry;
use super::sql;
use crate::base::Time;
use crate::store::{Db, Error};

/// Notes that wait at the most. They wait a tenth of a second, so this is a flood.
const WAITING: usize = 50_000;
/// Things remembered as told.
const TOLD: usize = 100_000;

pub struct Notes {
    inner: Mutex<Inner>,
    news: Arc<Notify>,
}

#[derive(Default)]
struct Inner {
    waiting: Vec<Entry>,
    lost: u64,
    /// Until when a thing need not be told again.
    told: HashMap<String, Time>,
}

impl Notes {
    /// `news` is told when there is something to write.
    pub fn new(news: Arc<Notify>) -> Notes {
        Notes {
            inner: Mutex::default(),
            news,
        }
    }

    pub fn add(&self, entry: Entry) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.waiting.len() >= WAITING {
            inner.lost += 1;
            return;
        }
        inner.waiting.push(entry);
        drop(inner);
        self.news.notify_one();
    }

    /// The same, once in `window` milliseconds for everything with that name.
    pub fn add_once(
        &self,
        name: String,
        (now, window): (Time, i64),
        entry: impl FnOnce() -> Entry,
    ) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.told.get(&name).is_some_and(|until| *until > now) {
            return;
        }
        if inner.told.len() >= TOLD {
            inner.told.retain(|_, until| *until > now);
        }
        if inner.told.len() >= TOLD {
            inner.told.clear();
        }
        inner.told.insert(name, now.plus(window));
        drop(inner);
        self.add(entry());
    }

    /// Writes what waits into the journal of the system database. What could
    /// not be written waits on.
    pub async fn write(&self, system: &Db, now: Time) -> Result<usize, Error> {
        let (waiting, lost) = {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            (
                std::mem::take(&mut inner.waiting),
                std::mem::take(&mut inner.lost),
            )
        };
        if waiting.is_empty() && lost == 0 {
            return Ok(0);
        }
        let waiting = Arc::new(waiting);
        let entries = Arc::clone(&waiting);
        let written = system.write(move |tx| {
            for entry in entries.iter() {
                sql::record(tx, entry)?;
            }
            if lost > 0 {
                let entry = Entry::new(now, &Actor::system(), "audit.overflowed", "notes");
                sql::record(
                    tx,
                    &entry
                        .failed("more came than could wait")
                        .with(json!({ "rows": lost })),
                )?;
            }
            Ok::<_, Error>(entries.len())
        });
        let written = written.await;
        if written.is_err() {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            inner.lost += lost;
            let mut again = waiting.to_vec();
            again.append(&mut inner.waiting);
            inner.waiting = again;
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::sql::unpack;
    use crate::store::{Key, Schema};

    #[test]
    fn a_thing_is_told_once_in_its_window() {
        let notes = Notes::new(Arc::default());
        let tell = |name: &str, at: i64| {
            notes.add_once(name.to_owned(), (Time(at), 100), || {
                Entry::new(Time(at), &Actor::system(), "report.viewed", "orders")
            });
        };
        tell("ada", 0);
        tell("ada", 50);
        tell("bob", 50);
        tell("ada", 101);

        assert_eq!(notes.inner.lock().unwrap().waiting.len(), 3);
    }

    #[test]
    fn a_flood_is_counted_and_not_kept() {
        let notes = Notes::new(Arc::default());
        let entry = Entry::new(Time(0), &Actor::system(), "report.viewed", "orders");
        for _ in 0..WAITING + 7 {
            notes.add(entry.clone());
        }
        let inner = notes.inner.lock().unwrap();
        assert_eq!((inner.waiting.len(), inner.lost), (WAITING, 7));
    }

    #[tokio::test]
    async fn a_flood_is_told_of_when_the_others_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("a.db"), Key::random().unwrap());
        let db = Db::open(&path, &key, Schema::System, Arc::default()).unwrap();
        let notes = Notes::new(Arc::default());
        notes.inner.lock().unwrap().lost = 7;
        let entry = Entry::new(Time(1), &Actor::system(), "report.viewed", "orders");
        notes.add(entry);

        assert_eq!(notes.write(&db, Time(2)).await.unwrap(), 1);
        assert_eq!(notes.write(&db, Time(3)).await.unwrap(), 0);

        let lines = db.read(|conn| sql::after(conn, 0, 10)).await.unwrap();
        let lines: Vec<_> = { lines.iter() }
            .map(|(line, record)| unpack(*line, record).unwrap())
            .collect();
        let said: Vec<_> = { lines.iter() }
            .map(|line| (line.action.as_str(), line.row_count, line.result.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                ("report.viewed", None, "ok"),
                ("audit.overflowed", Some(7), "failed")
            ]
        );
    }
}
