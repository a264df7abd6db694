//! What is said to a provider, and what it answers.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde::Deserialize;
use serde_json::Value;

use super::claims::{self, Asked};
use super::jws::{self, Keys};
use super::memory::{Memory, Ticket};
use crate::base::{Secret, Time};
use crate::egress::{Ask, Client, Egress, Presented, Purpose, Trust};
use crate::people::federation::Error;
use crate::people::federation::model::Known;
use crate::people::federation::settings::Oidc;
use crate::people::token;

/// What a provider says of itself.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::people::federation) struct Endpoints {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    code_challenge_methods_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Endpoints {
    /// Does it say that it checks PKCE? Some do and do not say so.
    pub(in crate::people::federation) fn says_pkce(&self) -> bool {
        self.code_challenge_methods_supported
            .iter()
            .any(|way| way == "S256")
    }

    /// Says in its answer who it is, so that one cannot pass for another.
    pub(in crate::people::federation) fn says_who(&self) -> bool {
        self.authorization_response_iss_parameter_supported
    }
}

#[derive(Deserialize)]
struct Tokens {
    id_token: Option<String>,
    access_token: Option<Secret>,
    error: Option<String>,
}

/// One provider, spoken to through the way out.
pub(in crate::people::federation) struct Provider<'a> {
    egress: &'a Egress,
    settings: &'a Oidc,
    client: Client,
    host: String,
}

impl<'a> Provider<'a> {
    pub(in crate::people::federation) fn new(
        egress: &'a Egress,
        settings: &'a Oidc,
    ) -> Result<Provider<'a>, Error> {
        Ok(Provider {
            egress,
            settings,
            client: Trust::new(&settings.ca)?.client()?,
            host: Egress::place(&settings.issuer)?.0,
        })
    }

    pub(in crate::people::federation) fn presented(&self) -> Option<Presented> {
        self.client.presented()
    }

    /// What it says of itself, asked now.
    pub(in crate::people::federation) async fn discover(&self) -> Result<Endpoints, Error> {
        let issuer = self.settings.issuer.trim_end_matches('/');
        let url = format!("{issuer}/.well-known/openid-configuration");
        let answer = self.get(&url, None).await?;
        let endpoints: Endpoints = read(&answer, "what it says of itself")?;
        if endpoints.issuer != self.settings.issuer {
            return Err(Error::Provider(format!(
                "the provider calls itself {}; the issuer must be written exactly like that",
                endpoints.issuer
            )));
        }
        Egress::place(&endpoints.authorization_endpoint)?;
        Ok(endpoints)
    }

    /// The same, as it was said a moment ago.
    pub(in crate::people::federation) async fn endpoints(
        &self,
        memory: &Memory,
        now: Time,
    ) -> Result<Endpoints, Error> {
        let key = format!("{}\n{}", self.settings.issuer, self.settings.ca);
        if let Some(endpoints) = memory.recall(&key, now) {
            return Ok(endpoints);
        }
        let endpoints = self.discover().await?;
        memory.remember(key, &endpoints, now);
        Ok(endpoints)
    }

    /// How many keys it publishes that could sign for us.
    pub(in crate::people::federation) async fn count_keys(
        &self,
        endpoints: &Endpoints,
    ) -> Result<usize, Error> {
        Ok(self.keys(endpoints).await?.keys.len())
    }

    async fn keys(&self, endpoints: &Endpoints) -> Result<Keys, Error> {
        read(&self.get(&endpoints.jwks_uri, None).await?, "its keys")
    }

    /// Where the browser is sent.
    pub(in crate::people::federation) fn address(
        &self,
        endpoints: &Endpoints,
        ticket: &Ticket,
        back: &str,
    ) -> String {
        let verifier = ticket.started.verifier.reveal();
        let challenge = BASE64URL_NOPAD.encode(&token::hash(verifier));
        let scope = format!("openid email profile {}", self.settings.scopes);
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client)
            .append_pair("redirect_uri", back)
            .append_pair("scope", scope.trim())
            .append_pair("state", ticket.state.reveal())
            .append_pair("nonce", ticket.started.nonce.reveal())
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .finish();
        let endpoint = &endpoints.authorization_endpoint;
        let joint = if endpoint.contains('?') { '&' } else { '?' };
        format!("{endpoint}{joint}{query}")
    }

    /// Turns the code into somebody known.
    pub(in crate::people::federation) async fn redeem(
        &self,
        endpoints: &Endpoints,
        code: &Code<'_>,
        asked: &Asked<'_>,
    ) -> Result<Known, Error> {
        let tokens = self.exchange(endpoints, code).await?;
        let told = tokens.id_token.ok_or_else(|| {
            Error::Provider(
                "the provider gave no id token: is `openid` among the client's scopes?".to_owned(),
            )
        })?;
        let wrong = |why: &str| Error::Provider(why.to_owned());
        let mut claims = jws::open(&told, &self.keys(endpoints).await?).map_err(wrong)?;
        claims::check(&claims, asked).map_err(wrong)?;
        if let (Some(url), Some(access)) = (&endpoints.userinfo_endpoint, tokens.access_token)
            && (claims["email"].is_null() || claims[self.settings.groups.as_str()].is_null())
        {
            let bearer = format!("Bearer {}", access.reveal()).into();
            let more: Value = read(&self.get(url, Some(bearer)).await?, "who they are")?;
            add(&mut claims, more)?;
        }
        Ok(claims::known(&claims, self.settings))
    }

    /// What proves the client, and the form that carries the code.
    fn proof(&self, endpoints: &Endpoints, code: &Code<'_>) -> (Option<Secret>, Secret) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code.value)
            .append_pair("redirect_uri", code.back)
            .append_pair("code_verifier", code.verifier.reveal());
        let ways = &endpoints.token_endpoint_auth_methods_supported;
        // Basic is what a provider speaks that does not say.
        let is_basic = ways.is_empty() || ways.iter().any(|way| way == "client_secret_basic");
        let mut authorization = None;
        match code.secret {
            Some(secret) if is_basic => authorization = Some(basic(&self.settings.client, secret)),
            Some(secret) => {
                form.append_pair("client_id", &self.settings.client)
                    .append_pair("client_secret", secret.reveal());
            }
            None => {
                form.append_pair("client_id", &self.settings.client);
            }
        }
        (authorization, form.finish().into())
    }

    async fn exchange(&self, endpoints: &Endpoints, code: &Code<'_>) -> Result<Tokens, Error> {
        let (authorization, form) = self.proof(endpoints, code);
        let answer = self
            .call(&endpoints.token_endpoint, authorization, Some(form))
            .await?;
        let tokens: Tokens = serde_json::from_slice(&answer.body)
            .map_err(|_not_json| self.odd(answer.status, "the code"))?;
        match (&tokens.error, answer.status) {
            (None, 200) => Ok(tokens),
            (Some(error), _) => Err(Error::Provider(format!(
                "the provider does not take the code: {}",
                crate::base::text::shorten(error, 80)
            ))),
            (None, status) => Err(self.odd(status, "the code")),
        }
    }

    async fn get(&self, url: &str, authorization: Option<Secret>) -> Result<bytes::Bytes, Error> {
        let answer = self.call(url, authorization, None).await?;
        match answer.status {
            200 => Ok(answer.body),
            status => Err(self.odd(status, url)),
        }
    }

    async fn call(
        &self,
        url: &str,
        authorization: Option<Secret>,
        form: Option<Secret>,
    ) -> Result<crate::egress::Answer, Error> {
        // The operator named the issuer; what the issuer names is another matter.
        let is_named = Egress::place(url)?.0 == self.host;
        let purpose = if is_named {
            Purpose::SignIn
        } else {
            Purpose::Linked
        };
        let ask = Ask {
            url,
            purpose,
            form,
            authorization,
        };
        Ok(self.egress.ask(&self.client, ask).await?)
    }

    fn odd(&self, status: u16, what: &str) -> Error {
        Error::Provider(format!(
            "{} answered {status} when asked for {what}",
            self.host
        ))
    }
}

