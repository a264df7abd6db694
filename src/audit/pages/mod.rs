//! The pages of the trail.

mod export;
mod forwarding;
mod list;
mod notice;
mod record;
mod settings;
mod views;

use crate::site::Site;
use crate::web::{Access, Right, Routes};

pub use notice::notice;

pub fn routes(site: Site) -> Routes {
    let (read, operate, change) = (
        Access::Needs(Right::ReadAudit),
        Access::Needs(Right::Operate),
        Access::Fresh(Right::Operate),
    );
    Routes::default()
        .get("/audit", read, list::workspace)
        .get("/audit/record/{seq}", read, record::workspace)
        .get("/audit/export/{format}", read, export::workspace)
        .post("/audit/views", read, views::keep)
        .post("/audit/views/delete", read, views::delete)
        .get("/audit/instance", operate, list::instance)
        .get("/audit/instance/record/{seq}", operate, record::instance)
        .get("/audit/instance/export/{format}", operate, export::instance)
        .get("/audit/settings", operate, settings::show)
        .post("/audit/settings", change, settings::change)
        .post("/audit/sign", operate, settings::sign)
        .get("/audit/forwarding", operate, forwarding::show)
        .post("/audit/forwarding", change, forwarding::save)
        .post("/audit/forwarding/stop", change, forwarding::stop)
        .post("/audit/forwarding/journald", change, forwarding::journald)
        .with(site)
}
