//! Suppliers without a convention of their own: HMAC-SHA-256 over what stands
//! between `?` and the signature.

use aws_lc_rs::hmac::HMAC_SHA256;

use super::address::plain;
use super::signing::{hex, mac, says};
use super::{Agreed, Came, Parameter, Reason, Signature, Supplier, with};
use crate::surveys::format::Outcome;

pub(super) static KIND: Generic = Generic;

pub(super) struct Generic;

impl Supplier for Generic {
    fn id(&self) -> &'static str {
        "hmac-sha256"
    }

    fn name(&self) -> &'static str {
        "Another supplier (HMAC-SHA-256)"
    }

    fn help(&self) -> &'static str {
        "The supplier ends its entry links with &sig= and the HMAC-SHA-256 of everything between ? and &sig=, in hexadecimal or base64url. Exit addresses at a link of this supplier are signed in the same way. Declare what comes along as entry variables in the survey's text."
    }

    fn brings(&self) -> &'static [Parameter] {
        &[]
    }

    fn secret(&self) -> Option<&'static str> {
        Some("Secret")
    }

    fn secret_fault(&self, secret: &str) -> Option<&'static str> {
        let is_fit = (16..=500).contains(&secret.len());
        (!is_fit).then_some("write a secret of 16 to 500 characters")
    }

    fn signature(&self) -> Signature {
        Signature {
            entry: Some("sig"),
            exit: Some("sig"),
        }
    }

    fn code(&self, outcome: Outcome) -> &'static str {
        outcome.name()
    }

    fn check(&self, agreed: &Agreed, came: &Came<'_>) -> Result<Option<String>, Reason> {
        let (rest, signature) = came.cut(&agreed.entry).ok_or(Reason::Unsigned)?;
        let message = Came { address: rest }.query();
        let wanted = mac(HMAC_SHA256, agreed.secret.reveal(), message);
        if says(signature, &wanted) {
            Ok(Some(message.to_owned()))
        } else {
            Err(Reason::Tampered)
        }
    }

    fn sign(
        &self,
        agreed: &Agreed,
        (_, address): (Outcome, String),
        _known: &[(String, String)],
    ) -> String {
        let message = Came {
            address: plain(&address),
        };
        let tag = mac(HMAC_SHA256, agreed.secret.reveal(), message.query());
        with(&address, &agreed.exit, &hex(&tag))
    }
}

#[cfg(test)]
mod tests {
    use super::super::known::agreed;
    use super::*;

    #[test]
    fn only_what_was_signed_gets_through() {
        let both = agreed("secret", "", ("sig", "sig"));
        let sign = |address: &str| KIND.sign(&both, (Outcome::Complete, address.to_owned()), &[]);
        let check = |address: &str| KIND.check(&both, &Came { address });
        let good = sign("https://a/s/x?pid=7&x=a%20b");

        assert_eq!(check(&good), Ok(Some("pid=7&x=a%20b".to_owned())));
        // Counted with Python's hmac.
        assert!(
            good.ends_with("&sig=6fd8b9a7a262c7255495e481550cf3d6419dc50856686fd5a8a22038d88e5133"),
            "{good}"
        );
        let other = agreed("other", "", ("sig", "sig"));
        let by_other = KIND.check(&other, &Came { address: &good });
        assert_eq!(by_other, Err(Reason::Tampered));
        for (bad, reason) in [
            (good.replace("pid=7", "pid=8"), Reason::Tampered),
            (format!("{good}&pid=9"), Reason::Unsigned),
            ("https://a/s/x?pid=7&sig=".to_owned(), Reason::Tampered),
            ("https://a/s/x?pid=7".to_owned(), Reason::Unsigned),
            ("https://a/s/x".to_owned(), Reason::Unsigned),
        ] {
            assert_eq!(check(&bad), Err(reason), "{bad}");
        }
    }
}
