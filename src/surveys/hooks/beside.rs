//! What lies of webhooks in the file of the answers, together with the accounts database.
//! Messages are data: who asked for something is in the journal before.

use std::collections::BTreeMap;

use super::model::{Hook, HookId, Message, MessageId};
use super::sql::{self, Counts};
use crate::site::Site;
use crate::store::{Connection, Db, Error, Transaction, project_file};
use crate::surveys::keeping::Of;

fn file(site: &Site, of: &Of) -> Result<Option<Db>, Error> {
    let name = project_file(of.workspace, &of.survey);
    if site.files.is_there(&name)? {
        site.files.open(&name).map(Some)
    } else {
        Ok(None)
    }
}

/// One message about a respondent waits again, or all that were given up. Gives how many.
pub(in crate::surveys) async fn again_beside(
    site: &Site,
    of: &Of,
    (hook, one): (HookId, Option<MessageId>),
) -> Result<usize, Error> {
    let Some(db) = file(site, of)? else {
        return Ok(0);
    };
    let now = site.clock.now();
    let again = move |tx: &Transaction<'_>| match one {
        Some(message) => sql::again_one(tx, (hook, message), now),
        None => sql::again(tx, hook, now),
    };
    db.write(again).await
}

/// Messages about respondents go with their webhook. Cut off before, they belong to nothing
/// and are told to nobody.
pub(in crate::surveys) async fn forget_beside(
    site: &Site,
    of: &Of,
    hook: HookId,
) -> Result<(), Error> {
    match file(site, of)? {
        Some(db) => db.write(move |tx| sql::drop_of(tx, hook)).await,
        None => Ok(()),
    }
}

/// The webhooks of a survey, how it stands with each, and the newest messages.
pub(in crate::surveys) async fn board(
    site: &Site,
    of: &Of,
    most: u32,
) -> Result<(Vec<(Hook, Counts)>, Vec<Message>), Error> {
    let place = of.clone();
    let read = move |conn: &Connection| {
        let hooks = sql::hooks(conn, &place)?;
        let ids: Vec<HookId> = hooks.iter().map(|hook| hook.id).collect();
        let found = look(conn, &ids, most)?;
        Ok::<_, Error>((hooks, ids, found))
    };
    let (hooks, ids, (mut counts, mut log)) = site.system.read(read).await?;
    if let (Some(db), false) = (file(site, of)?, ids.is_empty()) {
        let (more, beside) = db.read(move |conn| look(conn, &ids, most)).await?;
        for (hook, one) in more {
            let sum = counts.entry(hook).or_default();
            *sum = sum.with(one);
        }
        log.extend(beside);
    }
    log.sort_by_key(|message| std::cmp::Reverse((message.at, message.id)));
    log.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let hooks = hooks.into_iter().map(|hook| {
        let counts = counts.get(&hook.id).copied().unwrap_or_default();
        (hook, counts)
    });
    Ok((hooks.collect(), log))
}

type Looked = (BTreeMap<HookId, Counts>, Vec<Message>);

fn look(conn: &Connection, hooks: &[HookId], most: u32) -> Result<Looked, Error> {
    Ok((sql::counts(conn, hooks)?, sql::log(conn, hooks, most)?))
}
