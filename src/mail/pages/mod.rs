//! The pages about mail: the server that takes it, and the queue.

mod queue;
mod server;

use crate::site::Site;
use crate::web::{Access, Right, Routes};

pub fn routes(site: Site) -> Routes {
    let (operate, sure) = (Access::Needs(Right::Operate), Access::Fresh(Right::Operate));
    Routes::default()
        .get("/mail", operate, queue::list)
        .post("/mail/letters/{letter}/resend", operate, queue::resend)
        .post("/mail/letters/{letter}/discard", operate, queue::discard)
        .get("/mail/server", operate, server::show)
        .post("/mail/server", sure, server::save)
        .post("/mail/server/stop", sure, server::stop)
        .with(site)
}
