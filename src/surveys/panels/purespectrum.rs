//! `PureSpectrum`: a hash over the whole address with the secret behind it.
//!
//! Its documents describe the signature and give no worked example with numbers.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256};

use super::address::plain;
use super::signing::{hash, hex, says};
use super::{Agreed, Came, Parameter, Reason, Signature, Supplier, Way, with};
use crate::surveys::format::Outcome;

pub(super) static KIND: PureSpectrum = PureSpectrum;

pub(super) struct PureSpectrum;

const SHA_256: &str = "sha256";

impl Supplier for PureSpectrum {
    fn id(&self) -> &'static str {
        "purespectrum"
    }

    fn name(&self) -> &'static str {
        "PureSpectrum"
    }

    fn help(&self) -> &'static str {
        "In the buyer settings there, map the transaction id to transaction_id and switch hashing on for both directions. Respondents go back with the codes 21 complete, 18 term, 17 quota full, 20 quality, 30 duplicate."
    }

    fn brings(&self) -> &'static [Parameter] {
        const BRINGS: [Parameter; 1] = [Parameter::who("transaction_id")];
        &BRINGS
    }

    fn secret(&self) -> Option<&'static str> {
        Some("Shared secret")
    }

    fn ways(&self) -> &'static [Way] {
        &[
            Way {
                id: "sha1",
                name: "SHA-1",
            },
            Way {
                id: SHA_256,
                name: "SHA-2 (256 bits)",
            },
        ]
    }

    fn signature(&self) -> Signature {
        Signature {
            entry: Some("ps_hash"),
            exit: Some("ps_hash"),
        }
    }

    fn code(&self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Complete => "21",
            Outcome::Screenout | Outcome::Invalid => "18",
            Outcome::QuotaFull | Outcome::Closed => "17",
            Outcome::Quality => "20",
            Outcome::Duplicate => "30",
        }
    }

    fn exit(&self, _outcome: Outcome) -> Option<&'static str> {
        // In this order: its documents ask for it.
        Some("https://spectrumsurveys.com/surveydone?st={code}&transaction_id={transaction_id}")
    }

    fn check(&self, agreed: &Agreed, came: &Came<'_>) -> Result<Option<String>, Reason> {
        let (rest, signature) = came.cut(&agreed.entry).ok_or(Reason::Unsigned)?;
        if says(signature, &tag(agreed, rest)) {
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
        let tag = tag(agreed, plain(&address));
        with(&address, &agreed.exit, &hex(&tag))
    }
}

fn tag(agreed: &Agreed, address: &str) -> Vec<u8> {
    let of = if agreed.is(SHA_256) {
        &SHA256
    } else {
        &SHA1_FOR_LEGACY_USE_ONLY
    };
    hash(of, &format!("{address}{}", agreed.secret.reveal()))
}

#[cfg(test)]
mod tests {
    use super::super::known::agreed;
    use super::*;

    #[test]
    fn the_secret_stands_behind_the_address() {
        let both = agreed("shared secret", "", ("ps_hash", "ps_hash"));
        let plain = "https://spectrumsurveys.com/surveydone?st=21&transaction_id=abc123".to_owned();

        let made = KIND.sign(&both, (Outcome::Complete, plain.clone()), &[]);

        // Counted with Python's hashlib.
        assert_eq!(
            made,
            format!("{plain}&ps_hash=c734e18d7b3acb8f544cb218c15196b4ed81d689")
        );
        let check = |address: &str| KIND.check(&both, &Came { address });
        assert_eq!(check(&made), Ok(Some(plain.clone())));
        assert_eq!(check(&made.replace("abc", "abd")), Err(Reason::Tampered));
        assert_eq!(check(&format!("{made}&x=1")), Err(Reason::Unsigned));
        let longer = agreed("shared secret", SHA_256, ("ps_hash", "ps_hash"));
        let checked = KIND.check(&longer, &Came { address: &made });
        assert_eq!(checked, Err(Reason::Tampered));
    }
}
