//! What machines are shown: entered once, and nowhere to be seen after.

use super::machine::{Machine, Reply};
use super::stage::{CALLS, GOLD, SECRET, Stage, TEXT, form};
use crate::canaries::held;
use crate::fieldwork;

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_in_no_page_record_export_or_file() {
    let machine = Machine::open(&[Reply::Json(GOLD)]).await;
    let text = TEXT.replace("timeout = 1", "timeout = 1\npersonal = true");
    let text = text.replace("gold", "canary-tier");
    let stage = Stage::of(&text, &machine).await;
    let (way, page) = stage.comes("a7").await;
    assert!(
        page.text.contains("You are gold"),
        "they see their own: {}",
        page.text
    );
    fieldwork::send(&stage.site, &way, "liking=well").await;
    assert_eq!(machine.heard().len(), 1);

    for at in [
        CALLS,
        "/surveys/brands/edit",
        "/surveys/brands/publish",
        "/surveys/brands/questions",
        "/surveys/brands/responses",
        "/surveys/brands/results",
        "/surveys/brands/exports",
        "/surveys/brands/exports/csv",
        "/surveys/brands/exports/ddi",
        "/audit",
    ] {
        let page = stage.ada.get(at).await;
        assert!(!page.text.contains(SECRET), "{at}: {}", page.text);
        let is_own = at.contains("response") || at.contains("results") || at.ends_with("csv");
        assert!(
            !(is_own && page.text.contains("gold")),
            "{at}: {}",
            page.text
        );
    }
    assert_eq!(held(&stage.site, &[SECRET]).await, [""; 0]);
    // What it answered is personal: bytes in the place of each value.
    let plain =
        "select variable from answer where variable glob 'crm*' and typeof(value) <> 'blob'";
    let sealed =
        "select variable from answer where variable glob 'crm*' and typeof(value) = 'blob'";
    assert_eq!(stage.texts(false, sealed).await.len(), 4);
    assert!(stage.texts(false, plain).await.is_empty());
    let trail = "select action || ' ' || object || coalesce(detail, '') from journal
                 where action like 'call.%' order by id";
    let records = stage.texts(true, trail).await;
    assert_eq!(records.len(), 2, "{records:?}");
    assert!(records[0].starts_with("call.secret_set crm"), "{records:?}");
    assert!(
        records[1].starts_with("call.authority_set brands"),
        "{records:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_has_what_was_answered_with_labels() {
    let machine = Machine::open(&[Reply::Json(GOLD)]).await;
    let stage = Stage::of(TEXT, &machine).await;
    let (way, _) = stage.comes("a7").await;
    fieldwork::send(&stage.site, &way, "liking=well").await;
    fieldwork::send(&stage.site, &way, "more=yes").await;

    let csv = stage.ada.get("/surveys/brands/exports/csv").await;
    let ddi = stage.ada.get("/surveys/brands/exports/ddi").await;

    for words in ["crm_tier", "crm_visits", "answered", "gold"] {
        assert!(csv.text.contains(words), "{words}: {}", csv.text);
    }
    assert!(
        ddi.text.contains("What the customer system knows: tier"),
        "{}",
        ddi.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_names_a_secret_needs_it_and_its_removal_says_what_fails() {
    let machine = Machine::open(&[Reply::Json(GOLD)]).await;
    let stage = Stage::brought(TEXT, &machine).await;
    let page = stage.page().await;
    assert!(
        page.text
            .contains("is named by crm in draft, and is not there"),
        "{}",
        page.text
    );

    let refused = stage.publish().await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("shows the secret `crm`"),
        "{}",
        refused.text
    );
    for (name, secret, field) in [
        ("a b", "x", "name"),
        ("", "x", "name"),
        ("crm", "", "secret"),
        ("crm", "ä", "secret"),
    ] {
        let wrong = form(&[("name", name), ("secret", secret)]);
        let wrong = stage.ada.post(&format!("{CALLS}/secrets"), &wrong).await;
        assert_eq!(wrong.status, 422);
        assert!(
            wrong.text.contains(&format!("href=\"#{field}\"")),
            "{name} {secret}"
        );
    }
    stage.enter_secret().await;
    let ca = form(&[("ca", &machine.ca)]);
    stage.ada.post(&format!("{CALLS}/authority"), &ca).await;
    assert_eq!(stage.publish().await.location(), "/surveys/brands");
    let page = stage.page().await;
    let named = "named by crm in draft, crm in version 1. Those calls fail from then on";
    assert!(page.text.contains(named), "{}", page.text);

    let removed = stage
        .ada
        .post(&format!("{CALLS}/secrets/remove"), "name=crm")
        .await;

    assert_eq!(removed.location(), CALLS);
    let (_, page) = stage.comes("a7").await;
    assert!(page.text.contains("You are unknown"), "{}", page.text);
    assert!(machine.heard().is_empty());
    assert_eq!(stage.counts().await, ["secret 1"]);
    let twice = stage
        .ada
        .post(&format!("{CALLS}/secrets/remove"), "name=crm")
        .await;
    assert_eq!(twice.status, 404);
    let wrong = stage
        .ada
        .post(&format!("{CALLS}/authority"), "ca=no+certificate")
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("href=\"#ca\""), "{}", wrong.text);
}
