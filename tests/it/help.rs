//! What builders look up: every page there is reached by links, and is small.

use crate::support::{TestSite, Visitor};

/// The addresses that a page links to and that begin so, each once.
fn links(text: &str, start: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for rest in text.split("href=\"").skip(1) {
        let to = rest.split(['"', '#', '?']).next().unwrap_or_default();
        if to.starts_with(start) && !found.iter().any(|known| known == to) {
            found.push(to.to_owned());
        }
    }
    found
}

async fn page(visitor: &Visitor, path: &str) -> String {
    let answer = visitor.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    assert!(answer.text.len() < 60_000, "{path}: {}", answer.text.len());
    answer.text
}

#[tokio::test]
async fn the_help_is_reached_from_every_page_and_leads_to_each_widget() {
    let (_site, ada) = TestSite::new().await;

    let start = page(&ada, "/apps").await;
    assert_eq!(links(&start, "/help"), ["/help"]);
    let mut seen = vec!["/help".to_owned()];
    let mut at = 0;
    while at < seen.len() {
        let text = page(&ada, &seen[at]).await;
        for link in links(&text, "/help") {
            if !seen.contains(&link) {
                seen.push(link);
            }
        }
        at += 1;
    }

    let drawn = seen
        .iter()
        .filter(|path| path.starts_with("/help/widgets/"));
    // The kinds, and the pages that their examples lead to.
    assert!(drawn.count() >= 19, "{seen:?}");
    for path in [
        "/help/format",
        "/help/tutorial",
        "/help/widgets/report/p/order",
    ] {
        assert!(seen.iter().any(|known| known == path), "{path}: {seen:?}");
    }
}

#[tokio::test]
async fn a_widgets_page_has_its_keys_its_example_and_what_it_draws() {
    let (_site, ada) = TestSite::new().await;

    let text = page(&ada, "/help/widgets/report?sort=amount").await;

    for part in [
        "<dt><code>highlight</code>",
        "highlight = [{ column = ",
        "id=\"w-list\"",
        "Bakery Finch",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(ada.get("/help/widgets/nothing").await.status, 404);
    assert_eq!(ada.get("/help/widgets/report/p/nowhere").await.status, 404);
}

#[tokio::test]
async fn the_editor_leads_to_the_help() {
    let (_site, ada) = TestSite::new().await;
    let made = ada.post("/apps/new", "title=Desk").await;
    let editor = made.location().to_owned();
    let pages = format!("{editor}/pages/home");

    let text = page(&ada, &editor).await;
    let gallery = page(&ada, &pages).await;
    let begun = ada.get(&editor).await;
    let seen = begun.between("name=\"draft_at\" value=\"", "\"").to_owned();
    let added = ada
        .post(
            &format!("{editor}/pages"),
            &format!("draft_at={seen}&page=home&do=add+widget+home&kind=text"),
        )
        .await;
    let panel = page(&ada, &format!("{pages}/widgets/text")).await;

    assert!(added.status.as_u16() < 400, "{}", added.text);
    assert!(links(&text, "/help/").contains(&"/help/format".to_owned()));
    assert!(links(&gallery, "/help/").contains(&"/help/widgets/kanban".to_owned()));
    assert!(panel.contains("/help/widgets/text\">Its keys and an example"));
}
