//! The pages of researchers, and the addresses of their programs.

mod api;
mod assets;
mod beginning;
mod calls;
mod chosen;
mod deliveries;
mod delivering;
mod editor;
mod events;
mod exports;
mod fieldwork;
mod files;
mod host;
mod invitations;
mod inviting;
mod keeping;
mod letters;
mod linking;
mod links;
mod machines;
mod publish;
mod questions;
mod responses;
mod results;
mod suppliers;
mod tried;
mod trying;
mod webhooks;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;

use super::model::{Author, Error, MOST, Project, State};
use super::{actions, reading};
use crate::base::Time;
use crate::surveys::format::{Level, Problem};
use crate::surveys::running::Surveys;
use crate::web::{self, Access, Right, Routes};

/// What a request with the text of a survey may weigh: as a form sends it, a
/// character can take three.
const REQUEST: usize = 3 * MOST + (64 << 10);

pub fn routes(surveys: &Surveys) -> Routes {
    writing()
        .and(questions::routes())
        .and(trying::routes())
        .and(shown())
        .and(links())
        .and(by_mail())
        .and(hooks())
        .and(asked())
        .and(data())
        .and(delivered())
        .and(kept())
        .and(programs())
        .with(surveys.clone())
}

/// Surveys begun, written, published and watched.
fn writing() -> Routes<Surveys> {
    let build = Access::Needs(Right::Build);
    let long = || DefaultBodyLimit::max(REQUEST);
    Routes::default()
        .get("/surveys", build, beginning::list)
        .get("/surveys/new", build, beginning::ways)
        .post("/surveys/new", build, beginning::start)
        .post("/surveys/import", build, beginning::import.layer(long()))
        .get("/surveys/{survey}", build, fieldwork::board)
        .post("/surveys/{survey}/close", build, fieldwork::close)
        .post("/surveys/{survey}/reopen", build, fieldwork::reopen)
        .post("/surveys/{survey}/preview", build, fieldwork::preview)
        .get("/surveys/{survey}/edit", build, editor::open)
        .post("/surveys/{survey}/edit", build, editor::save.layer(long()))
        .post(
            "/surveys/{survey}/check",
            build,
            editor::check.layer(long()),
        )
        .get("/surveys/{survey}/publish", build, publish::review)
        .post("/surveys/{survey}/publish", build, publish::publish)
}

/// Pictures.
fn shown() -> Routes<Surveys> {
    let build = Access::Needs(Right::Build);
    // Taken in piece by piece; each has a limit of its own.
    Routes::default()
        .get("/surveys/{survey}/assets", build, assets::list)
        .post_stream("/surveys/{survey}/assets", build, assets::bring)
        .get("/surveys/{survey}/assets/{asset}", build, assets::one)
        .post("/surveys/{survey}/assets/remove", build, assets::remove)
}

/// Ways in.
fn links() -> Routes<Surveys> {
    let build = Access::Needs(Right::Build);
    let long = || DefaultBodyLimit::max(REQUEST);
    Routes::default()
        .get("/surveys/{survey}/links", build, links::list)
        .post("/surveys/{survey}/links", build, links::make)
        .post(
            "/surveys/{survey}/links/people",
            build,
            links::invite.layer(long()),
        )
        .post(
            "/surveys/{survey}/links/postbacks",
            build,
            links::tell_again,
        )
        .get("/surveys/{survey}/host", build, host::ask)
        .post("/surveys/{survey}/host", build, host::send)
        .get("/surveys/{survey}/host/back", build, host::back)
        .get("/surveys/{survey}/suppliers/{kind}", build, suppliers::show)
        .post("/surveys/{survey}/suppliers/{kind}", build, suppliers::keep)
        .post(
            "/surveys/{survey}/suppliers/remove",
            build,
            suppliers::forget,
        )
        .post("/surveys/{survey}/links/{link}/shut", build, links::shut)
        .post("/surveys/{survey}/links/{link}/open", build, links::open)
        .post("/surveys/{survey}/links/{link}/exits", build, links::exits)
}

/// People invited by mail.
fn by_mail() -> Routes<Surveys> {
    let build = Access::Needs(Right::Build);
    let long = || DefaultBodyLimit::max(REQUEST);
    Routes::default()
        .get("/surveys/{survey}/invitations", build, invitations::show)
        .post(
            "/surveys/{survey}/invitations/people",
            build,
            inviting::list.layer(long()),
        )
        .post(
            "/surveys/{survey}/invitations/links",
            build,
            inviting::links,
        )
        .get(
            "/surveys/{survey}/invitations/letters",
            build,
            letters::show,
        )
        .post(
            "/surveys/{survey}/invitations/letters",
            build,
            letters::save.layer(long()),
        )
        .post(
            "/surveys/{survey}/invitations/rounds",
            build,
            inviting::confirm,
        )
        .post(
            "/surveys/{survey}/invitations/rounds/{round}/stop",
            build,
            inviting::stop,
        )
}

/// Addresses that are told what happens.
fn hooks() -> Routes<Surveys> {
    let build = Access::Needs(Right::Build);
    Routes::default()
        .get("/surveys/{survey}/webhooks", build, webhooks::list)
        .post("/surveys/{survey}/webhooks", build, webhooks::add)
        .get("/surveys/{survey}/webhooks/{hook}", build, webhooks::show)
        .post("/surveys/{survey}/webhooks/{hook}", build, webhooks::change)
        .post(
            "/surveys/{survey}/webhooks/{hook}/secret",
            build,
            webhooks::renew,
        )
        .post(
            "/surveys/{survey}/webhooks/{hook}/test",
            build,
            webhooks::test,
        )
        .post(
            "/surveys/{survey}/webhooks/{hook}/again",
            build,
            webhooks::again,
        )
        .post(
            "/surveys/{survey}/webhooks/{hook}/remove",
            build,
            webhooks::remove,
        )
}

