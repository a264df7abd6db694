//! `onsight routes`: the inventory of what the server answers.

use std::io::Write;
use std::net::SocketAddr;

use crate::base::Clock;
use crate::config::{Config, Said};
use crate::people::People;
use crate::server;
use crate::site::Site;

/// Prints the very map that is served. That needs a site, so an empty one is
/// made for the moment; the installation is not touched.
pub(super) fn list(only_public: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let folder = std::env::temp_dir().join(format!("onsight-routes-{}", std::process::id()));
    let listed = print(folder.clone(), only_public, out);
    std::fs::remove_dir_all(&folder)?;
    listed
}

fn print(
    folder: std::path::PathBuf,
    only_public: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let config = Config::of(&[Said {
        data: Some(folder),
        listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        ..Said::default()
    }])?;
    let site = Site::open(config, Clock::system())?;
    let mut map = server::routes(&People::new(site)).map;
    map.retain(|route| !only_public || route.access.is_public());
    map.sort_by(|a, b| (a.path, a.method.as_str()).cmp(&(b.path, b.method.as_str())));
    for route in map {
        let (method, path) = (route.method.as_str(), route.path);
        if only_public {
            writeln!(out, "{method:4} {path}")?;
        } else {
            let who = format!("{:?}", route.access);
            writeln!(
                out,
                "{method:4} {path:44} {who:24} {}",
                route.surface().name()
            )?;
        }
    }
    Ok(())
}
