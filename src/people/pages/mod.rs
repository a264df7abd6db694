//! The pages where people come in, look after their account and each other.

mod account;
mod breakable;
mod bulk;
mod entering;
mod identify;
mod members;
mod places;

use axum::extract::FromRef;

use super::{Passwords, Sessions, review, throttle::Throttle};
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
        .get("/workspace", Access::SignedIn, places::choose)
        .post("/workspace/switch", Access::SignedIn, places::switch)
        .get("/invitation/{link}", Access::SignedIn, places::invitation)
        .post("/invitation/{link}", Access::SignedIn, places::join)
        .and(of_members())
        .and(review::routes())
        .with(people)
}

fn of_members() -> Routes<People> {
    let admin = Access::Needs(Right::ManageMembers);
    Routes::default()
        .get("/members", admin, members::list)
        .post("/members", admin, members::invite)
        .get("/members/import", admin, bulk::page)
        .post("/members/import", admin, bulk::preview)
        .post("/members/import/invite", admin, bulk::invite)
        .post("/members/disable", admin, members::disable_many)
        .post("/members/enable", admin, members::enable_many)
        .post("/members/{user}/role", admin, members::role)
        .post("/members/{user}/disable", admin, members::disable)
        .post("/members/{user}/enable", admin, members::enable)
        .post("/members/{user}/link", admin, members::link)
}
