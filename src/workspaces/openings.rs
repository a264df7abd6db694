//! Who opened which app: told once a day to the journal, however often it is opened, and
//! when it was last.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::actions;
use super::pages::Member;
use crate::base::Time;
use crate::journal::Actor;
use crate::site::Site;
use crate::web::{UserId, WorkspaceId};

/// How long news is collected before it is written.
const COLLECTED: Duration = Duration::from_secs(1);

/// Milliseconds in which the same app, opened again, is no news.
const LATELY: i64 = 10 * Time::MINUTE;

/// An app that was opened.
pub(super) struct Opening {
    pub(super) workspace: WorkspaceId,
    pub(super) user: UserId,
    pub(super) app: String,
    pub(super) at: Time,
    pub(super) actor: Actor,
    /// The first time in a day, as far as is known here.
    pub(super) is_first: bool,
}

/// What was opened today.
#[derive(Clone)]
pub struct Openings {
    site: Site,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    day: i64,
    known: HashSet<(WorkspaceId, UserId, String)>,
    news: Vec<Opening>,
    /// Somebody is about to write the news.
    is_awaited: bool,
    /// What each person opened last, and when that was noted.
    latest: HashMap<(WorkspaceId, UserId), (String, Time)>,
}

impl Kept {
    /// Whether it is the first time in a day; `None` where there is nothing to write: who
    /// goes from page to page of one app opens it once.
    fn is_news(&mut self, who: (WorkspaceId, UserId), app: &str, at: Time) -> Option<bool> {
        let day = at.0.div_euclid(Time::DAY);
        if self.day != day {
            self.day = day;
            self.known.clear();
            self.latest.clear();
        }
        let is_first = self.known.insert((who.0, who.1, app.to_owned()));
        let last = self.latest.insert(who, (app.to_owned(), at));
        let again = last.filter(|(known, before)| known == app && at.0 - before.0 < LATELY);
        match again {
            Some(again) if !is_first => {
                self.latest.insert(who, again);
                None
            }
            _ => Some(is_first),
        }
    }

    fn forget(&mut self) {
        self.known.clear();
        self.latest.clear();
    }
}

impl Openings {
    pub fn new(site: Site) -> Openings {
        Openings {
            site,
            kept: Arc::default(),
        }
    }

    /// The member opened that app. When it was is written a moment later, together with
    /// others'; the first time in a day with a line in the journal.
    pub fn note(&self, member: &Member, app: &str) {
        let at = self.site.clock.now();
        let (workspace, user) = (member.workspace, member.viewer.person.id);
        let is_alone = {
            let mut kept = self.lock();
            let Some(is_first) = kept.is_news((workspace, user), app, at) else {
                return;
            };
            kept.news.push(Opening {
                workspace,
                user,
                app: app.to_owned(),
                at,
                actor: member.viewer.actor(),
                is_first,
            });
            !std::mem::replace(&mut kept.is_awaited, true)
        };
        if is_alone {
            let openings = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(COLLECTED).await;
                openings.flush().await;
            });
        }
    }

    /// Writes what was collected.
    pub async fn flush(&self) {
        let news = {
            let mut kept = self.lock();
            kept.is_awaited = false;
            std::mem::take(&mut kept.news)
        };
        if news.is_empty() {
            return;
        }
        if let Err(error) = actions::keep(&self.site, news).await {
            // Told again the next time, since nothing was kept.
            self.lock().forget();
            tracing::warn!("which apps were opened could not be kept: {error}");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
