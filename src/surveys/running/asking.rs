//! Somebody whose next page needs another machine: it is asked outside of any transaction,
//! and what it said is kept in one.

use std::sync::Arc;

use super::calling::keep_call;
use super::compiled::Compiled;
use super::exits::Exits;
use super::keeping::{Case, Field};
use super::library::{Fieldwork, Surveys};
use super::sql;
use super::walk::Step;
use crate::base::Secret;
use crate::store::{Db, Error, project_file};
use crate::surveys::calls::{self, Asking, Flight, Header, Plan, Went};
use crate::surveys::keeping::Of;
use crate::surveys::map::Datum;

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// There is nothing more to ask here: their way goes on.
    Onward,
    /// So many ask at this moment that they have to wait.
    TooMany,
    /// It failed, and they do not go on without it.
    Failed(Went),
}

/// Who is on their way, and by which terms.
#[derive(Clone)]
pub struct Asker {
    pub surveys: Surveys,
    pub of: Fieldwork,
    pub compiled: Arc<Compiled>,
    pub exits: Exits,
    /// The hash of their token.
    pub hash: Vec<u8>,
}

/// A call that is next, as it is made.
struct Next {
    respondent: i64,
    is_test: bool,
    step: Step,
    block: String,
    plan: Plan,
    url: Option<String>,
    json: Option<String>,
}

/// Headers with their secrets opened, and the authority of the machine.
type Shown = (Vec<(String, Secret)>, String);

/// Asks what stands before their next page. Who closes the window meanwhile finds the answer
/// when they come back.
pub async fn ask_outside(asker: Asker) -> Result<Asked, Error> {
    let done = tokio::spawn(async move { asker.ask().await }).await;
    done.map_err(|broken| Error::from(std::io::Error::other(broken)))?
}

impl Asker {
    async fn ask(&self) -> Result<Asked, Error> {
        let (db, calls) = (self.surveys.file(&self.of)?, &self.surveys.calls);
        let file = project_file(self.of.workspace, &self.of.id);
        let Some(next) = self.next(&db).await? else {
            return Ok(Asked::Onward);
        };
        let flight: Flight = (
            file.clone(),
            next.respondent,
            next.block.clone(),
            next.step.turn,
        );
        let Some(_alone) = calls.alone(&flight).await else {
            return Ok(Asked::TooMany);
        };
        // Another tab may have asked while this one waited.
        let still = self.next(&db).await?;
        let Some(next) = still.filter(|now| now.block == next.block && now.step == next.step)
        else {
            return Ok(Asked::Onward);
        };
        let now = self.surveys.site.clock.now();
        let rests = calls.rests(&flight, now);
        if let Some(went) = rests.filter(|_| next.plan.stops && !next.is_test) {
            return Ok(Asked::Failed(went));
        }
        let Some(_seat) = calls.seat(&file).await else {
            return Ok(Asked::TooMany);
        };
        let came = self.came(&next).await?;
        let failed = came.as_ref().err().copied();
        let stops = next.plan.stops;
        self.keep(&db, next, came).await?;
        match failed {
            Some(went) if stops => {
                calls.failed(flight, went, self.surveys.site.clock.now());
                Ok(Asked::Failed(went))
            }
            _ => Ok(Asked::Onward),
        }
    }

    async fn next(&self, db: &Db) -> Result<Option<Next>, Error> {
        let (hash, compiled) = (self.hash.clone(), Arc::clone(&self.compiled));
        let now = self.surveys.site.clock.now();
        let read = db.read(move |conn| {
            let of = sql::by_token(conn, &hash)?.filter(|of| of.outcome.is_none());
            let Some(of) = of else { return Ok(None) };
            let (respondent, is_test) = (of.id, of.is_test);
            let case = Case::load(conn, &compiled, of)?;
            let whole = case.walk(&compiled, now);
            let call = case.call(&compiled, &whole, now);
            Ok::<_, Error>(call.map(|call| Next {
                respondent,
                is_test,
                step: call.step,
                block: call.block.id.clone(),
                plan: call.plan,
                url: call.url,
                json: call.json,
            }))
        });
        read.await
    }

    /// The values it answers, or why there are none.
    async fn came(&self, next: &Next) -> Result<Result<Vec<Datum>, Went>, Error> {
        let Some(url) = next.url.clone() else {
            return Ok(Err(Went::Address));
        };
        let Some((headers, ca)) = self.shown(&next.plan).await? else {
            return Ok(Err(Went::Secret));
        };
        let Ok(client) = self.surveys.calls.client(&ca) else {
            return Ok(Err(Went::Untrusted));
        };
        let asking = Asking {
            url,
            json: next.json.clone(),
            headers,
            patience: next.plan.patience,
            takes: next.plan.takes.clone(),
        };
        Ok(calls::ask(&self.surveys.site.egress, &client, &asking).await)
    }

    /// The headers with their secrets opened, and the authority of the machine. `None`: a
    /// secret is not there, or its seal is broken.
    async fn shown(&self, plan: &Plan) -> Result<Option<Shown>, Error> {
        let site = &self.surveys.site;
        let (key, headers) = (calls::key(site)?, plan.headers.clone());
        let of = Of {
            workspace: self.of.workspace,
            survey: self.of.id.clone(),
        };
        let read = site.system.read(move |conn| {
            let mut shown = Vec::new();
            for (name, header) in headers {
                let words = match header {
                    Header::Words(words) => Secret::from(words),
                    Header::Secret(before, secret) => {
                        let sealed = calls::sql::sealed(conn, (&of, &secret))?;
                        let opened =
                            sealed.and_then(|sealed| calls::open(&key, (&of, &secret), &sealed));
                        let Some(opened) = opened else {
                            return Ok(None);
                        };
                        Secret::from(format!("{before}{}", opened.reveal()))
                    }
                };
                shown.push((name, words));
            }
            Ok::<_, Error>(Some((shown, calls::sql::authority(conn, &of)?)))
        });
        read.await
    }

    async fn keep(&self, db: &Db, next: Next, came: Result<Vec<Datum>, Went>) -> Result<(), Error> {
        let asker = self.clone();
        let now = self.surveys.site.clock.now();
        let kept = db.write(move |tx| {
            // Who was erased while their machine answered leaves nothing behind.
            let Some(of) = sql::by_token(tx, &asker.hash)? else {
                return Ok(());
            };
            let field = Field {
                compiled: &asker.compiled,
                exits: &asker.exits,
                hooks: &asker.of.hooks,
                now,
            };
            keep_call(tx, field, of, (next.step, &next.block), &came)
        });
        kept.await
    }
}
