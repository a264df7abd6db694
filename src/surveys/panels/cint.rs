//! Cint's older platform (YourSurveys): HMAC-SHA-256 over the whole address without
//! the signature.
//!
//! Its documents describe the signature and give no worked example with numbers.

use aws_lc_rs::hmac::HMAC_SHA256;

use super::address::plain;
use super::signing::{hex, mac, says};
use super::{Agreed, Came, Parameter, Reason, Signature, Supplier, with};
use crate::surveys::format::Outcome;

pub(super) static KIND: Cint = Cint;

pub(super) struct Cint;

impl Supplier for Cint {
    fn id(&self) -> &'static str {
        "cint"
    }

    fn name(&self) -> &'static str {
        "Cint (YourSurveys)"
    }

    fn help(&self) -> &'static str {
        "Give Cint the entry link with &ssi=%ssi%&hmac=%signature_hmac_sha% at its end. Its exit addresses are the project's own: enter them at the link. Cint recommends postbacks besides, because some browsers never arrive."
    }

    fn brings(&self) -> &'static [Parameter] {
        const BRINGS: [Parameter; 1] = [Parameter::who("ssi")];
        &BRINGS
    }

    fn secret(&self) -> Option<&'static str> {
        Some("API key")
    }

    fn signature(&self) -> Signature {
        Signature {
            entry: Some("hmac"),
            exit: Some("hmac"),
        }
    }

    fn code(&self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Complete => "complete",
            Outcome::Screenout | Outcome::Duplicate | Outcome::Invalid => "early_screenout",
            Outcome::QuotaFull => "quota_full",
            Outcome::Quality => "quality",
            Outcome::Closed => "closed",
        }
    }

    fn check(&self, agreed: &Agreed, came: &Came<'_>) -> Result<Option<String>, Reason> {
        let (rest, signature) = came.cut(&agreed.entry).ok_or(Reason::Unsigned)?;
        let wanted = mac(HMAC_SHA256, agreed.secret.reveal(), rest);
        if says(signature, &wanted) {
            Ok(Some(rest.to_owned()))
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
        let tag = mac(HMAC_SHA256, agreed.secret.reveal(), plain(&address));
        with(&address, &agreed.exit, &hex(&tag))
    }
}

#[cfg(test)]
mod tests {
    use super::super::known::agreed;
    use super::*;

    #[test]
    fn the_whole_address_is_signed() {
        let both = agreed("api key 12345", "", ("hmac", "hmac"));
        let plain = "https://www.example.com/?ssi=abc".to_owned();

        let made = KIND.sign(&both, (Outcome::Complete, plain.clone()), &[]);

        // Counted with Python's hmac.
        assert_eq!(
            made,
            format!(
                "{plain}&hmac=4c921cd0ca5bb52a7993ba44479b2fe5426a76adffef53c6e24525e113212b4a"
            )
        );
        let check = |address: &str| KIND.check(&both, &Came { address });
        assert_eq!(check(&made), Ok(Some(plain.clone())));
        assert_eq!(check(&made.replace("abc", "abd")), Err(Reason::Tampered));
        assert_eq!(check(&made.replace("www", "xxx")), Err(Reason::Tampered));
        assert_eq!(check(&plain), Err(Reason::Unsigned));
    }
}
