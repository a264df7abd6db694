//! The pages where people come in, look after their account and each other.

mod account;
mod entering;
mod identify;
mod keys;
mod members;

use axum::extract::FromRef;

use super::{Passwords, Sessions, refusals::Refusals, throttle::Throttle};
use crate::site::Site;
use crate::web::{Access, Right, Routes};

pub use identify::identify;

/// What the pages about people need.
#[derive(Clone, FromRef)]
pub struct People {
    pub site: Site,
    pub sessions: Sessions,
    pub passwords: Passwords,
    pub(super) throttle: std::sync::Arc<Throttle>,
    pub(super) refusals: std::sync::Arc<Refusals>,
}

impl People {
    pub fn new(site: Site) -> People {
        People {
            site,
            sessions: Sessions::default(),
            passwords: Passwords::default(),
            throttle: std::sync::Arc::default(),
            refusals: std::sync::Arc::default(),
        }
    }
}

pub fn routes(people: People) -> Routes {
    Routes::default()
        .get("/set-up", Access::Open, entering::set_up)
        .post("/set-up", Access::Open, entering::do_set_up)
        .get("/sign-in", Access::Open, entering::sign_in)
        .post("/sign-in", Access::Open, entering::do_sign_in)
        .get("/link/{link}", Access::Open, entering::link)
        .post("/link/{link}", Access::Open, entering::take_link)
        .post("/sign-out", Access::SignedIn, entering::sign_out)
        .get("/account", Access::SignedIn, account::show)
        .post("/account/password", Access::SignedIn, account::password)
        .post("/account/sessions/end", Access::SignedIn, account::end_all)
        .post(
            "/account/sessions/{session}/end",
            Access::SignedIn,
            account::end_one,
        )
        .get(
            "/members",
            Access::Needs(Right::ManageMembers),
            members::list,
        )
        .post(
            "/members",
            Access::Needs(Right::ManageMembers),
            members::invite,
        )
        .post(
            "/members/{user}/role",
            Access::Needs(Right::ManageMembers),
            members::role,
        )
        .post(
            "/members/{user}/disable",
            Access::Needs(Right::ManageMembers),
            members::disable,
        )
        .post(
            "/members/{user}/enable",
            Access::Needs(Right::ManageMembers),
            members::enable,
        )
        .post(
            "/members/{user}/link",
            Access::Needs(Right::ManageMembers),
            members::link,
        )
        .and(keys::routes())
        .with(people)
}
