//! What an operator enters about a method, by what it speaks.

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

/// What the method speaks, and what it takes to speak with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Settings {
    Oidc(Oidc),
    Ldap(Ldap),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Oidc {
    /// Exactly as the provider calls itself.
    pub(super) issuer: String,
    pub(super) client: String,
    /// Asked for besides `openid email profile`.
    pub(super) scopes: String,
    /// The claim that lists groups.
    pub(super) groups: String,
    pub(super) ca: String,
    /// Nobody outside the company can register there, so addresses are theirs.
    pub(super) vouches_for_email: bool,
    /// What `amr` and `acr` say counts as a second factor.
    pub(super) counts_factor: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ldap {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) ca: String,
    /// Whoever searches; empty: nobody in particular.
    pub(super) bind: String,
    pub(super) base: String,
    /// With `{email}` or `{name}` where the typed address goes.
    pub(super) filter: String,
    /// Where groups are searched; empty: only what `memberOf` says.
    pub(super) group_base: String,
    /// With `{dn}` where the person goes.
    pub(super) group_filter: String,
    /// Addresses that are tried here; empty: all.
    pub(super) domains: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Security {
    Ldaps,
    StartTls,
    /// Everything is readable on the way, passwords too.
    Plain,
}

impl Security {
    pub(super) fn name(self) -> &'static str {
        match self {
            Security::Ldaps => "ldaps",
            Security::StartTls => "starttls",
            Security::Plain => "plain",
        }
    }

    pub(super) fn named(name: &str) -> Option<Security> {
        let all = [Security::Ldaps, Security::StartTls, Security::Plain];
        all.into_iter().find(|one| one.name() == name)
    }
}

impl Settings {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Settings::Oidc(_) => "oidc",
            Settings::Ldap(_) => "ldap",
        }
    }

    /// Where the secret goes and under which guard: what it is sealed for.
    pub(super) fn destination(&self) -> String {
        let parts = match self {
            Settings::Oidc(oidc) => vec!["oidc", &oidc.issuer, &oidc.client, &oidc.ca],
            Settings::Ldap(ldap) => {
                vec![
                    "ldap",
                    &ldap.host,
                    ldap.security.name(),
                    &ldap.bind,
                    &ldap.ca,
                ]
            }
        };
        let port = match self {
            Settings::Oidc(_) => 443,
            Settings::Ldap(ldap) => ldap.port,
        };
        // Quoted, so that the parts stay apart whatever is in them.
        let said = format!("{parts:?} {port}");
        let hash = digest::digest(&digest::SHA256, said.as_bytes());
        HEXLOWER.encode(hash.as_ref())
    }

    /// As the audit trail may show it.
    pub(super) fn summary(&self) -> String {
        match self {
            Settings::Oidc(oidc) => oidc.issuer.clone(),
            Settings::Ldap(ldap) => {
                format!("{}:{} ({})", ldap.host, ldap.port, ldap.security.name())
            }
        }
    }
}
