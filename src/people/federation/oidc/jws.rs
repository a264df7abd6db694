//! Is a token signed by one of the provider's keys? Only by public keys, only
//! by keys the provider publishes, only under the algorithms named here.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use serde_json::Value;

/// The keys a provider publishes.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Keys {
    pub(super) keys: Vec<Key>,
}

/// One of them; what we do not use is not read.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Key {
    kty: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// What the token says, if a key of the provider signed it.
pub(super) fn open(token: &str, keys: &Keys) -> Result<Value, &'static str> {
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err("the token is not made of three parts");
    };
    let signed = &token[..header.len() + 1 + claims.len()];
    let header: Header = json(header).ok_or("the token's header cannot be read")?;
    if header.crit.is_some() {
        return Err("the token asks for something this server does not know");
    }
    let signature = bytes(signature).ok_or("the token's signature cannot be read")?;
    let mut fitting = keys.keys.iter().filter(|key| key.fits(&header)).peekable();
    if fitting.peek().is_none() {
        return Err("the token is signed with a key that the provider does not publish");
    }
    let is_good = fitting.any(|key| key.verifies(&header.alg, signed.as_bytes(), &signature));
    if !is_good {
        return Err("the token's signature is wrong");
    }
    json(claims).ok_or("what the token says cannot be read")
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&bytes(text)?).ok()
}

