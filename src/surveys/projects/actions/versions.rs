//! Versions: published, and surveys closed and opened again.

use serde_json::json;

use crate::base::Time;
use crate::journal::{self, Entry};
use crate::site::Site;
use crate::store::Connection;
use crate::surveys::assets;
use crate::surveys::calls::sql::secret_names;
use crate::surveys::format::Problem;
use crate::surveys::hooks::{Event, happened};
use crate::surveys::keeping::Of;
use crate::surveys::personal;
use crate::surveys::projects::machines::{missing, obstacles};
use crate::surveys::projects::model::{Author, Error, Read, State};
use crate::surveys::projects::sql;
use crate::surveys::running::{self, Surveys};
use crate::web::WorkspaceId;

/// The longest note, in characters.
const NOTE: usize = 500;

/// Makes the draft of `seen` the next version, which respondents begin with from
/// then on. Gives its number.
pub(in crate::surveys::projects) async fn publish(
    surveys: &Surveys,
    author: &Author,
    id: &str,
    (note, seen): (&str, Time),
) -> Result<i64, Error> {
    let site = &surveys.site;
    // No picture goes while a version that shows it comes.
    let _alone = surveys.hanging.lock().await;
    let library = assets::library(site, (author.workspace, id)).await?;
    let note = note.trim().chars().take(NOTE).collect::<String>();
    // Names are looked up before, and no transaction waits for that. Who saves another draft
    // meanwhile is told so.
    let (workspace, survey) = (author.workspace, id.to_owned());
    let find = move |conn: &Connection| sql::find(conn, workspace, &survey);
    let draft = site.system.read(find).await?;
    let against = against(surveys, (workspace, id), &Read::of(&draft.text)).await?;
    let (now, workspace, survey) = (site.clock.now(), author.workspace, id);
    let (author, id) = (author.clone(), id.to_owned());
    let done = site.system.write(move |tx| {
        let project = sql::find(tx, author.workspace, &id)?;
        if project.draft_at != seen {
            return Err(Error::Stale(project.draft_by));
        }
        let read = Read::of_survey(&project.text, &project.id).among(&library);
        let read = read.against(against);
        if !read.is_publishable() {
            return Err(Error::Problems(read.problems));
        }
        let shown = library.only(&read.pictures());
        let by = (now, &*author.actor.name);
        let version = sql::add_version(tx, author.workspace, &project, (&*note, &shown), by)?;
        // A closed survey stays closed: publishing prepares, opening lets in.
        let state = match project.state {
            State::Closed => State::Closed,
            State::Draft | State::Live => State::Live,
        };
        let closed = (state == State::Closed).then_some(now);
        sql::set_state(tx, author.workspace, &id, (state, Some(version), closed))?;
        let entry = Entry::new(now, &author.actor, "survey.published", &*id);
        let entry = entry.with(json!({ "note": note }));
        let (before, after) = (
            json!({ "version": project.version }),
            json!({ "version": version }),
        );
        journal::record(tx, &entry.changed(&before, &after))?;
        happened(tx, &of(&author, id), Event::Published, &after, now)?;
        Ok((version, project.slug))
    });
    let (version, slug) = done.await?;
    if let Err(error) = seal(surveys, (workspace, survey), &slug).await {
        // It is published all the same, and this is gone on with.
        tracing::warn!(survey.id = %survey, "what is personal in survey {survey} is not all sealed yet: {error}");
    }
    Ok(version)
}

/// What stands against the machines it asks: secrets that are not there, and machines where
/// nobody may go.
pub(in crate::surveys::projects) async fn against(
    surveys: &Surveys,
    (workspace, survey): (WorkspaceId, &str),
    read: &Read,
) -> Result<Vec<Problem>, Error> {
    let Some(text) = &read.survey else {
        return Ok(Vec::new());
    };
    let of = Of {
        workspace,
        survey: survey.to_owned(),
    };
    let known = move |conn: &Connection| secret_names(conn, &of);
    let known = surveys.site.system.read(known).await?;
    let mut found = missing(text, &known);
    found.extend(obstacles(&surveys.site, text).await);
    Ok(found)
}

/// Answers that are there already to what a new version calls personal. First whoever writes
/// knows of it, then what was written is sealed.
async fn seal(
    surveys: &Surveys,
    (workspace, survey): (WorkspaceId, &str),
    slug: &str,
) -> Result<(), running::Error> {
    surveys.apart(&surveys.at(slug).await?).await?;
    personal::settle(&surveys.site, (workspace, survey), false).await?;
    Ok(())
}

/// Lets nobody new in. Who is inside goes on to the end.
pub(in crate::surveys::projects) async fn close(
    site: &Site,
    author: &Author,
    id: &str,
) -> Result<(), Error> {
    turn(site, author, id, (State::Live, State::Closed)).await
}

/// Lets people in again.
pub(in crate::surveys::projects) async fn reopen(
    site: &Site,
    author: &Author,
    id: &str,
) -> Result<(), Error> {
    is_whole(site, author, id).await?;
    turn(site, author, id, (State::Closed, State::Live)).await
}

/// Refuses a survey whose pictures went with its answers, as its rule says.
async fn is_whole(site: &Site, author: &Author, id: &str) -> Result<(), Error> {
    let of = (author.workspace, id);
    let (workspace, survey) = (author.workspace, id.to_owned());
    let find = move |conn: &Connection| sql::find(conn, workspace, &survey);
    let version = site.system.read(find).await?.version;
    let kept = assets::kept(site, of).await?.into_iter();
    let mut shown = kept.filter(|(number, ..)| Some(*number) == version);
    let Some((_, _, shown)) = shown.next() else {
        return Ok(());
    };
    let here = assets::contents(site, of).await?;
    let gone: Vec<&str> = { shown.iter() }
        .filter(|(_, asset)| !here.contains(&asset.hash))
        .map(|(name, _)| name)
        .collect();
    if gone.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "its pictures went with the answers, as its rule says: bring {} under Assets again, then open it",
        gone.join(", ")
    )))
}

async fn turn(
    site: &Site,
    author: &Author,
    id: &str,
    (from, to): (State, State),
) -> Result<(), Error> {
    let (now, author, id) = (site.clock.now(), author.clone(), id.to_owned());
    let done = site.system.write(move |tx| {
        let project = sql::find(tx, author.workspace, &id)?;
        if project.state != from {
            let words = match project.state {
                State::Draft => "this survey is not published yet; publish it first",
                State::Live => "this survey is open already",
                State::Closed => "this survey is closed already",
            };
            return Err(Error::Refused(words.to_owned()));
        }
        let closed = (to == State::Closed).then_some(now);
        sql::set_state(tx, author.workspace, &id, (to, project.version, closed))?;
        let (action, event) = match to {
            State::Closed => ("survey.closed", Event::Closed),
            State::Live | State::Draft => ("survey.reopened", Event::Reopened),
        };
        let entry = Entry::new(now, &author.actor, action, &*id);
        let (before, after) = (
            json!({ "state": from.name() }),
            json!({ "state": to.name() }),
        );
        journal::record(tx, &entry.changed(&before, &after))?;
        let detail = json!({ "version": project.version });
        happened(tx, &of(&author, id), event, &detail, now)?;
        Ok(())
    });
    done.await
}

fn of(author: &Author, survey: String) -> Of {
    Of {
        workspace: author.workspace,
        survey,
    }
}
