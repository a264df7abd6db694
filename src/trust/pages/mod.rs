//! The pages about promises: how they stand, who answered for what, and the proof.

mod evidence;
mod hosting;
mod promises;
mod reading;
mod reviews;
mod scan;
mod shared;

pub use scan::PUBLIC;
pub(super) use scan::scan;

use axum::Router;
use axum::extract::FromRef;

use super::checks;
use super::facts::Facts;
use super::finding::Found;
use super::packing::{self, Making};
use super::parts::{Packing, Purpose};
use crate::base::Time;
use crate::journal::Actor;
use crate::people::People;
use crate::site::Site;
use crate::store;
use crate::web::{Access, Right, Route, Routes};

/// What the server answers, as the floor above puts it together: asked when it is
/// needed, so that nothing here holds on to it.
#[derive(Clone, Copy)]
pub struct Surface {
    pub map: fn(&People) -> Vec<Route>,
    pub router: fn(&People) -> Router,
}

/// What the pages about promises need.
#[derive(Clone)]
pub struct Trust {
    people: People,
    surface: Surface,
}

impl Trust {
    pub fn new(people: People, surface: Surface) -> Trust {
        Trust { people, surface }
    }

    pub fn site(&self) -> &Site {
        &self.people.site
    }

    pub fn routes(&self) -> Vec<Route> {
        let mut map = (self.surface.map)(&self.people);
        map.sort_by(|a, b| (a.path, a.method.as_str()).cmp(&(b.path, b.method.as_str())));
        map
    }

    /// A pack of the days until now, for the console.
    pub async fn pack(
        &self,
        purpose: Purpose,
        days: i64,
        actor: Actor,
    ) -> Result<Making, store::Error> {
        let (site, to) = (self.site().clone(), self.site().clock.now());
        let facts = Facts::of(&site, false).await?;
        let packing = Packing {
            site,
            purpose,
            from: to.plus(-days * Time::DAY),
            to,
            found: checks::look(&facts),
            routes: self.routes(),
        };
        packing::begin(packing, actor).await
    }

    /// Everything that can be seen from the serving process, looked at now.
    async fn found(&self) -> Result<Vec<Found>, store::Error> {
        Ok(checks::look(&Facts::of(self.site(), true).await?))
    }
}

impl FromRef<Trust> for Site {
    fn from_ref(trust: &Trust) -> Site {
        trust.site().clone()
    }
}

pub fn routes(trust: Trust) -> Routes {
    let (operate, sure) = (Access::Needs(Right::Operate), Access::Fresh(Right::Operate));
    let audit = Access::Needs(Right::ReadAudit);
    Routes::default()
        .get("/security", operate, promises::show)
        .post("/security/look", operate, promises::look)
        .get("/security/register", operate, reading::register)
        .get("/security/document", operate, reading::document)
        .get("/security/reviews", operate, reviews::list)
        .post("/security/reviews", sure, reviews::sign)
        .get("/security/reviews/{review}", operate, reviews::show)
        .get("/security/hosting", operate, hosting::list)
        .post("/security/hosting", operate, hosting::add)
        .get("/security/hosting/{fact}", operate, hosting::show)
        .post("/security/hosting/{fact}", operate, hosting::change)
        .post("/security/hosting/{fact}/delete", operate, hosting::delete)
        .get("/security/evidence", operate, evidence::show)
        .post("/security/evidence", sure, evidence::make)
        .post("/security/support", sure, evidence::support)
        .get("/promises", audit, shared::show)
        .post(
            "/promises/evidence",
            Access::Fresh(Right::ReadAudit),
            shared::make,
        )
        .with(trust)
}
