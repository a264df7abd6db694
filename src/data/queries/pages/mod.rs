//! The pages where queries are written, tried and kept.

mod desk;
mod elsewhere;
mod list;
mod run;
mod whither;

use crate::data::Data;
use crate::web::{Access, Right, Routes};

const BUILD: Access = Access::Needs(Right::Build);

pub(in crate::data) fn routes(data: Data) -> Routes {
    Routes::default()
        .get("/queries", BUILD, list::list)
        .get("/queries/new", BUILD, desk::new)
        .get("/queries/schema", BUILD, desk::schema)
        .get("/queries/stopped", BUILD, run::stopped)
        .get("/queries/{name}", BUILD, desk::show)
        .post("/queries/params", BUILD, desk::params)
        .post("/queries/check", BUILD, run::check)
        .post("/queries/run", BUILD, run::run)
        .post("/queries/plan", BUILD, run::plan)
        .post("/queries/export", Access::Fresh(Right::Build), run::export)
        .post("/queries/save", BUILD, desk::save)
        .post("/queries/{name}/delete", BUILD, desk::delete)
        .with(data)
}
