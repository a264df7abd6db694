//! What nobody means well: codes nobody offered, answers nobody asked for, other
//! people's addresses.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use data_encoding::HEXLOWER;

use super::stage::{Stage, WHOLE};
use crate::fieldwork::page_of;
use crate::support::Answer;

#[tokio::test]
async fn codes_that_are_not_offered_are_refused() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let page = stage.stranger.get(&way).await;

    for gender in [
        "7",
        "-1",
        "1.0",
        "999999999999999999999",
        "1%00",
        "x",
        "%F0%9F",
        "1'--",
    ] {
        let answer = stage
            .send(&way, &page, &format!("gender={gender}&age=40"))
            .await;
        assert_eq!(answer.status, 422, "{gender}");
        assert!(
            answer.text.contains("That is not one of the answers here"),
            "{gender}"
        );
    }
    assert!(stage.kept(&way).1.is_empty());
}

#[tokio::test]
async fn what_was_not_asked_is_not_kept() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let page = stage.stranger.get(&way).await;

    let form = "gender=1&age=40&recommend=10&double=1&cell=2&arm=2&why=x&brands=1&outcome=complete&respondent=1&age=99&.off_path=0";
    let answer = stage.send(&way, &page, form).await;

    assert_eq!(answer.status, 303);
    let (outcome, kept) = stage.kept(&way);
    assert_eq!(outcome, None);
    let keys: Vec<&str> = kept
        .keys()
        .map(String::as_str)
        .filter(|key| !["cell", "arm", "double"].contains(key))
        .collect();
    assert_eq!(keys, ["age", "gender"]);
    assert_eq!(kept["age"], "40");
    assert_eq!(kept["double"], "80");
}

#[tokio::test]
async fn an_answer_is_shown_as_text_wherever_it_is_piped() {
    let text = WHOLE.replace("range    = [0, 120]", "range    = [0, 120]\n\n[[page.ask]]\nid = \"nick\"\ntype = \"text\"\ntext = \"Nickname\"")
        .replace("Which of these have you", "${nick}, which of these have you");
    let stage = Stage::of(&text).await;
    let way = stage.begin("").await;
    let page = stage.stranger.get(&way).await;
    let nick = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%20**b**%20%5Bx%5D(javascript:y)";

    stage
        .send(&way, &page, &format!("gender=1&age=40&nick={nick}"))
        .await;
    let next = stage.stranger.get(&way).await;

    assert!(
        next.text.contains(
            "&lt;script&gt;alert(1)&lt;/script&gt; **b** [x](javascript:y), which of these"
        ),
        "{}",
        next.text
    );
    assert!(!next.text.contains("<script>alert"));
}

#[tokio::test]
async fn addresses_of_nobody_give_nothing_away() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let token = way.rsplit('/').next().unwrap();
    // Every fourth token ends with an A by itself.
    let (rest, last) = token.split_at(token.len() - 1);
    let other = format!("{rest}{}", if last == "A" { "Q" } else { "A" });

    for hostile in [
        &*other,
        "x",
        "",
        "..%2F..%2Fetc",
        "%00",
        &"A".repeat(5000),
        "' or 1=1 --",
    ] {
        let path = format!("/s/{}/r/{}", stage.slug, hostile.replace(' ', "%20"));
        let (got, sent) = (
            stage.stranger.get(&path).await,
            stage.stranger.post(&path, "a=b").await,
        );
        for answer in [got, sent] {
            assert!(
                [404, 405, 414, 400].contains(&answer.status.as_u16()),
                "{hostile}: {}",
                answer.status
            );
        }
    }
    assert_eq!(
        stage
            .stranger
            .get(&format!("/s/other/r/{token}"))
            .await
            .status,
        404
    );
    assert_eq!(stage.stranger.get("/s/nobody").await.status, 404);
    // Who asks for a person learns no more than who asks for a survey.
    let (person, survey) = (
        format!("/s/{}/r/{other}", stage.slug),
        format!("/s/nobody/r/{token}"),
    );
    let form = "gender=1&age=40&.page=screener&.turn=0";
    for (person, survey) in [
        (
            stage.stranger.get(&person).await,
            stage.stranger.get(&survey).await,
        ),
        (
            stage.stranger.post(&person, form).await,
            stage.stranger.post(&survey, form).await,
        ),
    ] {
        assert_eq!(
            (person.status, words(&person)),
            (survey.status, words(&survey))
        );
        assert_eq!(headers(&person), headers(&survey));
    }
}