/// Machines that are asked.
fn asked() -> Routes<Surveys> {
    let build = Access::Needs(Right::Build);
    Routes::default()
        .get("/surveys/{survey}/calls", build, machines::show)
        .post("/surveys/{survey}/calls/secrets", build, machines::keep)
        .post(
            "/surveys/{survey}/calls/secrets/remove",
            build,
            machines::forget,
        )
        .post("/surveys/{survey}/calls/authority", build, machines::trust)
}

/// Responses, results, files.
fn data() -> Routes<Surveys> {
    let build = Access::Needs(Right::Build);
    Routes::default()
        .get("/surveys/{survey}/responses", build, responses::grid)
        .get(
            "/surveys/{survey}/responses/{respondent}",
            build,
            responses::one,
        )
        .get(
            "/surveys/{survey}/responses/{respondent}/files/{file}",
            build,
            files::one,
        )
        .get("/surveys/{survey}/files", build, files::all)
        .get("/surveys/{survey}/results", build, results::page)
        .get("/surveys/{survey}/exports", build, exports::page)
        .get(
            "/surveys/{survey}/exports/{format}",
            build,
            exports::download,
        )
}

/// Data that leaves by itself, or as a link. The right is that of exports.
fn delivered() -> Routes<Surveys> {
    let build = Access::Needs(Right::Build);
    let all = "/surveys/{survey}/deliveries";
    let one = "/surveys/{survey}/deliveries/{delivery}";
    Routes::default()
        .get(all, build, deliveries::page)
        .post(all, build, delivering::add)
        .get("/surveys/{survey}/deliveries/new", build, delivering::new)
        .get(
            "/surveys/{survey}/deliveries/log.csv",
            build,
            deliveries::csv,
        )
        .get(one, build, delivering::show)
        .post(one, build, delivering::save)
        .post(
            "/surveys/{survey}/deliveries/{delivery}/try",
            build,
            deliveries::try_it,
        )
        .post(
            "/surveys/{survey}/deliveries/{delivery}/deliver",
            build,
            deliveries::deliver,
        )
        .post(
            "/surveys/{survey}/deliveries/{delivery}/remove",
            build,
            deliveries::remove,
        )
        .post(
            "/surveys/{survey}/delivered/{delivered}/link",
            build,
            deliveries::link,
        )
        .post(
            "/surveys/{survey}/delivered/{delivered}/withdraw",
            build,
            deliveries::withdraw,
        )
}

/// How long answers are kept, and who is forgotten.
fn kept() -> Routes<Surveys> {
    let (build, sure) = (Access::Needs(Right::Build), Access::Fresh(Right::Build));
    Routes::default()
        .get("/surveys/{survey}/keeping", build, keeping::page)
        .post("/surveys/{survey}/keeping/find", build, keeping::find)
        .post("/surveys/{survey}/keeping/erase", sure, keeping::erase)
        .post("/surveys/{survey}/keeping/hold", build, keeping::hold)
        .post("/surveys/{survey}/keeping/release", sure, keeping::release)
}

/// What programs ask.
fn programs() -> Routes<Surveys> {
    // A key is a user's; the owner has to be a builder besides, see `api`.
    let program = Access::Key(Right::UseApps);
    Routes::default()
        .post("/api", Access::KeyByBody(Right::UseApps), calls::call)
        .get(
            "/api/v1/surveys/{survey}/openapi.json",
            program,
            api::openapi,
        )
        .get("/api/v1/surveys/{survey}/datamap", program, api::datamap)
        .get(
            "/api/v1/surveys/{survey}/responses",
            program,
            api::responses,
        )
        .get("/api/v1/surveys/{survey}/response", program, api::response)
        .get("/api/v1/surveys/{survey}/events", program, events::events)
        .get(
            "/api/v1/surveys/{survey}/exports/{format}",
            program,
            api::export,
        )
        .delete(
            "/api/v1/surveys/{survey}/respondents/{respondent}",
            program,
            api::erase,
        )
}

/// What stands above every page about a survey.
struct Head {
    id: String,
    title: String,
    state: State,
    version: Option<i64>,
    by: String,
    at: Time,
}

impl Head {
    fn of(project: &Project) -> Head {
        Head {
            id: project.id.clone(),
            title: project.title.clone(),
            state: project.state,
            version: project.version,
            by: project.draft_by.clone(),
            at: project.draft_at,
        }
    }
}

/// A problem as a line of a page.
struct Told {
    line: usize,
    message: String,
    is_warning: bool,
}

fn told(problems: &[Problem]) -> Vec<Told> {
    let each = problems.iter().map(|problem| Told {
        line: problem.line,
        message: problem.message.clone(),
        is_warning: problem.level == Level::Note,
    });
    each.collect()
}

/// What a person can put right is said on the page again; the rest is a failure.
fn fault(error: Error) -> Result<String, web::Error> {
    match error {
        Error::Store(_) | Error::Missing | Error::Export(_) => Err(error.into()),
        Error::Exists(_)
        | Error::Problems(_)
        | Error::Stale(_)
        | Error::NoSupplier(_)
        | Error::Refused(_) => Ok(error.to_string()),
    }
}
