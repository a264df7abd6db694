//! Ways in: made, opened and shut; data that leaves.

use serde_json::{Value, json};

use crate::base::Time;
use crate::journal::{self, Entry};
use crate::site::Site;
use crate::store::Transaction;
use crate::surveys::projects::invited::Invited;
use crate::surveys::projects::model::{Author, Error, Link};
use crate::surveys::projects::sql::{self, End, NewLink};
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
    pub(in crate::surveys::projects) supplier: String,
    /// The number that opens it.
    pub(in crate::surveys::projects) list: Option<i64>,
    pub(in crate::surveys::projects) end: End,
}

pub(super) fn link_id(now: Time) -> String {
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
        end: new.end,
        supplier: new.supplier,
        list: new.list,
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
        stands(tx, author.workspace, &survey, &wanted)?;
        let id = link_id(now);
        let new = NewLink {
            id: &id,
            kind: wanted.kind,
            name: &wanted.name,
            key_hash: None,
            entry: "{}",
            end: &wanted.end,
            supplier: &wanted.supplier,
            list: wanted.list,
            at: now,
            by: &author.actor.name,
        };
        let made = keep(tx, author.workspace, (&survey, &project.slug), &new)?;
        let entry = Entry::new(now, &author.actor, "survey.link_made", &*survey);
        let detail = json!({
            "link": id, "name": wanted.name, "kind": wanted.kind,
            "supplier": wanted.supplier, "list": wanted.list,
        });
        journal::record(tx, &entry.with(detail))?;
        Ok(made)
    });
    done.await
}

/// Is the supplier there, and the number free?
fn stands(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    survey: &str,
    wanted: &Wanted,
) -> Result<(), Error> {
    let mut known = sql::suppliers(tx, workspace)?.into_iter();
    if !wanted.supplier.is_empty() && !known.any(|known| known.name == wanted.supplier) {
        return Err(Error::NoSupplier(wanted.supplier.clone()));
    }
    match wanted.list {
        Some(list) if !sql::is_free(tx, workspace, (survey, list))? => {
            let words = format!("another link has the number {list}; choose another");
            Err(Error::Refused(words))
        }
        _ => Ok(()),
    }
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
        let nothing = || Value::Object(serde_json::Map::new());
        let end = End {
            exits: nothing(),
            postbacks: nothing(),
        };
        for one in &invited {
            let id = link_id(now);
            let new = NewLink {
                id: &id,
                kind,
                name: &one.name,
                key_hash: None,
                entry: &one.entry.to_string(),
                end: &end,
                supplier: "",
                list: None,
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

/// Which link it is. The name of one person's link is theirs: no record keeps it.
fn named(link: &Link) -> Value {
    match link.kind.as_str() {
        "open" => json!({ "link": link.id, "name": link.name }),
        _ => json!({ "link": link.id }),
    }
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
        let entry = entry.with(named(&known));
        let (before, after) = (json!({ "open": known.is_open }), json!({ "open": is_open }));
        journal::record(tx, &entry.changed(&before, &after))?;
        Ok(())
    });
    done.await
}

/// Says what happens at the end for those who came by a link.
pub(in crate::surveys::projects) async fn set_end(
    site: &Site,
    author: &Author,
    (survey, link): (&str, &str),
    end: End,
) -> Result<(), Error> {
    let (now, author) = (site.clock.now(), author.clone());
    let (survey, link) = (survey.to_owned(), link.to_owned());
    let done = site.system.write(move |tx| {
        let known = sql::link(tx, author.workspace, &survey, &link)?;
        sql::set_end(tx, author.workspace, (&survey, &link), &end)?;
        let entry = Entry::new(now, &author.actor, "survey.exits_set", &*survey);
        let entry = entry.with(named(&known));
        let read = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        let said =
            |exits: &Value, postbacks: &Value| json!({ "exits": exits, "postbacks": postbacks });
        let before = said(&read(&known.exits), &read(&known.postbacks));
        let after = said(&end.exits, &end.postbacks);
        journal::record(tx, &entry.changed(&before, &after))?;
        Ok(())
    });
    done.await
}

/// What a program took, and how many of them.
#[derive(Clone, Copy, Debug)]
pub(in crate::surveys::projects) enum Took {
    Responses(u32),
    Events(u32),
}

/// Says what a program took.
pub(in crate::surveys::projects) async fn read(
    site: &Site,
    author: &Author,
    survey: &str,
    took: Took,
) -> Result<(), Error> {
    let (action, rows) = match took {
        Took::Responses(rows) => ("responses.read", rows),
        Took::Events(rows) => ("events.read", rows),
    };
    let (now, author, survey) = (site.clock.now(), author.clone(), survey.to_owned());
    let done = site.system.write(move |tx| {
        let entry = Entry::new(now, &author.actor, action, &*survey);
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
