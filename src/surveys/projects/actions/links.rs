//! Ways in: made, opened and shut; the secrets of suppliers; data that leaves.

use serde_json::{Value, json};

use crate::base::{Secret, Time};
use crate::journal::{self, Entry};
use crate::site::Site;
use crate::store::Transaction;
use crate::surveys::projects::invited::Invited;
use crate::surveys::projects::model::{Author, Error};
use crate::surveys::projects::sql::{self, NewLink};
use crate::surveys::running::token;
use crate::web::WorkspaceId;

/// A link just made. Its key is shown once: what is kept is its hash.
pub(in crate::surveys::projects) struct Made {
    pub(in crate::surveys::projects) name: String,
    /// `/s/brand-track?k=…`
    pub(in crate::surveys::projects) path: String,
}

/// What a link is to be.
pub(in crate::surveys::projects) struct Wanted {
    pub(in crate::surveys::projects) kind: &'static str,
    pub(in crate::surveys::projects) name: String,
    pub(in crate::surveys::projects) exits: Value,
}

fn link_id(now: Time) -> String {
    uuid::Uuid::new_v7(uuid::Timestamp::from_unix(
        uuid::NoContext,
        now.0.div_euclid(1_000).unsigned_abs(),
        0,
    ))
    .simple()
    .to_string()
}

/// Keeps a link of a fresh key.
fn keep(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    (survey, slug): (&str, &str),
    new: &NewLink<'_>,
) -> Result<Made, Error> {
    let key = token::fresh()?;
    let hash = token::hash(&key);
    let new = NewLink {
        id: new.id,
        kind: new.kind,
        name: new.name,
        entry: new.entry,
        exits: new.exits,
        at: new.at,
        by: new.by,
        key_hash: Some(&hash),
    };
    sql::insert_link(tx, workspace, survey, &new)?;
    Ok(Made {
        name: new.name.to_owned(),
        path: format!("/s/{slug}?k={key}"),
    })
}

/// One more way in.
pub(in crate::surveys::projects) async fn make_link(
    site: &Site,
    author: &Author,
    survey: &str,
    wanted: Wanted,
) -> Result<Made, Error> {
    let (now, author, survey) = (site.clock.now(), author.clone(), survey.to_owned());
    let done = site.system.write(move |tx| {
        let project = sql::find(tx, author.workspace, &survey)?;
        let id = link_id(now);
        let new = NewLink {
            id: &id,
            kind: wanted.kind,
            name: &wanted.name,
            key_hash: None,
            entry: "{}",
            exits: &wanted.exits.to_string(),
            at: now,
            by: &author.actor.name,
        };
        let made = keep(tx, author.workspace, (&survey, &project.slug), &new)?;
        let entry = Entry::new(now, &author.actor, "survey.link_made", &*survey);
        let detail = json!({ "link": id, "name": wanted.name, "kind": wanted.kind });
        journal::record(tx, &entry.with(detail))?;
        Ok(made)
    });
    done.await
}

