//! One webhook in one look: what is due of it, in the order it happened.

use std::sync::Arc;

use super::actions::turned_off;
use super::body::{is_of_respondent, of_respondent, of_survey};
use super::handing::{Fault, Went, hand_over, said};
use super::model::{Hook, Message};
use super::patience::{next_try, rest};
use super::sealing::{key, open};
use super::sending::Sender;
use super::sql;
use crate::alerts::{self, Alert, Severity};
use crate::base::{Secret, Time};
use crate::egress::{Client, Trust};
use crate::site::Site;
use crate::store::{Connection, Db, Error, Transaction, project_file};
use crate::surveys::projects::{Shape, shape};

/// Messages of one webhook in one look, of each file.
const AT_ONCE: u32 = 50;
/// How long it is shown what became of a message.
const KEPT: i64 = 30 * Time::DAY;
const GONE: &str = "its server answered 410: it wants no more messages";

/// A webhook that is being told. Dropped, it can be told again.
pub(super) struct Turn {
    sender: Sender,
    pub(super) hook: Hook,
    is_wide: bool,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.sender.gives_back(self.hook.id);
    }
}

/// What one look gave.
#[derive(Default)]
struct Tally {
    taken: usize,
    given_up: usize,
    /// The other side wants no more.
    is_gone: bool,
}

/// What a message leaves with.
struct Kit {
    client: Client,
    secrets: Vec<Secret>,
    /// The questions, where answers are said.
    shape: Option<Arc<Shape>>,
}

/// Whether others are tried after this one.
enum After {
    GoOn,
    Halt,
}

impl Turn {
    pub(super) fn new(sender: Sender, hook: Hook, is_wide: bool) -> Turn {
        Turn {
            sender,
            hook,
            is_wide,
        }
    }

    fn site(&self) -> &Site {
        &self.sender.site
    }

    /// Gives how many messages were taken.
    pub(super) async fn run(self) -> usize {
        let (survey, id) = (&self.hook.of.survey, self.hook.id);
        match self.work().await {
            Ok(taken) => taken,
            // What is wrong with one survey keeps no other's messages waiting.
            Err(error) => {
                tracing::error!(survey.id = %survey, webhook.id = %id, "messages of a webhook of survey {survey} could not be sent: {error}");
                0
            }
        }
    }

    /// The files its messages lie in: the answers' last, where there are any.
    fn files(&self) -> Result<Vec<Db>, Error> {
        let mut files = vec![self.site().system.clone()];
        let name = project_file(self.hook.of.workspace, &self.hook.of.survey);
        if self.site().files.is_there(&name)? {
            files.push(self.site().files.open(&name)?);
        }
        Ok(files)
    }

    async fn work(&self) -> Result<usize, Error> {
        let files = self.files()?;
        if self.is_wide {
            self.tidy(&files).await?;
        }
        let mut tally = Tally::default();
        if self.hook.is_on {
            self.tell(&files, &mut tally).await?;
        }
        let (mut next, id) = (None, self.hook.id);
        for db in &files {
            let due = db.read(move |conn| sql::next(conn, id)).await?;
            next = next.into_iter().chain(due).min();
        }
        self.sender.is_next(id, next.filter(|_| self.hook.is_on));
        self.alert(&tally).await?;
        Ok(tally.taken)
    }

    async fn tell(&self, files: &[Db], tally: &mut Tally) -> Result<(), Error> {
        let (now, id) = (self.site().clock.now(), self.hook.id);
        let mut due = Vec::new();
        for db in files {
            let found = db
                .read(move |conn| sql::due(conn, (id, now), AT_ONCE))
                .await?;
            due.extend(found.into_iter().map(|message| (db, message)));
        }
        due.sort_by_key(|(_, message)| (message.at, message.id));
        if due.is_empty() {
            return Ok(());
        }
        let kit = self.kit().await?;
        for (db, message) in due {
            // Somebody may have turned it off, changed it or taken it away meanwhile.
            let Some(hook) = self.as_it_is().await? else {
                break;
            };
            let Some(body) = body(db, &hook, &message, &kit).await? else {
                continue;
            };
            let went = match &kit {
                Ok(kit) => {
                    let whom = (&hook, &*kit.secrets);
                    hand_over(self.site(), &kit.client, whom, (message.id, body)).await
                }
                Err(why) => Went::Failed(Fault::here(why.clone())),
            };
            match self
                .note((db, &hook), &message, (went, &mut *tally))
                .await?
            {
                After::GoOn => {}
                After::Halt => break,
            }
        }
        Ok(())
    }

