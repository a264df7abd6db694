//! What was looked up in a file, as long as nothing is written to it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Connection, Db, Error};

/// What another process writes, such as the console, is seen after this long.
const FRESH: Duration = Duration::from_secs(1);

/// What was looked up, by what was asked for. What this process writes to the file is seen
/// at once, what another writes a second later.
pub struct Believed<K, V> {
    known: Mutex<HashMap<K, Known<V>>>,
    most: usize,
}

struct Known<V> {
    of: V,
    /// Of the file, before it was looked up.
    standing: u64,
    at: Instant,
}

impl<K, V> Believed<K, V>
where
    K: Eq + Hash,
    V: Clone + Send + 'static,
{
    /// At most so many things at once.
    pub fn new(most: usize) -> Believed<K, V> {
        Believed {
            known: Mutex::default(),
            most,
        }
    }

    /// What is known of it, else what `look` finds. What it does not find is looked for
    /// again the next time.
    pub async fn find<E>(
        &self,
        db: &Db,
        of: K,
        look: impl FnOnce(&Connection) -> Result<V, E> + Send + 'static,
    ) -> Result<V, E>
    where
        E: From<Error> + Send + 'static,
    {
        // Asked first: what is written while it is read has it read again.
        let (standing, at) = (db.standing(), Instant::now());
        if let Some(known) = self.lock().get(&of)
            && known.standing == standing
            && at.duration_since(known.at) < FRESH
        {
            return Ok(known.of.clone());
        }
        let found = db.read(look).await?;
        let mut known = self.lock();
        if known.len() >= self.most {
            known.clear();
        }
        let looked = Known {
            of: found.clone(),
            standing,
            at,
        };
        known.insert(of, looked);
        Ok(found)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Known<V>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::store::{Key, Schema};

    #[tokio::test]
    async fn what_is_written_is_seen_at_once_and_nothing_is_looked_up_twice_before() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("a.db"), Key::random().unwrap());
        let db = Db::open(&path, &key, Schema::System, Arc::default()).unwrap();
        let write = |sql: &'static str| {
            let db = db.clone();
            async move {
                let done = db.write(move |tx| Ok::<_, Error>(tx.execute_batch(sql)?));
                done.await.unwrap();
            }
        };
        write("create table a (n integer); insert into a values (1)").await;
        let (believed, looks) = (Believed::new(2), Arc::new(AtomicUsize::new(0)));
        let find = |of: &'static str| {
            let counted = Arc::clone(&looks);
            believed.find(&db, of, move |conn| {
                counted.fetch_add(1, Ordering::Relaxed);
                let sum = conn.query_row("select sum(n) from a", [], |row| row.get::<_, i64>(0));
                Ok::<_, Error>(sum?)
            })
        };
        let started = Instant::now();
        assert_eq!((find("x").await.unwrap(), find("x").await.unwrap()), (1, 1));
        // A machine that stood still meanwhile has it looked up again, and rightly.
        let is_fresh = started.elapsed() < FRESH;
        assert!(!is_fresh || looks.load(Ordering::Relaxed) == 1);
        write("insert into a values (2)").await;
        assert_eq!((find("x").await.unwrap(), find("y").await.unwrap()), (3, 3));
        assert_eq!(find("z").await.unwrap(), 3);
        assert_eq!(believed.lock().len(), 1, "the others gave way");
    }
}
