//! Persons taken out of the file of a survey. The record of it is in the accounts
//! database, written before: two files share no transaction, and what was recorded
//! is gone on with until it is whole.

use std::collections::BTreeMap;

use super::model::{Of, Telling};
use super::{noting, sql};
use crate::base::Time;
use crate::site::Site;
use crate::store::{Connection, Error, Transaction};
use crate::surveys::deliveries;

/// A respondent about to be erased.
pub(super) struct Going {
    pub(super) id: i64,
    pub(super) started: Time,
    /// The link they came by; empty where they came without one.
    pub(super) link: String,
}

/// Those of the numbers there are.
pub(super) async fn started(site: &Site, of: &Of, ids: &[i64]) -> Result<Vec<Going>, Error> {
    if ids.is_empty() || !site.files.is_there(&of.file())? {
        return Ok(Vec::new());
    }
    let (db, ids) = (site.files.open(&of.file())?, ids.to_vec());
    db.read(move |conn| sql::going(conn, &ids)).await
}

/// Takes out everybody whose erasure was recorded, and leaves nothing of them in
/// pages and logs. Cut off anywhere, it is gone on with. A survey whose file is held up
/// holds up no other.
pub(super) async fn finish(site: &Site) -> Result<(), Error> {
    let mut by_survey: BTreeMap<Of, Vec<(String, i64)>> = BTreeMap::new();
    for (id, of, respondent) in site.system.read(sql::open_erasures).await? {
        by_survey.entry(of).or_default().push((id, respondent));
    }
    if by_survey.is_empty() {
        return Ok(());
    }
    let (mut whole, mut held_up) = (Vec::new(), None);
    for (of, going) in by_survey {
        let ids = going.iter().map(|(_, respondent)| *respondent).collect();
        match take_out(site, &of, ids).await {
            Ok(()) => whole.extend(going.into_iter().map(|(id, _)| id)),
            Err(error) => held_up = Some(error),
        }
    }
    if !whole.is_empty() {
        // Their links stood in the accounts database.
        site.system.scrub().await?;
        noting::erased(site, whole).await?;
    }
    held_up.map_or(Ok(()), Err)
}

/// Takes respondents out of a survey's file, and overwrites what they leave there.
pub(super) async fn take_out(site: &Site, of: &Of, ids: Vec<i64>) -> Result<(), Error> {
    if !site.files.is_there(&of.file())? {
        return Ok(());
    }
    let db = site.files.open(&of.file())?;
    let work = move |tx: &Transaction<'_>| {
        for id in ids {
            sql::erase(tx, id)?;
        }
        Ok::<_, Error>(())
    };
    db.write(work).await?;
    db.scrub().await?;
    deliveries::recall(site, of).await
}

/// Takes out where the people of these links are written to: they never came.
pub(super) async fn let_go(site: &Site, of: &Of, links: Vec<String>) -> Result<(), Error> {
    if links.is_empty() || !site.files.is_there(&of.file())? {
        return Ok(());
    }
    let db = site.files.open(&of.file())?;
    let gone = db.write(move |tx| sql::drop_invitees(tx, &links)).await?;
    if gone > 0 {
        db.scrub().await?;
    }
    Ok(())
}

/// Takes out addresses whose link is gone from the accounts database: an erasure or a rule
/// was cut off between the two files.
pub(super) async fn sweep(site: &Site, of: &Of) -> Result<(), Error> {
    if !site.files.is_there(&of.file())? {
        return Ok(());
    }
    let db = site.files.open(&of.file())?;
    // Whose link is not there a moment after they were is nobody any more.
    let invited = db.read(sql::invited).await?;
    if invited.is_empty() {
        return Ok(());
    }
    let place = of.clone();
    let read = move |conn: &Connection| sql::links_of_one(conn, &place);
    let links = site.system.read(read).await?;
    let orphans = invited.into_iter().filter(|link| !links.contains(link));
    let_go(site, of, orphans.collect()).await
}

/// Makes the answers nobody's of those who were heard of last by then, and
/// overwrites what told whose they were.
pub(super) async fn make_nobodys(site: &Site, of: &Of, until: Time) -> Result<(), Error> {
    if !site.files.is_there(&of.file())? {
        return Ok(());
    }
    let place = of.clone();
    let read = move |conn: &Connection| {
        Ok::<_, Error>((Telling::of(conn, &place)?, sql::open_links(conn, &place)?))
    };
    let (telling, open) = site.system.read(read).await?;
    let db = site.files.open(&of.file())?;
    let work = move |tx: &Transaction<'_>| sql::anonymise(tx, until, &telling, &open);
    db.write(work).await?;
    db.scrub().await?;
    site.system.scrub().await?;
    deliveries::recall(site, of).await
}

/// Overwrites what answers left that went one by one, where a reader held that up.
pub(super) async fn wipe(site: &Site, of: &Of) -> Result<(), Error> {
    if site.files.is_there(&of.file())? {
        site.files.open(&of.file())?.scrub().await?;
    }
    site.system.scrub().await?;
    noting::wiped(site, of).await
}
