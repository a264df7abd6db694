//! Claims about the way out and back.

use super::super::{Fate, Nothing, convert};
use super::*;

const WHOLE: &str = include_str!("../../format/example.toml");

/// What XLSForm can say as well.
const SAYABLE: &str = r#"
format = 1
id = "there-and-back"
title = "There & back"
langs = ["en", "de"]

[section.adults]
when = "${age} >= 18"

[[page]]
id = "one"

[[page.ask]]
id = "age"
type = "number"
text = { en = "Age?", de = "Alter?" }
required = true
range = [0, 120]

[[page.ask]]
id = "likes"
type = "multi"
text = { en = "Which?", de = "Welche?" }
items = [
  { code = 1, name = "tea", text = { en = "Tea", de = "Tee" } },
  { code = 2, name = "none", text = { en = "None", de = "Keine" }, exclusive = true },
]

[[page]]
id = "two"
section = "adults"
when = "selected(${likes}, 'tea')"

[[page.ask]]
id = "why"
type = "text"
text = { en = "Why <tea>?", de = "Warum?" }
check = "string-length(.) > 2"
check_text = { en = "More.", de = "Mehr." }

[[page.ask]]
id = "total"
type = "computed"
calculate = "${age} * 2"
"#;

#[test]
fn what_xlsform_can_say_comes_back_the_same() {
    let survey = Survey::read(SAYABLE).unwrap();

    let exported = export(&survey).unwrap();
    let back = convert(&exported.bytes, "x.xlsx", &Nothing).unwrap();
    let again = Survey::read(&back.text).unwrap();

    assert_eq!(
        exported.account.fate(),
        Fate::Carried,
        "{}",
        exported.account
    );
    assert_eq!(back.account.fate(), Fate::Carried, "{}", back.account);
    let told = |survey: &Survey| -> Vec<String> {
        let block = |block: &crate::surveys::format::Block| {
            let texts = [&block.text, &block.help].map(|words| {
                words
                    .iter()
                    .map(|(lang, text)| format!("{lang}:{text}"))
                    .collect::<Vec<_>>()
            });
            let names: Vec<String> = block.items.iter().map(asked::name).collect();
            format!(
                "{} {} {texts:?} {names:?} {:?}",
                block.id,
                block.kind.name(),
                block.required
            )
        };
        survey.blocks().map(block).collect()
    };
    assert_eq!(told(&survey), told(&again));
    assert_eq!(survey.langs, again.langs);
    let check = |survey: &Survey| {
        survey
            .block("why")
            .and_then(|block| block.check.clone())
            .map(|check| check.0.text().to_owned())
    };
    assert_eq!(check(&survey), check(&again));
    assert!(again.is_publishable(), "{:?}", again.problems);
}

#[test]
fn what_it_cannot_say_is_told() {
    let survey = Survey::read(WHOLE).unwrap();

    let exported = export(&survey).unwrap();

    let account = exported.account.to_string();
    assert_eq!(exported.account.fate(), Fate::Refused);
    for said in [
        "entry variables",
        "quotas",
        "the way out `young`",
        "no loop over choices",
    ] {
        assert!(account.contains(said), "{said} is not in:\n{account}");
    }
    assert!(convert(&exported.bytes, "x.xlsx", &Nothing).is_ok());
}
