//! The pages of sign-in methods, for operators; and the way through a
//! provider, for everybody.

mod coming;
mod editing;
mod list;

use crate::people::pages::People;
use crate::web::{Access, Right, Routes};

pub(in crate::people) fn routes(people: People) -> Routes {
    let (operators, change) = (Access::Needs(Right::Operate), Access::Fresh(Right::Operate));
    Routes::default()
        .get("/sign-in/with/{method}", Access::Open, coming::leave)
        .get("/sign-in/back/{method}", Access::Open, coming::come_back)
        .get("/sign-in-methods", operators, list::list)
        .get("/sign-in-methods/new", operators, editing::new)
        .post("/sign-in-methods/new", change, editing::add)
        .get("/sign-in-methods/{method}", operators, editing::show)
        .post("/sign-in-methods/{method}", change, editing::save)
        .post("/sign-in-methods/{method}/switch", change, list::switch)
        .post("/sign-in-methods/{method}/test", operators, editing::test)
        .post("/sign-in-methods/{method}/delete", change, list::delete)
        .post("/sign-in-methods/{method}/places", change, editing::place)
        .post(
            "/sign-in-methods/{method}/places/{place}/delete",
            change,
            editing::displace,
        )
        .with(people)
}
