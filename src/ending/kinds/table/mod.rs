//! A table people made: its rows, its columns, its policy. While it can be had
//! back it stands under another name, which no query may say.

mod sql;

use super::{Bars, Home, Kind, Place, is_it, look_now};
use crate::data::tables::add_index;
use crate::ending::model::{Counts, Ending, EndingId, Error, Preview, Thing};
use crate::ending::sql::{Kept, forget_kept, kept_places, park, restore};
use crate::site::Site;
use crate::store::{ToSql, Transaction};
use crate::web::Right;

pub(super) use sql::{rows, tables as all};

pub(super) struct Table;

pub(super) static KIND: Table = Table;

/// Where what is said of a table stands, parents first, and by which column.
const SAID: [(&str, &str); 3] = [
    ("_table", "name = :table"),
    ("_column", "\"table\" = :table"),
    ("_policy", "\"table\" = :table"),
];
/// Under this the columns of its indexes are kept.
const INDEXES: &str = "index";

/// What the table is called meanwhile.
fn aside(id: EndingId) -> String {
    let id = id.to_string();
    format!("_ending_{}", &id[id.len() - 12..])
}

impl Kind for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    fn noun(&self) -> &'static str {
        "table"
    }

    fn method(&self) -> &'static str {
        "Dropped from the workspace's database, whose freed pages are overwritten with zeros"
    }

    fn home(&self) -> Home {
        Home::Workspace
    }

    fn right(&self) -> Right {
        Right::Build
    }

    fn bars(&self) -> Bars {
        Bars::Policies
    }

    fn page(&self, object: &str) -> String {
        format!("/data/{object}/settings")
    }

    fn all(&self, place: &Place<'_>) -> Result<Vec<Thing>, Error> {
        match place.data {
            Some(data) => Ok(sql::tables(data)?),
            None => Ok(Vec::new()),
        }
    }

    fn preview(&self, place: &Place<'_>, thing: &Thing) -> Result<Preview, Error> {
        let data = place.data.ok_or(Error::Missing)?;
        let apps = super::app::that_use(place, &thing.object)?.into_iter();
        let apps = apps.map(|title| ("App", title));
        let queries = sql::queries(place.system, place.workspace)?.into_iter();
        let queries = queries.filter(|(_, text)| super::uses::tables(text).contains(&thing.object));
        let queries = queries.map(|(name, _)| ("Saved query", name));
        Ok(Preview {
            goes: vec![
                ("Rows", rows(data, &thing.object)?),
                ("Columns", sql::columns(data, &thing.object)?),
            ],
            breaks: apps.chain(queries).collect(),
            ..Preview::default()
        })
    }

    fn hide(&self, tx: &Transaction<'_>, one: &Ending) -> Result<bool, Error> {
        let (name, aside) = (one.object.as_str(), aside(one.id));
        let is_known = sql::tables(tx)?.iter().any(|thing| is_it(one, thing));
        if sql::is_there(tx, &aside)? || !is_known {
            return Ok(false);
        }
        for column in sql::drop_indexes(tx, name)? {
            sql::keep(tx, one.id, INDEXES, &column)?;
        }
        let values: &[(&str, &dyn ToSql)] = &[(":table", &name)];
        for (place, which) in SAID {
            park(tx, (Kept::Workspace, one.id), place, (which, values))?;
        }
        sql::forget(tx, name)?;
        sql::rename(tx, name, &aside)?;
        Ok(true)
    }

    fn restore(&self, tx: &Transaction<'_>, one: &Ending) -> Result<bool, Error> {
        let (name, aside) = (one.object.as_str(), aside(one.id));
        if !sql::is_there(tx, &aside)? {
            return Ok(false);
        }
        if sql::is_known(tx, name)? || sql::is_there(tx, name)? {
            return Err(Error::Replaced {
                kind: "table",
                name: name.to_owned(),
            });
        }
        sql::rename(tx, &aside, name)?;
        let kept = (Kept::Workspace, one.id);
        for (place, _) in SAID {
            restore(tx, kept, place)?;
        }
        for column in sql::kept(tx, one.id, INDEXES)? {
            add_index(tx, name, &column)?;
        }
        forget_kept(tx, kept, None)?;
        Ok(true)
    }

    fn destroy(&self, tx: &Transaction<'_>, one: &Ending) -> Result<Counts, Error> {
        self.hide(tx, one)?;
        let (aside, mut counts) = (aside(one.id), Counts::new());
        if sql::is_there(tx, &aside)? {
            counts.insert("tables".to_owned(), 1);
            counts.insert("rows".to_owned(), rows(tx, &aside)?);
        }
        for (place, many) in kept_places(tx, Kept::Workspace, one.id)? {
            let word = match place.as_str() {
                "_column" => "columns",
                "_policy" => "policies",
                INDEXES => "indexes",
                _ => continue,
            };
            counts.insert(word.to_owned(), many);
        }
        sql::drop_table(tx, &aside)?;
        sql::unrefer(tx, &one.object)?;
        forget_kept(tx, (Kept::Workspace, one.id), None)?;
        Ok(counts)
    }

    fn remains(&self, site: &Site, one: &Ending) -> Result<Option<String>, Error> {
        look_now(site, one.workspace, |place| {
            let Some(data) = place.data else {
                return Ok(None);
            };
            let is_there = sql::is_there(data, &aside(one.id))?
                || sql::tables(data)?.iter().any(|thing| is_it(one, thing))
                || !kept_places(data, Kept::Workspace, one.id)?.is_empty();
            Ok(is_there.then(|| "rows of the table".to_owned()))
        })
    }
}
