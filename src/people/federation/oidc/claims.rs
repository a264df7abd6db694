//! What a provider's token must say before it is believed.

use serde_json::Value;

use crate::base::Time;
use crate::people::federation::model::Known;
use crate::people::federation::settings::Oidc;
use crate::people::model::Email;

/// How far the clocks of two machines may differ.
const SKEW: i64 = 90;
/// A token is taken up at once; an older one was kept by somebody.
const OLDEST: i64 = 15 * 60;
/// Ways to prove who one is that are more than a password (RFC 8176 and what
/// Entra and Keycloak write).
const FACTORS: [&str; 10] = [
    "mfa", "otp", "hwk", "swk", "fpt", "face", "iris", "sc", "ngcmfa", "webauthn",
];

/// What was asked for: the answer must be to this question.
pub(in crate::people::federation) struct Asked<'a> {
    pub(in crate::people::federation) settings: &'a Oidc,
    pub(in crate::people::federation) nonce: &'a str,
    pub(in crate::people::federation) now: Time,
}

/// `Err`: the check the token failed.
pub(super) fn check(claims: &Value, asked: &Asked<'_>) -> Result<(), &'static str> {
    let now = asked.now.0 / Time::SECOND;
    let number = |name: &str| claims[name].as_f64().map(whole);
    if claims["iss"].as_str() != Some(&asked.settings.issuer) {
        return Err("the token is from another issuer");
    }
    let client = asked.settings.client.as_str();
    let (is_ours, is_shared) = match &claims["aud"] {
        Value::String(one) => (one == client, false),
        Value::Array(all) => (all.iter().any(|one| one == client), all.len() > 1),
        _ => (false, false),
    };
    if !is_ours {
        return Err("the token is for another client");
    }
    let party = &claims["azp"];
    if (is_shared || !party.is_null()) && party.as_str() != Some(client) {
        return Err("the token was given to another client");
    }
    match number("exp") {
        Some(until) if until + SKEW > now => {}
        _ => return Err("the token has expired; compare the clocks of both machines"),
    }
    match number("iat") {
        Some(made) if made - SKEW <= now && now <= made + OLDEST + SKEW => {}
        _ => return Err("the token was not made just now; compare the clocks of both machines"),
    }
    if number("nbf").is_some_and(|from| from - SKEW > now) {
        return Err("the token is not valid yet; compare the clocks of both machines");
    }
    if claims["nonce"].as_str() != Some(asked.nonce) {
        return Err("the token answers another sign-in");
    }
    match claims["sub"].as_str() {
        Some(subject) if (1..=255).contains(&subject.len()) => Ok(()),
        _ => Err("the token does not say whom it is about"),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "seconds; what does not fit is far from now either way"
)]
fn whole(seconds: f64) -> i64 {
    seconds.clamp(-1e15, 1e15) as i64
}

/// Who the token is about.
pub(super) fn known(claims: &Value, settings: &Oidc) -> Known {
    let text = |name: &str| claims[name].as_str().unwrap_or_default();
    let is_theirs = claims["email_verified"] == Value::Bool(true)
        || (settings.vouches_for_email && claims["email_verified"] != Value::Bool(false));
    let email = Email::parse(text("email")).ok().filter(|_| is_theirs);
    let called = [
        text("name"),
        text("preferred_username"),
        text("email"),
        text("sub"),
    ];
    let name = called.into_iter().find(|name| !name.trim().is_empty());
    Known {
        subject: text("sub").to_owned(),
        email,
        name: crate::base::text::shorten(name.unwrap_or_default().trim(), 120).into_owned(),
        groups: words(&claims[settings.groups.as_str()]),
        second_factor: settings.counts_factor && proved_twice(claims),
    }
}

fn proved_twice(claims: &Value) -> bool {
    let ways = words(&claims["amr"]);
    let context = claims["acr"].as_str().unwrap_or_default();
    ways.iter().any(|way| FACTORS.contains(&way.as_str()))
        || context.ends_with("multifactor")
        || context.starts_with("phr")
        || context.ends_with("/mfa")
}

/// A list of words, or one.
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(all) => all
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings() -> Oidc {
        Oidc {
            issuer: "https://idp.corp".to_owned(),
            client: "onsight".to_owned(),
            scopes: String::new(),
            groups: "groups".to_owned(),
            ca: String::new(),
            vouches_for_email: false,
            counts_factor: false,
        }
    }

    fn token(change: &Value) -> Value {
        let mut token = json!({ "iss": "https://idp.corp", "aud": "onsight", "exp": 1300,
            "iat": 1000, "nonce": "n", "sub": "ada" });
        for (name, value) in change.as_object().unwrap() {
            token[name] = value.clone();
        }
        token
    }

    fn checked(change: &Value) -> Result<(), &'static str> {
        let settings = settings();
        let asked = Asked {
            settings: &settings,
            nonce: "n",
            now: Time(1_000_500),
        };
        check(&token(change), &asked)
    }

    #[test]
    fn a_token_that_answers_our_question_is_believed() {
        for fine in [
            json!({}),
            json!({ "aud": ["onsight"] }),
            json!({ "aud": ["onsight", "other"], "azp": "onsight" }),
            json!({ "azp": "onsight", "nbf": 1000 }),
            json!({ "exp": 930 }),
            json!({ "iat": 1060 }),
        ] {
            assert_eq!(checked(&fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn every_other_token_is_not() {
        for wrong in [
            json!({ "iss": "https://idp.corp/" }),
            json!({ "iss": "https://evil.example" }),
            json!({ "iss": null }),
            json!({ "iss": ["https://idp.corp"] }),
            json!({ "aud": "other" }),
            json!({ "aud": [] }),
            json!({ "aud": null }),
            json!({ "aud": { "onsight": true } }),
            json!({ "aud": ["onsight", "other"] }),
            json!({ "aud": ["onsight", "other"], "azp": "other" }),
            json!({ "azp": "other" }),
            json!({ "azp": ["onsight"] }),
            json!({ "exp": 900 }),
            json!({ "exp": null }),
            json!({ "exp": "1300" }),
            json!({ "iat": 1200 }),
            json!({ "iat": 1 }),
            json!({ "iat": null }),
            json!({ "nbf": 1200 }),
            json!({ "nonce": "m" }),
            json!({ "nonce": null }),
            json!({ "nonce": ["n"] }),
            json!({ "sub": "" }),
            json!({ "sub": null }),
            json!({ "sub": "x".repeat(256) }),
        ] {
            assert!(checked(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_counts_only_when_it_is_verified() {
        let (strict, mut trusting) = (settings(), settings());
        trusting.vouches_for_email = true;
        for (verified, by_strict, by_trusting) in [
            (json!(true), true, true),
            (json!(false), false, false),
            (json!("true"), false, true),
            (json!(null), false, true),
        ] {
            let said = token(&json!({ "email": "Ada@Corp.example", "email_verified": verified }));
            assert_eq!(
                known(&said, &strict).email.is_some(),
                by_strict,
                "{verified}"
            );
            assert_eq!(
                known(&said, &trusting).email.is_some(),
                by_trusting,
                "{verified}"
            );
        }
    }

    #[test]
    fn a_second_factor_counts_when_the_operator_says_so() {
        let mut counting = settings();
        counting.counts_factor = true;
        for (said, expected) in [
            (json!({ "amr": ["pwd", "mfa"] }), true),
            (json!({ "amr": ["otp"] }), true),
            (json!({ "acr": "phr" }), true),
            (json!({ "amr": ["pwd"] }), false),
            (json!({ "acr": "urn:mace:incommon:iap:silver" }), false),
            (json!({}), false),
        ] {
            assert_eq!(
                known(&token(&said), &counting).second_factor,
                expected,
                "{said}"
            );
            assert!(!known(&token(&said), &settings()).second_factor, "{said}");
        }
    }

    #[test]
    fn groups_are_a_list_or_one_word() {
        let list = token(&json!({ "groups": ["a", 1, "b"] }));
        assert_eq!(known(&list, &settings()).groups, ["a", "b"]);
        assert_eq!(
            known(&token(&json!({ "groups": "a" })), &settings()).groups,
            ["a"]
        );
        assert!(
            known(&token(&json!({ "groups": { "a": 1 } })), &settings())
                .groups
                .is_empty()
        );
    }
}
