//! What an XLSForm says and a survey says as well.

use onsight::surveys::intake::{Beside, Fate, convert};

use super::{YES_NO, converted, form, read, said};

/// Texts in two languages, conditions, a group and a calculation.
const TWO_LANGUAGES: &[&[&str]] = &[
    &[
        "type",
        "name",
        "label::English (en)",
        "label::Français (fr)",
        "relevant",
        "constraint",
        "constraint_message::English (en)",
        "required",
        "calculation",
    ],
    &[
        "select_one yes_no",
        "eats",
        "Do you eat?",
        "Mangez-vous ?",
        "",
        "",
        "",
        "yes",
    ],
    &[
        "integer",
        "meals",
        "How often?",
        "Combien de fois ?",
        "${eats} = 'yes'",
        ". > 0 and . < 20",
        "Really?",
        "${eats} = 'yes'",
    ],
    &["begin group", "more", "More", "Plus", "${meals} > 3"],
    &["text", "why", "Why ${meals}?", "Pourquoi ${meals} ?"],
    &["end group"],
    &["calculate", "twice", "", "", "", "", "", "", "${meals} * 2"],
];

#[test]
fn a_form_in_two_languages_is_carried_over_whole() {
    let (done, survey) = converted(&[
        ("survey", TWO_LANGUAGES),
        ("choices", YES_NO),
        (
            "settings",
            &[
                &["form_title", "form_id", "default_language"],
                &["Meals", "meals_1", "English (en)"],
            ],
        ),
    ]);

    assert_eq!(done.account.fate(), Fate::Carried, "{}", done.account);
    assert_eq!(done.account.lines().len(), 3 + 6 + 2, "{}", done.account);
    assert_eq!(survey.langs, ["en", "fr"]);
    assert_eq!(
        (survey.id.as_str(), survey.title.text("en")),
        ("meals-1", "Meals")
    );
    let meals = survey.block("meals").unwrap();
    assert_eq!(meals.text.text("fr"), "Combien de fois ?");
    assert_eq!(meals.when.as_ref().unwrap().text(), "${eats} = 'yes'");
    assert_eq!(meals.check.as_ref().unwrap().1.text("en"), "Really?");
    assert_eq!(
        survey
            .section("more")
            .unwrap()
            .when
            .as_ref()
            .unwrap()
            .text(),
        "${meals} > 3"
    );
    let eats = survey.block("eats").unwrap();
    assert_eq!(eats.items[0].name.as_deref(), Some("yes"));
    assert_eq!(eats.items[1].text.text("fr"), "Non");
    assert!(survey.is_publishable(), "{:?}", survey.problems);
    // What depends on an answer comes after it, so that scripts are not needed.
    let page_of = |id: &str| {
        survey
            .pages
            .iter()
            .position(|page| page.blocks.iter().any(|block| block.id == id))
    };
    assert!(page_of("eats") < page_of("meals"));
}

#[test]
fn all_types_and_their_old_spellings_have_a_block() {
    let pairs = [
        ("text", "text"),
        ("string", "text"),
        ("int", "number"),
        ("decimal", "number"),
        ("add integer prompt", "number"),
        ("date", "date"),
        ("time", "time"),
        ("dateTime", "date"),
        ("note", "info"),
        ("geopoint", "text"),
        ("gps", "text"),
        ("barcode", "text"),
        ("acknowledge", "single"),
        ("range", "scale"),
        ("hidden", "hidden"),
        ("start", "computed"),
        ("end time", "computed"),
        ("today", "computed"),
        ("deviceid", "hidden"),
        ("phone number", "text"),
        ("select one from list", "single"),
        ("select_multiple list", "multi"),
        ("select all that apply from list", "multi"),
        ("q select1 list", "single"),
        ("rank list", "rank"),
        ("SELECT_ONE list", "single"),
    ];
    let names: Vec<String> = (0..pairs.len()).map(|at| format!("q{at}")).collect();
    let mut rows: Vec<Vec<&str>> = vec![vec!["Command", "Name", "Caption"]];
    for (name, (kind, _)) in names.iter().zip(&pairs) {
        rows.push(vec![kind, name, "A label"]);
    }
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let list: &[&[&str]] = &[
        &["list name", "name", "label"],
        &["list", "1", "One"],
        &["list", "-9", "None"],
        &["list", "x", "X"],
    ];

    let (done, survey) = converted(&[("Survey", &rows), ("Choices", list)]);

    assert_eq!(done.account.count(Fate::Refused), 0, "{}", done.account);
    for (name, (kind, block)) in names.iter().zip(&pairs) {
        let found = survey
            .block(name)
            .unwrap_or_else(|| panic!("{kind} is not there"));
        assert_eq!(found.kind.name(), *block, "{kind}");
    }
    let codes: Vec<(i64, Option<&str>)> = { survey.block("q20").unwrap().items.iter() }
        .map(|item| (item.code, item.name.as_deref()))
        .collect();
    assert_eq!(codes, [(1, None), (-9, None), (2, Some("x"))]);
}

