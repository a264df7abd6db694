//! A program of somebody else beside a test: the Python that runs it, and a
//! certificate for it.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// The Python that `tests/run` made in that folder of its cache, or that a variable names.
pub(crate) fn python(variable: &str, venv: &str) -> PathBuf {
    if let Some(named) = std::env::var_os(variable) {
        return named.into();
    }
    let cache = std::env::var_os("XDG_CACHE_HOME").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache"),
        PathBuf::from,
    );
    cache.join("onsight-tests").join(venv).join("bin/python")
}

/// Starts it with its mouth and ears open. `package` is what pip brings.
pub(crate) fn start(command: &mut Command, package: &str) -> Child {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    piped.spawn().unwrap_or_else(|error| {
        let python = piped.get_program().display();
        panic!(
            "{python}: {error}; `tests/run` makes it, or: python3 -m venv there, pip install {package}"
        )
    })
}

/// What a server on this machine shows, signed by an authority of its own.
pub(crate) struct Certified {
    pub(crate) cert: PathBuf,
    pub(crate) key: PathBuf,
    /// The authority, as text.
    pub(crate) ca: String,
    _folder: TempDir,
}

impl Certified {
    pub(crate) fn new() -> Certified {
        let folder = TempDir::new().unwrap();
        let mut authority = rcgen::CertificateParams::default();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let signs = rcgen::KeyPair::generate().unwrap();
        let ca = authority.self_signed(&signs).unwrap().pem();
        let issuer = rcgen::Issuer::new(authority, signs);
        let pair = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let signed = params.signed_by(&pair, &issuer).unwrap();
        let (cert, key) = (folder.path().join("cert"), folder.path().join("key"));
        std::fs::write(&cert, signed.pem()).unwrap();
        std::fs::write(&key, pair.serialize_pem()).unwrap();
        Certified {
            cert,
            key,
            ca,
            _folder: folder,
        }
    }
}
