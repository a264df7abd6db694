//! What is personal lies sealed under a second key: in no page of a file in the clear, and
//! open to those only who ask for it.

use onsight::base::Time;
use onsight::store::{Error, Transaction};
use onsight::surveys::{keeping, personal};

use super::stage::{Study, TEXT, live, of};
use crate::fieldwork::page_of;
use crate::house_rules::sources;

const WORDS: [&str; 2] = ["canarymail7712", "canaryregion7720"];
const FIELDS: &str = "gender=1&mail=canarymail7712%40example.org&why=stays5501";
/// Who asks for everything.
const ALL: &str = "/surveys/brands/exports/csv?which=all&personal=yes";

/// Asks a second page that depends on the personal answer, and sends on with a personal value.
async fn two_pages() -> Study {
    of(&two_pages_text()).await
}

fn two_pages_text() -> String {
    let text = TEXT.replace(
        "[entry.region]",
        "[entry.region]\npersonal = true\nunique = true",
    );
    let more = "\n[exit.complete]\nto = \"https://panel.example/end?r={region}\"\n\n[[page]]\nid = \"second\"\nwhen = \"${mail} != ''\"\n\n[[page.ask]]\nid = \"more\"\ntype = \"text\"\ntext = \"Shall we write to ${mail}?\"\n";
    format!("{text}{more}")
}

impl Study {
    async fn csv(&self, path: &str) -> String {
        let csv = self.ada.get(path).await;
        assert_eq!(csv.status, 200, "{}", csv.text);
        csv.text
    }

    async fn change(&self, work: &'static [&'static str]) {
        let run = move |tx: &Transaction<'_>| {
            for sql in work {
                tx.execute(sql, [])?;
            }
            Ok::<_, Error>(())
        };
        self.db().write(run).await.unwrap();
    }

    /// Nothing personal lies anywhere, and what is not can be found.
    async fn is_sealed(&self, plain: &str) {
        assert_eq!(self.held(&WORDS).await, [""; 0]);
        assert!(!self.held(&[plain]).await.is_empty(), "the search finds");
    }
}

#[tokio::test]
async fn what_is_personal_lies_nowhere_in_the_clear_at_any_step_and_is_there_for_its_respondent() {
    let study = two_pages().await;
    let stranger = study.site.stranger();
    let way = study
        .begins("/s/brands?pid=stays5500&region=canaryregion7720")
        .await;
    study.is_sealed("stays5500").await;

    let first = stranger.get(&way).await;
    let form = format!("{}&mail=canarymail7712%40example.org", page_of(&first));
    let amiss = stranger.post(&way, &form).await;
    assert_eq!(amiss.status, 422);
    assert!(amiss.text.contains("canarymail7712@example.org"));
    study.is_sealed("stays5500").await;

    let second = study.sends(&way, FIELDS).await;
    let asked = "Shall we write to canarymail7712@example.org?";
    assert!(second.text.contains(asked), "{}", second.text);
    study.is_sealed("stays5501").await;

    let form = format!("{}&more=&.back=1", page_of(&second));
    stranger.post(&way, &form).await;
    let back = stranger.get(&way).await;
    assert!(back.text.contains("value=\"canarymail7712@example.org\""));
    study.sends(&way, FIELDS).await;
    study.sends(&way, "more=stays5502").await;
    let end = stranger.get(&way).await;
    assert_eq!(
        end.location(),
        "https://panel.example/end?r=canaryregion7720"
    );
    study.is_sealed("stays5502").await;

    let again = "/s/brands?pid=other&region=canaryregion7720";
    assert_ne!(stranger.post(again, "lang=en").await.status, 200);
    assert_eq!(
        study.number("select count(*) from respondent").await,
        1,
        "a value that is unique is known again"
    );
}

#[tokio::test]
async fn it_leaves_by_those_who_ask_for_it_and_by_nobody_else() {
    let study = two_pages().await;
    let way = study
        .answers("/s/brands?pid=a1&region=canaryregion7720", FIELDS)
        .await;
    study.sends(&way, "more=stays5502").await;

    let all = study.csv(ALL).await;
    assert!(WORDS.iter().all(|word| all.contains(word)), "{all}");

    for path in [
        "/surveys/brands/exports/csv?which=all",
        "/surveys/brands/exports/codebook?which=all",
        "/surveys/brands/results?which=all",
        "/surveys/brands/responses",
        "/surveys/brands/responses/1",
    ] {
        let page = study.ada.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        let mut words = WORDS.iter();
        assert!(!words.any(|word| page.text.contains(word)), "{path}");
    }
}

