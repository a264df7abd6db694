//! Whether browsers are told to come by TLS and by nothing else (RFC 6797).

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// What is told. Browsers remember it for a year, so it is never the default:
/// it holds for all ports of the host, and takes away the way past a warning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// Nothing was ever told.
    #[default]
    Silent,
    Host,
    /// The host and every name below it.
    Subdomains,
    /// Told once and taken back: browsers that come again forget it.
    Withdrawn,
}

impl Strictness {
    pub const ALL: [Strictness; 4] = [
        Strictness::Silent,
        Strictness::Host,
        Strictness::Subdomains,
        Strictness::Withdrawn,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Strictness::Silent => "silent",
            Strictness::Host => "host",
            Strictness::Subdomains => "subdomains",
            Strictness::Withdrawn => "withdrawn",
        }
    }

    pub fn named(name: &str) -> Option<Strictness> {
        Strictness::ALL.into_iter().find(|one| one.name() == name)
    }

    pub fn is_on(self) -> bool {
        matches!(self, Strictness::Host | Strictness::Subdomains)
    }
}

/// What holds now, at hand for every answer.
#[derive(Clone, Debug, Default)]
pub struct Strict(Arc<AtomicU8>);

impl Strict {
    pub fn now(&self) -> Strictness {
        let at = usize::from(self.0.load(Ordering::Relaxed));
        Strictness::ALL.get(at).copied().unwrap_or_default()
    }

    pub fn set(&self, strictness: Strictness) {
        let at = Strictness::ALL.iter().position(|one| *one == strictness);
        let at = at.and_then(|at| u8::try_from(at).ok());
        self.0.store(at.unwrap_or_default(), Ordering::Relaxed);
    }

    /// The value of `Strict-Transport-Security`.
    pub fn header(&self) -> Option<&'static str> {
        match self.now() {
            Strictness::Silent => None,
            Strictness::Host => Some("max-age=31536000"),
            Strictness::Subdomains => Some("max-age=31536000; includeSubDomains"),
            Strictness::Withdrawn => Some("max-age=0"),
        }
    }
}
