//! What lies in a survey's file unsealed though it is personal is sealed: what an older
//! version of this program wrote, and what another version of the survey marks. Cut off
//! anywhere, it is gone on with. Like answers this is data: it leaves no line in the journal.

use std::sync::Arc;
use std::time::Duration;

use super::{Names, Vault, sql};
use crate::site::Site;
use crate::store::{Connection, Db, Error, project_file};
use crate::web::WorkspaceId;

/// How often somebody looks whether something was left unsealed.
const ROUND: Duration = Duration::from_hours(1);

/// Looks at the beginning at everything, and again and again at what is not done.
pub async fn watch(site: Site) {
    let mut beat = tokio::time::interval(ROUND);
    let mut is_first = true;
    loop {
        beat.tick().await;
        match round(&site, is_first).await {
            Ok(_sealed) => is_first = false,
            Err(error) => {
                tracing::error!("what is personal in surveys could not be looked at: {error}");
            }
        }
    }
}

/// Looks at all surveys; `is_whole`: also where nothing is known to be left. Gives in how
/// many something was sealed.
pub async fn round(site: &Site, is_whole: bool) -> Result<usize, Error> {
    let mut sealed = 0;
    for (workspace, survey) in site.system.read(sql::all).await? {
        // What is wrong with one survey keeps no other waiting.
        match settle(site, (workspace, &survey), is_whole).await {
            Ok(is_sealed) => sealed += usize::from(is_sealed),
            Err(error) => failed(&survey, &error),
        }
    }
    Ok(sealed)
}

fn failed(survey: &str, error: &Error) {
    tracing::warn!(survey.id = %survey, "what is personal in survey {survey} is not all sealed yet: {error}");
}

/// Seals what is personal in the file of one survey, and overwrites what lay there. Was
/// there any?
pub async fn settle(
    site: &Site,
    (workspace, survey): (WorkspaceId, &str),
    is_whole: bool,
) -> Result<bool, Error> {
    let id = survey.to_owned();
    let read = move |conn: &Connection| sql::names(conn, (workspace, &id));
    let names = Arc::new(site.system.read(read).await?);
    let file = project_file(workspace, survey);
    if names.is_empty() || !site.files.is_there(&file)? {
        return Ok(false);
    }
    let db = site.files.open(&file)?;
    let asked = Arc::clone(&names);
    let is_clean = db.read(move |conn| sql::is_clean(conn, &asked)).await?;
    if is_clean && !is_whole {
        return Ok(false);
    }
    let vault = Arc::new(Vault::of(site, &file)?);
    let was_begun = db.read(sql::is_begun).await?;
    let asked = Arc::clone(&names);
    let is_any = db.write(move |tx| {
        let is_any = sql::is_any(tx, &asked)?;
        sql::begin(tx, &asked, is_any)?;
        Ok::<_, Error>(is_any)
    });
    let is_any = is_any.await?;
    if is_any {
        seal(&db, &names, &vault).await?;
    }
    if is_any || was_begun {
        db.scrub().await?;
    }
    db.write(sql::clean).await?;
    Ok(is_any)
}

async fn seal(db: &Db, names: &Arc<Names>, vault: &Arc<Vault>) -> Result<(), Error> {
    let hands = || (Arc::clone(names), Arc::clone(vault));
    let mut after = Some((0, String::new(), 0));
    while let Some(place) = after {
        let (names, vault) = hands();
        let next = db.write(move |tx| sql::seal_answers(tx, (&names, &vault), &place));
        after = next.await?;
    }
    let mut after = Some((0, String::new()));
    while let Some(place) = after {
        let (names, vault) = hands();
        let next = db.write(move |tx| sql::seal_entries(tx, (&names, &vault), &place));
        after = next.await?;
    }
    let mut after = Some(0);
    while let Some(file) = after {
        let (names, vault) = hands();
        let next = db.write(move |tx| sql::seal_files(tx, (&names, &vault), file));
        after = next.await?;
    }
    let names = Arc::clone(names);
    db.write(move |tx| sql::forget_events(tx, &names)).await
}
