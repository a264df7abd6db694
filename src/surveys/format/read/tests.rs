//! A definition is read, or everything that is wrong with it is said with its place.

use super::*;
use crate::surveys::format::{Order, Over, Required};

const HEAD: &str = "format = 1\nid = \"t\"\ntitle = \"T\"\n";

fn faults(rest: &str) -> String {
    let problems = match Survey::read(&format!("{HEAD}{rest}")) {
        Ok(survey) => survey.problems,
        Err(problems) => problems,
    };
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    said.join("\n")
}

#[test]
fn the_example_of_the_design_is_read() {
    let text = include_str!("../example.toml");
    let page = include_str!("../../../../docs/surveys.md");
    assert!(
        page.contains(&format!("```toml\n{text}```")),
        "docs/surveys.md shows another example"
    );

    let survey = Survey::read(text).unwrap();

    assert_eq!(survey.problems, []);
    assert_eq!(survey.title.text("de"), "Regaltest Cerealien");
    assert!(survey.entries[0].unique);
    let sign = survey.entries[0].sign.as_ref().unwrap();
    assert_eq!((&*sign.kind, &*sign.name), ("hmac-sha256", "panel_a"));
    let gender = survey.block("gender").unwrap();
    assert_eq!(gender.required, Required::Yes);
    assert!(gender.items[2].anchor);
    assert_eq!(survey.quotas[0].target, 150);
    assert_eq!(survey.pages[0].leaves[0].outcome, Outcome::Screenout);
    let page = survey.page("each_brand").unwrap();
    let repeat = page.repeat.as_ref().unwrap();
    assert_eq!(repeat.over, Over::Chosen("brands".into()));
    assert_eq!(repeat.order, Order::Random);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let text = r#"
[[page]]
id = "p"
[[page.ask]]
id = "a"
type = "singel"
text = "A"
[[page.ask]]
id = "b"
type = "number"
text = "B"
range = [9, 1]
colour = "red"
when = "${x} ="
[[page.leave]]
id = "out"
outcome = "gone"
"#;
    insta::assert_snapshot!(faults(text), @r#"
    9:8: there is no block type `singel`; did you mean `single`?
    15:9: `range` is two numbers, the lower first, like [0, 10]
    16:1: unknown key `colour`; known here: id, type, unresolved, text, help, when, section, required, required_text, default, calculate, read_only, filter, order, personal, check_text, check, range, decimals, unit
    17:15: `when`: ends where something is still missing
    20:11: `outcome` cannot be `gone`; known here: complete, screenout, quotafull, quality, closed, duplicate, invalid
    "#);
}

#[test]
fn a_name_is_asked_before_it_is_used() {
    let text = r#"
[[page]]
id = "p"
when = "${b} > 1"
[[page.ask]]
id = "a"
type = "number"
text = "A ${nobody}"
[[page.ask]]
id = "b"
type = "number"
text = "B"
check = ". > ${a}"
[[page]]
id = "b"
[quota.q]
target = 3
when = "${agee} = 1"
"#;
    insta::assert_snapshot!(faults(text), @r#"
    5:1: `${b}` is asked later than it is used here; move the question or the condition
    8:1: nothing is called `nobody` here; did you mean `a`?
    17:1: the name `b` is there twice; give each its own
    17:1: the page `b` is empty and never shown
    19:8: nothing is called `agee` here; did you mean `a`?
    "#);
}

#[test]
fn nobody_walks_past_a_way_out_for_all() {
    let text = r#"
[[page]]
id = "p"
[[page.ask]]
id = "a"
type = "single"
text = "A"
items = [{ code = 1, text = "x", when = "1 = 2" }]
[[page.leave]]
id = "out"
outcome = "screenout"
[[page]]
id = "q"
[[page.ask]]
id = "c"
type = "info"
text = "C"
"#;
    let said = faults(text);

    insta::assert_snapshot!(said, @r#"
    7:1: all items of `a` can be filtered away; it is not asked then: give one item no condition to be sure
    15:1: nobody gets to the page `q`: everybody leaves at `out` before; give that a `when`
    "#);
    let survey = Survey::read(&format!("{HEAD}{text}")).unwrap();
    assert!(!survey.is_publishable());
}

#[test]
fn hostile_texts_are_refused_and_not_fatal() {
    let deep = format!("{HEAD}a = {}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let nul = format!("{HEAD}[[page]]\nid = \"a\0b\"\n");
    let twice = format!("{HEAD}id = \"u\"\n");
    for text in [
        "",
        "\0",
        "[",
        "id",
        &deep,
        &nul,
        &twice,
        "format = 2\nid = \"T\"\ntitle = 3",
    ] {
        assert!(
            Survey::read(text).is_err(),
            "{}",
            &text[..text.len().min(40)]
        );
    }
}

#[test]
fn codes_are_there_once_and_are_numbers() {
    let text = r#"
[list.l]
items = [{ code = 1, text = "x" }, { code = 1, text = "y" }, { code = "2", text = "z" }, { code = 99999999999, text = "w" }]
[[page]]
id = "p"
[[page.ask]]
id = "a"
type = "multi"
text = "A"
list = "ll"
"#;
    insta::assert_snapshot!(faults(text), @r#"
    6:9: the code 1 is there twice; give each its own
    6:71: `code` needs a whole number; found: string
    6:99: a code has at most nine digits
    13:8: there is no list `ll`; did you mean `l`?
    "#);
}

#[test]
fn every_key_and_every_type_is_on_the_page() {
    let page = include_str!("../../../../docs/surveys.md");
    for kind in crate::surveys::blocks::ALL {
        assert!(
            page.contains(&format!("| `{}` |", kind.name())),
            "{}",
            kind.name()
        );
        for key in kind.keys() {
            assert!(
                page.contains(&format!("`{}`", key.name))
                    || page.contains(&format!("`{} = ", key.name)),
                "{}",
                key.name
            );
        }
    }
    for outcome in Outcome::NAMES {
        assert!(page.contains(&format!("`{outcome}`")), "{outcome}");
    }
}

#[test]
fn pages_note_events_unless_they_are_told_not_to_or_nobody_may_be_known() {
    let page = "[[page]]\nid = \"p\"\n[[page.ask]]\nid = \"a\"\ntype = \"text\"\ntext = \"A\"\n";
    let notes = |head: &str| {
        let survey = Survey::read(&format!("{HEAD}{head}\n{page}")).unwrap();
        (survey.notes_events, survey.is_publishable())
    };

    assert_eq!(notes(""), (true, true));
    assert_eq!(notes("[paradata]"), (true, true));
    assert_eq!(notes("[paradata]\nevents = true"), (true, true));
    assert_eq!(notes("[paradata]\nevents = false"), (false, true));
    assert_eq!(notes("anonymous = true"), (false, true));
    let both = "anonymous = true\n[paradata]\nevents = ";
    assert_eq!(notes(&format!("{both}false")), (false, true));
    assert_eq!(notes(&format!("{both}true")), (false, false));
    let said = faults(&format!("{both}true\n{page}"));
    assert!(
        said.contains("the survey is anonymous; take that out"),
        "{said}"
    );
    for wrong in ["events = \"yes\"", "event = true"] {
        let said = faults(&format!("[paradata]\n{wrong}\n{page}"));
        assert!(said.contains("5:"), "{wrong}: {said}");
    }
}
