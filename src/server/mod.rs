//! Puts the slices together. The only module that knows them all.

mod accept;
mod activity;
mod descriptors;
mod doors;
mod pages;
mod patience;
mod readiness;
mod seats;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

use crate::apps::{self, Apps};
use crate::data::{self, Data};
use crate::ending;
use crate::people::{self, People};
use crate::running::LASTING;
use crate::site::Site;
use crate::surveys::running::Surveys;
use crate::surveys::{
    answering, deliveries, hooks, keeping, letters, live, personal, projects, running,
};
use crate::tls::Handshakes;
use crate::trust::{self, Surface, Trust};
use crate::web::{Access, Door, Dress, Routes, address, asset, dress};
use crate::{alerts, audit, backup, mail, operate, search, telemetry, workspaces};

use accept::Entrance;

pub use accept::Stop;
pub use doors::Doors;
pub use readiness::ready;

/// What a form may weigh; routes that take more say so themselves.
const FORM: usize = 256 << 10;
/// How often somebody looks whether what runs may go on.
const ROUND: Duration = Duration::from_secs(2);

/// Every page there is.
pub fn routes(people: &People) -> Routes {
    let site = &people.site;
    let data = Data::new(site.clone());
    let apps = Apps::new(data.clone());
    let surveys = Surveys::new(site.clone());
    Routes::default()
        .get("/assets/{build}/{*path}", Access::Open, asset)
        .and(pages::routes(site.clone()))
        .and(people::routes(people.clone()))
        .and(workspaces::routes(people.clone()))
        .and(data::routes(&data))
        .and(apps::routes(&apps))
        .and(answering::routes(&surveys))
        .and(live::routes(&surveys))
        .and(projects::routes(&surveys))
        .and(mail::routes(site.clone()))
        .and(alerts::routes(site.clone()))
        .and(ending::routes(ending::Endings {
            apps: apps.clone(),
            people: people.clone(),
            making: ending::Making::default(),
        }))
        .and(audit::routes(site.clone()))
        .and(operate::routes(site.clone()))
        .and(backup::routes(site.clone()))
        .and(search::routes(&apps))
        .and(telemetry::routes(site.clone()))
        .and(trust::routes(promises(people)))
}

/// What looks at everything here, without holding on to it.
pub fn promises(people: &People) -> Trust {
    let surface = Surface {
        map: |people: &People| routes(people).map,
        router,
    };
    Trust::new(people.clone(), surface)
}

/// The routes with everything that goes around them.
pub fn router(people: &People) -> Router {
    let site = &people.site;
    let routes = routes(people);
    let paths = routes.map.iter().map(|route| route.path);
    site.meters.traffic.learn(paths);
    routes
        .router
        .fallback(pages::nothing)
        .method_not_allowed_fallback(pages::nothing)
        .layer(from_fn_with_state(people.site.clone(), audit::notice))
        .layer(from_fn_with_state(people.clone(), people::identify))
        .layer(csrf(site).with_rejection_response(pages::foreign))
        .layer(CatchPanicLayer::custom(pages::panicked))
        .layer(DefaultBodyLimit::max(FORM))
        .layer(from_fn_with_state(site.clone(), address))
        .layer(from_fn_with_state(Dress::new(site), dress))
}

/// Forms come from this site's own pages; behind a proxy that changes the host,
/// those are at the configured address.
fn csrf(site: &Site) -> CsrfLayer {
    let url = site.config.edges.url.as_ref();
    let trusted = url.and_then(|url| CsrfLayer::new().add_trusted_origin(url.origin()).ok());
    trusted.unwrap_or_default()
}

/// Serves until `stop` says so, then lets what is under way finish.
pub async fn serve(people: People, doors: Doors, stop: Stop) -> anyhow::Result<()> {
    let site = people.site.clone();
    data::imports::clear_copies(&site).await?;
    ending::go_on(&site).await?;
    operate::recall(&site).await?;
    operate::tell_of_versions(&site).await?;
    let (router, edges) = (router(&people), &site.config.edges);
    let door = match doors.admin {
        Some(_) => Door::Public,
        None => Door::Only,
    };
    let count = if doors.admin.is_some() { 2 } else { 1 };
    let room = descriptors::room(edges.limits.connections, count);
    let public = Entrance::new(&site, (door, room), &edges.gate, router.clone())?;
    let admin = match doors.admin {
        Some(listener) => {
            let gate = &edges.admin_gate;
            let entrance = Entrance::new(&site, (Door::Administration, room), gate, router)?;
            Some((listener, entrance))
        }
        None => None,
    };
    let mut handshakes = vec![Arc::clone(&public.handshakes)];
    handshakes.extend(admin.iter().map(|(_, admin)| Arc::clone(&admin.handshakes)));
    let mut background = JoinSet::new();
    background.spawn(keep_house(site.clone(), handshakes));
    background.spawn(patrol(people.clone()));
    background.spawn(mail::watch(site.clone()));
    background.spawn(alerts::watch(site.clone()));
    background.spawn(ending::watch(site.clone()));
    background.spawn(keeping::watch(site.clone()));
    background.spawn(personal::watch(site.clone()));
    background.spawn(backup::watch(site.clone()));
    background.spawn(audit::watch(site.clone()));
    background.spawn(operate::watch(site.clone()));
    background.spawn(trust::watch(promises(&people)));
    background.spawn(telemetry::watch(site.clone()));
    background.spawn(running::watch(site.clone()));
    background.spawn(letters::watch(site.clone()));
    background.spawn(deliveries::watch(site.clone()));
    background.spawn(hooks::watch(site.clone()));
    let closed = drained(&site, stop);
    let administration = async {
        match admin {
            Some((listener, admin)) => admin.open(listener, closed.clone()).await,
            None => Ok(()),
        }
    };
    tokio::try_join!(public.open(doors.public, closed.clone()), administration)?;
    readiness::stopping();
    background.shutdown().await;
    site.checkpoint().await?;
    Ok(())
}

/// Closes the doors a while after everybody could read that they will.
fn drained(site: &Site, mut stop: Stop) -> Stop {
    let (tell, closed) = watch::channel(false);
    let site = site.clone();
    tokio::spawn(async move {
        // Whoever could say so is gone: that says it as well.
        let _ = stop.wait_for(|stop| *stop).await;
        site.drain();
        tokio::time::sleep(site.config.edges.limits.drain).await;
        // The doors are closed already.
        let _ = tell.send(true);
        site.running.stop(LASTING);
    });
    closed
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
async fn keep_house(site: Site, handshakes: Vec<Arc<Handshakes>>) {
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
                let asked = site.clone();
                tokio::spawn(async move {
                    if let Err(error) = operate::change_keys(&asked).await {
                        tracing::error!("keys that wait to be changed could not be: {error}");
                    }
                });
                let fault = match site.certificates.refresh(&site.keyring, &site.clock) {
                    Ok(true) => {
                        tracing::info!("a new certificate is in use");
                        None
                    }
                    Ok(false) => None,
                    Err(error) => {
                        tracing::error!("the certificate stays as it is: {error}");
                        Some(error.to_string())
                    }
                };
                if let Err(error) = alerts::renewed(&site, fault).await {
                    tracing::error!("how the certificate does could not be told: {error}");
                }
                for one in &handshakes {
                    match one.refresh() {
                        Ok(true) => tracing::info!("new authorities of client certificates are in use"),
                        Ok(false) => {}
                        Err(error) => {
                            tracing::error!("the authorities of client certificates stay as they are: {error}");
                        }
                    }
                }
            }
        }
    }
}
