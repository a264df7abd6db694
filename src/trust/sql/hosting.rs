//! What the operator says about where this runs.

use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
};
use crate::trust::hosting::{FactId, Hosting, Kind, NewFact};

pub(in crate::trust) fn hosting(conn: &Connection) -> Result<Vec<Hosting>, Error> {
    let mut list = conn.prepare_cached(
        "select id, kind, name, number, ends, link, note from hosting_fact order by kind, name, id",
    )?;
    let facts = list.query_map([], read)?;
    Ok(facts.collect::<Result<_, _>>()?)
}

pub(in crate::trust) fn fact(conn: &Connection, id: FactId) -> Result<Hosting, Error> {
    let mut find = conn.prepare_cached(
        "select id, kind, name, number, ends, link, note from hosting_fact where id = :id",
    )?;
    let found = find.query_row(named_params! { ":id": id }, read);
    found.optional()?.ok_or(Error::NotFound)
}

fn read(row: &Row<'_>) -> SqlResult<Hosting> {
    let kind: String = row.get("kind")?;
    Ok(Hosting {
        id: row.get("id")?,
        kind: Kind::named(&kind).unwrap_or(Kind::Other),
        name: row.get("name")?,
        number: row.get("number")?,
        ends: row.get::<_, Option<i64>>("ends")?.map(Time),
        link: row.get("link")?,
        note: row.get("note")?,
    })
}

pub(in crate::trust) fn add_fact(
    tx: &Transaction<'_>,
    (id, new): (FactId, &NewFact),
    (now, by): (Time, &str),
) -> Result<(), Error> {
    tx.execute(
        "insert into hosting_fact (id, kind, name, number, ends, link, note, changed, changed_by)
         values (:id, :kind, :name, :number, :ends, :link, :note, :now, :by)",
        named_params! {
            ":id": id,
            ":kind": new.kind.name(),
            ":name": new.name,
            ":number": new.number,
            ":ends": new.ends.map(|ends| ends.0),
            ":link": new.link,
            ":note": new.note,
            ":now": now.0,
            ":by": by,
        },
    )?;
    Ok(())
}

pub(in crate::trust) fn set_fact(
    tx: &Transaction<'_>,
    (id, new): (FactId, &NewFact),
    (now, by): (Time, &str),
) -> Result<usize, Error> {
    Ok(tx.execute(
        "update hosting_fact set kind = :kind, name = :name, number = :number, ends = :ends,
                link = :link, note = :note, changed = :now, changed_by = :by
         where id = :id",
        named_params! {
            ":id": id,
            ":kind": new.kind.name(),
            ":name": new.name,
            ":number": new.number,
            ":ends": new.ends.map(|ends| ends.0),
            ":link": new.link,
            ":note": new.note,
            ":now": now.0,
            ":by": by,
        },
    )?)
}

pub(in crate::trust) fn drop_fact(tx: &Transaction<'_>, id: FactId) -> Result<usize, Error> {
    Ok(tx.execute(
        "delete from hosting_fact where id = :id",
        named_params! { ":id": id },
    )?)
}
