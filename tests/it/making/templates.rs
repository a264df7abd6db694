//! Templates, as somebody makes and uses them: each page opened, each form sent.

use std::collections::BTreeMap;

use super::forms::{self, Field, Form, links};
use crate::support::{TestSite, Visitor};

const ALL: [(&str, &str); 6] = [
    ("issues", "issue-tracker"),
    ("orders", "orders-desk"),
    ("workshop", "service-shop"),
    ("equipment", "equipment-register"),
    ("programme", "security-programme"),
    ("pipeline", "data-pipeline"),
];

/// The addresses of all pages that can be come to from the first one.
async fn pages(ada: &Visitor, app: &str) -> BTreeMap<String, String> {
    let (base, mut seen) = (format!("/apps/{app}"), BTreeMap::new());
    let mut next = vec![base.clone()];
    // One row of each table is enough, so addresses are told apart without their values.
    let kind = |address: &str| address.split('=').next().unwrap_or_default().to_owned();
    let mut known = vec![kind(&base)];
    while let Some(address) = next.pop() {
        let page = ada.get(&address).await;
        assert_eq!(page.status, 200, "{address}");
        assert!(
            page.text.len() < 60_000,
            "{address} has {} bytes",
            page.text.len()
        );
        for wrong in ["could not", "no column", "cannot be run"] {
            assert!(!page.text.contains(wrong), "{address}: {wrong}");
        }
        for link in links(&page.text, &format!("{base}/p/")) {
            let is_sorted = link.contains("sort=") || link.contains("after=");
            if !is_sorted && !known.contains(&kind(&link)) {
                known.push(kind(&link));
                next.push(link);
            }
        }
        seen.insert(address, page.text);
    }
    seen
}

/// What somebody would type into a field that is empty.
fn typed(field: &Field, known: &BTreeMap<String, String>) -> String {
    if !field.value.is_empty() || field.kind == "hidden" {
        return field.value.clone();
    }
    // A second row that is called like another could not be named any more.
    let is_called =
        ["name", "title", "number", "code", "plate", "registration"].contains(&field.name.as_str());
    let is_free = field.options.is_empty() && !is_called;
    if let Some(value) = known.get(&field.name).filter(|_| is_free) {
        return value.clone();
    }
    let choice = field.options.iter().find(|option| !option.is_empty());
    match (field.kind.as_str(), choice) {
        (_, Some(choice)) => choice.clone(),
        ("date", _) => "2026-11-20".to_owned(),
        ("datetime-local", _) => "2026-11-20T10:00:00".to_owned(),
        ("number", _) => "3".to_owned(),
        _ => "Something new".to_owned(),
    }
}

fn of(form: &Form, app: &str) -> String {
    let name = form.action.strip_prefix(&format!("/apps/{app}/run/"));
    name.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn every_template_is_shown_made_opened_and_every_form_of_it_sent() {
    for (name, app) in ALL {
        let (_site, ada) = TestSite::new().await;
        let shown = ada.get(&format!("/apps/new/{name}")).await;
        assert_eq!(shown.status, 200, "{name}");
        assert!(shown.text.contains("Overview") && shown.text.contains("Sample rows"));
        assert_eq!(ada.get(&format!("/apps/{app}")).await.status, 404);

        let made = ada.post(&format!("/apps/new/{name}"), "rows=1").await;
        assert_eq!(
            made.location(),
            format!("/apps/{app}"),
            "{name} {}",
            made.text
        );

        let pages = pages(&ada, app).await;
        let export = ada.get(&format!("/edit/{app}/export")).await;
        let declared =
            export.text.matches("\n[page.").count() - export.text.matches(".widget.").count();
        assert_eq!(pages.len(), declared, "{name}: {:?}", pages.keys());

        let mut all: Vec<Form> = pages.values().flat_map(|html| forms::forms(html)).collect();
        // What stands in the forms that change a row is what others may name it by.
        let filled = all.iter().flat_map(|form| &form.fields);
        let known: BTreeMap<String, String> = filled
            .filter(|field| !field.value.is_empty() && field.kind != "hidden")
            .map(|field| (field.name.clone(), field.value.clone()))
            .collect();
        // What removes rows comes last: the others are sent about those.
        all.sort_by_key(|form| of(form, app).starts_with("remove_"));
        let (mut sent, mut stayed) = (Vec::new(), 0);
        for form in &all {
            let query = of(form, app);
            if sent.contains(&query) && query.starts_with("remove_") {
                continue;
            }
            let body = forms::sent(form, |field| typed(field, &known));
            let answer = ada.post(&form.action, &body).await;
            let is_kept = query.starts_with("remove_") && answer.status == 422;
            stayed += usize::from(is_kept);
            assert!(
                answer.status == 303 || is_kept,
                "{app}/{query}: {body}\n{}",
                answer.text
            );
            sent.push(query);
        }
        let writes = export.text.matches("kind = \"write\"").count();
        sent.sort();
        sent.dedup();
        assert_eq!(sent.len(), writes, "{name}: {sent:?}");
        // Something belongs to the first row of some table, so that row stays.
        assert!(stayed > 0, "{name}");
    }
}

#[tokio::test]
async fn a_template_is_nobodys_who_may_not_build_and_none_is_made_of_another_name() {
    let (site, ada) = TestSite::new().await;
    let bob = site
        .member("bob@example.org", onsight::web::Role::User)
        .await;

    assert_eq!(bob.get("/apps/new/issues").await.status, 403);
    assert_eq!(bob.post("/apps/new/issues", "rows=1").await.status, 403);
    assert_eq!(ada.get("/apps/new/nothing").await.status, 404);
    assert_eq!(ada.post("/apps/new/nothing", "").await.status, 404);
    let ways = ada.get("/apps/new").await;
    for (name, _) in ALL {
        assert!(
            ways.text.contains(&format!("href=\"/apps/new/{name}\"")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn cleaning_takes_what_can_be_used_once() {
    let (_site, ada) = TestSite::new().await;
    ada.post("/apps/new/pipeline", "rows=1").await;
    let page = "/apps/data-pipeline/p/clean";
    let before = ada.get(page).await.text;
    assert_eq!(before.matches(">can be taken<").count(), 3, "{before}");
    assert!(before.contains(">no number<") && before.contains(">no station<"));

    for _ in 0..2 {
        let shown = ada.get(page).await.text;
        let form = forms::forms(&shown).remove(0);
        let body = forms::sent(&form, |field| field.value.clone());
        assert_eq!(ada.post(&form.action, &body).await.status, 303);
    }

    let after = ada.get(page).await.text;
    assert_eq!(after.matches(">can be taken<").count(), 0);
    let readings = ada.get("/apps/data-pipeline/p/readings").await.text;
    assert!(readings.contains("3.9"), "{readings}");
    let rows = links(&readings, "/apps/data-pipeline/p/reading?id=");
    assert_eq!(rows.len(), 4, "{rows:?}");
}

#[tokio::test]
async fn the_programme_says_what_is_overdue() {
    let (_site, ada) = TestSite::new().await;
    ada.post("/apps/new/programme", "rows=1").await;

    let home = ada.get("/apps/security-programme").await.text;

    for overdue in [
        "Ada Keller: Security awareness",
        "Bruno Frei: Acceptable use",
        "L-102: patches",
        "Papernet: review",
        "Old TLS version on the test host",
        "Onsight",
    ] {
        assert!(home.contains(overdue), "{overdue}");
    }
    for fine in [
        "L-101: patches",
        "Northbit Hosting: review",
        "Chiara Moser: Onboarding",
    ] {
        assert!(!home.contains(fine), "{fine}");
    }
}
