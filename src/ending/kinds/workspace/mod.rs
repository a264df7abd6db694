//! A whole workspace: its file and the key of that, its uploads, and every row
//! of the accounts database that is of it. What slices come to keep there goes
//! too, when it has a column `workspace`.

mod sql;

use super::{Bars, Home, Kind, Place, Step};
use crate::ending::model::{Counts, Ending, Error, Preview, Thing};
use crate::ending::sql::{Kept, forget_kept, park};
use crate::site::Site;
use crate::store::{ToSql, Transaction};
use crate::web::{Right, WorkspaceId};

const WHICH: &str = "id = :workspace";

pub(super) struct Workspace;

pub(super) static KIND: Workspace = Workspace;

impl Kind for Workspace {
    fn name(&self) -> &'static str {
        "workspace"
    }

    fn noun(&self) -> &'static str {
        "workspace"
    }

    fn method(&self) -> &'static str {
        "The key of its file destroyed, the file and its uploads unlinked, its rows taken out of the accounts database, whose freed pages are overwritten with zeros"
    }

    fn home(&self) -> Home {
        Home::System
    }

    fn right(&self) -> Right {
        Right::ManageMembers
    }

    fn bars(&self) -> Bars {
        Bars::Visitors
    }

    fn is_everything(&self) -> bool {
        true
    }

    fn page(&self, _: &str) -> String {
        "/returns".to_owned()
    }

    fn all(&self, place: &Place<'_>) -> Result<Vec<Thing>, Error> {
        Ok(sql::workspace(place.system, place.workspace)?)
    }

    fn typed<'a>(&self, thing: &'a Thing) -> &'a str {
        &thing.title
    }

    fn preview(&self, place: &Place<'_>, _: &Thing) -> Result<Preview, Error> {
        let mut goes = sql::parts(place.system, place.workspace)?;
        if let Some(data) = place.data {
            let (mut tables, mut rows) = (0, 0);
            for table in super::table::all(data)? {
                tables += 1;
                rows += super::table::rows(data, &table.object)?;
            }
            goes.insert(0, ("Tables", tables));
            goes.insert(1, ("Rows", rows));
        }
        Ok(Preview {
            goes,
            used: sql::used(place.system, place.workspace)?,
            ..Preview::default()
        })
    }

    /// It is closed: nobody comes in, and nothing in it changes.
    fn hide(&self, tx: &Transaction<'_>, one: &Ending) -> Result<bool, Error> {
        let values: &[(&str, &dyn ToSql)] = &[(":workspace", &one.workspace)];
        park(tx, (Kept::System, one.id), "workspace", (WHICH, values))?;
        sql::close(tx, one.workspace, one.asked)?;
        Ok(true)
    }

    fn restore(&self, tx: &Transaction<'_>, one: &Ending) -> Result<bool, Error> {
        sql::reopen(tx, one.workspace, one.id)?;
        forget_kept(tx, (Kept::System, one.id), None)?;
        Ok(true)
    }

    fn destroy(&self, tx: &Transaction<'_>, one: &Ending) -> Result<Counts, Error> {
        let counts = sql::destroy(tx, one.workspace)?;
        forget_kept(tx, (Kept::System, one.id), None)?;
        Ok(counts)
    }

    fn remains(&self, site: &Site, one: &Ending) -> Result<Option<String>, Error> {
        let file = one.workspace.to_string();
        if site.files.is_there(&file)? {
            return Ok(Some("its file or the key of it".to_owned()));
        }
        let workspace = one.workspace;
        let left = site.system.read_now(move |conn| sql::left(conn, workspace))?;
        Ok((!left.is_empty()).then(|| format!("rows in {}", left.join(", "))))
    }

    fn sweep(&self, site: &Site, workspace: WorkspaceId) -> Result<(), Error> {
        let known = site.system.read_now(move |conn| sql::workspace(conn, workspace))?;
        if known.is_empty() {
            site.files.destroy(&workspace.to_string())?;
        }
        Ok(())
    }

    fn beside(&self, site: &Site, one: &Ending, step: Step) -> Result<(), Error> {
        let file = one.workspace.to_string();
        match step {
            // What its journal tells is carried into the chain before it goes.
            Step::BeforeDestroying if site.files.is_there(&file)? => {
                site.files.open(&file)?;
            }
            Step::Destroyed => site.files.destroy(&file)?,
            _ => {}
        }
        Ok(())
    }
}