    /// What all messages of this look leave with, or why none can.
    async fn kit(&self) -> Result<Result<Kit, String>, Error> {
        let (site, hook) = (self.site(), &self.hook);
        let Some(secrets) = open(&key(site)?, hook, site.clock.now()) else {
            return Ok(Err(
                "its secret cannot be opened; make another one".to_owned()
            ));
        };
        let client = match Trust::new(&hook.ca).and_then(|trust| trust.client()) {
            Ok(client) => client,
            Err(error) => return Ok(Err(said(&error.to_string(), hook))),
        };
        let shape = if hook.has_answers {
            Some(Arc::new(
                shape(site, (hook.of.workspace, &hook.of.survey)).await?,
            ))
        } else {
            None
        };
        Ok(Ok(Kit {
            client,
            secrets,
            shape,
        }))
    }

    /// The webhook, if it is on and what this look began with is still good.
    async fn as_it_is(&self) -> Result<Option<Hook>, Error> {
        let (of, id) = (self.hook.of.clone(), self.hook.id);
        let read = move |conn: &Connection| sql::hook(conn, &of, id);
        let now = self.site().system.read(read).await?;
        let was = &self.hook;
        Ok(now.filter(|hook| {
            hook.is_on
                && (&hook.address, &hook.ca, hook.has_answers)
                    == (&was.address, &was.ca, was.has_answers)
                && hook.sealed.now == was.sealed.now
        }))
    }

    /// Writes down what came of a message.
    async fn note(
        &self,
        (db, hook): (&Db, &Hook),
        message: &Message,
        (went, tally): (Went, &mut Tally),
    ) -> Result<After, Error> {
        let (now, tries, id) = (self.site().clock.now(), message.tries + 1, message.id);
        let over = |why: Option<String>| {
            db.write(move |tx: &Transaction<'_>| sql::over(tx, id, (tries, why.as_deref()), now))
        };
        let fault = match went {
            Went::Taken => {
                over(None).await?;
                tally.taken += 1;
                return Ok(After::GoOn);
            }
            Went::Gone => {
                over(Some(GONE.to_owned())).await?;
                turned_off(self.site(), hook, GONE).await?;
                tally.is_gone = true;
                return Ok(After::Halt);
            }
            Went::Failed(fault) => fault,
        };
        let next = next_try(message.since, tries, now, fault.asked);
        if let Some(next) = next {
            let why = fault.why;
            let later = move |tx: &Transaction<'_>| sql::later(tx, id, (tries, next), &why);
            db.write(later).await?;
        } else {
            over(Some(fault.why)).await?;
            tally.given_up += 1;
        }
        if !fault.is_general {
            return Ok(After::GoOn);
        }
        self.sender.rests(hook.id, rest(next, now, fault.asked));
        Ok(After::Halt)
    }

    /// Those who look after the workspace hear when messages are given up, and that it is
    /// over when one was taken again.
    async fn alert(&self, tally: &Tally) -> Result<(), Error> {
        let hook = &self.hook;
        let file = project_file(hook.of.workspace, &hook.of.survey);
        let key = format!("survey.webhook:{file}:{}", hook.id);
        let why = match tally {
            Tally { is_gone: true, .. } => "was turned off: its server wants no more messages",
            Tally { given_up: 0, .. } => "",
            _ => "was not reached for three days, and messages to it were given up",
        };
        if !why.is_empty() {
            let (name, survey) = (&hook.name, &hook.of.survey);
            let alert = Alert {
                key,
                severity: Severity::Warning,
                title: "A webhook of a survey is not reached".to_owned(),
                text: format!(
                    "The webhook {name} of survey {survey} {why}. See the page of its webhooks: /surveys/{survey}/webhooks"
                ),
                workspace: Some(hook.of.workspace),
            };
            return alerts::raise(self.site(), alert).await;
        }
        if tally.taken > 0 {
            alerts::settle(self.site(), &key).await?;
        }
        Ok(())
    }

    /// Forgets what became of messages long ago, and secrets that sign no more.
    async fn tidy(&self, files: &[Db]) -> Result<(), Error> {
        let (id, now) = (self.hook.id, self.site().clock.now());
        let before = now.plus(-KEPT);
        for db in files {
            if db.read(move |conn| sql::with_old(conn, id, before)).await? {
                db.write(move |tx| sql::purge(tx, id, before)).await?;
            }
        }
        if { self.hook.sealed.before.iter() }.any(|(_, until)| *until <= now) {
            let forget = move |tx: &Transaction<'_>| sql::forget_old(tx, now);
            self.site().system.write(forget).await?;
        }
        Ok(())
    }
}

/// What a message says; `None`: whom it is about is not there any more.
async fn body(
    db: &Db,
    hook: &Hook,
    message: &Message,
    kit: &Result<Kit, String>,
) -> Result<Option<String>, Error> {
    if !is_of_respondent(message) {
        return Ok(Some(of_survey(hook, message)));
    }
    let shape = kit.as_ref().ok().and_then(|kit| kit.shape.clone());
    let (hook, message) = (hook.clone(), message.clone());
    db.read(move |conn| of_respondent(conn, &hook, &message, shape.as_deref()))
        .await
}
