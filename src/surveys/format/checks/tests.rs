//! What a definition promises is kept, or said.

use crate::surveys::format::{Level, Survey, changes};

fn survey(rest: &str) -> Survey {
    let text = format!("format = 1\nid = \"t\"\ntitle = \"T\"\n{rest}");
    Survey::read(&text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn faults(rest: &str) -> Vec<String> {
    let text = format!("format = 1\nid = \"t\"\ntitle = \"T\"\n{rest}");
    let problems = match Survey::read(&text) {
        Ok(survey) => survey.problems,
        Err(problems) => problems,
    };
    problems
        .into_iter()
        .map(|problem| problem.message)
        .collect()
}

const ONE: &str =
    "[[page]]\nid = \"p\"\n[[page.ask]]\nid = \"a\"\ntype = \"single\"\ntext = \"A\"\n";

#[test]
fn a_missing_translation_is_a_note() {
    let text = "langs = [\"en\", \"de\"]\n[[page]]\nid = \"p\"\n[[page.ask]]\nid = \"a\"\ntype = \"info\"\ntext = { en = \"A\" }\n";

    let survey = survey(text);

    assert!(survey.is_publishable());
    let notes = &survey.problems;
    assert!(notes.iter().all(|note| note.level == Level::Note));
    assert!(
        notes
            .iter()
            .any(|note| note.message == "`a` has no text for de; en is shown"),
        "{notes:?}"
    );
}

#[test]
fn a_list_that_can_become_empty_is_said() {
    let items = "items = [{ code = 1, text = \"x\", columns = { region = \"north\" } }]\nfilter = \"region = 'north'\"\n";

    let said = faults(&format!("{ONE}{items}"));

    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("all items of `a` can be filtered away"));
    assert!(
        faults(&format!("{ONE}{}", items.replace("{ region", "{ land")))[0]
            .contains("no item has a column `region`")
    );
}

#[test]
fn a_loop_goes_over_something() {
    for over in [
        "list = \"none\"",
        "list = \"empty\"",
        "chosen = \"nobody\"",
        "chosen = \"t1\"",
        "list = \"empty\", times = \"2\"",
    ] {
        let text = format!(
            "[list.empty]\nitems = []\n[[page]]\nid = \"p\"\n[[page.ask]]\nid = \"t1\"\ntype = \"text\"\ntext = \"T\"\n[[page]]\nid = \"q\"\nloop = {{ {over} }}\n"
        );
        assert!(!faults(&text).is_empty(), "{over}");
    }
}

#[test]
fn a_section_does_not_lie_in_itself() {
    let said = faults(&format!(
        "[section.a1]\nwithin = \"b1\"\n[section.b1]\nwithin = \"a1\"\n{ONE}items = [{{ code = 1, text = \"x\" }}]\n"
    ));

    assert!(
        said.iter().any(|one| one.contains("lies in itself")),
        "{said:?}"
    );
}

#[test]
fn a_quota_counts_respondents_not_turns() {
    let said = faults(&format!(
        "{ONE}items = [{{ code = 1, text = \"x\" }}]\n[[page]]\nid = \"q\"\nloop = {{ times = \"2\" }}\n[[page.ask]]\nid = \"b\"\ntype = \"number\"\ntext = \"B\"\n[quota.z]\ntarget = 1\nwhen = \"${{b}} = 1\"\n"
    ));

    assert!(
        said.iter()
            .any(|one| one.starts_with("a quota counts respondents")),
        "{said:?}"
    );
}

#[test]
fn another_version_is_told_by_what_it_does_to_the_data() {
    let old = survey(&format!(
        "{ONE}items = [{{ code = 1, text = \"x\" }}, {{ code = 3, text = \"y\" }}]\n"
    ));
    let new = survey(&format!(
        "{ONE}items = [{{ code = 1, text = \"z\" }}, {{ code = 4, text = \"w\" }}]\n[[page.ask]]\nid = \"b\"\ntype = \"number\"\ntext = \"B\"\n"
    ));

    let said: Vec<String> = changes(&old, &new)
        .into_iter()
        .map(|change| {
            format!(
                "{} {}{}",
                change.variable,
                change.what,
                if change.is_breaking { "!" } else { "" }
            )
        })
        .collect();

    assert_eq!(
        said,
        [
            "a code 1 says something else!",
            "a code 4 is new",
            "a code 3 is gone!",
            "b is new"
        ]
    );
    assert_eq!(changes(&old, &old), []);
}

#[test]
fn a_picture_says_what_it_shows_in_every_language() {
    let text = "langs = [\"en\", \"de\"]\n[list.packs]\nitems = [\n  { code = 1, text = \"A\", image = \"a.png\", alt = { en = \"Red\" } },\n  { code = 2, text = \"B\", image = \"b.png\", alt = \"Blau\" },\n]\n[[page]]\nid = \"p\"\nask = [{ id = \"a\", type = \"images\", text = \"A\", list = \"packs\" }, { id = \"b\", type = \"images\", text = \"B\", list = \"packs\" }]\n";

    let survey = survey(text);

    assert!(!survey.is_publishable());
    let refused: Vec<_> = { survey.problems.iter() }
        .filter(|problem| problem.level == Level::Refused)
        .collect();
    assert_eq!(refused.len(), 1, "a list is mended once: {refused:?}");
    assert_eq!(refused[0].line, 7);
    assert!(
        refused[0]
            .message
            .starts_with("`a.png` has no `alt` for de;")
    );
}

#[test]
fn a_picture_has_a_name_and_its_place() {
    let images = ONE.replace("single", "images");
    let items = |of: &str| format!("{images}items = [{{ code = 1, text = \"x\"{of} }}]\n");
    let said = |text: &str| faults(text).join("\n");

    assert!(said(&items(", image = \"A b.svg\", alt = \"x\"")).contains("cannot be the name"));
    assert!(said(&items("")).contains("the item 1 has no `image`"));
    assert!(said(&items(", alt = \"x\"")).contains("there is no `image` here"));
    assert_eq!(said(&items(", unknown = true")), "");
    let map = ONE.replace("single", "clickmap");
    let on = |of: &str| format!("{map}{of}\n");
    let whole =
        "image = \"a.png\"\nalt = \"A\"\nitems = [{ code = 1, text = \"x\", at = [0, 0, 50, 50] }]";
    assert_eq!(said(&on(whole)), "");
    assert!(said(&on(&whole.replace("50, 50", "0, 50"))).contains("`at` is left, top"));
    assert!(
        said(&on(&whole.replace(", at = [0, 0, 50, 50]", ""))).contains("region 1 has no `at`")
    );
    assert!(said(&on(&whole.replace("image = \"a.png\"\n", ""))).contains("`image` is missing"));
    assert!(said(&on(&whole.replace("alt = \"A\"\n", ""))).contains("no `alt` for en"));
}
