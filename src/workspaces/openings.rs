//! Who opened which app today: told once to the disk, however often it is opened.

use std::collections::HashSet;
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

/// An app that was opened.
pub(super) struct Opening {
    pub(super) workspace: WorkspaceId,
    pub(super) user: UserId,
    pub(super) app: String,
    pub(super) at: Time,
    pub(super) actor: Actor,
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
}

impl Openings {
    pub fn new(site: Site) -> Openings {
        Openings {
            site,
            kept: Arc::default(),
        }
    }

    /// The member opened that app. The first time in a day it is written, a
    /// moment later and together with others'.
    pub fn note(&self, member: &Member, app: &str) {
        let at = self.site.clock.now();
        let (workspace, user) = (member.workspace, member.viewer.person.id);
        let is_first = {
            let mut kept = self.lock();
            let day = at.0.div_euclid(Time::DAY);
            if kept.day != day {
                kept.day = day;
                kept.known.clear();
            }
            if !kept.known.insert((workspace, user, app.to_owned())) {
                return;
            }
            kept.news.push(Opening {
                workspace,
                user,
                app: app.to_owned(),
                at,
                actor: member.viewer.actor(),
            });
            kept.news.len() == 1
        };
        if is_first {
            let openings = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(COLLECTED).await;
                openings.flush().await;
            });
        }
    }

    /// Writes what was collected.
    pub async fn flush(&self) {
        let news = std::mem::take(&mut self.lock().news);
        if news.is_empty() {
            return;
        }
        if let Err(error) = actions::keep(&self.site, news).await {
            // Told again the next time, since nothing was kept.
            self.lock().known.clear();
            tracing::warn!("which apps were opened could not be kept: {error}");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
