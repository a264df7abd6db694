//! The inbox, one alert, and who is told.

mod alert;
mod delivery;
mod inbox;

use crate::site::Site;
use crate::web::{Access, Right, Routes};

pub fn routes(site: Site) -> Routes {
    let (admin, operate, sure) = (
        Access::Needs(Right::ManageMembers),
        Access::Needs(Right::Operate),
        Access::Fresh(Right::Operate),
    );
    Routes::default()
        .get("/alerts", admin, inbox::workspace)
        .get("/alerts/{alert}", admin, alert::workspace)
        .post("/alerts/{alert}", admin, alert::handle_workspace)
        .get("/alerts/instance", operate, inbox::instance)
        .get("/alerts/instance/{alert}", operate, alert::instance)
        .post("/alerts/instance/{alert}", operate, alert::handle_instance)
        .get("/alerts/delivery", operate, delivery::show)
        .post("/alerts/delivery", sure, delivery::add)
        .post("/alerts/delivery/{target}/test", operate, delivery::test)
        .post("/alerts/delivery/{target}/remove", sure, delivery::remove)
        .with(site)
}