/// Loops with and without a count, a group on one page, scales.
const LOOPS: &[&[&str]] = &[
    &[
        "type",
        "name",
        "label",
        "relevant",
        "repeat_count",
        "appearance",
        "calculation",
        "parameters",
    ],
    &["integer", "n", "How many?"],
    &["begin repeat", "person", "Person", "", "${n}"],
    &["text", "who", "Who?"],
    &["integer", "age", "Age?", "${who} != ''"],
    &["end repeat"],
    &["calculate", "total", "", "", "", "", "sum(${age})"],
    &["begin repeat", "visit", "Visit"],
    &["date", "day", "Day?"],
    &["end repeat"],
    &["begin group", "all", "All", "", "", "field-list"],
    &["select_multiple l or_other", "likes", "Likes?"],
    &["text", "more", "More?", "selected(${likes}, 'a')"],
    &["end group"],
    &[
        "range",
        "mark",
        "Mark?",
        "",
        "",
        "",
        "",
        "start=0 end=5 step=0.5",
    ],
    &[
        "range",
        "wide",
        "Wide?",
        "",
        "",
        "",
        "",
        "start=0 end=1000 step=1",
    ],
];

#[test]
fn loops_groups_and_others_are_carried_over() {
    let list: &[&[&str]] = &[
        &["list_name", "name", "label"],
        &["l", "a", "A"],
        &["l", "b", "B"],
    ];

    let (done, survey) = converted(&[("survey", LOOPS), ("choices", list)]);

    assert_eq!(done.account.count(Fate::Refused), 0, "{}", done.account);
    assert!(survey.is_publishable(), "{:?}", survey.problems);
    let looped = survey.page("person").unwrap();
    assert!(looped.repeat.is_some());
    assert!(survey.page("visit").unwrap().repeat.is_some());
    assert!(
        survey.block("visit_count").is_some(),
        "who adds turns on the way is asked before"
    );
    let other = survey.block("likes_other").unwrap();
    assert_eq!(
        other.when.as_ref().unwrap().text(),
        "selected(${likes}, 'other')"
    );
    let page = |id: &str| {
        survey
            .pages
            .iter()
            .position(|page| page.blocks.iter().any(|block| block.id == id))
    };
    assert_eq!(page("likes"), page("more"), "a field list is one page");
    assert_eq!(survey.block("mark").unwrap().kind.name(), "scale");
    assert_eq!(survey.block("wide").unwrap().kind.name(), "number");
}

struct Towns;

impl Beside for Towns {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        (name == "towns.csv")
            .then(|| b"\xef\xbb\xbfname,label,land\nrome,Roma,it\nulm,Ulm,de\n".to_vec())
    }
}

#[test]
fn lists_beside_the_form_are_taken_along() {
    let rows: &[&[&str]] = &[
        &["type", "name", "label", "choice_filter", "calculation"],
        &["text", "land", "Land?"],
        &[
            "select_one_from_file towns.csv",
            "town",
            "Town?",
            "land = ${land}",
        ],
        &[
            "calculate",
            "label",
            "",
            "",
            "pulldata('towns', 'label', 'name', ${town})",
        ],
        &["select_one_from_file none.csv", "none", "None?"],
    ];
    let bytes = form(&[("survey", rows)]);

    let done = convert(&bytes, "towns.xlsx", &Towns).unwrap();

    let survey = read(&done);
    let towns = &survey.list("towns").unwrap().items;
    assert_eq!(towns[1].name.as_deref(), Some("ulm"));
    assert_eq!(
        towns[1]
            .columns
            .iter()
            .find(|column| column.0 == "land")
            .unwrap()
            .1,
        "de"
    );
    assert_eq!(
        survey
            .block("town")
            .unwrap()
            .filter
            .as_ref()
            .unwrap()
            .text(),
        "land = ${land}"
    );
    assert_eq!(
        said(&done, "survey:4"),
        "survey:4: carried over: calculate label"
    );
    assert!(said(&done, "survey:5").contains("none.csv is not beside"));
}

