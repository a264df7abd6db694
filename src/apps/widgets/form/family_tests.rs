//! Lines that come, go and come back in what was typed.

use super::*;

fn list<'a>(id: &'a str, within: Option<&'a str>) -> Lines<'a> {
    Lines {
        id,
        within,
        title: String::new(),
        one: String::new(),
        submit: "add",
        load: None,
        key: "id",
        change: Some("change"),
        remove: Some("remove"),
        min: usize::from(within.is_some()),
        max: 3,
        labels: Vec::new(),
        help: Vec::new(),
        choices: Vec::new(),
        rules: Rules::default(),
    }
}

fn family() -> Family<'static> {
    Family {
        lists: vec![list("parts", None), list("marks", Some("parts"))],
        choices: Vec::new(),
        rules: Rules::default(),
        change: Some("change"),
        key: "id",
    }
}

fn turned(typed: &str, act: &str) -> String {
    let typed = family().turned(&Fields::parse(typed), act).unwrap();
    form_urlencoded::parse(typed.query().as_bytes())
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_line_comes_with_those_that_must_stand_below_it() {
    assert_eq!(
        turned("name=A&_do=x", "add:parts"),
        "name=A parts.0._line= parts.0.marks.0._line= _focus=parts.0"
    );
    assert_eq!(
        turned("parts.4._line=7", "add:parts.4.marks"),
        "parts.4._line=7 parts.4.marks.0._line= _focus=parts.4.marks.0"
    );
}

#[test]
fn what_was_only_typed_goes_and_what_is_kept_is_marked_and_comes_back() {
    let both = "parts.0._line=&parts.0.qty=1&parts.0.marks.0._line=&parts.01.qty=x&parts.1._line=7&parts.1.qty=2";

    assert_eq!(
        turned(both, "remove:parts.0"),
        "parts.01.qty=x parts.1._line=7 parts.1.qty=2 _focus=parts"
    );
    let marked = turned("parts.1._line=7&parts.1.qty=2", "remove:parts.1");
    assert_eq!(
        marked,
        "parts.1._line=7 parts.1.qty=2 parts.1._gone=1 _focus=parts.1"
    );
    assert_eq!(
        turned(&marked.replace(' ', "&"), "back:parts.1"),
        "parts.1._line=7 parts.1.qty=2 _focus=parts.1"
    );
}

#[test]
fn paths_that_lead_nowhere_change_nothing() {
    let typed = "parts.0._line=&parts.1._line=&parts.2._line=&parts.1._line=";
    for act in [
        "add:parts",
        "add:marks",
        "add:parts.0",
        "add:parts.9.marks",
        "add:",
        "add:parts.x.marks",
        "remove:parts",
        "remove:parts.7",
        "remove:..",
        "back:parts.00",
        "add:parts.0.marks.0",
    ] {
        assert_eq!(turned(typed, act), typed.replace('&', " "), "{act}");
    }
    assert!(family().turned(&Fields::parse(typed), "save").is_none());
    assert!(
        family()
            .turned(&Fields::parse(typed), "drop:parts.0")
            .is_none()
    );
}

#[test]
fn lines_are_read_once_each_in_their_order() {
    let typed = Fields::parse(
        "parts.3._line=&parts.1._line=8&parts.3._line=9&parts.01._line=&parts.-1._line=&parts.1.marks.0._line=&parts.1._seen=ab",
    );

    let found = lines(&typed, "parts");

    let told: Vec<_> = found
        .iter()
        .map(|line| (line.path.as_str(), line.key.as_deref(), line.seen.as_str()))
        .collect();
    assert_eq!(told, [("parts.3", None, ""), ("parts.1", Some("8"), "ab")]);
}
