//! What the file says about reports and the log: where a usage report may go,
//! and how lines are written.

use std::path::PathBuf;

use toml_edit::Item;

use crate::log::Format;

/// The keys, as the file writes them.
pub(super) const KEYS: [&str; 4] = [
    "telemetry.endpoint",
    "telemetry.ca",
    "log.format",
    "log.level",
];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Telling {
    /// Where an agreed report is sent; `None`: nowhere, it is carried by hand.
    pub endpoint: Option<String>,
    /// PEM file of the authority that vouches for it; `None`: the machine's roots.
    pub ca: Option<PathBuf>,
    pub format: Format,
    /// What is logged unless the environment says otherwise.
    pub level: Option<String>,
}

const LEVELS: [&str; 4] = ["error", "warn", "info", "debug"];
const AN_ENDPOINT: &str =
    "an address in quotes that begins with https://, such as \"https://telemetry.example.org/v1\"";
const A_FORMAT: &str = "\"text\" or \"json\"";
const A_LEVEL: &str = "\"error\", \"warn\", \"info\" or \"debug\"";
const A_PATH: &str = "a path in quotes";

impl Telling {
    /// `Err(None)`: no such key; `Err(Some(must))`: what its value must be.
    pub(super) fn set(&mut self, key: &str, item: &Item) -> Result<(), Option<&'static str>> {
        match key {
            "telemetry.endpoint" => {
                let address = item.as_str().filter(|text| is_endpoint(text));
                self.endpoint = Some(address.ok_or(Some(AN_ENDPOINT))?.to_owned());
            }
            "telemetry.ca" => {
                self.ca = Some(item.as_str().map(PathBuf::from).ok_or(Some(A_PATH))?);
            }
            "log.format" => {
                let format = item.as_str().and_then(Format::named);
                self.format = format.ok_or(Some(A_FORMAT))?;
            }
            "log.level" => {
                let level = item.as_str().filter(|name| LEVELS.contains(name));
                self.level = Some(level.ok_or(Some(A_LEVEL))?.to_owned());
            }
            _ => return Err(None),
        }
        Ok(())
    }
}

/// A report is the same for everybody who sends one: nothing in its address says
/// who does.
fn is_endpoint(text: &str) -> bool {
    let rest = text.strip_prefix("https://").unwrap_or_default();
    let is_fine = |c: char| c.is_ascii_graphic() && !"@#?\"'\\".contains(c);
    !rest.is_empty() && !rest.starts_with('/') && rest.chars().all(is_fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(key: &str, value: &str) -> Result<Telling, Option<&'static str>> {
        let mut telling = Telling::default();
        let item = value.parse::<toml_edit::Value>().unwrap();
        telling.set(key, &Item::Value(item)).map(|()| telling)
    }

    #[test]
    fn an_endpoint_is_https_and_says_nothing_of_who_sends() {
        let fine = set("telemetry.endpoint", "\"https://t.corp:8443/v1\"").unwrap();
        assert_eq!(fine.endpoint.as_deref(), Some("https://t.corp:8443/v1"));
        for wrong in [
            "\"http://t.corp/v1\"",
            "\"https://\"",
            "\"https:///v1\"",
            "\"https://me@t.corp/\"",
            "\"https://t.corp/v1?who=me\"",
            "\"https://t.corp/v1#x\"",
            "\"https://t.corp/ v1\"",
            "\"\"",
            "7",
        ] {
            assert!(set("telemetry.endpoint", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_log_has_two_forms_and_four_levels() {
        assert_eq!(set("log.format", "\"json\"").unwrap().format, Format::Json);
        assert_eq!(
            set("log.level", "\"info\"").unwrap().level.as_deref(),
            Some("info")
        );
        for (key, wrong) in [
            ("log.format", "\"xml\""),
            ("log.level", "\"onsight=trace\""),
            ("log.level", "true"),
        ] {
            assert!(matches!(set(key, wrong), Err(Some(_))), "{key} {wrong}");
        }
        assert_eq!(set("log.file", "\"x\""), Err(None));
    }
}
