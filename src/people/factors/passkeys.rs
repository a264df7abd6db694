//! Passkeys (WebAuthn): which host they are for, and ceremonies under way.

use std::net::IpAddr;

use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyRegistration, Url, Webauthn, WebauthnBuilder,
};

use crate::web::UserId;

/// What we wait for a browser to answer.
pub(in crate::people) enum Ceremony {
    Register(UserId, Box<PasskeyRegistration>),
    SignIn(Box<DiscoverableAuthentication>),
}

/// Why there can be no passkey under the address the browser shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::people) enum Unfit {
    #[error(
        "passkeys need a name in the address bar, and this is a number; open Onsight under one \
         of the names on the page about its certificate"
    )]
    Number,
    #[error(
        "passkeys need a name that the certificate knows; add it where the server is started: \
         --names onsight.example.org"
    )]
    Stranger,
}

/// The host of `https://host:port`.
pub(in crate::people) fn host(origin: &str) -> Result<String, Unfit> {
    let origin = Url::parse(origin).map_err(|_nothing| Unfit::Stranger)?;
    let host = origin.host_str().ok_or(Unfit::Stranger)?;
    if host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return Err(Unfit::Number);
    }
    Ok(host.to_owned())
}

/// The party that browsers keep passkeys for: the host, whatever the port.
pub(in crate::people) fn relying_party(origin: &str) -> Result<Webauthn, Unfit> {
    let host = host(origin)?;
    let url = Url::parse(origin).map_err(|_nothing| Unfit::Stranger)?;
    WebauthnBuilder::new(&host, &url)
        .map(|builder| builder.rp_name("Onsight"))
        .and_then(WebauthnBuilder::build)
        .map_err(|_unusable| Unfit::Stranger)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passkey_is_for_a_name() {
        assert_eq!(host("https://onsight.corp:8443").unwrap(), "onsight.corp");
        assert!(relying_party("https://localhost:8443").is_ok());
        for number in ["https://127.0.0.1:8443", "https://[::1]:8443"] {
            assert_eq!(host(number), Err(Unfit::Number));
            assert_eq!(relying_party(number).err(), Some(Unfit::Number));
        }
        assert_eq!(host(""), Err(Unfit::Stranger));
    }
}
