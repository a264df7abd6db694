//! Drafts: begun, brought in, saved.

use serde_json::{Value, json};

use crate::base::Time;
use crate::base::text::slug;
use crate::journal::{self, Entry};
use crate::site::Site;
use crate::store::{Connection, Error as StoreError, Files, Transaction, project_file};
use crate::surveys::projects::model::{Author, Error, Project, Read, State, fits, is_id};
use crate::surveys::projects::sql;
use crate::surveys::running::token;

/// What a record says of a draft: a fingerprint, since records stay when the
/// survey is destroyed, and no word of it may.
fn told(text: &str) -> Value {
    let hash = journal::hex(&journal::sha256(text.as_bytes()));
    json!({ "bytes": text.len(), "sha256": hash })
}

/// The first id a survey of that title could have which nobody has here.
fn free_id(
    conn: &Connection,
    files: &Files,
    author: &Author,
    title: &str,
) -> Result<String, Error> {
    let base = match slug(title) {
        base if is_id(&base) => base,
        _ => "survey".to_owned(),
    };
    for number in 1..10_000 {
        let id = match number {
            1 => base.clone(),
            number => format!("{}-{number}", base.trim_end_matches('-')),
        };
        if is_id(&id)
            && !sql::exists(conn, author.workspace, &id)?
            && !has_answers(files, author, &id)?
        {
            return Ok(id);
        }
    }
    Err(StoreError::NotFound.into())
}

/// Does a file of answers lie under that id? One that was deleted can be had back
/// for a while, and its answers are nobody else's.
fn has_answers(files: &Files, author: &Author, id: &str) -> Result<bool, StoreError> {
    files.is_there(&project_file(author.workspace, id))
}

/// The word in respondents' addresses: the id where no other survey has it, and
/// else the id with letters nobody guesses.
fn free_slug(conn: &Connection, id: &str) -> Result<String, Error> {
    if sql::slug_is_free(conn, id)? {
        return Ok(id.to_owned());
    }
    let letters: String = token::fresh()?
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(8)
        .collect();
    Ok(format!("{id}-{}", letters.to_lowercase()))
}

/// A new survey with one page and one question, and comments that say what comes next.
pub(in crate::surveys::projects) async fn start(
    site: &Site,
    author: &Author,
    title: &str,
) -> Result<String, Error> {
    let title = title.trim().to_owned();
    if title.is_empty() || title.chars().count() > 120 {
        let text = "write a title of 1 to 120 characters, such as Brand tracking 2026";
        return Err(Error::Refused(text.to_owned()));
    }
    let (now, author) = (site.clock.now(), author.clone());
    let place = site.clone();
    let done = site.system.write(move |tx| {
        let id = free_id(tx, &place.files, &author, &title)?;
        let text = first_text(&id, &title);
        let project = project(tx, &author, (id, title, text), now)?;
        sql::insert(tx, author.workspace, &project)?;
        let entry = Entry::new(now, &author.actor, "survey.made", &*project.id);
        let entry = entry.with(json!({ "from": "nothing" }));
        journal::record(tx, &entry.changed(&Value::Null, &told(&project.text)))?;
        Ok(project.id)
    });
    done.await
}

fn project(
    conn: &Connection,
    author: &Author,
    (id, title, text): (String, String, String),
    now: Time,
) -> Result<Project, Error> {
    Ok(Project {
        slug: free_slug(conn, &id)?,
        id,
        title,
        text,
        draft_at: now,
        draft_by: author.actor.name.clone(),
        version: None,
        state: State::Draft,
    })
}

fn first_text(id: &str, title: &str) -> String {
    let text = include_str!("first.toml").replace("{id}", id);
    // The title goes in as TOML writes it, quotes and all.
    let quoted = toml_edit::Value::from(title).to_string();
    text.replace("\"{title}\"", quoted.trim())
}

/// Where a survey comes from.
#[derive(Clone, Copy, Debug)]
pub(in crate::surveys::projects) enum From {
    /// A definition of our own.
    File,
    /// A questionnaire of another program.
    Other(&'static str),
}

impl From {
    fn words(self) -> &'static str {
        match self {
            From::File => "a file",
            From::Other(program) => program,
        }
    }
}

/// The same definition under another id.
fn renamed(text: &str, id: &str) -> Result<String, Error> {
    let read = text.parse::<toml_edit::DocumentMut>();
    let mut document = read.map_err(|error| Error::Refused(error.to_string()))?;
    document["id"] = toml_edit::value(id);
    Ok(document.to_string())
}

