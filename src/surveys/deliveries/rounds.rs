//! Deliveries on their way: what is due is made and brought, and schedules are looked at.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::{JoinSet, spawn_blocking};

use super::lying::{self, Lying};
use super::model::{Delivered, DeliveredId, Delivery, Error, State, Whither};
use super::{actions, asking, noting, packing, sql};
use crate::alerts::{self, Alert, Severity};
use crate::base::{Patience, Time, text};
use crate::places;
use crate::site::Site;
use crate::store::{self, project_file};
use crate::surveys::projects::Subject;
use crate::surveys::running::Surveys;
use crate::web::WorkspaceId;

/// How often somebody looks whether something is due.
const LOOK: Duration = Duration::from_secs(2);
/// Files that nobody can get are looked for as often.
const SWEEP: i64 = Time::HOUR;
/// Under way at the same time.
const TOGETHER: usize = 4;
/// Letters of a fault that are kept.
const FAULT: usize = 400;

/// Until the server ends.
pub async fn watch(site: Site) {
    let desk = Desk::new(site);
    let (mut look, mut work) = (tokio::time::interval(LOOK), JoinSet::new());
    let mut swept = Time(0);
    loop {
        look.tick().await;
        while work.try_join_next().is_some() {}
        let now = desk.surveys.site.clock.now();
        if now >= swept.plus(SWEEP) {
            swept = now;
            if let Err(error) = desk.sweep().await {
                tracing::error!("files of deliveries that are over could not be removed: {error}");
            }
        }
        if let Err(error) = desk.look(&mut work).await {
            tracing::error!("deliveries could not be looked at: {error}");
        }
    }
}

/// Who works on deliveries.
#[derive(Clone)]
pub struct Desk {
    surveys: Surveys,
    /// Those somebody is at.
    busy: Arc<Mutex<BTreeSet<DeliveredId>>>,
    places: Arc<Semaphore>,
}

impl Desk {
    pub fn new(site: Site) -> Desk {
        Desk {
            surveys: Surveys::new(site),
            busy: Arc::default(),
            places: Arc::new(Semaphore::new(TOGETHER)),
        }
    }

    fn site(&self) -> &Site {
        &self.surveys.site
    }

    /// Looks once, and waits for what it began.
    pub async fn round(&self) -> Result<(), Error> {
        let mut work = JoinSet::new();
        self.look(&mut work).await?;
        while work.join_next().await.is_some() {}
        Ok(())
    }

    /// Looks at every schedule and at what is due; the work goes on beside.
    async fn look(&self, work: &mut JoinSet<()>) -> Result<(), Error> {
        let now = self.site().clock.now();
        for delivery in self.site().system.read(sql::scheduled).await? {
            // What is wrong with one keeps no other waiting.
            if let Err(error) = self.schedule(&delivery).await {
                told(&delivery.of.survey, &error);
            }
        }
        let due = self
            .site()
            .system
            .read(move |conn| sql::due(conn, now))
            .await?;
        for one in due {
            if !self.busy().insert(one.id) {
                continue;
            }
            let desk = self.clone();
            work.spawn(async move {
                let busy = Busy(Arc::clone(&desk.busy), one.id);
                let _place = desk.places.acquire().await;
                if let Err(error) = desk.as_it_is(&one).await {
                    told(&one.of.survey, &error);
                }
                drop(busy);
            });
        }
        Ok(())
    }

    fn busy(&self) -> std::sync::MutexGuard<'_, BTreeSet<DeliveredId>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins one whose moment has come; the newest, where several were missed.
    async fn schedule(&self, delivery: &Delivery) -> Result<(), Error> {
        let (site, when) = (self.site(), &delivery.settings.when);
        let Some(slot) = when.latest(site.clock.now()) else {
            return Ok(());
        };
        if delivery.slot.is_some_and(|seen| seen >= slot) {
            return Ok(());
        }
        let (of, id) = (delivery.of.clone(), delivery.id);
        let read = move |conn: &store::Connection| {
            Ok::<_, store::Error>((
                sql::has_open(conn, &of, id)?,
                sql::newest_mark(conn, &of, id)?,
            ))
        };
        let (is_under_way, mark) = site.system.read(read).await?;
        if is_under_way {
            return Ok(());
        }
        if when.is_new_only {
            let now = self.mark(delivery).await?;
            if now.is_none() || now == mark {
                noting::nothing_new(site, (delivery.of.clone(), id), slot).await?;
                return Ok(());
            }
        }
        actions::begin(site, delivery, slot).await
    }

    /// What is there now; nothing where nobody ever came.
    async fn mark(&self, delivery: &Delivery) -> Result<Option<String>, Error> {
        let (site, of) = (self.site(), &delivery.of);
        if !site
            .files
            .is_there(&project_file(of.workspace, &of.survey))?
        {
            return Ok(None);
        }
        let subject = Subject::find(site, of).await?;
        let wanted = delivery.settings.wanted.clone();
        let counted = subject.now(site, wanted, |moment| Ok(moment.count()?.1));
        Ok(Some(counted.await?))
    }