#[tokio::test]
async fn somebody_is_found_by_a_sealed_value_that_came_with_them() {
    let study = two_pages().await;
    study
        .answers("/s/brands?pid=a1&region=canaryregion7720", FIELDS)
        .await;
    study
        .answers("/s/brands?pid=a2&region=another", "gender=2&mail=x")
        .await;

    for (known, count) in [("CanaryRegion7720", 1), ("canaryregion", 0), ("x", 1)] {
        let form = format!("known={known}");
        let found = study.ada.post("/surveys/brands/keeping/find", &form).await;
        let those = found.text.matches("name=\"respondent\"").count();
        assert_eq!(those, count, "{known}: {}", found.text);
    }
}

#[tokio::test]
async fn a_value_moved_to_another_respondent_does_not_open() {
    let study = live().await;
    study.answers("/s/brands?pid=a1", FIELDS).await;
    let other = "gender=2&mail=stays5503&why=w";
    study.answers("/s/brands?pid=a2", other).await;
    assert!(study.csv(ALL).await.contains("stays5503"));

    study
        .change(&[
            "update answer set value = (select value from answer where respondent = 1 and variable = 'mail')
             where respondent = 2 and variable = 'mail'",
        ])
        .await;

    let all = study.csv(ALL).await;
    assert_eq!(all.matches("canarymail7712").count(), 1, "{all}");
    assert!(!all.contains("stays5503"), "{all}");
}

/// Puts down what an older version of the program wrote.
const OLDER: &[&str] = &[
    "update answer set value = 'canarymail7712@example.org' where variable = 'mail'",
    "update entry set value = 'canaryregion7720', sealed = null, mark = null where name = 'region'",
    "update respondent set exit_to = 'https://panel.example/end?r=canaryregion7720', exit_sealed = null",
    "delete from sealed_name",
];

#[tokio::test]
async fn an_older_file_is_sealed_at_the_first_look_and_loses_what_lay_there() {
    let study = two_pages().await;
    let way = study
        .answers("/s/brands?pid=a1&region=canaryregion7720", FIELDS)
        .await;
    study.sends(&way, "more=stays5502").await;
    study.change(OLDER).await;
    assert!(!study.held(&WORDS).await.is_empty(), "the search finds");
    let site = study.site.site();

    assert_eq!(personal::round(site, true).await.unwrap(), 1);

    study.is_sealed("stays5502").await;
    let all = study.csv(ALL).await;
    assert!(WORDS.iter().all(|word| all.contains(word)), "{all}");
    let end = study.site.stranger().get(&way).await;
    assert!(end.location().ends_with("r=canaryregion7720"));
    let again = "/s/brands?pid=other&region=canaryregion7720";
    study.site.stranger().post(again, "lang=en").await;
    assert_eq!(study.number("select count(*) from respondent").await, 1);
    assert_eq!(personal::round(site, true).await.unwrap(), 0);
}

#[tokio::test]
async fn sealing_that_was_cut_off_is_gone_on_with() {
    let study = live().await;
    study.answers("/s/brands?pid=a1", FIELDS).await;
    let open = "select count(*) from sealed_name where is_clean = 0";
    assert_eq!(study.number(open).await, 0);
    // Sealed, and not overwritten yet.
    study.change(&["update sealed_name set is_clean = 0"]).await;
    let site = study.site.site();

    personal::round(site, false).await.unwrap();

    assert_eq!(study.number(open).await, 0);
}

