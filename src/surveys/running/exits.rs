//! Where a respondent is sent in the end.

use crate::surveys::format::{Outcome, Survey, exit_fault};

/// The address for that outcome, filled in; those of the link come before the definition's.
pub fn exit_to(
    survey: &Survey,
    of_link: &[(String, String)],
    outcome: Outcome,
    known: &[(String, String)],
) -> Option<String> {
    let own = of_link.iter().find(|(name, _)| name == outcome.name());
    let own = own.map(|(_, to)| to.as_str());
    let exits = survey.exits.iter().find(|exit| exit.outcome == outcome);
    let template = own.or_else(|| exits.and_then(|exit| exit.to.as_deref()))?;
    let template = Some(template).filter(|template| exit_fault(template).is_none())?;
    Some(filled(template, outcome, known))
}

/// The machines somebody can be sent to, as a policy names them.
pub fn hosts(survey: &Survey, of_link: &[(String, String)]) -> Vec<String> {
    let written = survey.exits.iter().filter_map(|exit| exit.to.as_deref());
    let all = written.chain(of_link.iter().map(|(_, to)| to.as_str()));
    let mut hosts: Vec<String> = all
        .filter(|to| exit_fault(to).is_none())
        .filter_map(|to| to.strip_prefix("https://")?.split(['/', '?', '#']).next())
        .map(|host| format!("https://{host}"))
        .collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

/// `{pid}` becomes what came in as `pid`, `{outcome}` the outcome. What is not
/// known is nothing. Values can only be values: they are encoded.
fn filled(template: &str, outcome: Outcome, known: &[(String, String)]) -> String {
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
        let to = "https://panel.example/end?pid={pid}&s={outcome}&x={nobody}";

        let filled = filled(to, Outcome::Screenout, &known("a&s=complete#/ä +"));

        assert_eq!(
            filled,
            "https://panel.example/end?pid=a%26s%3Dcomplete%23%2F%C3%A4%20%2B&s=screenout&x="
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
}
