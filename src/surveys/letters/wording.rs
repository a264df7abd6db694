//! A letter with its gaps: looked over before it is kept, filled when it leaves.

use super::model::{Kind, Settings, Wording};
use crate::base::text::nearest;
use crate::mail::is_address;
use crate::surveys::blocks::Phrase;
use crate::surveys::format::Survey;

/// Letters of a subject and of a text.
const SUBJECT: usize = 200;
const TEXT: usize = 10_000;
/// Reminders one person gets, and days between two letters, at the most.
const MOST: u32 = 10;
const GAP: u32 = 90;

/// What is known of whom a letter goes to.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub link: &'a str,
    pub name: &'a str,
    /// What comes with them into the survey.
    pub entry: &'a [(String, String)],
}

/// What is wrong: the field, and what to do about it.
pub fn checked(settings: &Settings, survey: &Survey) -> Vec<(String, String)> {
    let mut faults = Vec::new();
    for kind in Kind::ALL {
        let all = settings.of(kind);
        if all.values().all(is_empty) {
            continue;
        }
        for lang in &survey.langs {
            let wording = all.get(lang).cloned().unwrap_or_default();
            // The first language stands in for those that are not written.
            if !is_empty(&wording) || lang == survey.lang() {
                one(&wording, (kind, lang), survey, &mut faults);
            }
        }
    }
    if !settings.reply_to.is_empty() && !is_address(&settings.reply_to) {
        let words = "write one e-mail address, such as study@corp.example, or nothing";
        faults.push(("reply_to".to_owned(), words.to_owned()));
    }
    if settings.rules.most > MOST {
        let words = format!("write a number from 0 to {MOST}");
        faults.push(("most".to_owned(), words));
    }
    if !(1..=GAP).contains(&settings.rules.gap) {
        let words = format!("write a number of days from 1 to {GAP}");
        faults.push(("gap".to_owned(), words));
    }
    faults
}

fn is_empty(wording: &Wording) -> bool {
    wording.subject.trim().is_empty() && wording.text.trim().is_empty()
}

fn one(
    wording: &Wording,
    (kind, lang): (Kind, &str),
    survey: &Survey,
    faults: &mut Vec<(String, String)>,
) {
    let mut amiss = |part: &str, words: String| {
        let field = format!("{}-{part}-{lang}", kind.name());
        faults.push((field, format!("{} in {lang}: {words}", kind.title())));
    };
    for (part, text, longest) in [
        ("subject", &wording.subject, SUBJECT),
        ("text", &wording.text, TEXT),
    ] {
        if text.trim().is_empty() {
            amiss(part, format!("write the {part}"));
        }
        if text.chars().count() > longest {
            amiss(
                part,
                format!("the {part} has more than {longest} characters"),
            );
        }
        for gap in gaps(text) {
            match gap {
                Ok(name) if is_known(name, survey) => {}
                Ok(name) => amiss(part, unknown(name, survey)),
                Err(at) => amiss(
                    part,
                    format!("`${{` at character {at} has no `}}` behind it"),
                ),
            }
        }
    }
    let has_link = |text: &str| gaps(text).any(|gap| gap == Ok("link"));
    if has_link(&wording.subject) {
        amiss(
            "subject",
            "the link stands in the text, not here".to_owned(),
        );
    }
    if !wording.text.trim().is_empty() && !has_link(&wording.text) {
        let words = "write ${link} where the address of the survey is to stand";
        amiss("text", words.to_owned());
    }
}

fn names(survey: &Survey) -> impl Iterator<Item = &str> {
    let entries = survey.entries.iter().filter(|entry| !entry.is_return);
    ["link", "name"]
        .into_iter()
        .chain(entries.map(|entry| entry.name.as_str()))
}

fn is_known(name: &str, survey: &Survey) -> bool {
    names(survey).any(|known| known == name)
}

fn unknown(name: &str, survey: &Survey) -> String {
    if let Some(near) = nearest(name, names(survey)) {
        return format!("there is no ${{{name}}}; is ${{{near}}} meant?");
    }
    let all: Vec<String> = names(survey).map(|name| format!("${{{name}}}")).collect();
    format!("there is no ${{{name}}}; write one of {}", all.join(", "))
}

/// The names in a text's gaps, or where one is not closed.
fn gaps(text: &str) -> impl Iterator<Item = Result<&str, usize>> {
    text.match_indices("${").map(move |(at, _)| {
        let rest = &text[at + 2..];
        match rest.split_once('}') {
            Some((name, _)) if !name.contains('\n') => Ok(name.trim()),
            _ => Err(text[..at].chars().count() + 1),
        }
    })
}