fn rsa(alg: &str) -> Option<&'static RsaParameters> {
    Some(match alg {
        "RS256" => &RSA_PKCS1_2048_8192_SHA256,
        "RS384" => &RSA_PKCS1_2048_8192_SHA384,
        "RS512" => &RSA_PKCS1_2048_8192_SHA512,
        "PS256" => &RSA_PSS_2048_8192_SHA256,
        "PS384" => &RSA_PSS_2048_8192_SHA384,
        "PS512" => &RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

impl Key {
    /// Whether this key may have signed a token with that header. `none` and
    /// the algorithms with a shared secret have no key that fits.
    fn fits(&self, header: &Header) -> bool {
        let curve = self.crv.as_deref().unwrap_or_default();
        let is_of_kind = match (self.kty.as_str(), header.alg.as_str()) {
            ("RSA", alg) => rsa(alg).is_some(),
            ("EC", "ES256") => curve == "P-256",
            ("EC", "ES384") => curve == "P-384",
            ("OKP", "EdDSA") => curve == "Ed25519",
            _ => false,
        };
        is_of_kind
            && self
                .purpose
                .as_deref()
                .is_none_or(|purpose| purpose == "sig")
            && self.alg.as_ref().is_none_or(|alg| *alg == header.alg)
            && (header.kid.is_none() || header.kid == self.kid)
    }

    fn verifies(&self, alg: &str, signed: &[u8], signature: &[u8]) -> bool {
        let part = |part: &Option<String>| part.as_deref().and_then(bytes).unwrap_or_default();
        let by = |algorithm: &'static dyn VerificationAlgorithm, key: Vec<u8>| {
            UnparsedPublicKey::new(algorithm, key)
                .verify(signed, signature)
                .is_ok()
        };
        let point = || [vec![4], part(&self.x), part(&self.y)].concat();
        match alg {
            "ES256" => by(&ECDSA_P256_SHA256_FIXED, point()),
            "ES384" => by(&ECDSA_P384_SHA384_FIXED, point()),
            "EdDSA" => by(&ED25519, part(&self.x)),
            alg => rsa(alg).is_some_and(|parameters| {
                let (n, e) = (part(&self.n), part(&self.e));
                let key = RsaPublicKeyComponents { n, e };
                key.verify(parameters, signed, signature).is_ok()
            }),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use aws_lc_rs::hmac;
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
    use serde_json::json;

    pub(in crate::people::federation::oidc) struct Signer(EcdsaKeyPair);

    impl Signer {
        pub(in crate::people::federation::oidc) fn new() -> Signer {
            Signer(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
        }

        pub(in crate::people::federation::oidc) fn keys(&self) -> Keys {
            let point = self.0.public_key().as_ref();
            let half = |range: std::ops::Range<usize>| BASE64URL_NOPAD.encode(&point[range]);
            let key = json!({ "kty": "EC", "crv": "P-256", "kid": "one", "use": "sig",
                "x": half(1..33), "y": half(33..65) });
            serde_json::from_value(json!({ "keys": [key] })).unwrap()
        }

        pub(in crate::people::federation::oidc) fn sign(
            &self,
            header: &Value,
            claims: &Value,
        ) -> String {
            let signed = unsigned(header, claims);
            let signature = self
                .0
                .sign(&SystemRandom::new(), signed.as_bytes())
                .unwrap();
            format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
        }
    }

    fn unsigned(header: &Value, claims: &Value) -> String {
        let part = |part: &Value| BASE64URL_NOPAD.encode(part.to_string().as_bytes());
        format!("{}.{}", part(header), part(claims))
    }

    #[test]
    fn a_token_opens_under_the_key_that_signed_it() {
        let signer = Signer::new();
        let token = signer.sign(
            &json!({ "alg": "ES256", "kid": "one" }),
            &json!({ "sub": "ada" }),
        );
        assert_eq!(open(&token, &signer.keys()), Ok(json!({ "sub": "ada" })));
        let nameless = signer.sign(&json!({ "alg": "ES256" }), &json!({ "sub": "ada" }));
        assert!(open(&nameless, &signer.keys()).is_ok());
    }

    #[test]
    fn no_trick_with_the_header_opens_it() {
        let (signer, other) = (Signer::new(), Signer::new());
        let keys = signer.keys();
        let claims = json!({ "sub": "ada" });
        for header in [
            json!({ "alg": "none" }),
            json!({ "alg": "None", "kid": "one" }),
            json!({ "alg": "HS256", "kid": "one" }),
            json!({ "alg": "RS256", "kid": "one" }),
            json!({ "alg": "ES384", "kid": "one" }),
            json!({ "alg": "ES256", "kid": "two" }),
            json!({ "alg": "ES256", "kid": "one", "crit": ["b64"], "b64": false }),
            json!({ "kid": "one" }),
            json!([]),
        ] {
            assert!(
                open(&signer.sign(&header, &claims), &keys).is_err(),
                "{header}"
            );
        }
        let header = json!({ "alg": "ES256", "kid": "one", "jwk": { "kty": "EC" } });
        assert!(open(&other.sign(&header, &claims), &keys).is_err());

        let claimed = unsigned(&json!({ "alg": "HS256", "kid": "one" }), &claims);
        let secret = hmac::Key::new(
            hmac::HMAC_SHA256,
            keys.keys[0].x.as_ref().unwrap().as_bytes(),
        );
        let tag = hmac::sign(&secret, claimed.as_bytes());
        assert!(
            open(
                &format!("{claimed}.{}", BASE64URL_NOPAD.encode(tag.as_ref())),
                &keys
            )
            .is_err()
        );
    }

    #[test]
    fn a_changed_token_does_not_open() {
        let signer = Signer::new();
        let token = signer.sign(&json!({ "alg": "ES256" }), &json!({ "sub": "ada" }));
        let other = signer.sign(&json!({ "alg": "ES256" }), &json!({ "sub": "eve" }));
        let (head, tail) = (
            other.rsplit_once('.').unwrap().0,
            token.rsplit_once('.').unwrap().1,
        );
        for wrong in [
            format!("{head}.{tail}"),
            format!("{token}="),
            format!("{token}."),
            format!("{token}.x"),
            token.rsplit_once('.').unwrap().0.to_owned(),
            format!("{}.", token.rsplit_once('.').unwrap().0),
            String::new(),
            "..".to_owned(),
        ] {
            assert!(open(&wrong, &signer.keys()).is_err(), "{wrong}");
        }
    }
}
