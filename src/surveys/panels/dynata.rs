//! Dynata: entry links are not signed; a complete goes back with a number made of two keys.

use super::{Agreed, Came, Parameter, Reason, Signature, Supplier, with};
use crate::surveys::format::Outcome;

pub(super) static KIND: Dynata = Dynata;

pub(super) struct Dynata;

impl Supplier for Dynata {
    fn id(&self) -> &'static str {
        "dynata"
    }

    fn name(&self) -> &'static str {
        "Dynata"
    }

    fn help(&self) -> &'static str {
        "Dynata adds pid, psid and k2 to the entry link. Its security key 1 is a number that comes with the contract. Completes go back with med = key 1 × pid − k2; entry links are not signed."
    }

    fn brings(&self) -> &'static [Parameter] {
        const BRINGS: [Parameter; 3] = [
            Parameter::needed("pid"),
            Parameter::who("psid"),
            Parameter::needed("k2"),
        ];
        &BRINGS
    }

    fn secret(&self) -> Option<&'static str> {
        Some("Security key 1")
    }

    fn secret_fault(&self, secret: &str) -> Option<&'static str> {
        number(secret)
            .is_none()
            .then_some("write the number that Dynata gave, of at most 18 digits")
    }

    fn signature(&self) -> Signature {
        Signature {
            entry: None,
            exit: Some("med"),
        }
    }

    fn code(&self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Complete => "1",
            Outcome::QuotaFull | Outcome::Closed => "3",
            Outcome::Screenout | Outcome::Quality | Outcome::Duplicate | Outcome::Invalid => "2",
        }
    }

    fn exit(&self, outcome: Outcome) -> Option<&'static str> {
        Some(match outcome {
            Outcome::Quality => {
                "https://api.dynata.com/respondent/exit?rst={code}&qflag=3&psid={psid}"
            }
            _ => "https://api.dynata.com/respondent/exit?rst={code}&psid={psid}",
        })
    }

    fn check(&self, _agreed: &Agreed, came: &Came<'_>) -> Result<Option<String>, Reason> {
        let fields = came.fields();
        let is_number = |key| fields.get(key).and_then(number).is_some();
        if is_number("pid") && is_number("k2") {
            Ok(None)
        } else {
            Err(Reason::Missing)
        }
    }

    fn sign(
        &self,
        agreed: &Agreed,
        (outcome, address): (Outcome, String),
        known: &[(String, String)],
    ) -> String {
        let value = |name| {
            let found = known.iter().find(|(key, _)| key == name);
            found.and_then(|(_, value)| number(value))
        };
        match (number(agreed.secret.reveal()), value("pid"), value("k2")) {
            (Some(key), Some(pid), Some(k2)) if outcome == Outcome::Complete => {
                with(&address, &agreed.exit, &(key * pid - k2).to_string())
            }
            _ => address,
        }
    }
}

/// A whole number whose products still fit.
fn number(text: &str) -> Option<i128> {
    let is_one = (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::super::known::agreed;
    use super::*;

    fn known(pid: &str, k2: &str) -> Vec<(String, String)> {
        [
            ("pid", pid),
            ("k2", k2),
            ("psid", "VgrJ2-9iUQZK3noVDtXobw**"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    #[test]
    fn the_worked_example_of_the_documents() {
        let both = agreed("66213", "", ("", "med"));
        let to = "https://api.dynata.com/respondent/exit?rst=1&psid=x".to_owned();
        let known = known("1070000026", "59931");

        let complete = KIND.sign(&both, (Outcome::Complete, to.clone()), &known);
        let screenout = KIND.sign(&both, (Outcome::Screenout, to.clone()), &known);

        assert_eq!(complete, format!("{to}&med=70847911661607"));
        assert_eq!(screenout, to);
    }

    #[test]
    fn who_comes_without_numbers_is_turned_away() {
        let both = agreed("66213", "", ("", "med"));
        let check = |query: &str| {
            let address = format!("https://a/s/x?{query}");
            KIND.check(&both, &Came { address: &address })
        };

        assert_eq!(check("pid=2424131312&k2=59931&psid=a**"), Ok(None));
        for bad in ["pid=x&k2=1", "pid=-1&k2=1", "pid=1", "k2=1", "pid=&k2=1"] {
            assert_eq!(check(bad), Err(Reason::Missing), "{bad}");
        }
        let huge = "9".repeat(18);
        let to = "https://a/".to_owned();
        let most = agreed(&huge, "", ("", "med"));
        let made = KIND.sign(&most, (Outcome::Complete, to), &known(&huge, &huge));
        assert!(
            made.ends_with("med=999999999999999997000000000000000002"),
            "{made}"
        );
        assert!(KIND.secret_fault("66213").is_none());
        assert!(KIND.secret_fault("66213x").is_some() && KIND.secret_fault("").is_some());
    }
}
