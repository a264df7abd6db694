//! The pages about reports, figures, health and the latest warnings.

mod figures;
mod health;
mod log;
mod ready;
mod reports;

use crate::site::Site;
use crate::web::{Access, Right, Routes};

pub fn routes(site: Site) -> Routes {
    let reads = Access::Needs(Right::Operate);
    let decides = Access::Fresh(Right::Operate);
    Routes::default()
        .get("/healthz", Access::Open, ready::lives)
        .get("/readyz", Access::Open, ready::ready)
        .get("/metrics", Access::Open, figures::text)
        .get("/health", reads, health::show)
        .get("/health/figures", reads, figures::show)
        .post("/health/figures/token", decides, figures::make)
        .post("/health/figures/token/remove", decides, figures::forget)
        .get("/health/log", reads, log::show)
        .get("/telemetry", reads, reports::show)
        .get("/telemetry/ask", reads, reports::ask)
        .get("/telemetry/sent/{number}", reads, reports::sent)
        .post("/telemetry", decides, reports::choose)
        .post("/telemetry/file", decides, reports::file)
        .with(site)
}