/// Without the number of the answer itself, which is another one each time.
fn words(answer: &Answer) -> String {
    let number = answer.headers["x-request-id"].to_str().unwrap();
    assert!(answer.text.contains(number), "{}", answer.text);
    answer.text.replace(number, "")
}

/// The same.
fn headers(answer: &Answer) -> Vec<(String, String)> {
    let lines = answer.headers.iter();
    let lines = lines.filter(|(name, _)| *name != "x-request-id");
    lines
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect()
}

#[tokio::test]
async fn bodies_that_are_no_forms_change_nothing() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let page = stage.stranger.get(&way).await;
    let own = page_of(&page);

    let huge = stage
        .stranger
        .post(
            &way,
            &format!("{own}&gender=1&age=40&x={}", "y".repeat(600_000)),
        )
        .await;
    let odd = stage
        .stranger
        .post(&way, "\u{0}\u{ffff}&&&===&.page=&.turn=-1&.nonce=%%%")
        .await;
    let turn = stage
        .stranger
        .post(
            &way,
            &format!(
                "{}&gender=1&age=40",
                own.replace(".turn=0", ".turn=4000000000")
            ),
        )
        .await;
    let nonce = stage
        .stranger
        .post(
            &way,
            &format!(
                "gender=1&age=40&.page=screener&.turn=0&.nonce={}",
                "a".repeat(3000)
            ),
        )
        .await;

    assert_eq!(huge.status, 413);
    for answer in [odd, turn, nonce] {
        assert_eq!((answer.status.as_u16(), answer.location()), (303, &*way));
    }
    assert!(stage.kept(&way).1.is_empty());
}

/// The survey with a signed entry and exits, and what signs for the panel.
async fn signed_stage() -> Stage {
    let text = WHOLE.replace(
        "unique = true",
        "unique = true\nsign = \"hmac-sha256:panel\"",
    ) + r#"
[exit.duplicate]
to = "https://panel.example/dup?pid={pid}"
[exit.screenout]
to = "https://panel.example/out?pid={pid}"
"#;
    let stage = Stage::of(&text).await;
    stage.supplier("panel", ("hmac-sha256", "secret"), "").await;
    stage
}

fn signed(query: &str) -> String {
    let tag = sign(&Key::new(HMAC_SHA256, b"secret"), query.as_bytes());
    format!("{query}&sig={}", HEXLOWER.encode(tag.as_ref()))
}

#[tokio::test]
async fn a_link_that_is_not_as_it_was_signed_lets_nobody_in() {
    let stage = signed_stage().await;
    let door = |query: &str| format!("/s/{}?{query}", stage.slug);
    let good = signed("pid=a%26b&src=1");

    for bad in [
        good.replace("a%26b", "c"),
        "pid=x".to_owned(),
        "pid=x&sig=00".to_owned(),
        String::new(),
        format!("{good}&pid=y"),
    ] {
        let (seen, sent) = (
            stage.stranger.get(&door(&bad)).await,
            stage.stranger.post(&door(&bad), "lang=en").await,
        );
        assert_eq!(
            (seen.status.as_u16(), sent.status.as_u16()),
            (403, 403),
            "{bad}"
        );
    }
    assert_eq!(
        stage.texts("select cast(count(*) as text) from respondent", None),
        ["0"]
    );
    // The language chosen here was never signed.
    let german = stage.stranger.get(&door(&format!("lang=de&{good}"))).await;
    assert!(german.text.contains("Beginnen"), "{}", german.text);
}

#[tokio::test]
async fn a_unique_respondent_goes_on_and_ends_once() {
    let stage = signed_stage().await;
    let good = signed("pid=a%26b&src=1");
    let way = stage.begin(&good).await;

    // The same link again goes on where they were; the address before is nobody's.
    let again = stage.begin(&good).await;
    assert_ne!(again, way);
    assert_eq!(stage.stranger.get(&way).await.status, 404);
    let page = stage.stranger.get(&again).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("form-action 'self' https://panel.example;"),
        "{policy}"
    );
    stage.send(&again, &page, "gender=1&age=9").await;

    let end = stage.stranger.get(&again).await;
    assert_eq!(end.status, 303);
    assert_eq!(end.location(), "https://panel.example/out?pid=a%26b");
    let door = format!("/s/{}?{good}", stage.slug);
    let second = stage.stranger.post(&door, "lang=en").await;
    assert_eq!(second.status, 303);
    assert_eq!(second.location(), "https://panel.example/dup?pid=a%26b");
    assert_eq!(
        stage.texts("select cast(count(*) as text) from respondent", None),
        ["1"]
    );
}
