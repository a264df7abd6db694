//! Facts about where this runs, written down by an operator.

use serde_json::{Value, json};

use crate::journal::{self, Entry};
use crate::site::Site;
use crate::store::Error;
use crate::trust::hosting::{FactId, Hosting, NewFact, Typed};
use crate::trust::sql;
use crate::web::Viewer;

pub(in crate::trust) async fn add_fact(
    site: &Site,
    who: &Viewer,
    new: NewFact,
) -> Result<(), Error> {
    let (now, actor, by) = (site.clock.now(), who.actor(), who.person.id.to_string());
    let id = FactId::new(now);
    site.system
        .write(move |tx| {
            sql::add_fact(tx, (id, &new), (now, &by))?;
            let entry = Entry::new(now, &actor, "hosting.added", &*new.name);
            let entry = entry.on("hosting", id.to_string());
            journal::record(tx, &entry.changed(&Value::Null, &said(&sql::fact(tx, id)?)))
        })
        .await
}

pub(in crate::trust) async fn set_fact(
    site: &Site,
    who: &Viewer,
    (id, new): (FactId, NewFact),
) -> Result<(), Error> {
    let (now, actor, by) = (site.clock.now(), who.actor(), who.person.id.to_string());
    site.system
        .write(move |tx| {
            let before = said(&sql::fact(tx, id)?);
            sql::set_fact(tx, (id, &new), (now, &by))?;
            let entry = Entry::new(now, &actor, "hosting.changed", &*new.name);
            let entry = entry.on("hosting", id.to_string());
            journal::record(tx, &entry.changed(&before, &said(&sql::fact(tx, id)?)))
        })
        .await
}

pub(in crate::trust) async fn drop_fact(
    site: &Site,
    who: &Viewer,
    id: FactId,
) -> Result<String, Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    site.system
        .write(move |tx| {
            let fact = sql::fact(tx, id)?;
            sql::drop_fact(tx, id)?;
            let entry = Entry::new(now, &actor, "hosting.deleted", &*fact.name);
            let entry = entry.on("hosting", id.to_string());
            journal::record(tx, &entry.changed(&said(&fact), &Value::Null))?;
            Ok(fact.name)
        })
        .await
}

fn said(fact: &Hosting) -> Value {
    let typed = Typed::of(fact);
    json!({
        "kind": typed.kind,
        "name": typed.name,
        "number": typed.number,
        "ends": typed.ends,
        "link": typed.link,
        "note": typed.note,
    })
}
