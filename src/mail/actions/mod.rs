//! What is done with mail: the server named, letters written, sent, tried again
//! and thrown away.

mod delivery;
mod queue;
mod server;

use crate::site::Site;
use crate::store::{Error, Key};

pub use delivery::{deliver, watch};
pub(super) use queue::{discard, resend};
pub use queue::{discard_for, is_on, send};
pub(super) use server::{password_for, save, stop, tested, try_out};

/// What seals the password and what letters say.
pub(super) fn key(site: &Site) -> Result<Key, Error> {
    Ok(site.keyring.key_of("mail")?.key)
}

/// What this machine is called in the conversation.
pub(super) fn called(site: &Site) -> String {
    if let Some(url) = &site.config.edges.url {
        return url.host().to_owned();
    }
    let names = site.certificates.shown().names;
    let name = names.into_iter().find(|name| name != "localhost");
    name.unwrap_or_default()
}
