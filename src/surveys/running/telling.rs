//! Suppliers' servers are told how it ended. What waits lies in the file of its survey,
//! put there by the transaction that decided; nobody who answers waits for it. Like
//! answers, this is data: it leaves no line in the journal.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::{self, JoinError, JoinSet};

use super::library::Surveys;
use super::sql::{self, Due};
use crate::base::{Patience, Time, text};
use crate::egress::{Ask, Purpose, Trust};
use crate::site::Site;
use crate::store::{Db, Error, Transaction, project_file};
use crate::surveys::personal::{Spot, Vault};
use crate::web::WorkspaceId;

/// How often somebody looks whether something waits.
const ROUND: Duration = Duration::from_secs(2);
/// Files that nobody has open are looked into as often.
const WIDE_ROUND: i64 = 10 * Time::MINUTE;
/// Postbacks of one link that are taken up at the same time.
const OF_A_LINK: u32 = 50;
/// Calls at the same time to the server of one link, and in all.
const SIDE_BY_SIDE: usize = 4;
const TOGETHER: usize = 32;
/// Letters of a fault that are kept.
const FAULT: usize = 200;

/// Until the server ends.
pub async fn watch(site: Site) {
    let mut telling = Telling::new(Surveys::new(site));
    let mut round = tokio::time::interval(ROUND);
    let mut wide = Time(0);
    loop {
        tokio::select! {
            Some(told) = telling.calls.join_next_with_id() => {
                telling.ended(told);
            }
            _ = round.tick() => {
                let now = telling.surveys.site.clock.now();
                let is_wide = now >= wide.plus(WIDE_ROUND);
                if is_wide {
                    wide = now;
                }
                if let Err(error) = telling.begin(is_wide).await {
                    tracing::error!("what suppliers are to be told could not be sent: {error}");
                }
            }
        }
    }
}

/// Sends what is due: of the surveys somebody has open, or of all. Gives how many
/// postbacks arrived.
pub async fn tell(surveys: &Surveys, is_wide: bool) -> Result<usize, Error> {
    let mut telling = Telling::new(surveys.clone());
    telling.begin(is_wide).await?;
    let mut arrived = 0;
    while let Some(told) = telling.calls.join_next_with_id().await {
        arrived += usize::from(telling.ended(told));
    }
    Ok(arrived)
}

/// One postback of all surveys.
type Key = (WorkspaceId, String, i64);

/// Calls under way: a server that takes its time keeps only its own link waiting.
struct Telling {
    surveys: Surveys,
    /// Whether each arrived.
    calls: JoinSet<bool>,
    under_way: HashSet<Key>,
    by_task: HashMap<task::Id, Key>,
    together: Arc<Semaphore>,
    /// By survey and link; those that nobody waits for are forgotten.
    of_links: HashMap<(WorkspaceId, String, String), Weak<Semaphore>>,
}

impl Telling {
    fn new(surveys: Surveys) -> Telling {
        Telling {
            surveys,
            calls: JoinSet::new(),
            under_way: HashSet::new(),
            by_task: HashMap::new(),
            together: Arc::new(Semaphore::new(TOGETHER)),
            of_links: HashMap::new(),
        }
    }

    /// Begins with what is due and not under way yet.
    async fn begin(&mut self, is_wide: bool) -> Result<(), Error> {
        let site = self.surveys.site.clone();
        let mut telling = site.system.read(sql::telling).await?;
        let open: Vec<String> = { site.files.all_open().into_iter() }
            .map(|(name, _)| name)
            .collect();
        telling.retain(|(workspace, id)| is_wide || open.contains(&project_file(*workspace, id)));
        for of in telling {
            // What is wrong with one survey keeps no other's supplier waiting.
            match waiting(&site, &of).await {
                Ok(Some((db, due))) => due.into_iter().for_each(|due| self.call(&of, &db, due)),
                Ok(None) => {}
                Err(error) => failed(&of.1, &error),
            }
        }
        Ok(())
    }

    fn call(&mut self, of: &(WorkspaceId, String), db: &Db, due: Due) {
        let key = (of.0, of.1.clone(), due.id);
        if !self.under_way.insert(key.clone()) {
            return;
        }
        let (own, together) = (self.place(of, &due.link), Arc::clone(&self.together));
        let call = Call {
            surveys: self.surveys.clone(),
            of: of.clone(),
            db: db.clone(),
        };
        let task = self.calls.spawn(async move {
            let _own = own.acquire().await;
            let _place = together.acquire().await;
            call.make(due).await
        });
        self.by_task.insert(task.id(), key);
    }

    /// Where calls to the server of that link wait for each other.
    fn place(&mut self, of: &(WorkspaceId, String), link: &str) -> Arc<Semaphore> {
        self.of_links.retain(|_, place| place.strong_count() > 0);
        let key = (of.0, of.1.clone(), link.to_owned());
        let known = self.of_links.get(&key).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let place = Arc::new(Semaphore::new(SIDE_BY_SIDE));
            self.of_links.insert(key, Arc::downgrade(&place));
            place
        })
    }

    /// Whether that call arrived.
    fn ended(&mut self, told: Result<(task::Id, bool), JoinError>) -> bool {
        let (task, is_told) = told.unwrap_or_else(|error| {
            tracing::error!("a call to a supplier's server broke off: {error}");
            (error.id(), false)
        });
        if let Some(key) = self.by_task.remove(&task) {
            self.under_way.remove(&key);
        }
        is_told
    }
}

