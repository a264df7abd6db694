//! Versions: published, and surveys closed and opened again.

use serde_json::json;

use crate::base::Time;
use crate::journal::{self, Entry};
use crate::site::Site;
use crate::surveys::projects::model::{Author, Error, Read, State};
use crate::surveys::projects::sql;

/// The longest note, in characters.
const NOTE: usize = 500;

/// Makes the draft of `seen` the next version, which respondents begin with from
/// then on. Gives its number.
pub(in crate::surveys::projects) async fn publish(
    site: &Site,
    author: &Author,
    id: &str,
    (note, seen): (&str, Time),
) -> Result<i64, Error> {
    let note = note.trim().chars().take(NOTE).collect::<String>();
    let (now, author, id) = (site.clock.now(), author.clone(), id.to_owned());
    let done = site.system.write(move |tx| {
        let project = sql::find(tx, author.workspace, &id)?;
        if project.draft_at != seen {
            return Err(Error::Stale(project.draft_by));
        }
        let read = Read::of_survey(&project.text, &project.id);
        if !read.is_publishable() {
            return Err(Error::Problems(read.problems));
        }
        let new = (&*note, now, &*author.actor.name);
        let version = sql::add_version(tx, author.workspace, &project, new)?;
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
        Ok(version)
    });
    done.await
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
    turn(site, author, id, (State::Closed, State::Live)).await
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
        let action = match to {
            State::Closed => "survey.closed",
            State::Live | State::Draft => "survey.reopened",
        };
        let entry = Entry::new(now, &author.actor, action, &*id);
        let (before, after) = (
            json!({ "state": from.name() }),
            json!({ "state": to.name() }),
        );
        journal::record(tx, &entry.changed(&before, &after))?;
        Ok(())
    });
    done.await
}
