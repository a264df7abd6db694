//! Files sent as a browser sends them, and the forms that come back.

use axum::body::Body;

use crate::support::{Answer, Visitor};

/// A file as a browser sends it; the boundary is `cut`.
pub(crate) fn multipart(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--cut--\r\n");
    body
}

pub(crate) async fn send(visitor: &Visitor, name: &str, bytes: &[u8]) -> Answer {
    let kind = "multipart/form-data; boundary=cut";
    let body = Body::from(multipart(name, bytes));
    visitor.send_as("POST", "/data/import", kind, body).await
}

/// The page of a file once nothing is being done with it.
pub(crate) async fn settled(visitor: &Visitor, path: &str) -> Answer {
    for _ in 0..4_000 {
        let part = visitor.get(&format!("{path}/progress")).await;
        assert_eq!(part.status, 200, "{}", part.text);
        if part.text.contains("data-done") {
            return visitor.get(path).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the work on {path} does not end");
}

/// Everything the page's big form would send, as a browser does it.
pub(crate) fn form(page: &str, changes: &[(&str, &str)]) -> String {
    let form = page.split("id=\"order\"").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let mut fields: Vec<(String, String)> = Vec::new();
    for tag in form.split('<').skip(1) {
        let said = |name: &str| {
            let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
            rest.split('"').next().map(str::to_owned)
        };
        let is_box = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
        if tag.starts_with("input") && (!is_box || tag.contains(" checked")) {
            fields.extend(said("name").map(|name| (name, said("value").unwrap_or("on".into()))));
        } else if tag.starts_with("select") {
            fields.extend(said("name").map(|name| (name, String::new())));
        } else if tag.starts_with("option") && tag.contains(" selected") {
            fields.last_mut().unwrap().1 = said("value").unwrap_or_default();
        }
    }
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
