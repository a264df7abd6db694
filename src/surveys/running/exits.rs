//! Where a respondent is sent in the end, and who is told of it.

use std::sync::Arc;

use crate::surveys::format::{Outcome, Survey, exit_fault};
use crate::surveys::panels::{Known, with};

/// What a link says about the end.
#[derive(Clone, Debug, Default)]
pub struct Exits {
    /// Addresses by outcome, before those of the definition.
    pub by_outcome: Vec<(String, String)>,
    /// What is called from here, by outcome.
    pub postbacks: Vec<(String, String)>,
    /// Whose respondents come by it: it names outcomes and signs addresses.
    pub supplier: Option<Arc<Known>>,
}

impl Exits {
    /// The address written for that outcome at the link.
    fn own(&self, outcome: Outcome) -> Option<&str> {
        of(&self.by_outcome, outcome)
    }
}

fn of(written: &[(String, String)], outcome: Outcome) -> Option<&str> {
    let found = written.iter().find(|(name, _)| name == outcome.name());
    found.map(|(_, to)| to.as_str())
}

/// The address for that outcome, filled in: back to where somebody said they come
/// from, else the link's, the definition's, the supplier's.
pub fn exit_to(
    survey: &Survey,
    exits: &Exits,
    outcome: Outcome,
    known: &[(String, String)],
) -> Option<String> {
    if let Some(back) = back_to(survey, known) {
        return Some(with(back, "outcome", outcome.name()));
    }
    let written = survey.exits.iter().find(|exit| exit.outcome == outcome);
    let supplier = exits.supplier.as_deref();
    let template = exits
        .own(outcome)
        .or_else(|| written.and_then(|exit| exit.to.as_deref()))
        .or_else(|| supplier.and_then(|known| known.kind.exit(outcome)))?;
    said(template, exits, outcome, known)
}

/// What the supplier's server is told of that outcome.
pub(super) fn postback_to(
    exits: &Exits,
    outcome: Outcome,
    known: &[(String, String)],
) -> Option<String> {
    said(of(&exits.postbacks, outcome)?, exits, outcome, known)
}

fn said(
    template: &str,
    exits: &Exits,
    outcome: Outcome,
    known: &[(String, String)],
) -> Option<String> {
    if exit_fault(template).is_some() {
        return None;
    }
    let supplier = exits.supplier.as_deref();
    let code = supplier.map_or(outcome.name(), |known| known.kind.code(outcome));
    let address = filled(template, (outcome, code), known);
    Some(match supplier {
        Some(supplier) => supplier.sign(outcome, address, known),
        None => address,
    })
}

/// The address they brought to go back to. At the door it was looked at: see
/// [`may_return`].
fn back_to<'a>(survey: &Survey, known: &'a [(String, String)]) -> Option<&'a str> {
    let entry = survey.entries.iter().find(|entry| entry.is_return)?;
    let (_, back) = known.iter().find(|(name, _)| *name == entry.name)?;
    exit_fault(back).is_none().then_some(back.as_str())
}

/// May somebody be sent back there? Only to a machine that the definition or the link
/// names, by HTTPS, and by an address that reads the same to everybody.
pub(super) fn may_return(survey: &Survey, exits: &Exits, to: &str) -> bool {
    let is_plain = exit_fault(to).is_none() && !to.contains('\\');
    is_plain && machine(to).is_some_and(|machine| hosts(survey, exits).contains(&machine))
}

fn machine(to: &str) -> Option<String> {
    let host = to.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
    Some(format!("https://{}", host.to_ascii_lowercase()))
}

/// The machines somebody can be sent to, as a policy names them.
pub fn hosts(survey: &Survey, exits: &Exits) -> Vec<String> {
    let written = survey.exits.iter().filter_map(|exit| exit.to.as_deref());
    let own = exits.by_outcome.iter().map(|(_, to)| to.as_str());
    let kind = exits.supplier.as_deref().map(|known| known.kind);
    let theirs = Outcome::ALL
        .into_iter()
        .filter_map(|outcome| kind?.exit(outcome));
    let returns = survey.entries.iter().flat_map(|entry| &entry.hosts);
    let all = written
        .chain(own)
        .chain(theirs)
        .chain(returns.map(String::as_str));
    let mut hosts: Vec<String> = all
        .filter(|to| exit_fault(to).is_none())
        .filter_map(machine)
        .collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

/// `{pid}` becomes what came in as `pid`, `{outcome}` the outcome, `{code}` what the
/// supplier calls it. What is not known is nothing. Values can only be values: they
/// are encoded.
fn filled(template: &str, (outcome, code): (Outcome, &str), known: &[(String, String)]) -> String {
    let (mut out, mut rest) = (String::new(), template);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            rest = after;
            continue;
        };
        let value = match known.iter().find(|(key, _)| key == name) {
            Some((_, value)) => value.as_str(),
            None if name == "outcome" => outcome.name(),
            None if name == "code" => code,
            None => "",
        };
        // Not `+` for a space: not everybody who reads addresses reads that.
        let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        out.push_str(&encoded.replace('+', "%20"));
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(value: &str) -> Vec<(String, String)> {
        vec![("pid".to_owned(), value.to_owned())]
    }

    #[test]
    fn a_value_stays_a_value() {
        let to = "https://panel.example/end?pid={pid}&s={outcome}&x={nobody}&c={code}";

        let filled = filled(to, (Outcome::Screenout, "2"), &known("a&s=complete#/ä +"));

        assert_eq!(
            filled,
            "https://panel.example/end?pid=a%26s%3Dcomplete%23%2F%C3%A4%20%2B&s=screenout&x=&c=2"
        );
    }

    #[test]
    fn nobody_is_sent_where_a_respondent_says() {
        for hostile in [
            "http://panel.example/",
            "https://{pid}/",
            "https://panel.example@evil.example/",
            "https://a b/",
            "javascript:alert(1)",
            "//evil.example",
            "https://",
        ] {
            assert!(exit_fault(hostile).is_some(), "{hostile}");
        }
        assert_eq!(exit_fault("https://panel.example:8443/{pid}"), None);
    }

    #[test]
    fn nobody_is_sent_back_but_to_a_machine_that_is_named() {
        let text = "format = 1\nid = \"x\"\ntitle = \"X\"\n[entry.link]\nfrom = \"return\"\nhosts = [\"https://host.example\"]\n[[page]]\nid = \"p\"\n[exit.complete]\nto = \"https://panel.example/end\"\n";
        let survey = Survey::read(text).unwrap();
        let may = |to: &str| may_return(&survey, &Exits::default(), to);

        for good in [
            "https://host.example/survey/a?state=7&x=1",
            "https://HOST.example/",
            "https://panel.example/",
        ] {
            assert!(may(good), "{good}");
        }
        for bad in [
            "https://evil.example/",
            "https://host.example.evil.example/",
            "https://host.example@evil.example/",
            "https://evil.example/https://host.example/",
            "https://evil.example\\@host.example/",
            "https://host.example\\.evil.example/",
            "https://host.example:8443/",
            "http://host.example/",
            "//host.example/",
            "/\\host.example/",
            "javascript:alert(1)",
            "https://host.example/\r\nSet-Cookie: a=b",
            "https:host.example/",
            "",
        ] {
            assert!(!may(bad), "{bad}");
        }
    }
}
