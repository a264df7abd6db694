//! The configuration file, and which version this is on which system.

use super::{Content, Home, Kind, Thing};
use crate::backup::Error;
use crate::config;
use crate::site::{SYSTEM, Site};

pub(super) static KIND: Settings = Settings;

pub(super) struct Settings;

impl Kind for Settings {
    fn name(&self) -> &'static str {
        "settings"
    }

    fn title(&self) -> &'static str {
        "configuration file and version"
    }

    fn things(&self, site: &Site) -> Result<Vec<Thing>, Error> {
        let version = serde_json::json!({
            "onsight": env!("CARGO_PKG_VERSION"),
            "system": std::env::consts::OS,
            "processor": std::env::consts::ARCH,
            "data": site.config.data,
            "listen": site.config.listen.to_string(),
            "names": site.config.names,
        });
        let version = serde_json::to_vec_pretty(&version).map_err(std::io::Error::other)?;
        let mut texts = vec![("version.json".to_owned(), version)];
        match std::fs::read(config::FILE) {
            Ok(text) => texts.push(("onsight.toml".to_owned(), text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            // The service may not be let read it; what it says is in use anyway.
            Err(error) => tracing::warn!("{} is not in the backup: {error}", config::FILE),
        }
        Ok(vec![Thing {
            name: "settings".to_owned(),
            owner: SYSTEM.to_owned(),
            content: Content::Texts(texts),
        }])
    }

    fn home(&self, _: &str) -> Home {
        Home::Reading
    }
}
