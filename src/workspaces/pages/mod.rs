//! The pages about workspaces, and the extractor that opens a member's own.

mod member;
mod offers;
mod stays;
mod workspaces;

use crate::people::People;
use crate::web::{Access, Right, Routes};

pub use member::Member;

pub fn routes(people: People) -> Routes {
    let (operator, sure, admin) = (
        Access::Needs(Right::Operate),
        Access::Fresh(Right::Operate),
        Access::Needs(Right::ManageMembers),
    );
    Routes::default()
        .get("/workspaces", operator, workspaces::list)
        .post("/workspaces", operator, workspaces::make)
        .post(
            "/workspaces/{workspace}/rename",
            operator,
            workspaces::rename,
        )
        .post("/workspaces/{workspace}/close", sure, workspaces::close)
        .post("/workspaces/{workspace}/open", operator, workspaces::open)
        .get("/workspaces/{workspace}/break-glass", operator, stays::form)
        .post("/workspaces/{workspace}/break-glass", sure, stays::ask)
        .get("/workspaces/break-glass", operator, stays::of_everybody)
        .post(
            "/workspaces/break-glass/{stay}/agree",
            operator,
            stays::agree_as_operator,
        )
        .post(
            "/workspaces/break-glass/{stay}/end",
            operator,
            stays::end_as_operator,
        )
        .get("/members/break-glass", admin, offers::page)
        .post("/members/break-glass/second", admin, offers::second)
        .post("/members/break-glass/offers", admin, offers::offer)
        .post(
            "/members/break-glass/offers/{offer}/end",
            admin,
            offers::end_offer,
        )
        .post(
            "/members/break-glass/stays/{stay}/agree",
            admin,
            stays::agree_as_admin,
        )
        .post(
            "/members/break-glass/stays/{stay}/end",
            admin,
            stays::end_as_admin,
        )
        .with(people)
}