#[tokio::test]
async fn a_version_that_marks_a_question_seals_what_was_answered_before() {
    let study = of(&TEXT.replace("personal = true", "")).await;
    study.answers("/s/brands?pid=a1", FIELDS).await;
    let way = study.begins("/s/brands?pid=a2").await;
    assert!(!study.held(&WORDS).await.is_empty(), "the search finds");

    let seen = study.ada.get("/surveys/brands/edit").await;
    let seen = seen.between("name=\"draft_at\" value=\"", "\"");
    let text: String = form_urlencoded::byte_serialize(TEXT.as_bytes()).collect();
    let saved = { &study.ada }
        .post(
            "/surveys/brands/edit",
            &format!("draft_at={seen}&text={text}"),
        )
        .await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let review = study.ada.get("/surveys/brands/publish").await;
    let seen = review.between("name=\"draft_at\" value=\"", "\"");
    let form = format!("note=Second&draft_at={seen}");
    let published = study.ada.post("/surveys/brands/publish", &form).await;
    assert_eq!(published.status, 303, "{}", published.text);

    study.is_sealed("stays5501").await;
    // Who is on their way in the first version is bound by it as well.
    study.sends(&way, FIELDS).await;
    study.is_sealed("stays5501").await;
    let all = study.csv(ALL).await;
    assert_eq!(all.matches("canarymail7712").count(), 2, "{all}");
}

#[tokio::test]
async fn without_its_key_nothing_opens_and_everything_else_goes_on() {
    let study = of(&two_pages_text().replace("when = \"${mail} != ''\"\n", "")).await;
    let way = study
        .answers("/s/brands?pid=a1&region=canaryregion7720", FIELDS)
        .await;
    let site = study.site.site();

    site.files.destroy_second_key(&study.file()).unwrap();

    let all = study.csv(ALL).await;
    assert!(!WORDS.iter().any(|word| all.contains(word)), "{all}");
    assert!(all.contains("stays5501"), "{all}");
    let end = study.sends(&way, "more=stays5502").await;
    assert_eq!(end.location(), "https://panel.example/end?r=");
    let form = "known=canaryregion7720";
    let found = study.ada.post("/surveys/brands/keeping/find", form).await;
    assert!(found.text.contains("Nobody was found"), "{}", found.text);
    // Who comes now is sealed with another key.
    let other = "gender=2&mail=stays5503";
    study.answers("/s/brands?pid=a2&region=new", other).await;
    assert!(study.csv(ALL).await.contains("stays5503"));
    assert_eq!(study.held(&["stays5503"]).await, [""; 0]);
}

#[tokio::test]
async fn the_second_key_goes_with_the_survey() {
    let study = live().await;
    study.answers("/s/brands?pid=a1", FIELDS).await;
    let site = study.site.site();
    let name = format!("personal:{}", study.file());
    assert!(site.keyring.names().unwrap().contains(&name));

    site.files.destroy(&study.file()).unwrap();

    assert!(!site.keyring.names().unwrap().contains(&name));
}

#[tokio::test]
async fn who_is_made_nobody_loses_what_was_sealed() {
    let rule = "withdraw = true\nretention = \"30d after close, then anonymise\"";
    let study = of(&two_pages_text().replace("withdraw = true", rule)).await;
    let way = study
        .answers("/s/brands?pid=a1&region=canaryregion7720", FIELDS)
        .await;
    study.sends(&way, "more=stays5502").await;
    let sealed = "select (select count(*) from answer where typeof(value) = 'blob')
                       + (select count(*) from entry where sealed is not null)
                       + (select count(*) from respondent where exit_sealed is not null)";
    assert_eq!(study.number(sealed).await, 3);
    study.ada.post("/surveys/brands/close", "").await;
    study.site.site().clock.advance(31 * Time::DAY);

    assert_eq!(keeping::round(study.site.site()).await.unwrap(), 1);

    assert_eq!(study.number(sealed).await, 0);
    assert!(!study.held(&["stays5501"]).await.is_empty(), "others stay");
}

/// Whoever else opens what is personal is added here on purpose.
#[test]
fn only_these_hands_hold_a_vault() {
    let holders: Vec<String> = sources()
        .filter(|path| !path.starts_with("surveys/personal/vault.rs"))
        .filter(|path| {
            let code = std::fs::read_to_string(format!("src/{path}")).unwrap();
            code.contains("Vault::of(")
        })
        .collect();
    assert_eq!(
        holders,
        [
            "surveys/keeping/finding.rs",
            "surveys/personal/apart.rs",
            "surveys/personal/settling.rs",
            "surveys/projects/exporting.rs",
            "surveys/projects/giving.rs",
            "surveys/projects/pages/files.rs",
            "surveys/running/telling.rs",
        ]
    );
}
