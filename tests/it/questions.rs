//! The visual editor: what is done in lists and forms is done to the text, and to nothing else of it.

use crate::fieldwork::{begin, page_of, publish, upload};
use crate::support::{Answer, TestSite, Visitor};

const TEXT: &str = r#"# Ours
format = 1
id     = "brands"
title  = "Brands"
langs  = ["en", "de"]

[list.cities]
items = [
  { code = 1, text = "Ulm" }, # the first
  { code = 2, text = "Graz" },
]

# About people
[[page]]
id = "who"

[[page.ask]]
id       = "gender" # never change this
type     = "single"
text     = { en = "Are you …?", de = "Sind Sie …?" }
required = true
items    = [
  { code = 1, text = "Male" },
  { code = 2, text = "Female" },
]

[[page.ask]]
id   = "age"
type = "number"
text = { en = "How old?", de = "Wie alt?" }

[[page]]
id   = "why"
when = "${gender} = 1"

[[page.ask]]
id   = "reason"
type = "text"
text = { en = "Why, at ${age}?" }
"#;

struct Study {
    site: TestSite,
    ada: Visitor,
}

impl Study {
    async fn new() -> Study {
        let (site, ada) = TestSite::new().await;
        let brought = upload(&ada, "/surveys/import", "brands.toml", TEXT).await;
        assert_eq!(
            brought.location(),
            "/surveys/brands/edit",
            "{}",
            brought.text
        );
        Study { site, ada }
    }

    /// The draft as the text editor has it.
    async fn text(&self) -> String {
        let page = self.ada.get("/surveys/brands/edit").await;
        let escaped = page.between("spellcheck=\"false\">\n", "</textarea>");
        let plain = { escaped.replace("&#60;", "<").replace("&#62;", ">") }
            .replace("&#34;", "\"")
            .replace("&#39;", "'");
        plain.replace("&#38;", "&")
    }

    async fn send(&self, to: &str, fields: &str) -> Answer {
        let page = self.ada.get("/surveys/brands/questions").await;
        let seen = page.between("name=\"draft_at\" value=\"", "\"");
        let form = format!("draft_at={seen}&{fields}");
        self.ada.post(&format!("/surveys/brands/{to}"), &form).await
    }

    async fn act(&self, act: &str) -> Answer {
        let done = self
            .send("questions", &format!("do={}", act.replace(' ', "+")))
            .await;
        assert_eq!(done.status, 303, "{}", done.text);
        done
    }

    async fn save(&self, to: &str, fields: &str) {
        let saved = self.send(to, fields).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
    }
}

#[tokio::test]
async fn the_outline_says_what_is_asked_of_whom_and_what_is_wrong() {
    let study = Study::new().await;

    let page = study.ada.get("/surveys/brands/questions").await;

    for said in [
        "Page 1 <code>who</code>",
        "Are you …?",
        "One answer <code>gender</code> <span class=\"badge\">required</span>",
        "Shown only when <code>${gender} = 1</code>",
        "no text in de",
        "`reason` has no text for de; en is shown",
        "href=\"/surveys/brands/questions/age\"",
    ] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert!(page.text.len() < 60_000, "{}", page.text.len());
    let line = study.ada.get("/surveys/brands/questions?line=29").await;
    assert_eq!(line.location(), "/surveys/brands/questions?page=who#q-age");
    let text = study.ada.get("/surveys/brands/edit?line=29").await;
    assert!(text.text.contains("data-line=\"29\""));
}

#[tokio::test]
async fn a_move_is_a_move_in_the_text_and_is_undone_to_the_byte() {
    let study = Study::new().await;

    let done = study.act("down question age").await;

    let wanted = TEXT.replace(
        "[[page.ask]]\nid   = \"age\"\ntype = \"number\"\ntext = { en = \"How old?\", de = \"Wie alt?\" }\n\n[[page]]\nid   = \"why\"\nwhen = \"${gender} = 1\"\n",
        "[[page]]\nid   = \"why\"\nwhen = \"${gender} = 1\"\n\n[[page.ask]]\nid   = \"age\"\ntype = \"number\"\ntext = { en = \"How old?\", de = \"Wie alt?\" }\n",
    );
    assert_eq!(study.text().await, wanted);
    // No place in the address: the arrow that was pressed has the focus.
    assert!(!done.location().contains('#'), "{}", done.location());
    let shown = study.ada.get(done.location()).await;
    assert!(
        shown
            .text
            .contains("aria-label=\"Move question 2 down\" autofocus"),
        "{}",
        shown.text
    );
    study.act("undo").await;
    assert_eq!(study.text().await, TEXT);
    study.act("redo").await;
    assert_eq!(study.text().await, wanted);
    let none = study.send("questions", "do=redo").await;
    assert_eq!(none.status, 422);
    assert!(none.text.contains("there is nothing to redo any more"));
}

