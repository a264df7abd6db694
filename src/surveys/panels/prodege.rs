//! Prodege: SHA-256 over the secret and all parameters, sorted.
//!
//! Two versions of its documents disagree whether the secret stands in front or
//! behind; which one an account goes by is a way here. Both worked examples that are
//! published have it in front.

use aws_lc_rs::digest::SHA256;

use super::signing::{base64, hash, says};
use super::{Agreed, Came, Parameter, Reason, Signature, Supplier, Way, with};
use crate::surveys::format::Outcome;

pub(super) static KIND: Prodege = Prodege;

pub(super) struct Prodege;

const BEHIND: &str = "secret-behind";

impl Supplier for Prodege {
    fn id(&self) -> &'static str {
        "prodege"
    }

    fn name(&self) -> &'static str {
        "Prodege"
    }

    fn help(&self) -> &'static str {
        "Have Prodege add transid to the entry link and sign it. Exit addresses are the project's own: enter them at the link, with {code} for the status (1 complete, 2 over quota, 3 disqualified, 4 quality) and {transid}."
    }

    fn brings(&self) -> &'static [Parameter] {
        const BRINGS: [Parameter; 3] = [
            Parameter::who("transid"),
            Parameter::perhaps("projectid"),
            Parameter::perhaps("vpid"),
        ];
        &BRINGS
    }

    fn secret(&self) -> Option<&'static str> {
        Some("Secret key")
    }

    fn ways(&self) -> &'static [Way] {
        &[
            Way {
                id: "secret-in-front",
                name: "The secret key stands in front of the parameters",
            },
            Way {
                id: BEHIND,
                name: "The secret key stands behind the parameters",
            },
        ]
    }

    fn signature(&self) -> Signature {
        Signature {
            entry: Some("signature"),
            exit: Some("hash"),
        }
    }

    fn code(&self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Complete => "1",
            Outcome::QuotaFull | Outcome::Closed => "2",
            Outcome::Screenout | Outcome::Duplicate | Outcome::Invalid => "3",
            Outcome::Quality => "4",
        }
    }

    fn check(&self, agreed: &Agreed, came: &Came<'_>) -> Result<Option<String>, Reason> {
        let fields = came.fields();
        let signature = fields.get(&agreed.entry).ok_or(Reason::Unsigned)?;
        let message = joined(came, &agreed.entry).ok_or(Reason::Tampered)?;
        if says(signature, &hash(&SHA256, &keyed(agreed, &message))) {
            Ok(Some(message))
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
        match joined(&Came { address: &address }, &agreed.exit) {
            Some(message) => {
                let tag = hash(&SHA256, &keyed(agreed, &message));
                with(&address, &agreed.exit, &base64(&tag))
            }
            None => address,
        }
    }
}

fn keyed(agreed: &Agreed, message: &str) -> String {
    let secret = agreed.secret.reveal();
    if agreed.is(BEHIND) {
        format!("{message}:{secret}")
    } else {
        format!("{secret}:{message}")
    }
}

/// All parameters but the signature, sorted, as `a=1:b=2`. `None` where that could
/// be read in two ways, or holds what no link needs: a hash with its secret in front
/// can be prolonged by bytes that are no letters.
fn joined(came: &Came<'_>, signature: &str) -> Option<String> {
    let fields = came.fields();
    let mut all: Vec<(&str, &str)> = fields
        .iter()
        .filter(|(name, _)| *name != signature)
        .collect();
    all.sort_unstable();
    let is_odd = |c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER;
    let is_plain = |(name, value): &(&str, &str)| {
        let is_unclear = name.contains([':', '=']) || (value.contains(':') && value.contains('='));
        !is_unclear && !name.contains(is_odd) && !value.contains(is_odd)
    };
    let is_twice = all.windows(2).any(|pair| pair[0].0 == pair[1].0);
    if is_twice || !all.iter().all(is_plain) {
        return None;
    }
    let pairs = all.iter().map(|(name, value)| format!("{name}={value}"));
    Some(pairs.collect::<Vec<_>>().join(":"))
}

#[cfg(test)]
mod tests {
    use super::super::known::agreed;
    use super::*;

    #[test]
    fn the_worked_example_of_link_signing() {
        let both = agreed("abcdef123456", "", ("signature", "hash"));
        let signed = "https://www.mysurveys.com/survey?a_variable=12345&b_variable=54321&c_variable=1ab2c3d4e5&d_variable=5e4d3c2b1a&signature=4E-yZ3M3AjthWeVFNeAK3LYbXbVMbZKUbpt4Iudf3qw";
        let check = |address: &str| KIND.check(&both, &Came { address });

        assert!(check(signed).unwrap().is_some());
        assert_eq!(
            check(&signed.replace("54321", "54322")),
            Err(Reason::Tampered)
        );
        assert_eq!(check(&format!("{signed}&e=1")), Err(Reason::Tampered));
        let (unsigned, _) = signed.split_once("&signature").unwrap();
        assert_eq!(check(unsigned), Err(Reason::Unsigned));
    }

    #[test]
    fn the_worked_example_of_redirects() {
        let secret = "stdY0rTvRj73WAdSdnaDVcs0cIwNVfJQmTJsvn5eKN3RbUVRn2";
        let both = agreed(secret, "", ("signature", "hash"));
        let to = "https://www.mysurveys.com/redirect?tId=123456789&projectId=987654321&memberId=741852963&status=1&dqid=3&surveyId=852369741&var1=h494jkfn938&var2=sjew82840dj";

        let made = KIND.sign(&both, (Outcome::Complete, to.to_owned()), &[]);

        assert_eq!(
            made,
            format!("{to}&hash=nyA8bE-lQ92k4aMP7jo2AIC2_gmHHhGs3-E17rJwYCk")
        );
    }

    #[test]
    fn the_secret_may_stand_behind() {
        let both = agreed("the secret", BEHIND, ("signature", "hash"));

        let made = KIND.sign(
            &both,
            (Outcome::Complete, "https://a/?b=2&a=1".to_owned()),
            &[],
        );

        // No example of this order is published: counted with Python's hashlib.
        assert_eq!(
            made,
            "https://a/?b=2&a=1&hash=SCsWXtfhF-0wCVa_qmkhVL8HFj4Fv95ByCKUCLzi_kA"
        );
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        let both = agreed("the secret", "", ("signature", "signature"));
        let good = KIND.sign(
            &both,
            (Outcome::Complete, "https://a/?pid=7&x=9".to_owned()),
            &[],
        );
        let check = |address: &str| KIND.check(&both, &Came { address });

        assert!(check(&good).is_ok());
        for other in [
            "pid=7%3Ax%3D9",
            "pid=7&x=9&x=9",
            "pid=7%80&x=9",
            "pid%3D7=&x=9",
        ] {
            let bad = good.replace("pid=7&x=9", other);
            assert_eq!(check(&bad), Err(Reason::Tampered), "{bad}");
        }
    }
}
