//! The pages for whoever runs the server.

mod keys;
mod limits;
mod server;

use crate::site::Site;
use crate::web::{Access, Right, Routes};

pub fn routes(site: Site) -> Routes {
    Routes::default()
        .get(
            "/security/server",
            Access::Needs(Right::Operate),
            server::security,
        )
        .post(
            "/security/transport",
            Access::Fresh(Right::Operate),
            server::transport,
        )
        .get(
            "/.well-known/security.txt",
            Access::Open,
            server::security_txt,
        )
        .get("/security/keys", Access::Needs(Right::Operate), keys::show)
        .post(
            "/security/keys/change",
            Access::Fresh(Right::Operate),
            keys::change,
        )
        .get(
            "/security/limits",
            Access::Needs(Right::Operate),
            limits::list,
        )
        .get(
            "/security/limits/{workspace}",
            Access::Needs(Right::Operate),
            limits::show,
        )
        .post(
            "/security/limits/{workspace}",
            Access::Needs(Right::Operate),
            limits::set,
        )
        .get("/trust", Access::Open, server::trust)
        .get("/trust/root.crt", Access::Open, server::root)
        .with(site)
}
