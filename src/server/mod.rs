//! Puts the slices together. The only module that knows them all.

mod accept;
mod pages;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use tokio::time::MissedTickBehavior;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

use crate::apps::{self, Apps};
use crate::data::{self, Data};
use crate::people::{self, People};
use crate::site::Site;
use crate::web::{Access, Numbers, Routes, asset, dress};
use crate::{audit, operate, search, workspaces};

pub use accept::{Listener, Stop};

/// What a form may weigh; routes that take more say so themselves.
const FORM: usize = 256 << 10;
/// How often somebody looks whether what runs may go on.
const ROUND: Duration = Duration::from_secs(2);

/// Every page there is.
pub fn routes(people: &People) -> Routes {
    let site = &people.site;
    let data = Data::new(site.clone());
    let apps = Apps::new(data.clone());
    Routes::default()
        .get("/assets/{build}/{*path}", Access::Open, asset)
        .and(pages::routes(site.clone()))
        .and(people::routes(people.clone()))
        .and(workspaces::routes(people.clone()))
        .and(data::routes(&data))
        .and(apps::routes(&apps))
        .and(audit::routes(site.clone()))
        .and(operate::routes(site.clone()))
        .and(search::routes(&apps))
}

/// The routes with everything that goes around them.
pub fn router(people: &People) -> Router {
    routes(people)
        .router
        .fallback(pages::nothing)
        .method_not_allowed_fallback(pages::nothing)
        .layer(from_fn_with_state(people.site.clone(), audit::notice))
        .layer(from_fn_with_state(people.clone(), people::identify))
        .layer(CsrfLayer::new().with_rejection_response(pages::foreign))
        .layer(CatchPanicLayer::custom(pages::panicked))
        .layer(DefaultBodyLimit::max(FORM))
        .layer(from_fn_with_state(Numbers::default(), dress))
}

/// Serves until `stop` says so, then lets what is under way finish.
pub async fn serve(people: People, listener: Listener, stop: Stop) -> anyhow::Result<()> {
    let site = people.site.clone();
    data::imports::clear_copies(&site).await?;
    let background = tokio::spawn(keep_house(site.clone()));
    let patrol = tokio::spawn(patrol(people.clone()));
    let watch = tokio::spawn(audit::watch(site.clone()));
    listener.serve(&site, router(&people), stop).await?;
    background.abort();
    patrol.abort();
    watch.abort();
    site.checkpoint().await?;
    Ok(())
}

/// Binds the address, so that a port in use is known before anything else.
pub fn listen(address: SocketAddr) -> anyhow::Result<Listener> {
    Listener::bind(address)
}

/// Stops what runs for people who were shut out, also from the console.
async fn patrol(people: People) {
    let mut round = tokio::time::interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        round.tick().await;
        if let Err(error) = people::patrol(&people).await {
            tracing::error!("who was shut out could not be seen: {error}");
        }
    }
}

/// What has to be done while nobody asks for it.
async fn keep_house(site: Site) {
    let mut hourly = tokio::time::interval(Duration::from_mins(1));
    loop {
        tokio::select! {
            () = site.news() => {
                // News comes in crowds: one look a moment later serves them all.
                tokio::time::sleep(Duration::from_millis(100)).await;
                if let Err(error) = site.carry().await {
                    tracing::error!("the journal could not be carried into the chain: {error}");
                }
            }
            _ = hourly.tick() => {
                site.files.tidy();
                match site.certificates.refresh(&site.keyring, &site.clock) {
                    Ok(true) => tracing::info!("a new certificate is in use"),
                    Ok(false) => {}
                    Err(error) => tracing::error!("the certificate stays as it is: {error}"),
                }
            }
        }
    }
}