#[tokio::test]
async fn what_is_done_after_undoing_cannot_be_redone_and_twenty_drafts_are_kept() {
    let study = Study::new().await;
    study.act("down question gender").await;
    study.act("undo").await;
    study.act("copy question age").await;

    let none = study.send("questions", "do=redo").await;

    assert_eq!(none.status, 422);
    for _ in 0..24 {
        study.act("down question gender").await;
        study.act("up question gender").await;
    }
    for _ in 0..20 {
        study.act("undo").await;
    }
    assert_eq!(study.send("questions", "do=undo").await.status, 422);
}

#[tokio::test]
async fn a_question_is_changed_in_its_fields_and_the_rest_keeps_its_bytes() {
    let study = Study::new().await;

    study
        .save(
            "questions/gender",
            "text.en=You+are+…%3F&text.de=Sind+Sie+…%3F&required=when&required.when=1+%3D+1&items.1.text.en=Female&items.1.text.de=Weiblich&items.2.text.en=Other&items.2.text.de=&items.2.other=1&items.2.other.is=1",
        )
        .await;

    let wanted = { TEXT.replace("\"Are you …?\"", "\"You are …?\"") }
        .replace("required = true", "required = \"1 = 1\"")
        .replace(
            "text = \"Female\" }",
            "text = { en = \"Female\", de = \"Weiblich\" } }",
        )
        .replace(
            "de = \"Weiblich\" } },\n",
            "de = \"Weiblich\" } },\n  { code = 3, text = { en = \"Other\" }, other = true },\n",
        );
    assert_eq!(study.text().await, wanted);
    let page = study.ada.get("/surveys/brands/questions/gender").await;
    assert!(page.text.contains("lang=\"de\""), "{}", page.text);
    study.save("questions/gender", "then=items.up.2").await;
    assert!(study.text().await.contains("other = true },\n  { code = 2"));
    study.save("questions/gender", "then=items.remove.1").await;
    assert!(!study.text().await.contains("other = true"));
}