fn failed(survey: &str, error: &Error) {
    tracing::error!(survey.id = %survey, "what suppliers are to be told of survey {survey} could not be sent: {error}");
}

/// The file of a survey; none where nobody ever came, or its answers were deleted.
fn file(site: &Site, (workspace, id): (WorkspaceId, &str)) -> Result<Option<Db>, Error> {
    let name = project_file(workspace, id);
    if site.files.is_there(&name)? {
        site.files.open(&name).map(Some)
    } else {
        Ok(None)
    }
}

/// What is due of one survey, with its file.
async fn waiting(site: &Site, of: &(WorkspaceId, String)) -> Result<Option<(Db, Vec<Due>)>, Error> {
    let Some(db) = file(site, (of.0, &of.1))? else {
        return Ok(None);
    };
    let now = site.clock.now();
    let mut due = db.read(move |conn| sql::due(conn, now, OF_A_LINK)).await?;
    if due.iter().any(|due| due.sealed.is_some()) {
        let vault = Vault::of(site, &project_file(of.0, &of.1))?;
        for due in &mut due {
            let sealed = due.sealed.as_deref();
            let spot = Spot::Postback(due.respondent);
            if let Some(address) = sealed.and_then(|sealed| vault.open_text(spot, sealed)) {
                due.address = address;
            }
        }
    }
    Ok(Some((db, due)))
}

/// How many postbacks of a survey were given up.
pub async fn given_up(surveys: &Surveys, of: (WorkspaceId, &str)) -> Result<u64, Error> {
    match file(&surveys.site, of)? {
        Some(db) => db.read(sql::given_up).await,
        None => Ok(0),
    }
}

/// Those that were given up wait again. Gives how many. This is data: who asked for it
/// is in the journal before.
pub async fn try_again(surveys: &Surveys, of: (WorkspaceId, &str)) -> Result<usize, Error> {
    let Some(db) = file(&surveys.site, of)? else {
        return Ok(0);
    };
    let now = surveys.site.clock.now();
    db.write(move |tx| sql::try_again(tx, now)).await
}

/// One call to a supplier's server.
struct Call {
    surveys: Surveys,
    of: (WorkspaceId, String),
    db: Db,
}

/// Why a server was not told.
enum Fault {
    /// It is tried again while there is time.
    Now(String),
    /// Nobody wants it told any more.
    ForGood(&'static str),
}

impl Call {
    /// Whether it arrived.
    async fn make(self, due: Due) -> bool {
        let told = self.call(&due).await;
        let (now, tries) = (self.surveys.site.clock.now(), due.tries + 1);
        let (id, made) = (due.id, due.made);
        let is_told = told.is_ok();
        let end = move |tx: &Transaction<'_>| match told {
            Ok(()) => sql::over(tx, id, (tries, None), now),
            Err(Fault::ForGood(why)) => sql::over(tx, id, (due.tries, Some(why)), now),
            Err(Fault::Now(why)) => match Patience::DAY.next(made, tries, now) {
                Some(next) => sql::later(tx, id, (tries, next), &why),
                None => sql::over(tx, id, (tries, Some(&why)), now),
            },
        };
        if let Err(error) = self.db.write(end).await {
            failed(&self.of.1, &error);
        }
        is_told
    }

    /// What went wrong is said without the address: it tells who somebody is.
    async fn call(&self, due: &Due) -> Result<(), Fault> {
        let said = |error: &dyn std::fmt::Display| {
            let why = error.to_string().replace(&due.address, "its address");
            Fault::Now(text::shorten(&why, FAULT).into_owned())
        };
        let link = { &self.surveys }.link_of((self.of.0, &self.of.1), &due.link);
        let exits = link.await.map_err(|error| said(&error))?;
        let exits = exits.map(|link| link.exits).unwrap_or_default();
        if !exits.postbacks.iter().any(|(name, _)| *name == due.outcome) {
            return Err(Fault::ForGood(
                "its link has no postback for this outcome any more",
            ));
        }
        let gone = "the link's supplier is not here any more";
        let supplier = exits.supplier.ok_or_else(|| Fault::Now(gone.to_owned()))?;
        let client = Trust::new(&supplier.ca).and_then(|trust| trust.client());
        let client = client.map_err(|error| said(&error))?;
        // A builder chose the address: only where the configuration file lets it.
        let ask = Ask {
            url: &due.address,
            purpose: Purpose::Linked,
            form: None,
            authorization: None,
        };
        let answer = self.surveys.site.egress.ask(&client, ask).await;
        let answer = answer.map_err(|error| said(&error))?;
        if (200..300).contains(&answer.status) {
            Ok(())
        } else {
            Err(Fault::Now(format!("it answered {}", answer.status)))
        }
    }
}
