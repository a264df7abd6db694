//! What one open page is told, one thing after the other, until there is a reason to end.

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::places::Place;
use crate::apps::Apps;
use crate::apps::format::Page;
use crate::apps::library::Published;
use crate::apps::render;
use crate::apps::sharing::{self, Act};
use crate::people;
use crate::running::LASTING;
use crate::store::{Follower, Touched};
use crate::web::{self, Person, Right, Viewer};
use crate::workspaces::Member;

/// A page is told something at most so often.
const REST: Duration = Duration::from_secs(1);
/// How often it hears that somebody is still there.
const BEAT: Duration = Duration::from_secs(15);
/// For how long it is believed that somebody may still look, as of a session.
const TRUSTED: Duration = Duration::from_secs(2);

/// What a page is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::apps) enum Said {
    /// The line stands; with the place up to which everything is known.
    Here(u64),
    /// These widgets show something else now; with the place up to which that was told.
    Changed(u64, Vec<String>),
    /// Another version of the app is in use: all of the page is to be loaded.
    Anew,
    /// Nothing new.
    Beat,
    /// There is nothing more to hear over this line.
    End,
}

type Stopped = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A page somebody has open. It holds neither rows nor the file they are in.
pub(in crate::apps) struct Following {
    looks: Looks,
    /// Where the page stands in the app.
    page: usize,
    heard: Follower,
    stopped: [Stopped; 2],
    _place: Place,
    /// What there is to be said at once.
    next: Option<Said>,
    is_over: bool,
    times: Times,
}

/// Who looks at what.
struct Looks {
    apps: Apps,
    viewer: Viewer,
    published: Arc<Published>,
}

/// When the next thing is due.
struct Times {
    /// Before that the page is told of no change.
    rested: Instant,
    beat: Instant,
    /// When rows elsewhere are asked again.
    elsewhere: Option<Instant>,
    trusted: Instant,
}

/// What became of the right to look.
enum Standing {
    Fine,
    Anew,
    Gone,
}

/// What it waits for.
enum Due {
    Stop,
    Change(Touched),
    Elsewhere,
    Beat,
}

impl Following {
    /// The page at that place of the app, from the place in its file's changes that it
    /// showed. `member` may open it: that was asked a moment ago.
    pub(in crate::apps) fn begin(
        apps: &Apps,
        member: &Member,
        (published, page): (Arc<Published>, usize),
        since: u64,
    ) -> web::Result<Following> {
        let (site, viewer) = (apps.site(), member.viewer.clone());
        if site.is_draining() {
            return Err(web::Error::Busy);
        }
        let place = apps.follows.take((member.workspace, viewer.person.id))?;
        let under =
            |name: String| -> Stopped { Box::pin(site.running.under(&[name].into()).told()) };
        let changes = site.files.changes(&member.workspace.to_string());
        let now = Instant::now();
        let every = published.app.pages[page].live.every();
        Ok(Following {
            heard: changes.follow(since),
            stopped: [under(web::session(&viewer)), under(LASTING.to_owned())],
            looks: Looks {
                apps: apps.clone(),
                viewer,
                published,
            },
            page,
            _place: place,
            next: Some(Said::Here(since)),
            is_over: false,
            times: Times {
                rested: now,
                beat: now + BEAT,
                elsewhere: every.map(|every| now + every),
                trusted: now + TRUSTED,
            },
        })
    }

    /// What the page is told next; `None` after the end.
    pub(in crate::apps) async fn next(&mut self) -> Option<Said> {
        if self.is_over {
            return None;
        }
        if let Some(said) = self.next.take() {
            return Some(said);
        }
        loop {
            let due = self.due().await;
            let widgets = match &due {
                Due::Stop => return Some(self.over(Said::End)),
                Due::Change(touched) => owned(render::asking(
                    &self.looks.published.app,
                    self.page(),
                    touched,
                )),
                Due::Elsewhere => owned(render::elsewhere(&self.looks.published.app, self.page())),
                Due::Beat => Vec::new(),
            };
            let is_beat = matches!(due, Due::Beat);
            if widgets.is_empty() && !is_beat {
                continue;
            }
            let now = Instant::now();
            if is_beat || self.times.trusted <= now {
                match self.looks.standing().await {
                    Standing::Fine => self.times.trusted = now + TRUSTED,
                    Standing::Anew => return Some(self.over(Said::Anew)),
                    Standing::Gone => return Some(self.over(Said::End)),
                }
            }
            self.times.beat = now + BEAT;
            if is_beat {
                return Some(Said::Beat);
            }
            self.times.rested = now + REST;
            return Some(Said::Changed(self.heard.place(), widgets));
        }
    }

    fn page(&self) -> &Page {
        &self.looks.published.app.pages[self.page]
    }

    fn over(&mut self, said: Said) -> Said {
        self.is_over = true;
        said
    }

    /// Waits for whatever comes first.
    async fn due(&mut self) -> Due {
        let Times {
            rested,
            beat,
            elsewhere,
            ..
        } = self.times;
        let heard = &mut self.heard;
        let change = async {
            sleep_until(rested).await;
            heard.next().await
        };
        let asked = async {
            match elsewhere {
                Some(at) => sleep_until(at.max(rested)).await,
                None => pending().await,
            }
        };
        let [session, process] = &mut self.stopped;
        let due = tokio::select! {
            biased;
            () = session => Due::Stop,
            () = process => Due::Stop,
            touched = change => Due::Change(touched),
            () = asked => Due::Elsewhere,
            () = sleep_until(beat) => Due::Beat,
        };
        if matches!(due, Due::Elsewhere) {
            let every = self.page().live.every();
            self.times.elsewhere = every.map(|every| Instant::now() + every);
        }
        due
    }
}

impl Looks {
    /// May they still look, and is it still this version?
    async fn standing(&self) -> Standing {
        let asked = self.asked().await;
        asked.unwrap_or_else(|error| {
            // The page asks for another line, and is told there what is wrong.
            tracing::debug!("a page that follows is let go: {error}");
            Standing::Gone
        })
    }

    async fn asked(&self) -> web::Result<Standing> {
        let (apps, app) = (&self.apps, &self.published.app.id);
        let workspace = self.viewer.person.workspace;
        let Some(person) = self.person().await? else {
            return Ok(Standing::Gone);
        };
        if !person.role.may(Right::UseApps) {
            return Ok(Standing::Gone);
        }
        sharing::hold(apps, &person, app, &[Act::Open]).await?;
        let now = apps.published(workspace, app).await?;
        Ok(if now.version == self.published.version {
            Standing::Fine
        } else {
            Standing::Anew
        })
    }

    /// Who looks, as they are now. An operator on a stay is no member, and is stopped when
    /// the stay ends.
    async fn person(&self) -> web::Result<Option<Arc<Person>>> {
        let person = &self.viewer.person;
        if person.whereabouts.grant.is_some() {
            return Ok(Some(Arc::clone(person)));
        }
        let site = self.apps.site();
        let now = people::as_member(site, person.workspace, person.id).await?;
        Ok(now.map(Arc::new))
    }
}

fn owned(widgets: Vec<&str>) -> Vec<String> {
    widgets.into_iter().map(str::to_owned).collect()
}
