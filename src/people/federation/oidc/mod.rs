//! OpenID Connect: the authorization code flow with PKCE, and nothing else of it.
//!
//! Our own on `aws-lc-rs`: the usual crate brings a second calendar and a
//! second cryptography, one of them with an open advisory.

mod claims;
mod jws;
mod memory;
mod provider;

pub(super) use claims::Asked;
pub(in crate::people) use memory::Memory;

pub(super) use provider::{Code, Provider};