    /// Does the next thing with one, unless it went on since it was looked for.
    async fn as_it_is(&self, one: &Delivered) -> Result<(), Error> {
        let (of, id) = (one.of.clone(), one.id);
        let read = move |conn: &store::Connection| sql::delivered(conn, &of, id);
        match self.site().system.read(read).await? {
            Some(now) if (now.state, now.next) == (one.state, one.next) => self.step(&now).await,
            _ => Ok(()),
        }
    }

    /// Does the next thing with one. What does not work is tried again, for a day.
    async fn step(&self, one: &Delivered) -> Result<(), Error> {
        let done = match one.state {
            State::Waiting => self.make(one).await,
            State::Made => self.bring(one).await,
            _ => return actions::over(self.site(), one).await.map(drop),
        };
        let (site, tries) = (self.site(), one.tries + 1);
        let error = match done {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let why = text::shorten(&error.to_string(), FAULT).into_owned();
        let next = match error {
            Error::Missing | Error::NoRight(_) | Error::Refused(_) | Error::NoSecret => None,
            _ => Patience::DAY.next(one.asked, tries, site.clock.now()),
        };
        if let Some(next) = next {
            return Ok(noting::later(site, one, (tries, next), why).await?);
        }
        if !actions::failed(site, one, &why).await? {
            return Ok(());
        }
        let stops = matches!(error, Error::NoRight(_)) && self.stop(one, &why).await?;
        self.alert(one, (&why, stops)).await
    }

    async fn make(&self, one: &Delivered) -> Result<(), Error> {
        let (site, of) = (self.site(), &one.of);
        asking::may(site, one).await?;
        if !site
            .files
            .is_there(&project_file(of.workspace, &of.survey))?
        {
            let none = "nobody has answered yet, or the answers were deleted";
            return Err(Error::Refused(none.to_owned()));
        }
        let words = match &one.said.whither {
            Whither::Link { .. } => asking::secret(&self.surveys, one).await?,
            Whither::Place { .. } => None,
        };
        let made = packing::make(&self.surveys, one, words).await;
        let is_noted = match made {
            Ok(made) => actions::made(site, one, made).await,
            Err(error) => Err(error),
        };
        if !matches!(is_noted, Ok(true)) {
            lying::remove(site, of, one.id)?;
        }
        if matches!(
            (&is_noted, &one.said.whither),
            (Ok(true), Whither::Link { .. })
        ) {
            self.settle(one).await?;
        }
        is_noted.map(drop)
    }

    async fn bring(&self, one: &Delivered) -> Result<(), Error> {
        let site = self.site();
        asking::may(site, one).await?;
        let Whither::Place { address, pin } = one.said.whither.clone() else {
            return Err(Error::Missing);
        };
        let secret = asking::secret(&self.surveys, one).await?;
        let way = asking::way(site, &pin, secret);
        let lying = Lying::of(site, one).ok_or(Error::Missing)?;
        let file = one.file.clone();
        let brought = spawn_blocking(move || {
            let mut place = places::open(&address, &way)?;
            place.put(&file, &lying)
        });
        brought.await.map_err(|_panicked| store::Error::Closed)??;
        actions::arrived(site, one).await?;
        self.settle(one).await
    }

    /// The schedule of one goes on no more. Did it go on?
    async fn stop(&self, one: &Delivered, why: &str) -> Result<bool, Error> {
        let (of, id) = (one.of.clone(), one.delivery);
        let read = move |conn: &store::Connection| sql::one(conn, &of, id);
        match self.site().system.read(read).await? {
            // Somebody else may have asked for this one.
            Some(delivery) if delivery.user == one.user => {
                actions::stopped(self.site(), (&delivery, why)).await
            }
            _ => Ok(false),
        }
    }

    async fn alert(&self, one: &Delivered, (why, stops): (&str, bool)) -> Result<(), Error> {
        let what = if stops {
            " Its schedule stops until somebody keeps it anew."
        } else {
            ""
        };
        let alert = Alert {
            key: key(one),
            severity: Severity::Warning,
            title: "A delivery of a survey failed".to_owned(),
            text: format!(
                "The delivery {} of survey {} failed: {why}.{what} See /surveys/{}/deliveries",
                one.said.name, one.of.survey, one.of.survey
            ),
            workspace: Some(one.of.workspace),
        };
        Ok(alerts::raise(self.site(), alert).await?)
    }

    async fn settle(&self, one: &Delivered) -> Result<(), Error> {
        Ok(alerts::settle(self.site(), &key(one)).await?)
    }

    async fn sweep(&self) -> Result<(), store::Error> {
        let site = self.site().clone();
        let swept = spawn_blocking(move || {
            let names = site.files.names()?;
            let mut all = names.iter().filter_map(|name| WorkspaceId::parse(name));
            all.try_for_each(|id| lying::sweep(&site, id))
        });
        swept.await.map_err(|_panicked| store::Error::Closed)?
    }
}

/// Somebody is at it, as long as this is there.
struct Busy(Arc<Mutex<BTreeSet<DeliveredId>>>, DeliveredId);

impl Drop for Busy {
    fn drop(&mut self) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&self.1);
    }
}

fn key(one: &Delivered) -> String {
    format!("delivery.failed:{}.{}", one.of.survey, one.delivery)
}

fn told(survey: &str, error: &Error) {
    tracing::error!(survey.id = %survey, "a delivery of survey {survey} could not go on: {error}");
}
