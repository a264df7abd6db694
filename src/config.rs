//! Start-up facts: where the data lies, where to listen, which certificate.
//! Defaults are overruled by the file, the file by the environment, that by flags.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use toml_edit::Item;

use crate::base::text;

/// Where the file is looked for when nobody names one.
pub const FILE: &str = "/etc/onsight/onsight.toml";
pub const DATA: &str = "/var/lib/onsight";

const KEYS: [&str; 7] = [
    "data", "listen", "names", "tls_cert", "tls_key", "site", "egress",
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    pub listen: SocketAddr,
    /// Names and addresses, besides the host's own, that the certificate is for.
    pub names: Vec<String>,
    /// PEM files of a certificate of one's own; `None`: Onsight makes one.
    pub tls: Option<TlsFiles>,
    /// Where people reach the site, `https://onsight.corp`; `None`: nobody said.
    pub url: Option<String>,
    /// Destinations that may be called: `ldap.corp:636`, `10.0.0.0/8:5432`.
    pub allow: Vec<String>,
    /// Whoever came in by the demo's link needs no second factor. No file, flag
    /// or variable can say this: see [`Config::for_demo`].
    pub demo: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// What one source says; `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub data: Option<PathBuf>,
    pub listen: Option<SocketAddr>,
    pub names: Option<Vec<String>>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub url: Option<String>,
    pub allow: Option<Vec<String>>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{}: {source}", path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: {source}", path.display())]
    NotToml {
        path: PathBuf,
        source: toml_edit::TomlError,
    },
    #[error("{}, line {line}: unknown key `{key}`{hint}", path.display())]
    UnknownKey {
        path: PathBuf,
        line: usize,
        key: String,
        hint: String,
    },
    #[error("{}, line {line}: `{key}` must be {must}", path.display())]
    Wrong {
        path: PathBuf,
        line: usize,
        key: String,
        must: &'static str,
    },
    #[error("a certificate of your own needs both tls_cert and tls_key: {0} is missing")]
    HalfTls(&'static str),
}

impl Config {
    /// Puts the sources together, the first one that says something winning.
    pub fn of(said: &[Said]) -> Result<Config, Error> {
        fn first<T: Clone>(said: &[Said], of: impl Fn(&Said) -> &Option<T>) -> Option<T> {
            said.iter().find_map(|one| of(one).clone())
        }
        let tls = match (
            first(said, |one| &one.tls_cert),
            first(said, |one| &one.tls_key),
        ) {
            (None, None) => None,
            (Some(cert), Some(key)) => Some(TlsFiles { cert, key }),
            (None, Some(_)) => return Err(Error::HalfTls("tls_cert")),
            (Some(_), None) => return Err(Error::HalfTls("tls_key")),
        };
        Ok(Config {
            data: first(said, |one| &one.data).unwrap_or_else(|| DATA.into()),
            listen: first(said, |one| &one.listen)
                .unwrap_or_else(|| SocketAddr::from(([0, 0, 0, 0], 8443))),
            names: first(said, |one| &one.names).unwrap_or_default(),
            tls,
            url: first(said, |one| &one.url),
            allow: first(said, |one| &one.allow).unwrap_or_default(),
            demo: false,
        })
    }

    /// The same for `onsight demo`. Off the loopback address nothing changes:
    /// there a demo is a site like any other.
    #[must_use]
    pub fn for_demo(self) -> Config {
        Config {
            demo: self.listen.ip().is_loopback(),
            ..self
        }
    }
}

/// Reads the file. A file nobody named may be missing; one that was named may not.
pub fn read(named: Option<&Path>) -> Result<Said, Error> {
    let path = named.unwrap_or(Path::new(FILE));
    match fs::read_to_string(path) {
        Ok(text) => parse(path, &text),
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            Ok(Said::default())
        }
        Err(source) => Err(Error::Unreadable {
            path: path.to_owned(),
            source,
        }),
    }
}

fn parse(path: &Path, text: &str) -> Result<Said, Error> {
    let document =
        toml_edit::Document::parse(text.to_owned()).map_err(|source| Error::NotToml {
            path: path.to_owned(),
            source,
        })?;
    let mut said = Said::default();
    for (key, item) in document.iter() {
        let span = document.as_table().key(key).and_then(toml_edit::Key::span);
        let line = span.map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        set(&mut said, key, item).map_err(|must| match must {
            Some(must) => Error::Wrong {
                path: path.to_owned(),
                line,
                key: key.to_owned(),
                must,
            },
            None => Error::UnknownKey {
                path: path.to_owned(),
                line,
                key: key.to_owned(),
                hint: text::nearest(key, KEYS)
                    .map(|near| format!("; did you mean `{near}`?"))
                    .unwrap_or_default(),
            },
        })?;
    }
    Ok(said)
}