#[test]
fn what_needs_later_answers_waits_for_them() {
    let rows: &[&[&str]] = &[
        &["type", "name", "label", "relevant", "calculation"],
        &["calculate", "sum", "", "", "${a} + ${b}"],
        &["integer", "a", "A"],
        &["integer", "b", "B"],
        &["text", "why", "Why?", "${sum} > 3"],
        &["note", "thanks", "Thank you", "${last} != ''"],
        &["text", "never", "Never asked", "FALSE"],
        &["text", "last", "Last", "TRUE"],
    ];

    let (done, survey) = converted(&[("survey", rows)]);

    assert_eq!(done.account.count(Fate::Refused), 0, "{}", done.account);
    assert!(said(&done, "survey:2").contains("is worked out after `b`"));
    let order: Vec<&str> = survey.blocks().map(|block| block.id.as_str()).collect();
    assert_eq!(order, ["a", "b", "sum", "why", "never", "last", "thanks"]);
    assert!(said(&done, "survey:6").contains("is shown after `last`"));
    let when = |id: &str| survey.block(id).unwrap().when.as_ref().unwrap().text();
    assert_eq!((when("never"), when("last")), ("false()", "true()"));
}

#[test]
fn a_loop_within_a_loop_is_written_out_in_its_turns() {
    let rows: &[&[&str]] = &[
        &[
            "type",
            "name",
            "label",
            "relevant",
            "repeat_count",
            "calculation",
        ],
        &["integer", "n", "How many trees?"],
        &["begin repeat", "tree", "Tree", "", "${n}"],
        &["integer", "m", "How many stems?"],
        &["begin repeat", "stem", "Stem", "", "${m}"],
        &["integer", "girth", "Girth of stem?"],
        &["text", "why", "Why ${girth}?", "${girth} > 90"],
        &["calculate", "at", "", "", "", "position(..)"],
        &["end repeat"],
        &["end repeat"],
    ];

    let (done, survey) = converted(&[("survey", rows)]);

    assert_eq!(done.account.count(Fate::Refused), 0, "{}", done.account);
    assert!(survey.is_publishable(), "{:?}", survey.problems);
    assert!(said(&done, "survey:5").contains("for 10 turns at most"));
    let page = |id: &str| {
        let mut pages = survey.pages.iter();
        let found = pages.find(|page| page.blocks.iter().any(|block| block.id == id));
        found.unwrap_or_else(|| panic!("`{id}` is not there"))
    };
    for turn in 1..=10 {
        let asked = page(&format!("girth.{turn}"));
        assert!(asked.repeat.is_some(), "it lies in the turns of the trees");
        let when = asked.when.as_ref().unwrap().text();
        assert_eq!(when, format!("(${{m}}) >= {turn}"));
        let why = survey.block(&format!("why.{turn}")).unwrap();
        let when = why.when.as_ref().unwrap().text();
        assert_eq!(when, format!("${{girth.{turn}}} > 90"));
        let at = survey.block(&format!("at.{turn}")).unwrap();
        let calculate = at.calculate.as_ref().unwrap().text();
        assert_eq!(calculate, turn.to_string());
    }
    assert!(survey.block("girth.11").is_none());
}

#[test]
fn pictures_are_chosen_and_files_are_sent() {
    let (done, survey) = converted(&[
        (
            "survey",
            &[
                &["type", "name", "label", "required", "default"],
                &["select_one packs", "pack", "Which?", "yes"],
                &["select_multiple packs", "all", "All?"],
                &["rank packs", "order", "In which order?"],
                &["image", "receipt", "The receipt?", "yes", "none.png"],
                &["signature", "sign", "Sign?"],
                &["audio", "voice", "Say it"],
            ],
        ),
        (
            "choices",
            &[
                &["list_name", "name", "label", "image"],
                &["packs", "1", "Red", "Pack A.PNG"],
                &["packs", "2", "Blue", "pack_b.jpeg"],
            ],
        ),
    ]);

    let kinds: Vec<&str> = survey.blocks().map(|block| block.kind.name()).collect();
    assert_eq!(
        kinds,
        ["images", "images", "rank", "upload", "upload", "upload"]
    );
    let names: Vec<&str> = survey.pictures().map(|one| one.name.as_str()).collect();
    assert_eq!(
        names,
        ["pack-a.png", "pack-b.jpg", "pack-a.png", "pack-b.jpg"]
    );
    assert_eq!(survey.block("all").unwrap().settings.count("most"), Some(2));
    let accepts = |id: &str| {
        let block = survey.block(id).unwrap();
        block.settings.text("accept").map(str::to_owned)
    };
    assert_eq!(accepts("receipt").as_deref(), Some("image"));
    assert_eq!(accepts("voice"), None);
    let account = done.account.to_string();
    for told in [
        "its picture Pack A.PNG is called pack-a.png: bring it under Assets",
        "a file that stands there before is not carried over",
        "nothing is drawn on the page",
        "nothing is recorded on the page",
    ] {
        assert!(account.contains(told), "{told}: {account}");
    }
    assert!(survey.is_publishable(), "{:?}", survey.problems);
}
