//! The pages where an app is shared, and where it is told who may do what.

mod door;
mod explain;
mod share;

pub(in crate::apps) use door::{MayEdit, MayLook, MayPublish};

use crate::apps::Apps;
use crate::web::{Access, Right, Routes};

pub(in crate::apps) fn routes() -> Routes<Apps> {
    let build = Access::Needs(Right::Build);
    Routes::default()
        .get("/apps/{app}/sharing", build, share::show)
        .post("/apps/{app}/sharing", build, share::save)
        .get(
            "/members/{user}/access",
            Access::Needs(Right::ReadSettings),
            explain::show,
        )
}
