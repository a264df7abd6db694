//! The two ways in: by a provider and back, and by a directory's password.

use super::arriving::{arrive, refuse};
use crate::base::Secret;
use crate::config::Url;
use crate::people::actions::{Came, Entered};
use crate::people::federation::ldap::{Directory, Found};
use crate::people::federation::model::{Known, Method, MethodId};
use crate::people::federation::oidc::{Asked, Code, Provider};
use crate::people::federation::settings::{Ldap, Oidc, Settings};
use crate::people::federation::{Error, sql};
use crate::people::model;
use crate::people::pages::People;
use crate::store::Error as StoreError;

/// What failures to reach a provider count under; no account is called so.
const AWAY: &str = "provider";

/// A way in that the sign-in page offers.
#[derive(Clone, Debug)]
pub(in crate::people) struct Offer {
    pub(in crate::people) id: MethodId,
    pub(in crate::people) name: String,
}

/// What the sign-in page offers besides a password.
pub(in crate::people) async fn offers(people: &People) -> Result<Vec<Offer>, StoreError> {
    if people.site.config.edges.url.is_none() {
        return Ok(Vec::new());
    }
    let methods = people.site.system.read(sql::methods).await?;
    let offered = methods
        .into_iter()
        .filter(|method| method.is_on && matches!(method.settings, Settings::Oidc(_)));
    Ok(offered
        .map(|Method { id, name, .. }| Offer { id, name })
        .collect())
}

/// The secret of a method, out of its seal.
pub(in crate::people::federation) fn secret_of(
    people: &People,
    method: &Method,
) -> Result<Option<Secret>, Error> {
    let Some(sealed) = &method.sealed else {
        return Ok(None);
    };
    let key = people.site.keyring.key_of(super::methods::SEAL)?.key;
    let opened = key.open(&method.seal_place(), sealed);
    let bytes = opened.map_err(|_wrong_key| Error::SecretGone)?;
    let words = String::from_utf8(bytes.to_vec()).map_err(|_not_text| Error::SecretGone)?;
    Ok(Some(words.into()))
}

/// A browser is sent to a provider: where to, and what it takes along.
pub(in crate::people::federation) struct Begun {
    pub(in crate::people::federation) address: String,
    pub(in crate::people::federation) cookie: Secret,
}

/// What a browser brings back.
pub(in crate::people::federation) struct Returned {
    pub(in crate::people::federation) state: String,
    pub(in crate::people::federation) cookie: String,
    pub(in crate::people::federation) code: Option<String>,
    pub(in crate::people::federation) error: Option<String>,
    pub(in crate::people::federation) issuer: Option<String>,
}

async fn provider(people: &People, id: MethodId) -> Result<(Method, Oidc, String), Error> {
    let method = people
        .site
        .system
        .read(move |conn| sql::method(conn, id))
        .await?;
    let Settings::Oidc(oidc) = method.settings.clone() else {
        return Err(StoreError::NotFound.into());
    };
    if !method.is_on {
        return Err(StoreError::NotFound.into());
    }
    let url = people.site.config.edges.url.as_ref().ok_or(Error::NoUrl)?;
    let back = back_to(url, id);
    Ok((method, oidc, back))
}

/// The one address a provider may send people back to: from the configuration,
/// never from what a request says.
pub(in crate::people::federation) fn back_to(url: &Url, id: MethodId) -> String {
    format!("{}/sign-in/back/{id}", url.origin())
}

pub(in crate::people::federation) async fn begin(
    people: &People,
    id: MethodId,
    then: String,
    came: &Came,
) -> Result<Begun, Error> {
    let (_, oidc, back) = provider(people, id).await?;
    let now = people.site.clock.now();
    // A provider that does not answer is not asked again by everybody at once.
    if let Some(seconds) = people.throttle.wait(AWAY, came.address, now) {
        return Err(model::Error::Throttled(seconds).into());
    }
    let provider = Provider::new(&people.site.egress, &oidc)?;
    let endpoints = provider.endpoints(&people.federation, now).await;
    let endpoints =
        endpoints.inspect_err(|_away| people.throttle.failed(AWAY, came.address, now))?;
    let ticket = people.federation.begin(id, then, now)?;
    Ok(Begun {
        address: provider.address(&endpoints, &ticket, &back),
        cookie: ticket.cookie,
    })
}

