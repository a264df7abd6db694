//! How programs read the rows of a query: the same call for curl, Python and Excel, with
//! the real address. A key is never part of it.

use crate::apps::format::{App, Param, ParamType, Query, Source};

/// A query that programs may read.
pub(super) struct Example {
    pub(super) query: String,
    /// Below the server, with what has to be sent.
    pub(super) path: String,
    pub(super) takes: Vec<Takes>,
    pub(super) curl: String,
    pub(super) python: String,
    pub(super) excel: String,
}

/// What may stand in the address.
pub(super) struct Takes {
    pub(super) name: String,
    pub(super) what: String,
    pub(super) is_needed: bool,
}

/// One for each query that a program may read, with `origin` as the server's address.
pub(super) fn all(app: &App, origin: &str) -> Vec<Example> {
    let queries = app.queries.iter().filter(|query| query.is_for_programs());
    queries.map(|query| example(app, query, origin)).collect()
}

fn example(app: &App, query: &Query, origin: &str) -> Example {
    let sent = query.params.iter();
    let sent = sent.filter(|param| matches!(param.source, Source::Url(_)));
    let sent: Vec<&Param> = sent.collect();
    let mut path = format!("/api/v1/apps/{}/queries/{}", app.id, query.name);
    let needed = sent.iter().filter(|param| is_needed(param));
    let needed = needed.map(|param| (param.name.as_str(), usual(param)));
    let values = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(needed)
        .finish();
    if !values.is_empty() {
        path = format!("{path}?{values}");
    }
    Example {
        query: query.name.clone(),
        takes: sent.iter().map(|param| takes(param)).collect(),
        curl: curl(origin, &path),
        python: python(origin, &path),
        excel: excel(origin, &path),
        path,
    }
}

fn is_needed(param: &Param) -> bool {
    param.default.is_none() && !param.null && !param.list
}

/// A value that fits, for a parameter that has to have one.
fn usual(param: &Param) -> String {
    let least = param.min.filter(|_| param.kind.is_number());
    let text = match param.kind {
        ParamType::Int | ParamType::Decimal => {
            return least.map_or_else(|| "1".to_owned(), |least| least.to_string());
        }
        ParamType::Enum => return param.values.first().cloned().unwrap_or_default(),
        ParamType::Bool => "true",
        ParamType::Date => "2026-01-01",
        ParamType::DateTime => "2026-01-01T00:00:00Z",
        ParamType::Email => "ada@example.org",
        ParamType::Url => "https://example.org",
        ParamType::Phone => "+441632960000",
        ParamType::Uuid => "00000000-0000-0000-0000-000000000000",
        ParamType::Json => "{}",
        ParamType::Text | ParamType::File => "text",
    };
    text.to_owned()
}

fn takes(param: &Param) -> Takes {
    let kind = match param.kind {
        ParamType::Int => "a whole number",
        ParamType::Decimal => "a number",
        ParamType::Bool => "true or false",
        ParamType::Date => "a date like 2026-01-01",
        ParamType::DateTime => "a moment like 2026-01-01T12:00:00Z",
        ParamType::Enum => "one of a list",
        ParamType::Email => "an e-mail address",
        ParamType::Url => "an address of the web",
        ParamType::Phone => "a telephone number",
        ParamType::Uuid => "a UUID",
        ParamType::Json => "JSON",
        ParamType::Text | ParamType::File => "text",
    };
    let mut what = kind.to_owned();
    if !param.values.is_empty() {
        what = format!("one of {}", param.values.join(", "));
    }
    if param.list {
        what.push_str(", as often as there are values");
    }
    if let Some(default) = &param.default {
        what = format!("{what}; {default} if left out");
    }
    Takes {
        name: param.name.clone(),
        what,
        is_needed: is_needed(param),
    }
}

fn curl(origin: &str, path: &str) -> String {
    format!(
        "curl --cacert onsight-root.crt \\\n     --header \"Authorization: Bearer $ONSIGHT_KEY\" \\\n     \"{origin}{path}\"\n"
    )
}

fn python(origin: &str, path: &str) -> String {
    format!(
        r#"import json, os, ssl, urllib.request

HOST = "{origin}"
KEY = os.environ["ONSIGHT_KEY"]
TRUST = ssl.create_default_context(cafile="onsight-root.crt")


def rows(path):
    """All rows, page by page."""
    while path:
        headers = {{"Authorization": "Bearer " + KEY}}
        request = urllib.request.Request(HOST + path, headers=headers)
        with urllib.request.urlopen(request, context=TRUST) as answer:
            page = json.load(answer)
        yield from page["rows"]
        path = page["next"]


for row in rows("{path}"):
    print(json.dumps(row))
"#
    )
}

/// Power Query. The key stands in a cell of the workbook that is called `OnsightKey`.
fn excel(origin: &str, path: &str) -> String {
    format!(
        r#"let
    Host = "{origin}",
    Key = Text.From(Excel.CurrentWorkbook(){{[Name = "OnsightKey"]}}[Content]{{0}}[Column1]),
    Page = (path) => Json.Document(Web.Contents(Host & path, [Headers = [Authorization = "Bearer " & Key]])),
    Pages = List.Generate(
        () => Page("{path}"),
        (page) => page <> null,
        (page) => if page[next] = null then null else Page(page[next]),
        (page) => page[rows]
    ),
    Rows = Table.FromRecords(List.Combine(Pages))
in
    Rows
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apps::widgets::Known;

    const APP: &str = r#"format = 1
id = "desk"
title = "Desk"
[uses.main]
kind = "sqlite"
[query.list]
use = "main"
kind = "read"
sql = "select 1 where :since and :status and :q and :me"
param.since = { from = "url.since", type = "date" }
param.status = { from = "url.status", type = "enum", values = ["new & old", "paid"] }
param.q = { from = "url.q", type = "text", null = true }
param.me = { from = "user.id", type = "text" }
[query.one]
use = "main"
kind = "read"
sql = "select :id"
param.id = { from = "row.id", type = "int" }
[page.home]
title = "Home"
path = "/"
"#;

    #[test]
    fn what_has_to_be_sent_stands_in_the_address_and_no_key_anywhere() {
        let app = App::parse(APP, &Known).unwrap();
        let all = all(&app, "https://apps.corp.example");

        assert_eq!(all.len(), 1, "what needs a row is for no program");
        let list = &all[0];
        let path = "/api/v1/apps/desk/queries/list?since=2026-01-01&status=new+%26+old";
        assert_eq!(list.path, path);
        let takes: Vec<_> = list
            .takes
            .iter()
            .map(|one| (one.name.as_str(), one.is_needed))
            .collect();
        assert_eq!(takes, [("since", true), ("status", true), ("q", false)]);
        for text in [&list.curl, &list.python, &list.excel] {
            assert!(text.contains(path), "{text}");
            assert!(text.contains("https://apps.corp.example"), "{text}");
            assert!(!text.contains("onsight_"), "{text}");
        }
    }
}
