//! Whatever page is asked for: what is filled in before it is taken as a respondent's, and
//! what is said of the way agrees with the way.

use super::super::answers::Answers;
use super::super::sql::{OffPath, Respondent};
use super::super::trace::trace;
use super::super::traced::{AskTrace, Fate, PageTrace};
use super::super::{Compiled, Exits};
use super::*;
use crate::base::Time;
use crate::surveys::assets::Assets;
use crate::surveys::blocks::Role;
use crate::surveys::format::Survey;

const TEXTS: [&str; 5] = [
    include_str!("../format/example.toml"),
    include_str!("../../../tests/browser/surveys/household.toml"),
    include_str!("../../../tests/browser/surveys/kinds.toml"),
    include_str!("../../../tests/browser/surveys/visitors.toml"),
    include_str!("../../../tests/it/surveys/whole.toml"),
];

/// A page whose condition no answer meets, one behind a way out, a check by a pattern, a
/// required file.
const HARD: &str = r#"
format = 1
id = "hard"
title = "Hard"
[[page]]
id = "first"
ask = [
  { id = "code", type = "text", text = "Code", required = true, check = "regex(., '[A-Z]{2}[0-9]{4}')" },
  { id = "age", type = "number", text = "Age", required = true, range = [0, 120] },
  { id = "proof", type = "upload", text = "Proof", required = true, accept = "pdf" },
  { id = "word", type = "text", text = "Word" },
]
leave = [{ id = "all", outcome = "screenout", when = "${age} != 77" }]
[[page]]
id = "rare"
when = "${word} = 'open sesame' and ${age} > 70"
ask = [{ id = "q", type = "nps", text = "Q" }]
[[page]]
id = "never"
when = "${age} < 10 and ${age} > 20"
ask = [{ id = "r", type = "nps", text = "R", required = true }]
[[page]]
id = "narrow"
ask = [{ id = "n", type = "number", text = "N", required = true, check = ". > 5 and . < 5" }]
[[page]]
id = "last"
ask = [{ id = "z", type = "nps", text = "Z" }]
"#;

fn compiled(text: &str) -> Compiled {
    let survey = Survey::read(text).unwrap_or_else(|problems| panic!("{problems:#?}"));
    Compiled::new(survey, Assets::default())
}

fn case(compiled: &Compiled, seed: i64) -> Case {
    let respondent = Respondent {
        id: 1,
        link: String::new(),
        version: 0,
        lang: compiled.survey.lang().to_owned(),
        seed,
        is_test: true,
        page: String::new(),
        turn: 0,
        outcome: None,
        way_out: String::new(),
        exit_to: None,
        started: Time(0),
    };
    Case {
        respondent,
        entries: vec![("pid".to_owned(), "a7".to_owned())],
        forced: Vec::new(),
        kept: Answers::default(),
        off_path: OffPath::new(),
        sent: Vec::new(),
        nonces: Vec::new(),
        uploads: Vec::new(),
    }
}

fn field<'a>(compiled: &'a Compiled, exits: &'a Exits) -> Field<'a> {
    Field {
        compiled,
        exits,
        hooks: &[],
        now: Time(1_795_390_200_000),
    }
}

/// Sends the pages of a way, each of them looked at as a respondent's is.
fn sent(case: &mut Case, field: Field<'_>, lead: &Lead) {
    if lead.is_anew {
        case.sent.clear();
    }
    if lead.is_forced {
        case.forced.push(lead.to);
    }
    for page in &lead.pages {
        files(case, field, page.step);
        let whole = decided(case, field, &Others::default());
        let name = &field.compiled.page(page.step.page).id;
        assert!(whole.steps.contains(&page.step), "{name} is not on the way");
        let before = case.walk_to(field.compiled, &whole, page.step, field.now);
        let stand = case.stand(field.compiled, (&before, page.step, field.now));
        if let Some(fields) = &page.fields {
            let heard = stand.hear(fields);
            assert!(
                heard.faults.is_empty(),
                "{name}: {fields:?}: {:?}",
                heard.faults
            );
        }
        send(case, field, &whole, page);
    }
    decided(case, field, &Others::default());
}

/// What is told of the way is the way.
fn agrees(case: &Case, field: Field<'_>) {
    let whole = case.walk(field.compiled, field.now);
    let told = trace(case, field.compiled, &Others::default(), field.now);
    let on_way = |page: &&PageTrace| matches!(page.fate, Fate::Sent | Fate::Here);
    let steps: Vec<Step> = told
        .pages
        .iter()
        .filter(on_way)
        .map(|page| page.step)
        .collect();
    assert_eq!(steps, whole.steps);
    for page in &told.pages {
        let has_reason = !page.because.is_empty()
            || page.about.starts_with("no turn")
            || page
                .asks
                .iter()
                .all(|ask| matches!(ask.role, Role::Decided(_)) || !ask.because.is_empty());
        if page.fate == Fate::Skipped {
            assert!(has_reason, "{} is skipped, and nobody knows why", page.id);
        }
        // Why a whole page is skipped is said at the page.
        let is_asked = page.fate != Fate::Skipped;
        let skipped = |ask: &&AskTrace| is_asked && ask.fate == Fate::Skipped;
        for ask in page.asks.iter().filter(skipped) {
            assert!(
                !ask.because.is_empty(),
                "{} is not asked, and nobody knows why",
                ask.id
            );
        }
        for because in page
            .because
            .iter()
            .chain(page.asks.iter().flat_map(|ask| &ask.because))
        {
            assert!(!because.holds && !because.parts.is_empty(), "{because:?}");
        }
    }
}

