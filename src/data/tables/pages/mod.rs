//! The pages where tables are made, looked at, changed and taken away.

mod browse;
mod cells;
mod list;
mod relations;
mod rows;
mod settings;

use std::sync::Arc;

use super::Table;
use crate::data::{Catalog, Data};
use crate::web::{self, Access, Right, Routes};
use crate::workspaces::Member;

const BUILD: Access = Access::Needs(Right::Build);
/// What takes a whole table out, or away.
const TAKE: Access = Access::Fresh(Right::Build);

/// The table of that name with the catalog it stands in, or nothing there.
async fn find(data: &Data, member: &Member, name: &str) -> web::Result<(Arc<Catalog>, Table)> {
    let catalog = data.catalog(member.workspace, &member.db).await?;
    let table = catalog.table(name).ok_or(web::Error::NotFound)?.clone();
    Ok((catalog, table))
}

pub(in crate::data) fn routes(data: Data) -> Routes {
    Routes::default()
        .get("/data", BUILD, list::list)
        .get("/data/new", BUILD, list::new)
        .post("/data/new", BUILD, list::make)
        .get("/data/{table}", BUILD, browse::browse)
        .get("/data/{table}/count", BUILD, browse::count)
        .get("/data/{table}/conditions", BUILD, browse::conditions)
        .get("/data/{table}/export.csv", TAKE, browse::csv)
        .get("/data/{table}/export.xlsx", TAKE, browse::xlsx)
        .get("/data/{table}/rows/new", BUILD, rows::new)
        .post("/data/{table}/rows/new", BUILD, rows::add)
        .post("/data/{table}/rows/delete", BUILD, rows::delete)
        .get("/data/{table}/rows/{key}", BUILD, rows::show)
        .post("/data/{table}/rows/{key}", BUILD, rows::change)
        .get("/data/{table}/rows/{key}/{column}", BUILD, cells::edit)
        .post("/data/{table}/rows/{key}/{column}", BUILD, cells::save)
        .get("/data/{table}/settings", BUILD, settings::show)
        .post("/data/{table}/title", BUILD, settings::retitle)
        .post("/data/{table}/columns", BUILD, settings::add_column)
        .post("/data/{table}/indexes", BUILD, settings::add_index)
        .post("/data/{table}/references", BUILD, relations::refer)
        .post("/data/{table}/references/find", BUILD, relations::find_all)
        .with(data)
}