/// `Err(None)`: no such key; `Err(Some(must))`: what its value must be.
fn set(said: &mut Said, key: &str, item: &Item) -> Result<(), Option<&'static str>> {
    let path = || {
        item.as_str()
            .map(PathBuf::from)
            .ok_or(Some("a path in quotes"))
    };
    match key {
        "data" => said.data = Some(path()?),
        "tls_cert" => said.tls_cert = Some(path()?),
        "tls_key" => said.tls_key = Some(path()?),
        "listen" => {
            let address = item.as_str().and_then(|text| text.parse().ok());
            said.listen = Some(address.ok_or(Some(
                "an address and a port in quotes, such as \"0.0.0.0:8443\"",
            ))?);
        }
        "names" => {
            let must = "a list of names, such as [\"onsight.corp\"]";
            said.names = Some(words(item).ok_or(Some(must))?);
        }
        "site" => {
            let url = only(item, "url").and_then(Item::as_str).and_then(origin);
            let must = "a table with `url`, such as url = \"https://onsight.corp\"";
            said.url = Some(url.ok_or(Some(must))?);
        }
        "egress" => {
            let allow = only(item, "allow").and_then(words);
            let must = "a table with `allow`, such as allow = [\"ldap.corp:636\"]";
            said.allow = Some(allow.ok_or(Some(must))?);
        }
        _ => return Err(None),
    }
    Ok(())
}

fn words(item: &Item) -> Option<Vec<String>> {
    let words = item.as_array()?.iter();
    words.map(|word| word.as_str().map(str::to_owned)).collect()
}

/// The value of the one key that the table has.
fn only<'a>(item: &'a Item, key: &str) -> Option<&'a Item> {
    let table = item.as_table_like()?;
    (table.len() == 1).then(|| table.get(key)).flatten()
}

/// `https://host` or `https://host:port`, without a slash at the end.
fn origin(text: &str) -> Option<String> {
    let host = text
        .strip_suffix('/')
        .unwrap_or(text)
        .strip_prefix("https://")?;
    let letters = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    let is_host = !host.is_empty() && host.chars().all(letters);
    is_host.then(|| format!("https://{}", host.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Result<Said, String> {
        parse(Path::new("onsight.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_its_neighbour() {
        let error = said("data = \"/srv\"\nlisen = \"1.2.3.4:1\"\n").unwrap_err();
        assert_eq!(
            error,
            "onsight.toml, line 2: unknown key `lisen`; did you mean `listen`?"
        );
    }

    #[test]
    fn a_wrong_value_says_what_it_must_be() {
        let error = said("listen = 8443").unwrap_err();
        assert!(
            error.contains("line 1") && error.contains("an address and a port"),
            "{error}"
        );
    }

    #[test]
    fn where_the_site_is_and_what_it_may_call() {
        let file =
            said("[site]\nurl = \"https://Onsight.corp/\"\n[egress]\nallow = [\"ldap.corp:636\"]");
        let config = Config::of(&[file.unwrap()]).unwrap();
        assert_eq!(config.url.as_deref(), Some("https://onsight.corp"));
        assert_eq!(config.allow, ["ldap.corp:636"]);
        for wrong in [
            "site = 1",
            "[site]\nurl = \"http://onsight.corp\"",
            "[site]\nurl = \"https://user@onsight.corp\"",
            "[site]\nurl = \"https://onsight.corp/path\"",
            "[site]\nurl = \"https://onsight.corp\"\nname = \"x\"",
            "[egress]\nallow = \"ldap.corp:636\"",
        ] {
            assert!(said(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_demo_on_loopback_is_a_demo() {
        let at = |address: &str| {
            let said = Said {
                listen: Some(address.parse().unwrap()),
                ..Said::default()
            };
            Config::of(&[said]).unwrap()
        };
        assert!(!at("127.0.0.1:1").demo);
        assert!(at("127.0.0.1:1").for_demo().demo);
        assert!(!at("0.0.0.0:1").for_demo().demo);
        assert!(said("demo = true").unwrap_err().contains("unknown key"));
    }

    #[test]
    fn flags_win_over_the_file() {
        let file = said("data = \"/file\"\nlisten = \"127.0.0.1:1\"").unwrap();
        let flags = Said {
            data: Some("/flag".into()),
            ..Said::default()
        };
        let config = Config::of(&[flags, file]).unwrap();
        assert_eq!(config.data, Path::new("/flag"));
        assert_eq!(config.listen, SocketAddr::from(([127, 0, 0, 1], 1)));
    }
}