/// Gives the session, and where they wanted to go.
pub(in crate::people::federation) async fn come_back(
    people: &People,
    id: MethodId,
    returned: Returned,
    came: Came,
) -> Result<(Entered, String), Error> {
    let now = people.site.clock.now();
    let begun = people
        .federation
        .finish(&returned.state, &returned.cookie, id, now);
    let started = begun.ok_or(Error::Stale)?;
    let (method, oidc, back) = provider(people, id).await?;
    let known = async {
        if let Some(error) = &returned.error {
            let error = crate::base::text::shorten(error, 80);
            return Err(Error::Provider(format!("{} says: {error}", method.name)));
        }
        let provider = Provider::new(&people.site.egress, &oidc)?;
        let endpoints = provider.endpoints(&people.federation, now).await?;
        let is_who = returned
            .issuer
            .as_ref()
            .map_or(!endpoints.says_who(), |issuer| *issuer == oidc.issuer);
        let code = returned
            .code
            .as_deref()
            .filter(|_| is_who)
            .ok_or(Error::Stale)?;
        let secret = secret_of(people, &method)?;
        let (verifier, secret) = (&started.verifier, secret.as_ref());
        let code = Code {
            value: code,
            back: &back,
            verifier,
            secret,
        };
        let nonce = started.nonce.reveal();
        let asked = Asked {
            settings: &oidc,
            nonce,
            now,
        };
        provider.redeem(&endpoints, &code, &asked).await
    };
    match known.await {
        Ok(known) => Ok((arrive(people, &method, known, came).await?, started.then)),
        Err(error) => {
            refuse(people, (&method.name, "somebody".to_owned()), &error, came).await?;
            Err(error)
        }
    }
}

/// Tries the directories that are on with a password that is not kept here.
/// `None`: none of them knows it, or none could be asked.
pub(in crate::people) async fn by_directory(
    people: &People,
    account: &str,
    words: &Secret,
    came: &Came,
) -> Result<Option<Entered>, Error> {
    let methods = people.site.system.read(sql::methods).await?;
    for method in methods.into_iter().filter(|method| method.is_on) {
        let Settings::Ldap(ldap) = &method.settings else {
            continue;
        };
        if !is_for(ldap, account) {
            continue;
        }
        match vouch(people, &method, ldap, account, words).await {
            Ok(Some(known)) => {
                return Ok(Some(arrive(people, &method, known, came.clone()).await?));
            }
            Ok(None) => {}
            Err(error @ Error::ShutThere(_)) => {
                refuse(
                    people,
                    (&method.name, account.to_owned()),
                    &error,
                    came.clone(),
                )
                .await?;
                return Err(error);
            }
            Err(error) => tracing::warn!(
                "{} could not be asked about a password: {error}",
                method.name
            ),
        }
    }
    Ok(None)
}

fn is_for(ldap: &Ldap, account: &str) -> bool {
    let domain = account.rsplit_once('@').map_or("", |(_, domain)| domain);
    ldap.domains.is_empty() || ldap.domains.iter().any(|one| one == domain)
}

async fn vouch(
    people: &People,
    method: &Method,
    ldap: &Ldap,
    account: &str,
    words: &Secret,
) -> Result<Option<Known>, Error> {
    let secret = secret_of(people, method)?;
    let client = Directory::client(ldap)?;
    let mut directory = Directory::open(&people.site.egress, ldap, &client).await?;
    directory.bind(secret.as_ref()).await?;
    let found = directory.find(account).await?;
    let Some(Found { dn, is_shut, known }) = found else {
        directory.try_nobody(words).await?;
        directory.close().await;
        return Ok(None);
    };
    let fits = directory.is_password_of(&dn, words).await?;
    directory.close().await;
    match (fits, is_shut) {
        (false, _) => Ok(None),
        (true, true) => Err(Error::ShutThere(method.name.clone())),
        (true, false) => Ok(Some(known)),
    }
}
