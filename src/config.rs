//! Start-up facts: where the data lies, where to listen, which certificate.
//! Defaults are overruled by the file, the file by the environment, that by flags.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use toml_edit::Item;

use crate::base::{Bound, Limits, text};

/// Where the file is looked for when nobody names one.
pub const FILE: &str = "/etc/onsight/onsight.toml";
pub const DATA: &str = "/var/lib/onsight";

const KEYS: [&str; 6] = ["data", "limits", "listen", "names", "tls_cert", "tls_key"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    pub listen: SocketAddr,
    /// Names and addresses, besides the host's own, that the certificate is for.
    pub names: Vec<String>,
    /// PEM files of a certificate of one's own; `None`: Onsight makes one.
    pub tls: Option<TlsFiles>,
    /// What a workspace may use, unless the operator says otherwise of it.
    pub limits: Limits,
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
    pub limits: Option<Limits>,
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
            limits: first(said, |one| &one.limits).unwrap_or_default(),
        })
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
        "limits" => said.limits = Some(limits(item)?),
        "listen" => {
            let address = item.as_str().and_then(|text| text.parse().ok());
            said.listen = Some(address.ok_or(Some(
                "an address and a port in quotes, such as \"0.0.0.0:8443\"",
            ))?);
        }
        "names" => {
            let names = item.as_array().and_then(|names| {
                let words = names.iter().map(|name| name.as_str().map(str::to_owned));
                words.collect::<Option<Vec<_>>>()
            });
            said.names = Some(names.ok_or(Some("a list of names, such as [\"onsight.corp\"]"))?);
        }
        _ => return Err(None),
    }
    Ok(())
}

/// The table of limits: a whole number each, in its range.
fn limits(item: &Item) -> Result<Limits, Option<&'static str>> {
    const MUST: &str = "a table of limits with whole numbers, such as { page_seconds = 5, storage_megabytes = 20480 }; docs/tenants.md has their names and ranges";
    let table = item.as_table_like().ok_or(Some(MUST))?;
    let mut limits = Limits::default();
    for (name, value) in table.iter() {
        let bound = Bound::named(name).ok_or(Some(MUST))?;
        let value = value.as_integer().and_then(|value| u64::try_from(value).ok());
        let value = value.ok_or(Some(MUST))?;
        limits = limits.with(bound, value);
        if limits.get(bound) != value {
            return Err(Some(MUST));
        }
    }
    Ok(limits)
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
    fn limits_are_known_by_name_and_stay_in_their_range() {
        let fine = said("[limits]\npage_seconds = 2\nstorage_megabytes = 500").unwrap();
        let limits = fine.limits.unwrap();
        assert_eq!(limits.get(Bound::Page), 2);
        assert_eq!(limits.get(Bound::Storage), 500);
        assert_eq!(limits.get(Bound::Desk), Bound::Desk.usual());
        for wrong in ["limits = 5", "[limits]\npage = 2", "[limits]\npage_seconds = 0"] {
            let error = said(wrong).unwrap_err();
            assert!(error.contains("`limits` must be"), "{error}");
        }
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