/// A code on its way to be redeemed.
pub(in crate::people::federation) struct Code<'a> {
    pub(in crate::people::federation) value: &'a str,
    pub(in crate::people::federation) back: &'a str,
    pub(in crate::people::federation) verifier: &'a Secret,
    pub(in crate::people::federation) secret: Option<&'a Secret>,
}

fn read<T: serde::de::DeserializeOwned>(body: &[u8], what: &str) -> Result<T, Error> {
    serde_json::from_slice(body)
        .map_err(|error| Error::Provider(format!("{what} cannot be read: {error}")))
}

/// RFC 6749, 2.3.1: both halves are encoded as in a form before they are joined.
fn basic(client: &str, secret: &Secret) -> Secret {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let both = Secret::from(format!("{}:{}", encode(client), encode(secret.reveal())));
    format!("Basic {}", BASE64.encode(both.reveal().as_bytes())).into()
}

/// What the provider tells besides the token: about the same person, and never
/// in place of what is signed.
fn add(claims: &mut Value, more: Value) -> Result<(), Error> {
    if more["sub"] != claims["sub"] {
        return Err(Error::Provider(
            "the provider tells about somebody else".to_owned(),
        ));
    }
    if let (Value::Object(claims), Value::Object(more)) = (claims, more) {
        for (name, value) in more {
            claims.entry(name).or_insert(value);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_told_beside_the_token_adds_and_replaces_nothing() {
        let mut claims = json!({ "sub": "ada", "email": "a@corp" });
        add(
            &mut claims,
            json!({ "sub": "ada", "email": "evil@corp", "groups": ["x"] }),
        )
        .unwrap();
        assert_eq!(
            claims,
            json!({ "sub": "ada", "email": "a@corp", "groups": ["x"] })
        );
        for other in [json!({ "sub": "eve" }), json!({}), json!([])] {
            assert!(add(&mut claims, other).is_err());
        }
    }

    #[test]
    fn a_client_proves_itself_with_both_halves_encoded() {
        let words = basic("on sight", &"a:b%".to_owned().into());
        let told = words.reveal().strip_prefix("Basic ").unwrap();
        assert_eq!(
            BASE64.decode(told.as_bytes()).unwrap(),
            b"on+sight:a%3Ab%25"
        );
    }
}
