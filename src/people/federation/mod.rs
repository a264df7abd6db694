//! Signing in with what a company has already: a provider that speaks OpenID
//! Connect, a directory that speaks LDAP. Operators set these up and try them;
//! what they vouch for becomes a person with a place here.

mod actions;
mod error;
mod form;
mod ldap;
mod model;
mod oidc;
mod pages;
mod settings;
mod sql;
mod trial;

pub(super) use actions::{Offer, by_directory, offers};
pub(super) use error::Error;
pub use model::{MethodId, PlacementId};
pub(super) use oidc::Memory;
pub(super) use pages::routes;
