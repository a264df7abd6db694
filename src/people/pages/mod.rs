//! The pages where people come in, look after their account and each other.

mod account;
mod entering;
mod groups;
mod identify;
mod member;
mod members;

use axum::extract::FromRef;

use super::{Passwords, Sessions, throttle::Throttle};
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
}

impl People {
    pub fn new(site: Site) -> People {
        People {
            site,
            sessions: Sessions::default(),
            passwords: Passwords::default(),
            throttle: std::sync::Arc::default(),
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
        .post(
            "/account/keys",
            Access::Needs(Right::UseApps),
            account::add_key,
        )
        .post(
            "/account/keys/{key}/revoke",
            Access::Needs(Right::UseApps),
            account::revoke_key,
        )
        .and(belonging())
        .get(
            "/members",
            Access::Needs(Right::ReadSettings),
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
        .with(people)
}

/// Groups, and the page of one member.
fn belonging() -> Routes<People> {
    let (read, change) = (
        Access::Needs(Right::ReadSettings),
        Access::Needs(Right::ManageMembers),
    );
    Routes::default()
        .get("/groups", read, groups::list)
        .post("/groups", change, groups::make)
        .get("/groups/{group}", read, groups::show)
        .post("/groups/{group}/rename", change, groups::rename)
        .post("/groups/{group}/delete", change, groups::delete)
        .post("/groups/{group}/members", change, groups::join)
        .post(
            "/groups/{group}/members/{user}/remove",
            change,
            groups::leave,
        )
        .get("/members/{user}", read, member::show)
        .post("/members/{user}/groups", change, member::groups)
        .post("/members/{user}/attributes", change, member::attributes)
}
