//! Webhooks: added, changed, given another secret, tried, sent to again, removed.

use serde_json::{Value, json};

use crate::base::{Secret, Time};
use crate::journal::{self, Entry, hex, sha256};
use crate::store::Connection;
use crate::surveys::hooks::{
    Hook, HookId, MessageId, NewHook, Sealed, Step, again_beside, forget_beside, fresh, key, seal,
    sql, try_out,
};
use crate::surveys::keeping::Of;
use crate::surveys::projects::model::{Author, Error};
use crate::surveys::projects::sql as projects;
use crate::surveys::running::Surveys;

/// Webhooks of one survey.
const MOST: u64 = 20;
/// How long the secret before signs beside a new one.
const OVERLAP: i64 = Time::DAY;

fn of(author: &Author, survey: &str) -> Of {
    Of {
        workspace: author.workspace,
        survey: survey.to_owned(),
    }
}

/// As a record shows it. The path of an address often has a secret in it: that it changed is
/// told by the beginning of its hash.
fn told(hook: &Hook) -> Value {
    json!({
        "name": hook.name,
        "machine": hook.shown(),
        "address": &hex(&sha256(hook.address.as_bytes()))[..8],
        "events": sql::names_of(&hook.events),
        "answers": hook.has_answers,
        "on": hook.is_on,
        "own_authority": !hook.ca.is_empty(),
    })
}

fn entry(now: Time, author: &Author, action: &str, hook: &Hook) -> Entry {
    let entry = Entry::new(now, &author.actor, action, &*hook.name);
    entry.on("survey", &*hook.of.survey)
}

fn known(conn: &Connection, of: &Of, id: HookId) -> Result<Hook, Error> {
    sql::hook(conn, of, id)?.ok_or(Error::Missing)
}

/// Adds one. Gives it with the secret that signs: it is shown once and never again.
pub(in crate::surveys::projects) async fn add_hook(
    surveys: &Surveys,
    author: &Author,
    survey: &str,
    new: NewHook,
) -> Result<(Hook, Secret), Error> {
    let site = &surveys.site;
    let (now, author, of) = (site.clock.now(), author.clone(), of(author, survey));
    let (id, secret) = (HookId::new(now), fresh()?);
    let hook = Hook {
        sealed: Sealed {
            now: seal(&key(site)?, (&of, id), &secret)?,
            before: None,
        },
        of,
        id,
        name: new.name,
        address: new.address,
        events: new.events,
        has_answers: new.has_answers,
        is_on: new.is_on,
        why: String::new(),
        ca: new.ca,
        made: now,
        by: author.actor.name.clone(),
    };
    let done = site.system.write(move |tx| {
        projects::find(tx, author.workspace, &hook.of.survey)?;
        if sql::count(tx, &hook.of)? >= MOST {
            return Err(Error::Refused(format!(
                "a survey has at most {MOST} webhooks; remove one that nobody needs"
            )));
        }
        sql::insert(tx, &hook)?;
        let entry = entry(now, &author, "webhook.added", &hook);
        journal::record(tx, &entry.changed(&Value::Null, &told(&hook)))?;
        Ok(hook)
    });
    Ok((done.await?, secret))
}

/// What its form says is so from now on. What waits goes to the new address.
pub(in crate::surveys::projects) async fn change_hook(
    surveys: &Surveys,
    author: &Author,
    (survey, id): (&str, HookId),
    new: NewHook,
) -> Result<(), Error> {
    let (now, author, of) = (surveys.site.clock.now(), author.clone(), of(author, survey));
    let done = surveys.site.system.write(move |tx| {
        let before = known(tx, &of, id)?;
        sql::change(tx, (&of, id), &new)?;
        let after = known(tx, &of, id)?;
        if told(&before) == told(&after) && before.ca == after.ca {
            return Ok(());
        }
        let entry = entry(now, &author, "webhook.changed", &after);
        journal::record(tx, &entry.changed(&told(&before), &told(&after)))?;
        Ok(())
    });
    done.await
}

/// Gives it another secret; the one before signs beside it for a day.
pub(in crate::surveys::projects) async fn renew_hook(
    surveys: &Surveys,
    author: &Author,
    (survey, id): (&str, HookId),
) -> Result<Secret, Error> {
    let site = &surveys.site;
    let (now, author, of) = (site.clock.now(), author.clone(), of(author, survey));
    let secret = fresh()?;
    let sealed = seal(&key(site)?, (&of, id), &secret)?;
    let done = site.system.write(move |tx| {
        let hook = known(tx, &of, id)?;
        sql::renew(tx, (&of, id), &sealed, now.plus(OVERLAP))?;
        let entry = entry(now, &author, "webhook.secret_renewed", &hook);
        journal::record(tx, &entry)?;
        Ok::<_, Error>(())
    });
    done.await?;
    Ok(secret)
}

/// Sends a message that says of itself that it is a test, and says how far it came.
pub(in crate::surveys::projects) async fn try_hook(
    surveys: &Surveys,
    author: &Author,
    (survey, id): (&str, HookId),
) -> Result<Vec<Step>, Error> {
    let site = &surveys.site;
    let (author, of) = (author.clone(), of(author, survey));
    let read = move |conn: &Connection| known(conn, &of, id);
    let hook = site.system.read(read).await?;
    let steps = try_out(site, &hook).await;
    let now = site.clock.now();
    let failed = { steps.iter() }.find(|step| !step.is_well);
    let failed = failed.map(|step| step.title);
    let done = site.system.write(move |tx| {
        let entry = entry(now, &author, "webhook.tested", &hook);
        let entry = match failed {
            Some(step) => entry.failed(step),
            None => entry,
        };
        journal::record(tx, &entry)?;
        Ok::<_, Error>(())
    });
    done.await?;
    Ok(steps)
}

/// One message waits again, or all that were given up. Gives how many. Recorded before and
/// beside the survey's file, which goes with its answers: two files share no transaction.
pub(in crate::surveys::projects) async fn send_hook_again(
    surveys: &Surveys,
    author: &Author,
    (survey, id): (&str, HookId),
    one: Option<MessageId>,
) -> Result<usize, Error> {
    let site = &surveys.site;
    let (now, author, of) = (site.clock.now(), author.clone(), of(author, survey));
    let place = of.clone();
    let here = site.system.write(move |tx| {
        let hook = known(tx, &of, id)?;
        let entry = entry(now, &author, "webhook.retried", &hook);
        let which = if one.is_some() { "one" } else { "all given up" };
        journal::record(tx, &entry.with(json!({ "which": which })))?;
        Ok::<_, Error>(match one {
            Some(message) => sql::again_one(tx, (id, message), now)?,
            None => sql::again(tx, id, now)?,
        })
    });
    let here = here.await?;
    Ok(here + again_beside(site, &place, (id, one)).await?)
}

/// Tells it nothing more; what waits is thrown away.
pub(in crate::surveys::projects) async fn remove_hook(
    surveys: &Surveys,
    author: &Author,
    (survey, id): (&str, HookId),
) -> Result<(), Error> {
    let site = &surveys.site;
    let (now, author, of) = (site.clock.now(), author.clone(), of(author, survey));
    let place = of.clone();
    let done = site.system.write(move |tx| {
        let hook = known(tx, &of, id)?;
        sql::remove(tx, (&of, id))?;
        let entry = entry(now, &author, "webhook.removed", &hook);
        journal::record(tx, &entry.with(json!({ "machine": hook.shown() })))?;
        Ok::<_, Error>(())
    });
    done.await?;
    Ok(forget_beside(site, &place, id).await?)
}
