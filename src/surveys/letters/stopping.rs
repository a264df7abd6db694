//! Somebody wants no more letters about a survey. Like answers, this is data: it leaves
//! no line in the journal, which would say whose it is.

use super::sql;
use crate::store::{Db, Error, project_file};
use crate::surveys::running::{Fieldwork, Surveys};

/// What stands at an address that stops letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    Yes,
    NotYet,
    /// Nobody is written to by that key, or not any more.
    Nobody,
}

async fn place(
    surveys: &Surveys,
    of: &Fieldwork,
    key: &str,
) -> Result<Option<(Db, String)>, Error> {
    let Some(link) = surveys.link(of, key).await? else {
        return Ok(None);
    };
    let name = project_file(of.workspace, &of.id);
    if !surveys.site.files.is_there(&name)? {
        return Ok(None);
    }
    Ok(Some((surveys.site.files.open(&name)?, link.id)))
}

/// Are letters to whom that key belongs stopped?
pub async fn is_stopped(surveys: &Surveys, of: &Fieldwork, key: &str) -> Result<Stopped, Error> {
    let Some((db, link)) = place(surveys, of, key).await? else {
        return Ok(Stopped::Nobody);
    };
    let known = db.read(move |conn| sql::stopped(conn, &link)).await?;
    Ok(match known {
        Some(true) => Stopped::Yes,
        Some(false) => Stopped::NotYet,
        None => Stopped::Nobody,
    })
}

/// Stops them, from the next letter on.
pub async fn stop(surveys: &Surveys, of: &Fieldwork, key: &str) -> Result<Stopped, Error> {
    let Some((db, link)) = place(surveys, of, key).await? else {
        return Ok(Stopped::Nobody);
    };
    let now = surveys.site.clock.now();
    let is_known = db
        .write(move |tx| sql::stop_invitee(tx, &link, now))
        .await?;
    Ok(if is_known {
        Stopped::Yes
    } else {
        Stopped::Nobody
    })
}
