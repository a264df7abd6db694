//! The pages about backups, for operators.

mod destinations;
mod holds;
mod overview;
mod plan;

use crate::site::Site;
use crate::web::{self, Access, Right, Routes};

use super::Error;

pub fn routes(site: Site) -> Routes {
    let look = Access::Needs(Right::Operate);
    let sure = Access::Fresh(Right::Operate);
    Routes::default()
        .get("/backup", look, overview::show)
        .post("/backup/now", look, overview::now)
        .post("/backup/test", look, overview::test)
        .post("/backup/go-on", sure, overview::go_on)
        .post("/backup/clock", sure, overview::clock)
        .get("/backup/plan", look, plan::show)
        .post("/backup/plan", sure, plan::save)
        .post("/backup/recipients", sure, plan::add)
        .post("/backup/recipients/remove", sure, plan::remove)
        .get("/backup/destinations", look, destinations::show)
        .post("/backup/destinations", sure, destinations::add)
        .post(
            "/backup/destinations/{destination}/test",
            look,
            destinations::test,
        )
        .post(
            "/backup/destinations/{destination}/remove",
            sure,
            destinations::remove,
        )
        .get("/backup/holds", look, holds::show)
        .post("/backup/holds", sure, holds::open)
        .post("/backup/holds/{hold}/release", sure, holds::release)
        .with(site)
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::NoSuchDestination | Error::NoSuchHold | Error::NoSuchHolder => {
                web::Error::NotFound
            }
            Error::Io(error) => error.into(),
            Error::Folder(error) => web::Error::broken(error),
            Error::Site(error) => web::Error::broken(error),
            other => web::Error::Conflict(other.to_string()),
        }
    }
}
