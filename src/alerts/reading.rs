//! Reads what is new in the chain, shows it to the rules, and looks on the way
//! whether each record still fits the one before.

use std::sync::{Arc, Mutex, PoisonError};

use crate::base::Time;
use crate::journal::{Run, Walk, each_link, each_of, head};
use crate::site::Site;
use crate::store::{Connection, Error};

use super::actions::raise;
use super::model::{Alert, Severity};
use super::rules::{LONGEST, Tally, actions};
use super::sql;

/// Records read in one go.
const AT_ONCE: usize = 1_000;
/// How long a thing that was seen is remembered.
const REMEMBERED: i64 = 180 * Time::DAY;

/// The one who reads along.
pub struct Reader {
    site: Site,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    tally: Tally,
    /// What was counted before the last end was counted again.
    is_warm: bool,
    walk: Option<Walk>,
}

/// What a batch led to.
struct Batch {
    last: i64,
    count: usize,
    alerts: Vec<Alert>,
    learned: Vec<(String, String)>,
}

impl Reader {
    pub fn new(site: Site) -> Reader {
        Reader {
            site,
            state: Arc::default(),
        }
    }

    /// Reads what is new. Gives how many records that were. Who reads for the
    /// first time begins at the end: what is long over alarms nobody.
    pub async fn read(&mut self) -> Result<usize, Error> {
        let mut all = 0;
        loop {
            let count = self.batch().await?;
            all += count;
            if count < AT_ONCE {
                return Ok(all);
            }
        }
    }

    async fn batch(&mut self) -> Result<usize, Error> {
        let (state, now) = (Arc::clone(&self.state), self.site.clock.now());
        let run = self.site.carried_here();
        let batch = self.site.system.read(move |conn| {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(from) = sql::read_so_far(conn)? else {
                state.is_warm = true;
                let (last, _) = head(conn)?.unwrap_or_default();
                return Ok(Some(Batch::at(last)));
            };
            if !state.is_warm {
                warm(conn, &mut state, (from, now))?;
            }
            look(conn, &mut state, (from, &run))
        });
        let Some(batch) = batch.await? else {
            return Ok(0);
        };
        for alert in batch.alerts {
            raise(&self.site, alert).await?;
        }
        let (learned, last) = (batch.learned, batch.last);
        let kept = self.site.system.write(move |tx| {
            for (what, value) in &learned {
                sql::learn(tx, (what, value), now)?;
            }
            if !learned.is_empty() {
                sql::unlearn(tx, now.plus(-REMEMBERED))?;
            }
            sql::set_read(tx, last)
        });
        kept.await?;
        Ok(batch.count)
    }
}

impl Batch {
    fn at(last: i64) -> Batch {
        Batch {
            last,
            count: 0,
            alerts: Vec::new(),
            learned: Vec::new(),
        }
    }
}

/// Counts once more what was read within the longest window, and alarms nobody.
fn warm(conn: &Connection, state: &mut State, (read, now): (i64, Time)) -> Result<(), Error> {
    if let Some(first) = sql::first_since(conn, now.plus(-LONGEST))? {
        each_of(conn, (first - 1, read), &actions(), |link| {
            state.tally.take(&link.past, conn).map(drop)
        })?;
    }
    state.tally.learned.clear();
    let hash = sql::hash_of(conn, read)?;
    state.walk = hash.map(|hash| Walk::after(read, hash));
    state.is_warm = true;
    Ok(())
}

fn look(
    conn: &Connection,
    state: &mut State,
    (from, run): (i64, &Run),
) -> Result<Option<Batch>, Error> {
    // What was seen before may not have been noted.
    if state
        .walk
        .as_ref()
        .is_some_and(|walk| walk.stands().0 != from)
    {
        let hash = sql::hash_of(conn, from)?;
        state.walk = hash.map(|hash| Walk::after(from, hash));
    }
    if let Some(batch) = skim(conn, state, (from, run))? {
        return Ok(Some(batch));
    }
    let mut batch = Batch::at(from);
    each_link(conn, from + 1, |link| {
        let fits = match &mut state.walk {
            Some(walk) => walk.see(&link),
            None => Ok(()),
        };
        if let Err(broken) = fits {
            batch.alerts.push(broken_chain(&broken.to_string()));
            state.walk = None;
        }
        if state.walk.is_none() {
            state.walk = Some(Walk::after(link.seq, link.hash.clone()));
        }
        batch.alerts.extend(state.tally.take(&link.past, conn)?);
        (batch.last, batch.count) = (link.seq, batch.count + 1);
        Ok(batch.count < AT_ONCE)
    })?;
    batch.learned = state.tally.learned.drain().collect();
    Ok((batch.count > 0).then_some(batch))
}

/// Shows the rules what they are about of a run of our own. `None`: somebody has
/// to look at each link.
fn skim(
    conn: &Connection,
    state: &mut State,
    (from, run): (i64, &Run),
) -> Result<Option<Batch>, Error> {
    let Some(walk) = &mut state.walk else {
        return Ok(None);
    };
    if !run.goes_on_after(from) || !run.holds(conn)? {
        return Ok(None);
    }
    walk.skip(run);
    let mut batch = Batch::at(run.last());
    batch.count = usize::try_from(run.last() - from).unwrap_or(usize::MAX);
    let actions = actions();
    if run.has_any(&actions, from) {
        each_of(conn, (from, run.last()), &actions, |link| {
            batch.alerts.extend(state.tally.take(&link.past, conn)?);
            Ok(())
        })?;
    }
    batch.learned = state.tally.learned.drain().collect();
    Ok(Some(batch))
}

/// The worst there is: somebody wrote past the journal.
pub(super) fn broken_chain(why: &str) -> Alert {
    Alert {
        key: "audit.chain".to_owned(),
        severity: Severity::Critical,
        title: "The audit trail does not hold".to_owned(),
        text: format!(
            "{why}. Somebody or something wrote to the database past the product. Keep the data \
             folder as it is, make a copy, run `onsight audit verify` on it, and compare with \
             what was forwarded to your collector."
        ),
        workspace: None,
    }
}
