//! `onsight serve`, and the set-up code.

use std::io::Write;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::base::Clock;
use crate::config::Config;
use crate::people::{self, People};
use crate::server::{self, Stop};
use crate::site::Site;

use super::arguments::Place;
use super::user::address;

pub(super) async fn serve(place: &Place, out: &mut impl Write) -> anyhow::Result<()> {
    let stop = until_told()?;
    let (site, doors) = open(place.config()?)?;
    tell_address(&site, out)?;
    tell_code(&site, out).await?;
    server::ready();
    server::serve(People::new(site), doors, stop).await
}

/// Opens the folder and binds the address. The address in the site is the one
/// bound, also when any port was asked for.
pub(super) fn open(mut config: Config) -> anyhow::Result<(Site, server::Doors)> {
    let doors = server::Doors::bind(&config)?;
    config.listen = doors.address()?;
    config.edges.admin_listen = doors.admin_address()?;
    let site = Site::open(config, Clock::system())?;
    Ok((site, doors))
}

pub(super) fn tell_address(site: &Site, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "Onsight {}", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "  address      {}", address(site, "/"))?;
    if let Some(admin) = site.config.edges.admin_listen {
        writeln!(out, "  administer   at {admin}")?;
    }
    writeln!(
        out,
        "  certificate  SHA-256 {}",
        site.certificates.shown().fingerprint
    )?;
    Ok(())
}

async fn tell_code(site: &Site, out: &mut impl Write) -> anyhow::Result<()> {
    if let Some(code) = people::offer_setup(site).await? {
        writeln!(
            out,
            "  set-up code  {}  (good for 30 minutes)",
            code.reveal()
        )?;
    }
    out.flush()?;
    Ok(())
}

pub(super) async fn setup_code(place: &Place, out: &mut impl Write) -> anyhow::Result<()> {
    let site = Site::beside(place.config()?, Clock::system())?;
    let code = people::offer_setup(&site)
        .await?
        .context("Onsight is set up already; onsight user link EMAIL lets a person in")?;
    writeln!(out, "{}", code.reveal())?;
    Ok(())
}

/// Stops at SIGTERM and at Ctrl C.
pub(super) fn until_told() -> anyhow::Result<Stop> {
    let (tell, stop) = watch::channel(false);
    let (mut term, mut int) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        // Nobody listens any more when the server has stopped by itself.
        let _ = tell.send(true);
    });
    Ok(stop)
}
