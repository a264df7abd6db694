//! The facts put together: defaults are overruled by the file, the file by the
//! environment, that by flags.

use std::fs;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml_edit::Item;

use crate::base::{Limits, text};

use super::edges::{self, Edges};
use super::shown;
use super::telling::{self, Telling};
use super::values::{words, workspace};

/// Where the file is looked for when nobody names one.
pub const FILE: &str = "/etc/onsight/onsight.toml";
pub const DATA: &str = "/var/lib/onsight";

const KEYS: [&str; 8] = [
    "data",
    "workspace",
    "listen",
    "names",
    "tls_cert",
    "tls_key",
    "egress.allow",
    shown::KEY,
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
    pub edges: Edges,
    pub telling: Telling,
    /// What a workspace may use, unless the operator says otherwise of it.
    pub workspace: Limits,
    /// Destinations that may be called: `ldap.corp:636`, `10.0.0.0/8:5432`.
    pub allow: Vec<String>,
    /// Origins whose pages and pictures apps may show: `https://maps.example.org`.
    pub shown: Vec<String>,
    /// The file that was read; `None`: there is none.
    pub file: Option<PathBuf>,
    /// Whoever came in by the demo's link needs no second factor; only [`Config::for_demo`] says so.
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
    pub edges: Option<Edges>,
    pub telling: Option<Telling>,
    pub workspace: Option<Limits>,
    pub allow: Option<Vec<String>>,
    pub shown: Option<Vec<String>>,
    pub file: Option<PathBuf>,
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
    #[error("[admin] needs listen, the address of the second listener")]
    NoAdminListen,
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
        let edges = first(said, |one| &one.edges).unwrap_or_default();
        if edges.admin_listen.is_none() && edges.admin_gate != edges::Gate::default() {
            return Err(Error::NoAdminListen);
        }
        Ok(Config {
            edges,
            telling: first(said, |one| &one.telling).unwrap_or_default(),
            workspace: first(said, |one| &one.workspace).unwrap_or_default(),
            data: first(said, |one| &one.data).unwrap_or_else(|| DATA.into()),
            listen: first(said, |one| &one.listen)
                .unwrap_or_else(|| SocketAddr::from(([0, 0, 0, 0], 8443))),
            names: first(said, |one| &one.names).unwrap_or_default(),
            tls,
            allow: first(said, |one| &one.allow).unwrap_or_default(),
            shown: first(said, |one| &one.shown).unwrap_or_default(),
            file: first(said, |one| &one.file),
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
    let mut said = Said {
        file: Some(path.to_owned()),
        ..Said::default()
    };
    for (name, item) in document.iter() {
        let span = document.as_table().key(name).and_then(toml_edit::Key::span);
        let Some(section) = item.as_table_like().filter(|_| is_section(name)) else {
            set(&mut said, name, item).map_err(|must| wrong(path, text, span, name, must))?;
            continue;
        };
        for (key, item) in section.iter() {
            let span = section.key(key).and_then(toml_edit::Key::span);
            let key = format!("{name}.{key}");
            set(&mut said, &key, item).map_err(|must| wrong(path, text, span, &key, must))?;
        }
    }
    Ok(said)
}

fn is_section(name: &str) -> bool {
    let keys = KEYS.iter().chain(&edges::KEYS).chain(&telling::KEYS);
    let mut sections = keys.filter_map(|key| key.split_once('.'));
    sections.any(|(section, _)| section == name)
}

fn wrong(
    path: &Path,
    text: &str,
    span: Option<Range<usize>>,
    key: &str,
    must: Option<&'static str>,
) -> Error {
    let line = span.map_or(1, |span| text[..span.start].matches('\n').count() + 1);
    let (path, key) = (path.to_owned(), key.to_owned());
    match must {
        Some(must) => Error::Wrong {
            path,
            line,
            key,
            must,
        },
        None => Error::UnknownKey {
            hint: text::nearest(
                &key,
                KEYS.into_iter().chain(edges::KEYS).chain(telling::KEYS),
            )
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default(),
            path,
            line,
            key,
        },
    }
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
        "workspace" => said.workspace = Some(workspace(item)?),
        "egress.allow" => {
            let must = "a list of destinations, such as [\"ldap.corp:636\"]";
            said.allow = Some(words(item).ok_or(Some(must))?);
        }
        shown::KEY => said.shown = Some(shown::origins(item)?),
        key if telling::KEYS.contains(&key) => {
            let mut telling = said.telling.clone().unwrap_or_default();
            telling.set(key, item)?;
            said.telling = Some(telling);
        }
        _ => {
            // Kept only when it is right, so that a wrong one changes nothing.
            let mut edges = said.edges.clone().unwrap_or_default();
            edges.set(key, item)?;
            said.edges = Some(edges);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Bound;

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
        let fine = said("[workspace]\npage_seconds = 2\nstorage_megabytes = 500").unwrap();
        let limits = fine.workspace.unwrap();
        assert_eq!(limits.get(Bound::Page), 2);
        assert_eq!(limits.get(Bound::Storage), 500);
        assert_eq!(limits.get(Bound::Desk), Bound::Desk.usual());
        for wrong in [
            "workspace = 5",
            "[workspace]\npage = 2",
            "[workspace]\npage_seconds = 0",
        ] {
            let error = said(wrong).unwrap_err();
            assert!(error.contains("`workspace` must be"), "{error}");
        }
    }

    #[test]
    fn where_the_site_is_and_what_it_may_call() {
        let file =
            said("[site]\nurl = \"https://Onsight.corp/\"\n[egress]\nallow = [\"ldap.corp:636\"]");
        let config = Config::of(&[file.unwrap()]).unwrap();
        assert_eq!(config.edges.url.unwrap().origin(), "https://onsight.corp");
        assert_eq!(config.allow, ["ldap.corp:636"]);
        for wrong in [
            "site = 1",
            "[site]\nurl = \"http://onsight.corp\"",
            "[site]\nurl = \"https://user@onsight.corp\"",
            "[site]\nurl = \"https://onsight.corp/path\"",
            "[site]\nurl = \"https://onsight.corp\"\nname = \"x\"",
            "egress = 1",
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

    #[test]
    fn the_second_door_has_a_section_of_its_own() {
        let text = "proxies = [\"10.0.0.5\"]\n[admin]\nlisten = \"10.8.0.1:8444\"\n\
                    allow = [\"10.8.0.0/24\"]\n[limits]\nsilence = 7";
        let edges = Config::of(&[said(text).unwrap()]).unwrap().edges;
        assert_eq!(edges.admin_listen, Some(([10, 8, 0, 1], 8444).into()));
        assert_eq!(edges.admin_gate.allow.to_string(), "10.8.0.0/24");
        assert!(edges.gate.allow.is_empty());
        assert!(edges.proxies.have([10, 0, 0, 5].into()));
        assert_eq!(edges.limits.silence, std::time::Duration::from_secs(7));
    }

    #[test]
    fn what_is_wrong_in_a_section_is_named_with_it() {
        let error = said("[admin]\nlisten = \"10.8.0.1:8444\"\nalow = []").unwrap_err();
        assert_eq!(
            error,
            "onsight.toml, line 3: unknown key `admin.alow`; did you mean `admin.allow`?"
        );
        let error = said("[limits]\nhead = 0").unwrap_err();
        assert!(error.contains("line 2: `limits.head` must be"), "{error}");
        let error = said("allow = [\"10.0.0.5/8\"]").unwrap_err();
        assert!(
            error.contains("`allow` must be a list of networks"),
            "{error}"
        );
        assert!(said("admin = 3").is_err());
        let half = said("[admin]\nallow = [\"10.0.0.0/8\"]").unwrap();
        assert!(
            Config::of(&[half])
                .unwrap_err()
                .to_string()
                .contains("needs listen")
        );
    }
}
