//! A survey is deleted: hidden, back whole, or gone with its key.

use onsight::base::Time;
use onsight::ending;

use super::stage::live;

const WORDS: [&str; 3] = ["canarywhy7711", "canarymail7712", "canarypid7713"];
const FIELDS: &str = "gender=1&mail=canarymail7712%40example.org&why=canarywhy7711";

#[tokio::test]
async fn it_is_hidden_comes_back_whole_and_then_goes_with_its_key() {
    let mut study = live().await;
    let done = study.answers("/s/brands?pid=canarypid7713", FIELDS).await;
    let way = study.begins("/s/brands?pid=b2").await;
    let shown = study.ada.get("/delete/survey/brands").await;
    assert!(
        shown
            .text
            .contains("<td>Responses</td><td class=\"n\"><data value=\"2\""),
        "{}",
        shown.text
    );
    let wrong = study.ada.post("/delete/survey/brands", "typed=brand").await;
    assert_eq!(wrong.status, 422);
    study.site.site().clock.advance(1);

    let deleted = study
        .ada
        .post("/delete/survey/brands", "typed=brands")
        .await;
    assert_eq!(deleted.location(), "/deleting", "{}", deleted.text);
    let stranger = study.site.stranger();
    for gone in ["/s/brands", &way, &done] {
        assert_eq!(stranger.get(gone).await.status, 404, "{gone}");
    }
    assert_eq!(study.ada.get("/surveys/brands").await.status, 404);

    let page = study.ada.get("/deleting").await;
    let id = page.between("action=\"/deleting/", "/undo\"").to_owned();
    let back = study.ada.post(&format!("/deleting/{id}/undo"), "").await;
    assert_eq!(back.status, 303, "{}", back.text);
    assert!(
        stranger.get(&way).await.text.contains("Are you"),
        "where they were"
    );
    let csv = study
        .ada
        .get("/surveys/brands/exports/csv?personal=yes")
        .await;
    assert!(
        WORDS.iter().all(|word| csv.text.contains(word)),
        "{}",
        csv.text
    );
    assert!(!study.held(&WORDS).await.is_empty(), "the search finds");

    study
        .ada
        .post("/delete/survey/brands", "typed=brands")
        .await;
    study.site.site().clock.advance(23 * Time::HOUR);
    assert_eq!(ending::round(study.site.site()).await.unwrap(), 1);

    assert!(!study.site.site().files.is_there(&study.file()).unwrap());
    let keys = study.site.site().keyring.names().unwrap();
    assert!(!keys.iter().any(|name| name.contains("brands")), "{keys:?}");
    assert_eq!(study.held(&WORDS).await, [""; 0]);
    let left = study.told("select group_concat(id) from survey").await;
    assert_eq!(left, "");
    study.again().await;
    let list = study.ada.get("/deleting").await;
    let id = list.between("href=\"/deleting/", "\"").to_owned();
    let proof = study.ada.get(&format!("/deleting/{id}")).await;
    assert!(proof.text.contains("Certificate of deletion") && proof.text.contains("fits"));
}

#[tokio::test]
async fn a_new_one_of_the_same_name_gets_neither_its_answers_nor_its_questions() {
    let mut study = live().await;
    study.answers("/s/brands?pid=canarypid7713", FIELDS).await;
    study.site.site().clock.advance(1);
    study
        .ada
        .post("/delete/survey/brands", "typed=brands")
        .await;

    let made = study.ada.post("/surveys/new", "title=Brands").await;
    assert_eq!(
        made.location(),
        "/surveys/brands-2/edit",
        "its answers lie there yet"
    );

    study.site.site().clock.advance(23 * Time::HOUR);
    assert_eq!(ending::round(study.site.site()).await.unwrap(), 1);
    study.again().await;
    let text = "format = 1\nid = \"brands\"\ntitle = \"Newer\"\nlangs = [\"en\"]\n[[page]]\nid = \"p\"\n[[page.ask]]\nid = \"q\"\ntype = \"text\"\ntext = \"Newer question\"\n";
    study.bring(text).await;
    let way = study.begins("/s/brands").await;
    let page = study.site.stranger().get(&way).await;
    assert!(page.text.contains("Newer question"), "{}", page.text);
    assert_eq!(study.number("select count(*) from respondent").await, 1);
    // What was destroyed is not destroyed again in the place of another.
    let list = study
        .site
        .site()
        .system
        .read(ending::tombstones)
        .await
        .unwrap();
    assert_eq!(ending::replay(study.site.site(), &list).await.unwrap(), 0);
    assert_eq!(study.number("select count(*) from respondent").await, 1);
}

#[tokio::test]
async fn it_comes_back_under_another_address_when_somebody_took_its_own() {
    let study = live().await;
    study.site.site().clock.advance(1);
    study
        .ada
        .post("/delete/survey/brands", "typed=brands")
        .await;
    let page = study.ada.get("/deleting").await;
    let id = page.between("action=\"/deleting/", "/undo\"").to_owned();
    let insert =
        "insert into survey (workspace, id, slug, title, draft, draft_at, draft_by, created)
                  select id, 'other', 'brands', 'Other', '', 0, '', 0 from workspace";
    let system = &study.site.site().system;
    system
        .write(move |tx| {
            tx.execute(insert, onsight::store::named_params! {})?;
            Ok::<_, onsight::store::Error>(())
        })
        .await
        .unwrap();

    let back = study.ada.post(&format!("/deleting/{id}/undo"), "").await;

    assert_eq!(back.status, 303, "{}", back.text);
    let slug = study
        .told("select slug from survey where id = 'brands'")
        .await;
    assert!(slug.starts_with("brands-") && slug.len() > 8, "{slug}");
    assert_eq!(
        study
            .site
            .stranger()
            .get(&format!("/s/{slug}"))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn what_is_on_hold_is_not_deleted() {
    let study = live().await;
    study
        .ada
        .post("/surveys/brands/keeping/hold", "reason=Dispute+7")
        .await;

    let refused = study
        .ada
        .post("/delete/survey/brands", "typed=brands")
        .await;

    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("on hold (Dispute 7)"),
        "{}",
        refused.text
    );
    assert_eq!(study.ada.get("/surveys/brands").await.status, 200);
}
