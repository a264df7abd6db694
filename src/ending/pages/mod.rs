//! The pages on which things are deleted, taken back, certified and returned.

mod delete;
mod deletion;
mod list;
mod proof;
mod returns;
mod taking;

use axum::extract::FromRef;

use crate::apps::Apps;
use crate::people::People;
use crate::site::Site;
use crate::web::{Access, Right, Routes};

use super::kinds::named;
use super::model::Ending;
use super::returns::Making;

/// What these pages lean on.
#[derive(Clone)]
pub struct Endings {
    pub apps: Apps,
    pub people: People,
    pub making: Making,
}

impl FromRef<Endings> for Site {
    fn from_ref(endings: &Endings) -> Site {
        endings.people.site.clone()
    }
}

impl Endings {
    fn site(&self) -> &Site {
        &self.people.site
    }

    /// Has everybody who remembers these things look anew.
    fn refresh(&self, all: &[Ending]) {
        for one in all {
            self.apps.changed(one.workspace, &one.object);
            self.apps.data.changed(one.workspace);
            if named(&one.kind).is_ok_and(super::kinds::Kind::is_everything) {
                self.people.sessions.forget_all_in(one.workspace);
                self.site().running.stop(&one.workspace.to_string());
            }
        }
    }
}

pub fn routes(endings: Endings) -> Routes {
    let (build, sure) = (Access::Needs(Right::Build), Access::Fresh(Right::Build));
    let (admin, operator) = (
        Access::Needs(Right::ManageMembers),
        Access::Needs(Right::Operate),
    );
    let (sure_admin, sure_operator) = (
        Access::Fresh(Right::ManageMembers),
        Access::Fresh(Right::Operate),
    );
    let mine = Access::OwnFresh;
    Routes::default()
        .get("/returns", Access::SignedIn, returns::list)
        .post("/returns", mine, returns::ask)
        .get("/returns/{return}", Access::SignedIn, returns::show)
        .get(
            "/returns/{return}/progress",
            Access::SignedIn,
            returns::progress,
        )
        .post("/returns/{return}/link", mine, returns::link)
        .post("/returns/{return}/remove", mine, returns::remove)
        .get("/take/{link}", Access::Open, taking::show)
        .post("/take/{link}", Access::Open, taking::take)
        .get("/delete/{kind}/{object}", build, delete::show)
        .post("/delete/{kind}/{object}", sure, delete::ask)
        .get("/delete/workspace", admin, delete::own)
        .post("/delete/workspace", sure_admin, delete::ask_own)
        .get("/workspaces/{workspace}/delete", operator, delete::other)
        .post(
            "/workspaces/{workspace}/delete",
            sure_operator,
            delete::ask_other,
        )
        .get("/deleting", Access::SignedIn, list::show)
        .get("/deleting/{ending}", Access::SignedIn, proof::show)
        .get(
            "/deleting/{ending}/certificate.json",
            Access::SignedIn,
            proof::json,
        )
        .post("/deleting/{ending}/undo", build, list::undo)
        .get("/deletion", operator, deletion::show)
        .post("/deletion", sure_operator, deletion::save)
        .post("/deletion/clock", sure_operator, deletion::believe)
        .get("/deletion/{ending}", operator, proof::of_instance)
        .get(
            "/deletion/{ending}/certificate.json",
            operator,
            proof::json_of_instance,
        )
        .post("/deletion/{ending}/undo", operator, deletion::undo)
        .with(endings)
}
