//! The pages where people come in, look after their account and each other.

mod account;
mod breakable;
mod bulk;
mod entering;
mod factors;
mod groups;
mod identify;
mod keys;
mod member;
mod members;
mod passkeys;
mod places;
mod proving;
mod rules;
mod second;

use std::sync::Arc;

use axum::extract::FromRef;

use super::factors::{Ceremony, Seed};
use super::{Passwords, Sessions, federation, refusals::Refusals, review, throttle::Throttle};
use crate::base::{Expiring, Time};
use crate::site::Site;
use crate::web::{Access, Kept, Right, Routes};

pub(super) use entering::{go_in, safe};
pub use identify::identify;

/// For how long what was begun can be finished.
const PATIENCE: i64 = 10 * Time::MINUTE;
/// How much may be begun at once, by strangers too.
const BEGUN: usize = 2_000;

/// What the pages about people need.
#[derive(Clone, FromRef)]
pub struct People {
    pub site: Site,
    pub sessions: Sessions,
    pub passwords: Passwords,
    pub(super) throttle: Arc<Throttle>,
    /// Forms that wait for a proof.
    pub(super) kept: Kept,
    /// Seeds of apps that are being set up.
    pub(super) seeds: Arc<Expiring<String, Seed>>,
    /// Passkeys that are being made or shown.
    pub(super) ceremonies: Arc<Expiring<String, Ceremony>>,
    pub(super) federation: federation::Memory,
    pub(super) refusals: Arc<Refusals>,
}

impl People {
    pub fn new(site: Site) -> People {
        People {
            kept: Kept::new(site.clock.clone()),
            site,
            sessions: Sessions::default(),
            passwords: Passwords::default(),
            throttle: Arc::default(),
            seeds: Arc::new(Expiring::new(PATIENCE, BEGUN)),
            ceremonies: Arc::new(Expiring::new(PATIENCE, BEGUN)),
            federation: federation::Memory::default(),
            refusals: Arc::default(),
        }
    }
}

pub fn routes(people: People) -> Routes {
    door()
        .and(own_account())
        .and(members_and_rules())
        .and(belonging())
        .and(keys::routes())
        .with(people.clone())
        .and(federation::routes(people))
}

/// The ways in and out.
fn door() -> Routes<People> {
    Routes::default()
        .get("/set-up", Access::Open, entering::set_up)
        .post("/set-up", Access::Open, entering::do_set_up)
        .get("/sign-in", Access::Open, entering::sign_in)
        .post("/sign-in", Access::Open, entering::do_sign_in)
        .get("/sign-in/second", Access::Open, second::show)
        .post("/sign-in/second", Access::Open, second::take)
        .post("/sign-in/passkey/begin", Access::Open, passkeys::begin)
        .post("/sign-in/passkey", Access::Open, passkeys::enter)
        .get("/link/{link}", Access::Open, entering::link)
        .post("/link/{link}", Access::Open, entering::take_link)
        .post("/sign-out", Access::Session, entering::sign_out)
        .get("/locked", Access::Session, proving::locked)
        .post("/locked", Access::Session, proving::unlock)
        .post("/locked/passkey", Access::Session, passkeys::prove)
        .get("/confirm-it-is-you", Access::Own, proving::confirm)
        .post("/confirm-it-is-you", Access::Own, proving::do_confirm)
        .get("/confirm-it-is-you/go-on", Access::Own, proving::go_on)
}

fn own_account() -> Routes<People> {
    Routes::default()
        .get("/account", Access::Own, account::show)
        .post("/account/password", Access::Own, account::password)
        .post("/account/sessions/end", Access::Own, account::end_all)
        .post(
            "/account/sessions/{session}/end",
            Access::Own,
            account::end_one,
        )
        .get("/account/factors", Access::Own, factors::show)
        .post("/account/factors/app", Access::OwnFresh, factors::add_app)
        .post(
            "/account/factors/app/remove",
            Access::OwnFresh,
            factors::remove_app,
        )
        .post(
            "/account/factors/codes",
            Access::OwnFresh,
            factors::make_codes,
        )
        .post(
            "/account/passkeys/begin",
            Access::OwnFresh,
            passkeys::begin_new,
        )
        .post("/account/passkeys", Access::OwnFresh, passkeys::add)
        .post(
            "/account/passkeys/{key}/rename",
            Access::Own,
            factors::rename_passkey,
        )
        .post(
            "/account/passkeys/{key}/remove",
            Access::OwnFresh,
            factors::remove_passkey,
        )
        .get("/workspace", Access::SignedIn, places::choose)
        .post("/workspace/switch", Access::SignedIn, places::switch)
        .get("/invitation/{link}", Access::SignedIn, places::invitation)
        .post("/invitation/{link}", Access::SignedIn, places::join)
}

fn members_and_rules() -> Routes<People> {
    let (admin, sure) = (
        Access::Needs(Right::ManageMembers),
        Access::Fresh(Right::ManageMembers),
    );
    Routes::default()
        .get(
            "/members",
            Access::Needs(Right::ReadSettings),
            members::list,
        )
        .post("/members", admin, members::invite)
        .get("/members/import", admin, bulk::page)
        .post("/members/import", admin, bulk::preview)
        .post("/members/import/invite", sure, bulk::invite)
        .post("/members/disable", sure, members::disable_many)
        .post("/members/enable", admin, members::enable_many)
        .post("/members/{user}/role", sure, members::role)
        .post("/members/{user}/disable", sure, members::disable)
        .post("/members/{user}/enable", admin, members::enable)
        .post("/members/{user}/link", admin, members::link)
        .post("/members/{user}/factors/reset", sure, rules::reset_factors)
        .get("/sign-in-rules", admin, rules::show)
        .post("/sign-in-rules", sure, rules::save)
        .and(review::routes())
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