#[tokio::test]
async fn what_cannot_be_kept_comes_back_with_what_was_typed() {
    let study = Study::new().await;

    let refused = study
        .send(
            "questions/age",
            "text.en=Your+age%3F&when=${gender}+==+1&range.low=9&range.high=1",
        )
        .await;

    assert_eq!(refused.status, 422);
    for said in [
        "at sign 11: `==` is not understood; write = once",
        "the second number is the larger one",
        "value=\"${gender} == 1\"",
        "Your age?</textarea>",
    ] {
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    assert_eq!(study.text().await, TEXT);
}

#[tokio::test]
async fn two_people_do_not_overwrite_each_other() {
    let study = Study::new().await;
    let bob = study
        .site
        .member("bob@example.org", onsight::web::Role::Builder)
        .await;
    let page = bob.get("/surveys/brands/questions/age").await;
    let seen = page.between("name=\"draft_at\" value=\"", "\"");
    study.act("copy question age").await;

    let late = bob
        .post(
            "/surveys/brands/questions/age",
            &format!("draft_at={seen}&text.en=Mine"),
        )
        .await;
    let moved = bob
        .post(
            "/surveys/brands/questions",
            &format!("draft_at={seen}&do=remove+question+age"),
        )
        .await;

    assert_eq!((late.status.as_u16(), moved.status.as_u16()), (422, 422));
    assert!(late.text.contains("saved this draft after you opened it"));
    assert!(late.text.contains("Mine</textarea>"));
    let text = study.text().await;
    assert!(
        text.contains("\"age_copy\"") && text.contains("id   = \"age\""),
        "{text}"
    );
}

#[tokio::test]
async fn a_new_id_is_named_wherever_the_old_one_was() {
    let study = Study::new().await;

    study.save("questions/age", "id=years").await;

    let text = study.text().await;
    assert!(
        text.contains("Why, at ${years}?") && text.contains("id   = \"years\""),
        "{text}"
    );
    let taken = study.send("questions/years", "id=gender").await;
    assert_eq!(taken.status, 422);
    assert!(taken.text.contains("is called so"), "{}", taken.text);
}

#[tokio::test]
async fn settings_pages_lists_quotas_and_exits_have_forms() {
    let study = Study::new().await;
    study.act("add quota").await;

    study
        .save(
            "settings",
            "langs=en%0D%0Ade%0D%0Afr&retention=90d+after+close&anonymous=1&anonymous.is=1",
        )
        .await;
    study
        .save("pages/why", "when=&loop.list=cities&loop.most=2")
        .await;
    study
        .save(
            "lists/cities",
            "items.0.text.en=Ulm&items.0.text.de=Ulm&items.0.text.fr=Oulme",
        )
        .await;
    study
        .save("quotas/quota1", "target=7&when=${gender}+%3D+2")
        .await;
    study
        .save(
            "exits/screenout",
            "text.en=Sorry&to=https%3A%2F%2Fpanel.example%2Fout",
        )
        .await;

    let wanted = {
        TEXT.replace(
            "[\"en\", \"de\"]\n",
            "[\"en\", \"de\", \"fr\"]\nretention = \"90d after close\"\nanonymous = true\n",
        )
    }
    .replace(
        "text = \"Ulm\"",
        "text = { en = \"Ulm\", de = \"Ulm\", fr = \"Oulme\" }",
    )
    .replace(
        "when = \"${gender} = 1\"\n",
        "loop = { list = \"cities\", most = 2 }\n",
    );
    let wanted = format!(
        "{wanted}\n[quota.quota1]\ntarget = 7\nwhen = \"${{gender}} = 2\"\n\n[exit.screenout]\ntext = {{ en = \"Sorry\" }}\nto = \"https://panel.example/out\"\n"
    );
    assert_eq!(study.text().await, wanted);
    let wrong = study.send("settings", "retention=for+ever").await;
    assert!(wrong.text.contains("is no rule"), "{}", wrong.text);
    let missing = study.ada.get("/surveys/brands/questions").await;
    assert!(missing.text.contains("no text in fr"), "{}", missing.text);
}

#[tokio::test]
async fn answers_come_from_a_list_and_go_back_into_the_question() {
    let study = Study::new().await;

    study.save("questions/gender", "list=cities").await;
    assert!(
        study.text().await.contains("list     = \"cities\""),
        "{}",
        study.text().await
    );
    study.save("questions/gender", "list=").await;

    let text = study.text().await;
    assert!(
        text.contains("items    = [\n  { code = 1, text = \"Ulm\" }, # the first\n"),
        "{text}"
    );
    assert!(!text.contains("list     ="), "{text}");
}

#[tokio::test]
async fn a_text_that_is_no_toml_says_where_to_mend_it() {
    let study = Study::new().await;
    let page = study.ada.get("/surveys/brands/edit").await;
    let seen = page.between("name=\"draft_at\" value=\"", "\"");
    let form = format!("draft_at={seen}&text=format+%3D+1%0Aid+%3D+");
    study.ada.post("/surveys/brands/edit", &form).await;

    let page = study.ada.get("/surveys/brands/questions").await;

    assert!(
        page.text.contains("/surveys/brands/edit?line=2"),
        "{}",
        page.text
    );
    assert_eq!(study.ada.get("/surveys/brands/settings").await.status, 422);
    study.act("undo").await;
    assert_eq!(study.text().await, TEXT);
}

#[tokio::test]
async fn a_survey_made_in_the_forms_is_published_and_answered() {
    let (site, ada) = TestSite::new().await;
    publish(&ada, TEXT).await;
    let study = Study { site, ada };
    study.act("remove page why").await;
    let added = study
        .send("questions", "do=add+question+who&kind=multi")
        .await;
    assert!(
        added.location().starts_with("/surveys/brands/questions/q"),
        "{}",
        added.location()
    );
    let question = added
        .location()
        .trim_start_matches("/surveys/brands/")
        .to_owned();
    study.save(&question, "id=seen&text.en=Seen%3F&text.de=Gesehen%3F&items.0.text.en=TV&items.0.text.de=TV&items.1.text.en=Web&items.1.text.de=Web").await;

    let review = study.ada.get("/surveys/brands/publish").await;
    let seen = review.between("name=\"draft_at\" value=\"", "\"");
    let done = study
        .ada
        .post(
            "/surveys/brands/publish",
            &format!("note=Forms&draft_at={seen}"),
        )
        .await;

    assert_eq!(done.location(), "/surveys/brands", "{}", done.text);
    let way = begin(&study.site, "/s/brands").await;
    let stranger = study.site.stranger();
    let page = stranger.get(&way).await;
    assert!(
        page.text.contains("Seen?") && page.text.contains("Web"),
        "{}",
        page.text
    );
    let form = format!("{}&gender=1&age=30&seen=2", page_of(&page));
    assert_eq!(stranger.post(&way, &form).await.status, 303);
}
