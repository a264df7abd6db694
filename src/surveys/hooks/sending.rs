//! Messages on their way: what is due of each webhook is handed over, one after the other,
//! and no webhook waits for another. Like answers, this is data: it leaves no line in the
//! journal. What is guaranteed stands in the module above.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::model::{Hook, HookId};
use super::sql;
use super::turn::Turn;
use crate::base::Time;
use crate::site::Site;
use crate::store::{Connection, Error, project_file};
use crate::web::WorkspaceId;

/// How often somebody looks whether something waits.
const ROUND: Duration = Duration::from_secs(2);
/// Files that nobody has open are looked into as often, unless something in them is known
/// to be due.
const WIDE_ROUND: i64 = 10 * Time::MINUTE;
/// Webhooks that are told at the same time: in all, and of one workspace.
const TOGETHER: usize = 64;
const OF_ONE: usize = 8;

/// What the messages of all surveys leave by. Every clone is the same.
#[derive(Clone)]
pub struct Sender {
    pub(super) site: Site,
    held: Arc<Mutex<Held>>,
    seats: Arc<Semaphore>,
}

/// What is known between two looks. After a restart all of it is found out anew.
#[derive(Default)]
struct Held {
    /// Those that are being told.
    busy: HashSet<HookId>,
    /// Until when these are left alone.
    rest: HashMap<HookId, Time>,
    /// When something of these is due next.
    next: HashMap<HookId, Time>,
    seats: HashMap<WorkspaceId, Arc<Semaphore>>,
}

/// Until the server ends.
pub async fn watch(site: Site) {
    let sender = Sender::new(site);
    let mut round = tokio::time::interval(ROUND);
    let (mut wide, mut calls) = (Time(0), JoinSet::new());
    loop {
        round.tick().await;
        while let Some(told) = calls.try_join_next() {
            count(told);
        }
        let now = sender.site.clock.now();
        let is_wide = now >= wide.plus(WIDE_ROUND);
        if is_wide {
            wide = now;
        }
        if let Err(error) = sender.look(is_wide, &mut calls).await {
            tracing::error!("messages of webhooks could not be sent: {error}");
        }
    }
}

/// Looks once, and waits for what it began. `is_wide`: into every file. Gives how many
/// messages were taken.
pub async fn send(sender: &Sender, is_wide: bool) -> Result<usize, Error> {
    let mut calls = JoinSet::new();
    sender.look(is_wide, &mut calls).await?;
    let mut taken = 0;
    while let Some(told) = calls.join_next().await {
        taken += count(told);
    }
    Ok(taken)
}

fn count(told: Result<usize, tokio::task::JoinError>) -> usize {
    told.unwrap_or_else(|error| {
        tracing::error!("what a webhook was being told broke off: {error}");
        0
    })
}

impl Sender {
    pub fn new(site: Site) -> Sender {
        Sender {
            site,
            held: Arc::default(),
            seats: Arc::new(Semaphore::new(TOGETHER)),
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to tell every webhook of which something may be due.
    async fn look(&self, is_wide: bool, calls: &mut JoinSet<usize>) -> Result<(), Error> {
        let now = self.site.clock.now();
        let read = move |conn: &Connection| {
            Ok::<_, Error>((sql::all(conn)?, sql::waiting_hooks(conn, now)?))
        };
        let (hooks, waiting) = self.site.system.read(read).await?;
        let open = self.site.files.all_open().into_iter();
        let open: HashSet<String> = open.map(|(name, _)| name).collect();
        for hook in hooks {
            let file = project_file(hook.of.workspace, &hook.of.survey);
            let is_meant = is_wide || waiting.contains(&hook.id) || open.contains(&file);
            if !(is_meant || self.is_known_due(hook.id, now)) || !(hook.is_on || is_wide) {
                continue;
            }
            if let Some(turn) = self.take(hook, is_wide, now) {
                let (all, of_one) = (Arc::clone(&self.seats), self.seats_of(&turn));
                calls.spawn(async move {
                    let _one = of_one.acquire().await;
                    let _place = all.acquire().await;
                    turn.run().await
                });
            }
        }
        Ok(())
    }

    fn is_known_due(&self, hook: HookId, now: Time) -> bool {
        self.held().next.get(&hook).is_some_and(|next| *next <= now)
    }

    /// A webhook for one look, unless it is being told already or left alone.
    fn take(&self, hook: Hook, is_wide: bool, now: Time) -> Option<Turn> {
        let mut held = self.held();
        let rests = held.rest.get(&hook.id).is_some_and(|until| now < *until);
        if rests || !held.busy.insert(hook.id) {
            return None;
        }
        held.rest.remove(&hook.id);
        Some(Turn::new(self.clone(), hook, is_wide))
    }

    fn seats_of(&self, turn: &Turn) -> Arc<Semaphore> {
        let mut held = self.held();
        let seats = held.seats.entry(turn.hook.of.workspace);
        Arc::clone(seats.or_insert_with(|| Arc::new(Semaphore::new(OF_ONE))))
    }

    pub(super) fn gives_back(&self, hook: HookId) {
        self.held().busy.remove(&hook);
    }

    pub(super) fn rests(&self, hook: HookId, until: Time) {
        self.held().rest.insert(hook, until);
    }

    /// Notes when something of it is due next, if anything is.
    pub(super) fn is_next(&self, hook: HookId, next: Option<Time>) {
        let mut held = self.held();
        match next {
            Some(next) => held.next.insert(hook, next),
            None => held.next.remove(&hook),
        };
    }
}