#[test]
fn every_page_of_the_samples_is_come_to_with_answers_that_are_taken() {
    let exits = Exits::default();
    for text in TEXTS {
        let compiled = compiled(text);
        let field = field(&compiled, &exits);
        for seed in 0..6 {
            for page in 0..compiled.survey.pages.len() {
                let mut case = case(&compiled, seed);
                agrees(&case, field);
                let to = Step { page, turn: 0 };

                let lead = lead(&case, field, &Others::default(), to);

                assert!(!lead.is_forced, "{}", compiled.page(page).id);
                sent(&mut case, field, &lead);
                assert!(case.walk(&compiled, field.now).steps.contains(&lead.to));
                agrees(&case, field);
            }
        }
    }
}

#[test]
fn the_same_seed_goes_the_same_way_and_another_one_another() {
    let (compiled, exits) = (compiled(TEXTS[4]), Exits::default());
    let field = field(&compiled, &exits);
    let to = Step {
        page: compiled.survey.pages.len() - 1,
        turn: 0,
    };
    let way = |seed| {
        let lead = lead(&case(&compiled, seed), field, &Others::default(), to);
        let pages = lead.pages.iter();
        let fields = pages.map(|page| page.fields.as_ref().map(Fields::query));
        fields.collect::<Vec<_>>()
    };

    assert_eq!(way(4), way(4));
    assert_ne!(way(4), way(5));
}

#[test]
fn what_was_given_stays_where_it_leads_there_and_goes_where_it_does_not() {
    let (compiled, exits) = (compiled(TEXTS[4]), Exits::default());
    let field = field(&compiled, &exits);
    let others = Others::default();
    let at = |id: &str| Step {
        page: compiled.page_at(id).unwrap(),
        turn: 0,
    };
    let mut case = case(&compiled, 1);
    let first = Filled {
        step: at("screener"),
        fields: Some(Fields::parse("gender=2&age=44")),
        files: Vec::new(),
        fault: None,
    };
    let whole = decided(&mut case, field, &others);
    send(&mut case, field, &whole, &first);

    let kept = lead(&case, field, &others, at("last"));
    let mut young = case.clone();
    young.kept.put("age", 0, Datum::Number(9.0));
    let anew = lead(&young, field, &others, at("last"));

    assert!(!kept.is_anew && kept.pages.iter().all(|page| page.step != at("screener")));
    assert!(anew.is_anew && !anew.is_forced && anew.pages[0].step == at("screener"));
    sent(&mut case, field, &kept);
    assert_eq!(case.kept.get("age", 0), Datum::Number(44.0));
}

#[test]
fn what_conditions_name_is_tried_and_what_none_can_meet_is_forced() {
    let (compiled, exits) = (compiled(HARD), Exits::default());
    let field = field(&compiled, &exits);
    let to = |id: &str| {
        let page = compiled.page_at(id).unwrap();
        lead(
            &case(&compiled, 2),
            field,
            &Others::default(),
            Step { page, turn: 0 },
        )
    };

    let (rare, never, last) = (to("rare"), to("never"), to("last"));

    assert!(
        !rare.is_forced,
        "its words and numbers stand in the conditions"
    );
    assert_eq!(rare.pages[0].files, [("proof".to_owned(), "test.pdf")]);
    assert!(never.is_forced && last.is_forced);
    let stuck = last.pages.iter().filter_map(|page| page.fault.as_ref());
    assert!(
        stuck.clone().any(|(question, _)| question == "n"),
        "{last:?}"
    );
    for lead in [rare, never, last] {
        let mut case = case(&compiled, 2);
        sent(&mut case, field, &lead);
        let whole = case.walk(&compiled, field.now);
        assert!(whole.steps.contains(&lead.to), "{:?}", whole.steps);
        agrees_but_forced(&case, field);
    }
}

/// A forced page is on the way, and what stands against it is told all the same.
fn agrees_but_forced(case: &Case, field: Field<'_>) {
    let told = trace(case, field.compiled, &Others::default(), field.now);
    for page in told
        .pages
        .iter()
        .filter(|page| page.id == "never" && page.is_forced)
    {
        assert!(matches!(page.fate, Fate::Here | Fate::Sent));
        let parts: Vec<&str> = page.because[0]
            .parts
            .iter()
            .map(|(text, _)| &**text)
            .collect();
        assert!(
            parts.iter().all(|part| part.starts_with("${age}")),
            "{parts:?}"
        );
        assert!(!parts.is_empty());
    }
}
