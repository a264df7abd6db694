//! Rows of an app's queries for programs, as JSON.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::{Seat, entered, fields};
use crate::apps::Apps;
use crate::apps::render;
use crate::apps::using::openapi;
use crate::apps::widgets::PageOfRows;
use crate::data::{Cell, ColumnType};
use crate::web::{Error, Fields, Origin, Result};
use crate::workspaces::Member;

pub(super) async fn rows(
    State(apps): State<Apps>,
    member: Member,
    Path((app, query)): Path<(String, String)>,
    RawQuery(sent): RawQuery,
) -> Result<Response> {
    let (published, Seat { member, .. }) = entered(&apps, member, &app).await?;
    let fields = fields(sent);
    let page = render::query_page(&apps, &member, &published.app, &query, &fields).await?;
    let here = format!("/api/v1/apps/{}/queries/{query}", published.app.id);
    let json = json(&page, &here, &fields).map_err(Error::broken)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}

/// What can be asked here, for tools that read such documents.
pub(super) async fn openapi(
    State(apps): State<Apps>,
    member: Member,
    origin: Origin,
    Path(app): Path<String>,
) -> Result<Json<Value>> {
    let (published, _) = entered(&apps, member, &app).await?;
    let (app, version) = (&published.app, published.version);
    Ok(Json(openapi::document(app, version, &origin)))
}

/// The rows as objects, and where the next and the previous ones are.
fn json(page: &PageOfRows, here: &str, fields: &Fields) -> serde_json::Result<Vec<u8>> {
    let rows = &page.rows;
    // Each with what stands before and behind it.
    let mut names: Vec<Vec<u8>> = Vec::with_capacity(rows.columns.len());
    for (at, column) in rows.columns.iter().enumerate() {
        let mut name = if at == 0 { Vec::new() } else { b",".to_vec() };
        serde_json::to_writer(&mut name, &column.name)?;
        name.push(b':');
        names.push(name);
    }
    let mut out = Vec::with_capacity(rows.size() * 2 + 256);
    out.extend_from_slice(b"{\"rows\":[");
    for row in 0..rows.len() {
        out.extend_from_slice(if row == 0 { b"{" } else { b",{" });
        for (at, name) in names.iter().enumerate() {
            out.extend_from_slice(name);
            let is_truth = rows.columns[at].kind == Some(ColumnType::Boolean);
            value(rows.get(row, at), is_truth, &mut out)?;
        }
        out.push(b'}');
    }
    out.push(b']');
    for (name, place, word) in [
        ("next", &page.next, "after"),
        ("previous", &page.previous, "before"),
    ] {
        out.extend_from_slice(format!(",\"{name}\":").as_bytes());
        match place {
            None => out.extend_from_slice(b"null"),
            Some(place) => {
                let fields = fields
                    .with("after", None)
                    .with("before", None)
                    .with(word, Some(place));
                serde_json::to_writer(&mut out, &format!("{here}?{}", fields.query()))?;
            }
        }
    }
    out.push(b'}');
    Ok(out)
}

fn value(cell: Cell<'_>, is_truth: bool, out: &mut Vec<u8>) -> serde_json::Result<()> {
    match cell {
        Cell::Integer(number) if is_truth => {
            out.extend_from_slice(if number == 0 { b"false" } else { b"true" });
        }
        Cell::Integer(number) => {
            out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        }
        Cell::Real(number) if number.is_finite() => {
            out.extend_from_slice(ryu::Buffer::new().format_finite(number).as_bytes());
        }
        Cell::Text(text) => serde_json::to_writer(out, text)?,
        // Neither numbers without end nor bytes have a word in JSON.
        Cell::Null | Cell::Real(_) | Cell::Blob(_) => out.extend_from_slice(b"null"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Column, Rows};

    #[test]
    fn rows_are_objects_and_the_next_page_an_address() {
        let column = |name: &str, kind| Column {
            name: name.into(),
            kind,
        };
        let mut rows = Rows::new(vec![
            column("a\"b", None),
            column("ok", Some(ColumnType::Boolean)),
            column("x", None),
        ]);
        for cell in [
            Cell::Text("<\n\"é"),
            Cell::Integer(1),
            Cell::Null,
            Cell::Integer(-3),
            Cell::Null,
            Cell::Real(1.5),
        ] {
            rows.push(cell);
        }
        let page = PageOfRows {
            rows,
            next: Some("[3,1]".into()),
            ..PageOfRows::default()
        };

        let text =
            String::from_utf8(json(&page, "/here", &Fields::parse("q=a%26b&after=x")).unwrap())
                .unwrap();

        insta::assert_snapshot!(text, @r#"{"rows":[{"a\"b":"<\n\"é","ok":true,"x":null},{"a\"b":-3,"ok":null,"x":1.5}],"next":"/here?q=a%26b&after=%5B3%2C1%5D","previous":null}"#);
        assert!(serde_json::from_str::<Value>(&text).is_ok());
    }
}