/// The text with its gaps filled, once: what is put in is not looked at again.
pub(super) fn fill(template: &str, known: Known<'_>) -> String {
    let (mut out, mut rest) = (String::with_capacity(template.len()), template);
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push_str("${");
            rest = after;
            continue;
        };
        out.push_str(value(name.trim(), known));
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// What comes with somebody goes before their name in the list, if both are called so.
fn value<'a>(name: &str, known: Known<'a>) -> &'a str {
    let brought = known.entry.iter().find(|(key, _)| key == name);
    match (name, brought) {
        ("link", _) => known.link,
        (_, Some((_, value))) => value,
        ("name", None) => known.name,
        _ => "",
    }
}

/// Subject and text as they leave, with the way to get no more letters.
pub fn letter(wording: &Wording, known: Known<'_>, (lang, stop): (&str, &str)) -> (String, String) {
    let foot = Phrase::new("letter-stop").with(&stop).say(lang);
    let text = fill(wording.text.trim_end(), known);
    (fill(&wording.subject, known), format!("{text}\n\n{foot}\n"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const SURVEY: &str = "format = 1\nid = \"b\"\ntitle = \"B\"\nlangs = [\"en\", \"de\"]\n[entry.region]\n[[page]]\nid = \"p\"\n[[page.ask]]\nid = \"q\"\ntype = \"text\"\ntext = \"Q?\"\n";

    fn said(lang: &str, subject: &str, text: &str) -> Settings {
        let wording = Wording {
            subject: subject.to_owned(),
            text: text.to_owned(),
        };
        Settings {
            invitation: BTreeMap::from([(lang.to_owned(), wording)]),
            ..Settings::default()
        }
    }

    #[test]
    fn what_is_wrong_with_a_letter_is_said_at_its_place() {
        let survey = Survey::read(SURVEY).unwrap();
        let fine = said("en", "Hi ${name}", "Go: ${link} (${region})");
        assert_eq!(checked(&fine, &survey), []);
        assert_eq!(checked(&Settings::default(), &survey), []);
        for (lang, subject, text, field, words) in [
            ("en", "Hi", "Go", "invitation-text-en", "write ${link}"),
            (
                "en",
                "",
                "${link}",
                "invitation-subject-en",
                "write the subject",
            ),
            (
                "en",
                "${link}",
                "${link}",
                "invitation-subject-en",
                "not here",
            ),
            (
                "en",
                "a",
                "${link} ${regionn}",
                "invitation-text-en",
                "is ${region} meant",
            ),
            (
                "en",
                "a",
                "${link} ${colour}",
                "invitation-text-en",
                "write one of ${link}, ${name}",
            ),
            (
                "en",
                "a",
                "${link} ${",
                "invitation-text-en",
                "at character 9",
            ),
            (
                "de",
                "a",
                "${link}",
                "invitation-subject-en",
                "write the subject",
            ),
        ] {
            let faults = checked(&said(lang, subject, text), &survey);
            let found = faults
                .iter()
                .any(|(at, what)| at == field && what.contains(words));
            assert!(found, "{field} {words}: {faults:?}");
        }
    }

    #[test]
    fn reminders_have_a_bound_and_answers_an_address() {
        let survey = Survey::read(SURVEY).unwrap();
        let hasty = Settings {
            reply_to: "nobody".to_owned(),
            rules: super::super::Rules { most: 99, gap: 0 },
            ..Settings::default()
        };
        let fields: Vec<String> = { checked(&hasty, &survey).into_iter() }
            .map(|(field, _)| field)
            .collect();
        assert_eq!(fields, ["reply_to", "most", "gap"]);
    }

    #[test]
    fn what_is_put_in_is_not_looked_at_again() {
        let entry = [("region".to_owned(), "${link}".to_owned())];
        let known = Known {
            link: "https://x/s/b?k=1",
            name: "Ada",
            entry: &entry,
        };
        let filled = fill("${name}, ${ region }: ${link} ${nothing}. ${", known);
        assert_eq!(filled, "Ada, ${link}: https://x/s/b?k=1 . ${");
    }

    #[test]
    fn every_letter_ends_with_the_way_to_get_no_more() {
        let wording = Wording {
            subject: "Hi".to_owned(),
            text: "Go: ${link}\n\n".to_owned(),
        };
        let known = Known {
            link: "L",
            name: "",
            entry: &[],
        };
        let (_, english) = letter(&wording, known, ("en", "https://x/stop"));
        let (_, german) = letter(&wording, known, ("de", "https://x/stop"));
        assert!(english.starts_with("Go: L\n\n") && english.contains("https://x/stop"));
        assert_ne!(english, german);
    }
}
