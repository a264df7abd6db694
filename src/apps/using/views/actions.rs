//! What can be done about views. Each is found among those the person may open, and every
//! change has its record: of one's own views too, as with those of the audit trail.

use std::sync::Arc;

use serde_json::{Value, json};

use super::model::{Change, Desk, Error, New, View, ViewId, fits, has_room};
use super::sql;
use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::store::{Believed, Connection, Db, Transaction};
use crate::web::WorkspaceId;

/// Who does it, and when.
pub(in crate::apps::using) type By<'a> = (&'a Db, Actor, Time);

/// The views of apps in use, by whom they are for.
#[derive(Clone)]
pub(in crate::apps) struct Shown(Arc<Believed<For, Arc<[View]>>>);

/// Workspace, app, when that was made, and person.
type For = (WorkspaceId, String, Time, String);

/// Desks whose views are known.
const MOST: usize = 2_000;

impl Default for Shown {
    fn default() -> Shown {
        Shown(Arc::new(Believed::new(MOST)))
    }
}

impl Shown {
    /// The views of the app that this person may open.
    pub(in crate::apps::using) async fn at(
        &self,
        (workspace, db): (WorkspaceId, &Db),
        desk: &Desk,
    ) -> Result<Arc<[View]>, Error> {
        let asked = desk.clone();
        let of = (
            workspace,
            asked.app.clone(),
            asked.made,
            asked.person.clone(),
        );
        let look = move |conn: &Connection| Ok::<_, Error>(sql::views(conn, &asked)?.into());
        self.0.find(db, of, look).await
    }
}

fn one(tx: &Transaction<'_>, desk: &Desk, id: ViewId) -> Result<View, Error> {
    let mut all = sql::views(tx, desk)?.into_iter();
    all.find(|view| view.id == id).ok_or(Error::Missing)
}

/// The same, if they may change it.
fn theirs(tx: &Transaction<'_>, desk: &Desk, id: ViewId) -> Result<View, Error> {
    let view = one(tx, desk, id)?;
    if view.may_change(desk) {
        Ok(view)
    } else {
        Err(Error::NotYours)
    }
}

fn entry(by: (&Actor, Time), action: &'static str, desk: &Desk, id: ViewId) -> Entry {
    let (actor, now) = by;
    Entry::new(now, actor, action, desk.app.clone()).on("view", id.to_string())
}

/// Keeps a new view. Gives its id.
pub(in crate::apps::using) async fn save(
    (db, actor, now): By<'_>,
    desk: Desk,
    new: New,
) -> Result<ViewId, Error> {
    fits(&new.query)?;
    if new.called.is_shared && !desk.may_share {
        return Err(Error::NotYours);
    }
    let id = ViewId::new(now);
    db.write(move |tx| {
        has_room(&sql::views(tx, &desk)?, &new.page)?;
        sql::insert(tx, &desk, (id, &new), now)?;
        if new.is_first {
            sql::set_first(tx, &desk, (&new.page, id))?;
        }
        let told = one(tx, &desk, id)?.told();
        let entry = entry((&actor, now), "app.view_saved", &desk, id);
        journal::record(tx, &entry.changed(&Value::Null, &told))?;
        Ok(id)
    })
    .await
}

/// Gives it another name, or shares it, or takes it back. Gives its name.
pub(in crate::apps::using) async fn change(
    by: By<'_>,
    desk: Desk,
    id: ViewId,
    called: Change,
) -> Result<String, Error> {
    let may_share = desk.may_share;
    alter(by, desk, id, move |view| {
        if called.is_shared != view.is_shared && !may_share {
            return Err(Error::NotYours);
        }
        view.name = called.name;
        view.is_shared = called.is_shared;
        Ok(())
    })
    .await
}

/// Puts these words in the place of those it had. Gives its name.
pub(in crate::apps::using) async fn replace(
    by: By<'_>,
    desk: Desk,
    id: ViewId,
    query: String,
) -> Result<String, Error> {
    fits(&query)?;
    alter(by, desk, id, move |view| {
        view.query = query;
        Ok(())
    })
    .await
}

async fn alter(
    (db, actor, now): By<'_>,
    desk: Desk,
    id: ViewId,
    work: impl FnOnce(&mut View) -> Result<(), Error> + Send + 'static,
) -> Result<String, Error> {
    db.write(move |tx| {
        let old = theirs(tx, &desk, id)?;
        let mut new = old.clone();
        work(&mut new)?;
        if old.told() == new.told() {
            return Ok(new.name);
        }
        sql::update(tx, &new, now)?;
        let entry = entry((&actor, now), "app.view_changed", &desk, id);
        journal::record(tx, &entry.changed(&old.told(), &new.told()))?;
        Ok(new.name)
    })
    .await
}

/// Has its page open with it, for this person; or no longer. Gives its name.
pub(in crate::apps::using) async fn choose(
    (db, actor, now): By<'_>,
    desk: Desk,
    id: ViewId,
    is_first: bool,
) -> Result<String, Error> {
    db.write(move |tx| {
        let view = one(tx, &desk, id)?;
        if view.is_first == is_first {
            return Ok(view.name);
        }
        if is_first {
            sql::set_first(tx, &desk, (&view.page, id))?;
        } else {
            sql::drop_first(tx, &desk, &view.page)?;
        }
        let told = |is_first: bool| json!({ "page": view.page, "first": is_first });
        let entry = entry((&actor, now), "app.view_chosen", &desk, id);
        journal::record(tx, &entry.changed(&told(!is_first), &told(is_first)))?;
        Ok(view.name)
    })
    .await
}

/// Gives its name.
pub(in crate::apps::using) async fn delete(
    (db, actor, now): By<'_>,
    desk: Desk,
    id: ViewId,
) -> Result<String, Error> {
    db.write(move |tx| {
        let view = theirs(tx, &desk, id)?;
        sql::let_go(tx, id)?;
        sql::delete(tx, id)?;
        let entry = entry((&actor, now), "app.view_deleted", &desk, id);
        journal::record(tx, &entry.changed(&view.told(), &Value::Null))?;
        Ok(view.name)
    })
    .await
}
