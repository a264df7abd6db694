//! The pages of databases elsewhere: named and tried by admins, looked at by builders.

mod edit;
mod list;
mod tables;

use crate::data::Data;
use crate::web::{Access, Right, Routes};

const BUILD: Access = Access::Needs(Right::Build);
const ADMIN: Access = Access::Needs(Right::ManageMembers);
/// Whoever enters where a password goes proved a moment ago who they are.
const SURE: Access = Access::Fresh(Right::ManageMembers);

pub(in crate::data) fn routes(data: Data) -> Routes {
    Routes::default()
        .get("/sources", BUILD, list::list)
        .get("/sources/new", ADMIN, edit::new)
        .get("/sources/{source}", ADMIN, edit::show)
        .get("/sources/{source}/tables", BUILD, tables::show)
        .post("/sources", SURE, edit::add)
        .post("/sources/{source}", SURE, edit::save)
        .post("/sources/{source}/test", ADMIN, edit::test)
        .post("/sources/{source}/delete", SURE, edit::delete)
        .with(data)
}
