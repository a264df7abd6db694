//! Where records are sent: a log collector, and journald.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::audit::actions;
use crate::audit::forward::{JOURNALD, SOCKET, SYSLOG, Target, Transport, probe, sql};
use crate::base::Time;
use crate::site::Site;
use crate::web::{Again, Done, Error, Faults, Fields, Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "audit/forwarding.html")]
struct ForwardingPage {
    shell: Shell,
    fields: Fields,
    faults: Faults,
    syslog: Option<Standing>,
    journald: Option<Standing>,
    /// journald listens here.
    has_journald: bool,
    transports: [Transport; 3],
    /// What a trial just now gave.
    trial: Option<std::result::Result<(), String>>,
}

/// How a destination does.
struct Standing {
    waiting: i64,
    sent: Option<Time>,
    fault: Option<String>,
}

impl ForwardingPage {
    fn value(&self, field: &str) -> &str {
        self.fields.get(field).unwrap_or_default()
    }

    fn fault(&self, field: &str) -> &str {
        self.faults.at(field).unwrap_or_default()
    }
}

async fn page(site: &Site, viewer: &Viewer) -> Result<ForwardingPage> {
    let (syslog, journald) = site
        .system
        .read(|conn| {
            let state = |name| {
                let kept = sql::find(conn, name)?;
                let state = kept.map(|kept| {
                    let waiting = sql::waiting(conn, kept.seq)?;
                    let (sent, fault) = (kept.sent, kept.fault);
                    Ok::<_, crate::store::Error>((
                        kept.target,
                        Standing {
                            waiting,
                            sent,
                            fault,
                        },
                    ))
                });
                state.transpose()
            };
            Ok::<_, crate::store::Error>((state(SYSLOG)?, state(JOURNALD)?))
        })
        .await?;
    let mut fields = Fields::parse("transport=tls&port=6514");
    if let Some((target, _)) = &syslog {
        let target: Target = serde_json::from_str(target).map_err(Error::broken)?;
        fields = fields
            .with("host", Some(&target.host))
            .with("port", Some(&target.port.to_string()))
            .with("transport", Some(target.transport.name()))
            .with("ca", Some(&target.ca));
    }
    Ok(ForwardingPage {
        shell: Shell::of(viewer, "audit"),
        fields,
        faults: Faults::default(),
        syslog: syslog.map(|(_, state)| state),
        journald: journald.map(|(_, state)| state),
        has_journald: std::path::Path::new(SOCKET).exists(),
        transports: Transport::ALL,
        trial: None,
    })
}

pub(super) async fn show(State(site): State<Site>, viewer: Viewer) -> Result<Response> {
    Ok(Page(page(&site, &viewer).await?).into_response())
}

/// Saves the destination, or tries it when that button was pressed.
pub(super) async fn save(
    State(site): State<Site>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response> {
    let target = match Target::parse(&fields) {
        Ok(target) => target,
        Err(faults) => {
            let page = page(&site, &viewer).await?;
            return Ok(Again(ForwardingPage {
                fields,
                faults,
                ..page
            })
            .into_response());
        }
    };
    if fields.get("try").is_some() {
        let tried = probe(&site, &target)
            .await
            .map_err(|error| error.to_string());
        let fault = tried.as_ref().err().cloned();
        actions::tested(&site, &viewer, (target.host, fault)).await?;
        let page = page(&site, &viewer).await?;
        let trial = Some(tried);
        return Ok(Page(ForwardingPage {
            fields,
            trial,
            ..page
        })
        .into_response());
    }
    let said = format!("Records go to {} from now on", target.host);
    let target = serde_json::to_value(&target).map_err(Error::broken)?;
    actions::set_forward(&site, &viewer, SYSLOG, target).await?;
    Ok(Done::to("/audit/forwarding").saying(said).into_response())
}

pub(super) async fn stop(State(site): State<Site>, viewer: Viewer) -> Result<Done> {
    actions::stop_forward(&site, &viewer, SYSLOG).await?;
    Ok(Done::to("/audit/forwarding").saying("Records stay here from now on"))
}

/// Switches journald on or off.
pub(super) async fn journald(
    State(site): State<Site>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Done> {
    let said = if fields.get("on").is_some() {
        let target = json!({ "socket": SOCKET });
        actions::set_forward(&site, &viewer, JOURNALD, target).await?;
        "Records go to journald, too"
    } else {
        actions::stop_forward(&site, &viewer, JOURNALD).await?;
        "Records no longer go to journald"
    };
    Ok(Done::to("/audit/forwarding").saying(said))
}
