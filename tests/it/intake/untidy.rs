//! What cannot be carried over, what people do to sheets, and what is no form.

use onsight::surveys::intake::{Nothing, convert};

use super::{YES_NO, converted, form, said};

#[test]
fn what_cannot_be_said_blocks_publishing_and_is_never_dropped() {
    let rows: &[&[&str]] = &[
        &[
            "type",
            "name",
            "label",
            "relevant",
            "constraint",
            "choice_filter",
            "calculation",
            "default",
        ],
        &["text", "a", "A", "${later} = 1"],
        &["text", "b", "B", "${nobody} = 1"],
        &["text", "c", "C", "digest(${a}, 'MD5') = 'x'"],
        &["text", "d", "D", "", "regex(., '(?=x)')"],
        &["select_one l", "e", "E", "", "", "land = ${a}"],
        &["select_one missing", "f", "F"],
        &["party like it's 1999", "g", "G"],
        &["calculate", "h", "", "", "", "", ""],
        &["integer", "later", "Later"],
        &["osm tags", "i", "Map"],
    ];
    let list: &[&[&str]] = &[&["list_name", "name", "label"], &["l", "x", "X"]];

    let (done, survey) = converted(&[("survey", rows), ("choices", list)]);

    assert!(!survey.is_publishable());
    for (row, id) in ["a", "b", "c", "d", "e", "f", "g", "h"].iter().enumerate() {
        let place = format!("survey:{}", row + 2);
        assert!(
            said(&done, &place).contains("refused"),
            "{}",
            said(&done, &place)
        );
        assert!(survey.block(id).is_some(), "`{id}` was dropped");
        let told = format!("`{id}` is not ready");
        assert!(
            survey
                .problems
                .iter()
                .any(|problem| problem.message.contains(&told)),
            "{id}"
        );
    }
    assert!(said(&done, "survey:2").contains("`later` is asked later"));
    assert!(said(&done, "survey:3").contains("nothing is called `nobody`"));
    assert!(said(&done, "survey:11").contains("maps"));
    assert_eq!(
        said(&done, "survey:10"),
        "survey:10: carried over: integer later"
    );
}

/// What was found in the sheets of people.
const UNTIDY: &[&[&str]] = &[
    &[
        "TYPE",
        "Name ",
        "LABEL::EN",
        "label::EN",
        "my notes",
        "disabled",
    ],
    &[],
    &["", "", "", "", "only a comment"],
    &["text", "1st", "First"],
    &["text", "1st", "Again"],
    &["text", "", "No name"],
    &["text", "off", "Off", "", "", "yes"],
    &["note", "n", "You said ${1st}, not ${unknown}"],
    &["end group"],
    &["begin group", "open", "Never closed"],
    &["select_one l", "pick", "Pick"],
    &["", "nameless", "Has a label, no type"],
];

#[test]
fn what_people_do_to_sheets_is_borne() {
    let list: &[&[&str]] = &[
        &["list name", "name", "label::EN"],
        &["l", "a", "A"],
        &["l", "a", "A"],
        &["l", "b", ""],
        &["", "c", "C"],
        &["l", "a", "Other"],
    ];

    let (done, survey) = converted(&[
        ("survey", UNTIDY),
        ("choises", list),
        ("changelog", &[&["x"], &["y"]]),
    ]);

    let notes = [
        ("survey:1", "my notes"),
        ("survey:3", "comment"),
        ("survey:4", "it is called `q1st`"),
        ("survey:5", "twice"),
        ("survey:6", "carried over"),
        ("survey:7", "switched off"),
        ("survey:8", "unknown"),
        ("survey:9", "never began"),
        ("survey:10", "never ended"),
        ("survey:12", "no type"),
        ("choises:1", "read as `choices`"),
        ("choises:3", "twice"),
        ("choises:4", "no label"),
        ("choises:5", "no list_name"),
        ("choises:6", "refused"),
        ("changelog:1", "no sheet"),
    ];
    for (place, wanted) in notes {
        assert!(
            said(&done, place).contains(wanted),
            "{}",
            said(&done, place)
        );
    }
    assert_eq!(
        survey.block("n").unwrap().text.text("en"),
        "You said ${q1st}, not [unknown]"
    );
    assert_eq!(survey.block("pick").unwrap().items.len(), 2);
}

#[test]
fn what_is_no_questionnaire_says_so() {
    let no_survey = form(&[("stuff", &[&["a", "b"], &["1", "2"]])]);
    let no_type = form(&[("survey", &[&["name", "label"], &["a", "A"]])]);
    let broken = [
        b"PK\x03\x04".to_vec(),
        vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
        b"hello".to_vec(),
        Vec::new(),
    ];
    let cut = form(&[("survey", YES_NO)]);
    let xml = b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType><surveys><rows>".to_vec();

    for bytes in [no_survey, no_type, cut[..cut.len() / 2].to_vec(), xml]
        .into_iter()
        .chain(broken)
    {
        let error = convert(&bytes, "x", &Nothing).unwrap_err().to_string();
        assert!(error.len() > 20, "{error}");
    }
}
