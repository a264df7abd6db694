//! Cint Exchange, once Lucid Marketplace and Fulcrum: HMAC-SHA-1 over the whole address.
//!
//! The worked example of its documents ends what is signed with the name of the
//! signature and `=`; the text beside it, and the programs that are in use, end it
//! with the `&` before. Both are ways here, and an entry link may be signed in either.

use aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY as SHA1;

use super::address::{mark, plain};
use super::signing::{base64, mac, says};
use super::{Agreed, Came, Parameter, Reason, Signature, Supplier, Way, with};
use crate::surveys::format::Outcome;

pub(super) static KIND: Lucid = Lucid;

pub(super) struct Lucid;

/// Up to the `&` before the signature, or up to its name and `=`.
const UP_TO_NAME: &str = "up-to-name";

impl Supplier for Lucid {
    fn id(&self) -> &'static str {
        "lucid"
    }

    fn name(&self) -> &'static str {
        "Cint Exchange (Lucid Marketplace)"
    }

    fn help(&self) -> &'static str {
        "Give Cint the entry link with &RID=[%RID%] at its end, and have it sign entry links. The name of the signature stands in the client's settings there. Respondents go back with the codes 10 complete, 20 term, 30 quality or duplicate, 40 quota full."
    }

    fn brings(&self) -> &'static [Parameter] {
        const BRINGS: [Parameter; 2] = [Parameter::who("RID"), Parameter::perhaps("RISN")];
        &BRINGS
    }

    fn secret(&self) -> Option<&'static str> {
        Some("Hashing key (SHA-1)")
    }

    fn ways(&self) -> &'static [Way] {
        &[
            Way {
                id: "up-to-mark",
                name: "Exit addresses: signed up to the & before the signature",
            },
            Way {
                id: UP_TO_NAME,
                name: "Exit addresses: signed up to the signature's name and =",
            },
        ]
    }

    fn signature(&self) -> Signature {
        Signature {
            entry: Some("hash"),
            exit: Some("hash"),
        }
    }

    fn code(&self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Complete => "10",
            Outcome::Screenout | Outcome::Invalid => "20",
            Outcome::Quality | Outcome::Duplicate => "30",
            Outcome::QuotaFull | Outcome::Closed => "40",
        }
    }

    fn exit(&self, _outcome: Outcome) -> Option<&'static str> {
        Some("https://samplicio.us/s/ClientCallBack.aspx?RIS={code}&RID={RID}")
    }

    fn check(&self, agreed: &Agreed, came: &Came<'_>) -> Result<Option<String>, Reason> {
        let (rest, signature) = came.cut(&agreed.entry).ok_or(Reason::Unsigned)?;
        let marked = &came.address[..=rest.len()];
        let named = format!("{marked}{}=", agreed.entry);
        let is_said = |message: &str| says(signature, &mac(SHA1, agreed.secret.reveal(), message));
        if is_said(marked) || is_said(&named) {
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
        let address = plain(&address);
        let mut message = format!("{address}{}", mark(address));
        if agreed.is(UP_TO_NAME) {
            message.push_str(&agreed.exit);
            message.push('=');
        }
        let tag = mac(SHA1, agreed.secret.reveal(), &message);
        with(address, &agreed.exit, &base64(&tag))
    }
}

#[cfg(test)]
mod tests {
    use super::super::known::agreed;
    use super::*;

    /// The key of the worked example in Lucid's "Supply Integration", Phase 2.
    const KEY: &str = "ZZ6VkORqV25iSWOVb5cwZ03zpns";
    const SIGNED: &str =
        "https://www.abc.com/ex.aspx?abc=def&vid=123&oenc2=NPJPxGx_-1vHe0T1q4tt-MyWnQ4";

    #[test]
    fn the_worked_example_of_the_documents() {
        let both = agreed(KEY, UP_TO_NAME, ("oenc2", "oenc2"));
        let plain = "https://www.abc.com/ex.aspx?abc=def&vid=123".to_owned();

        let made = KIND.sign(&both, (Outcome::Complete, plain.clone()), &[]);

        assert_eq!(made, SIGNED);
        let checked = KIND.check(&both, &Came { address: SIGNED });
        assert_eq!(checked, Ok(Some(plain)));
        for bad in [
            SIGNED.replace("vid=123", "vid=124"),
            SIGNED.replace("https://www", "https://xxx"),
            SIGNED.replace("NPJP", "NPJQ"),
        ] {
            let checked = KIND.check(&both, &Came { address: &bad });
            assert_eq!(checked, Err(Reason::Tampered), "{bad}");
        }
        let moved = format!("{SIGNED}&vid=124");
        let checked = KIND.check(&both, &Came { address: &moved });
        assert_eq!(checked, Err(Reason::Unsigned));
    }

    #[test]
    fn the_usual_way_ends_with_the_mark_before_the_signature() {
        let both = agreed(KEY, "", ("hash", "hash"));
        let plain = "https://samplicio.us/s/ClientCallBack.aspx?RIS=10&RID=r1".to_owned();

        let made = KIND.sign(&both, (Outcome::Complete, plain.clone()), &[]);

        // No example of this way is published: counted with Python's hmac.
        assert_eq!(made, format!("{plain}&hash=wE9_AhbBDkJUBlcBwQOCg1zVG3M"));
        let checked = KIND.check(&both, &Came { address: &made });
        assert_eq!(checked, Ok(Some(plain)));
    }
}