/// A survey from its text. It arrives as a draft, whatever is wrong with it
/// short of being no survey at all.
pub(in crate::surveys::projects) async fn import(
    site: &Site,
    author: &Author,
    text: String,
    from: From,
) -> Result<String, Error> {
    fits(&text)?;
    let read = Read::of(&text);
    let Some(survey) = read.survey else {
        return Err(Error::Problems(read.problems));
    };
    let (id, title) = (
        survey.id.clone(),
        survey.title.text(survey.lang()).to_owned(),
    );
    if !is_id(&id) {
        return Err(Error::Refused(format!(
            "`{id}` cannot be an address: set `id` to small letters, digits, - and _"
        )));
    }
    let (now, author) = (site.clock.now(), author.clone());
    let place = site.clone();
    let done = site.system.write(move |tx| {
        let is_new = !sql::exists(tx, author.workspace, &id)?;
        let is_left = is_new && has_answers(&place.files, &author, &id)?;
        // Whoever brings a questionnaire of another program did not choose the id.
        let (id, text) = match from {
            From::Other(_) if !is_new || is_left => {
                let free = free_id(tx, &place.files, &author, &id)?;
                let text = renamed(&text, &free)?;
                (free, text)
            }
            From::File if is_left => {
                return Err(Error::Refused(format!(
                    "a survey called `{id}` was deleted, and its answers are not destroyed yet; take it back under Deleting, or choose another id"
                )));
            }
            From::Other(_) | From::File => (id, text),
        };
        let project = project(tx, &author, (id, title, text), now)?;
        sql::insert(tx, author.workspace, &project)?;
        let entry = Entry::new(now, &author.actor, "survey.made", &*project.id);
        let entry = entry.with(json!({ "from": from.words() }));
        journal::record(tx, &entry.changed(&Value::Null, &told(&project.text)))?;
        Ok(project.id)
    });
    done.await
}

/// A text to put in the draft's place.
pub(in crate::surveys::projects) struct Draft {
    pub(in crate::surveys::projects) text: String,
    /// The draft it takes the place of.
    pub(in crate::surveys::projects) seen: Time,
    /// What was done to it, for whoever wants it undone.
    pub(in crate::surveys::projects) what: String,
}

/// Puts a text in the draft's place, if that is still the one that was seen; the one
/// before is kept for undoing. Gives when it was saved.
pub(in crate::surveys::projects) async fn save(
    site: &Site,
    author: &Author,
    id: &str,
    draft: Draft,
) -> Result<Time, Error> {
    fits(&draft.text)?;
    let title = title(&draft.text);
    let (now, author, id) = (site.clock.now(), author.clone(), id.to_owned());
    let done = site.system.write(move |tx| {
        let old = sql::find(tx, author.workspace, &id)?;
        if old.text == draft.text {
            return Ok(old.draft_at);
        }
        if old.draft_at != draft.seen {
            return Err(Error::Stale(old.draft_by));
        }
        let of = (author.workspace, id.as_str());
        sql::forget_ahead(tx, of)?;
        sql::add_step(tx, of, false, (&old.text, &draft.what))?;
        let (entry, at) = put(tx, &author, old, (draft.text, title, now))?;
        journal::record(tx, &entry)?;
        Ok(at)
    });
    done.await
}

/// What the survey is called, where the text can be read.
pub(super) fn title(text: &str) -> Option<String> {
    let survey = Read::of(text).survey?;
    Some(survey.title.text(survey.lang()).to_owned())
}

/// Writes another text into the place of the draft. Gives its record, and when it was.
pub(super) fn put(
    tx: &Transaction<'_>,
    author: &Author,
    old: Project,
    (text, title, now): (String, Option<String>, Time),
) -> Result<(Entry, Time), Error> {
    let (before, seen) = (told(&old.text), old.draft_at);
    let new = Project {
        title: title.unwrap_or_else(|| old.title.clone()),
        // Two saves within a millisecond are two states all the same.
        draft_at: Time(now.0.max(seen.0 + 1)),
        draft_by: author.actor.name.clone(),
        text,
        ..old
    };
    if !sql::save(tx, author.workspace, &new, seen)? {
        return Err(Error::Stale(new.draft_by));
    }
    let entry = Entry::new(now, &author.actor, "survey.draft_saved", &*new.id);
    Ok((entry.changed(&before, &told(&new.text)), new.draft_at))
}