/// A link for each respondent of a list.
pub(in crate::surveys::projects) async fn invite(
    site: &Site,
    author: &Author,
    survey: &str,
    (invited, kind): (Vec<Invited>, &'static str),
) -> Result<Vec<Made>, Error> {
    let (now, author, survey) = (site.clock.now(), author.clone(), survey.to_owned());
    let done = site.system.write(move |tx| {
        let project = sql::find(tx, author.workspace, &survey)?;
        let mut made = Vec::with_capacity(invited.len());
        for one in &invited {
            let id = link_id(now);
            let new = NewLink {
                id: &id,
                kind,
                name: &one.name,
                key_hash: None,
                entry: &one.entry.to_string(),
                exits: "{}",
                at: now,
                by: &author.actor.name,
            };
            made.push(keep(tx, author.workspace, (&survey, &project.slug), &new)?);
        }
        let entry = Entry::new(now, &author.actor, "survey.links_made", &*survey);
        let detail = json!({ "kind": kind, "rows": made.len() });
        journal::record(tx, &entry.with(detail))?;
        Ok(made)
    });
    done.await
}

/// Shuts a way in, or opens it again.
pub(in crate::surveys::projects) async fn open_link(
    site: &Site,
    author: &Author,
    (survey, link): (&str, &str),
    is_open: bool,
) -> Result<(), Error> {
    let (now, author) = (site.clock.now(), author.clone());
    let (survey, link) = (survey.to_owned(), link.to_owned());
    let done = site.system.write(move |tx| {
        let known = sql::link(tx, author.workspace, &survey, &link)?;
        sql::open_link(tx, author.workspace, (&survey, &link), is_open)?;
        let action = if is_open {
            "survey.link_opened"
        } else {
            "survey.link_shut"
        };
        let entry = Entry::new(now, &author.actor, action, &*survey);
        let entry = entry.with(json!({ "link": link, "name": known.name }));
        let (before, after) = (json!({ "open": known.is_open }), json!({ "open": is_open }));
        journal::record(tx, &entry.changed(&before, &after))?;
        Ok(())
    });
    done.await
}

/// Says where those who came by a link are sent at the end.
pub(in crate::surveys::projects) async fn set_exits(
    site: &Site,
    author: &Author,
    (survey, link): (&str, &str),
    exits: Value,
) -> Result<(), Error> {
    let (now, author) = (site.clock.now(), author.clone());
    let (survey, link) = (survey.to_owned(), link.to_owned());
    let done = site.system.write(move |tx| {
        let known = sql::link(tx, author.workspace, &survey, &link)?;
        sql::set_exits(tx, author.workspace, (&survey, &link), &exits.to_string())?;
        let entry = Entry::new(now, &author.actor, "survey.exits_set", &*survey);
        let entry = entry.with(json!({ "link": link, "name": known.name }));
        let before = serde_json::from_str(&known.exits).unwrap_or(Value::Null);
        journal::record(tx, &entry.changed(&before, &exits))?;
        Ok(())
    });
    done.await
}

/// Keeps the secret a supplier signs links with, in place of one of that name.
pub(in crate::surveys::projects) async fn keep_key(
    site: &Site,
    author: &Author,
    name: &str,
    secret: &Secret,
) -> Result<(), Error> {
    let (now, author, name) = (site.clock.now(), author.clone(), name.to_owned());
    let secret = secret.clone();
    let done = site.system.write(move |tx| {
        let new = (secret.reveal().as_bytes(), now, &*author.actor.name);
        sql::keep_key(tx, author.workspace, &name, new)?;
        let entry = Entry::new(now, &author.actor, "survey.key_set", &*name);
        journal::record(tx, &entry)?;
        Ok(())
    });
    done.await
}

/// Forgets a supplier's secret: links it signed let nobody in any more.
pub(in crate::surveys::projects) async fn forget_key(
    site: &Site,
    author: &Author,
    name: &str,
) -> Result<(), Error> {
    let (now, author, name) = (site.clock.now(), author.clone(), name.to_owned());
    let done = site.system.write(move |tx| {
        if !sql::forget_key(tx, author.workspace, &name)? {
            return Err(Error::Missing);
        }
        let entry = Entry::new(now, &author.actor, "survey.key_removed", &*name);
        journal::record(tx, &entry)?;
        Ok(())
    });
    done.await
}

/// Says how many responses a program took.
pub(in crate::surveys::projects) async fn read(
    site: &Site,
    author: &Author,
    survey: &str,
    rows: u32,
) -> Result<(), Error> {
    let (now, author, survey) = (site.clock.now(), author.clone(), survey.to_owned());
    let done = site.system.write(move |tx| {
        let entry = Entry::new(now, &author.actor, "responses.read", &*survey);
        let entry = entry.on("survey", &*survey).with(json!({ "rows": rows }));
        journal::record(tx, &entry)?;
        Ok(())
    });
    done.await
}

/// Says that responses leave, before the first one does.
pub(in crate::surveys::projects) async fn exported(
    site: &Site,
    author: &Author,
    survey: &str,
    detail: Value,
) -> Result<(), Error> {
    let (now, author, survey) = (site.clock.now(), author.clone(), survey.to_owned());
    let done = site.system.write(move |tx| {
        let entry = Entry::new(now, &author.actor, "responses.exported", &*survey);
        journal::record(tx, &entry.on("survey", &*survey).with(detail))?;
        Ok(())
    });
    done.await
}
