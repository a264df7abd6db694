//! A survey called `brands` as a builder brings it and respondents answer it, over HTTP.

use axum::body::Body;

use crate::support::{Answer, TestSite, Visitor};
use crate::uploads::multipart;

/// Sends a text as a file; gives where it was taken to.
pub(crate) async fn upload(builder: &Visitor, to: &str, name: &str, text: &str) -> Answer {
    let kind = "multipart/form-data; boundary=cut";
    let body = Body::from(multipart(name, text.as_bytes()));
    builder.send_as("POST", to, kind, body).await
}

/// Brings the text as a file, and publishes it.
pub(crate) async fn publish(builder: &Visitor, text: &str) {
    let brought = upload(builder, "/surveys/import", "brands.toml", text).await;
    let said = &brought.text;
    assert_eq!(brought.location(), "/surveys/brands/edit", "{said}");
    let review = builder.get("/surveys/brands/publish").await;
    let seen = review.between("name=\"draft_at\" value=\"", "\"");
    let form = format!("note=First&draft_at={seen}");
    let published = builder.post("/surveys/brands/publish", &form).await;
    let said = &published.text;
    assert_eq!(published.location(), "/surveys/brands", "{said}");
}

/// Somebody comes by an address. Gives where they are then.
pub(crate) async fn begin(site: &TestSite, address: &str) -> String {
    let begun = site.stranger().post(address, "lang=en").await;
    assert_eq!(begun.status, 303, "{}", begun.text);
    begun.location().to_owned()
}

/// They send the page they are at. Gives the page after it.
pub(crate) async fn send(site: &TestSite, way: &str, fields: &str) -> Answer {
    let stranger = site.stranger();
    let form = format!("{}&{fields}", page_of(&stranger.get(way).await));
    let sent = stranger.post(way, &form).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    stranger.get(way).await
}

/// The hidden fields of the page that was shown.
pub(crate) fn page_of(page: &Answer) -> String {
    let field = |name: &str| {
        let value = page.between(&format!("name=\"{name}\" value=\""), "\"");
        format!("{name}={value}")
    };
    [".page", ".turn", ".nonce", ".lang"].map(field).join("&")
}
