//! What programs may ask of a survey, as an OpenAPI document: its variables are in it.

use serde_json::{Map, Value, json};

use super::reading::History;
use crate::surveys::exports;
use crate::surveys::map::{DataMap, Kind, Variable};
use crate::web::Origin;
use crate::web::openapi::{Answer, Document, Operation, parameter, segment};

/// How many lines one answer has at the most.
pub(super) struct Most {
    pub(super) responses: u32,
    pub(super) events: u32,
}

pub(super) fn document(history: &History, most: &Most, origin: &Origin) -> Value {
    let project = &history.project;
    let version = project.version.unwrap_or_default().to_string();
    let words = "Responses of a survey, for a key that names it.";
    let of = |rest: &str| format!("/api/v1/surveys/{}/{rest}", project.id);
    // No program gets what tells who somebody is.
    let map = history.map().without_personal();
    let response = response(&map);
    let mut document = Document::new(&project.title, words, &version, origin)
        .with("get", &of("datamap"), datamap())
        .with(
            "get",
            &of("responses"),
            lines(&RESPONSES, response.clone(), most.responses),
        )
        .with("get", &of("events"), lines(&EVENTS, event(), most.events));
    let ways = ways(history);
    if !ways.is_empty() {
        document = document.with("get", &of("response"), single(ways, response));
    }
    document
        .with("get", &of("exports/{format}"), export(&map))
        .with("delete", &of("respondents/{respondent}"), erase())
        .json()
}

/// The values of a link that tell whose response it is.
fn ways(history: &History) -> Vec<Value> {
    let newest = history
        .versions
        .iter()
        .max_by_key(|(version, _)| version.number);
    let entries = newest.iter().flat_map(|(_, survey)| &survey.entries);
    let unique = entries.filter(|entry| entry.unique);
    let ways = unique.map(|entry| {
        let words = "Its value in the link; say exactly one of these";
        parameter(&entry.name, words, &json!({ "type": "string" }))
    });
    ways.collect()
}

fn datamap() -> Operation {
    Operation {
        id: "datamap".to_owned(),
        summary: "The variables, with their codes and labels".to_owned(),
        parameters: Vec::new(),
        answer: Answer {
            summary: "The data map",
            content: Some(("application/json", json!({ "type": "object" }))),
            headers: Vec::new(),
        },
    }
}

/// A question whose answer is read on from where one was: its name, and what it gives.
type Reading = (&'static str, &'static str);
const RESPONSES: Reading = (
    "responses",
    "Responses that ended, oldest first, from where one was",
);
const EVENTS: Reading = (
    "events",
    "What pages noted, in the order it was kept, from where one was",
);

fn lines((id, summary): &Reading, line: Value, most: u32) -> Operation {
    let since = parameter(
        "since",
        "The cursor of an earlier answer; from the beginning if left out",
        &json!({ "type": "string" }),
    );
    let count = json!({ "type": "integer", "minimum": 1, "maximum": most, "default": most });
    Operation {
        id: (*id).to_owned(),
        summary: (*summary).to_owned(),
        parameters: vec![since, parameter("limit", "Lines of one answer", &count)],
        answer: Answer {
            summary: "One JSON object a line",
            content: Some(("application/x-ndjson", line)),
            headers: vec![
                ("onsight-cursor", "What to say as `since` the next time"),
                ("onsight-more", "`yes` when there are more already"),
            ],
        },
    }
}

/// What a page noted.
fn event() -> Value {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    json!({
        "type": "object",
        "properties": {
            "id": number,
            "respondent": number,
            "visit": { "type": "string", "description": "One showing of a page" },
            "page": text,
            "turn": number,
            "seq": { "type": "integer", "description": "From 1 in each visit, without a gap" },
            "ms": { "type": "integer", "description": "Milliseconds since the page was shown" },
            "event": text,
            "question": { "type": "string", "description": "Where it is about one" },
            "data": { "type": "object", "description": "What a block says of its own" },
            "at": { "type": "string", "format": "date-time" },
        },
        "required": ["id", "respondent", "visit", "page", "turn", "seq", "ms", "event", "at"],
        "additionalProperties": false,
    })
}

fn single(ways: Vec<Value>, response: Value) -> Operation {
    Operation {
        id: "response".to_owned(),
        summary: "One response, as far as it is".to_owned(),
        parameters: ways,
        answer: Answer {
            summary: "The response",
            content: Some(("application/json", response)),
            headers: Vec::new(),
        },
    }
}

fn export(map: &DataMap) -> Operation {
    let kinds: Vec<&str> = exports::ALL.iter().map(|format| format.id()).collect();
    let one_of = |words: &Value| json!({ "type": "string", "enum": words });
    Operation {
        id: "export".to_owned(),
        summary: "All responses as a file".to_owned(),
        parameters: vec![
            segment("format", "The kind of file", &one_of(&json!(kinds))),
            parameter("lang", "The language of labels", &one_of(&json!(map.langs))),
            parameter(
                "which",
                "Those that were completed, all that ended, or tests",
                &one_of(&json!(["complete", "all", "tests"])),
            ),
        ],
        answer: Answer {
            summary: "The file",
            content: None,
            headers: vec![("content-disposition", "The name of the file")],
        },
    }
}

fn erase() -> Operation {
    let words =
        "Their number, the token of their address, or a value that came with the link, as pid=a7";
    let count = json!({ "type": "integer" });
    Operation {
        id: "erase".to_owned(),
        summary: "Erases a respondent, for a key that may".to_owned(),
        parameters: vec![segment("respondent", words, &json!({ "type": "string" }))],
        answer: Answer {
            summary: "How many respondents and links are gone",
            content: Some((
                "application/json",
                json!({
                    "type": "object",
                    "properties": { "erased": count, "links": count },
                    "required": ["erased", "links"],
                }),
            )),
            headers: Vec::new(),
        },
    }
}

/// A response as a line has it: what was not asked has no key, what was not answered is null.
fn response(map: &DataMap) -> Value {
    let variables = map.variables.iter();
    let properties: Map<String, Value> = variables
        .map(|variable| (variable.name.clone(), property(variable, map.lang())))
        .collect();
    // A loop that goes round as often as somebody says has more than are known.
    let has_more = !map.open_ended.is_empty();
    json!({ "type": "object", "properties": properties, "additionalProperties": has_more })
}

fn property(variable: &Variable, lang: &str) -> Value {
    let (kind, format) = match variable.kind {
        Kind::Single | Kind::Flag | Kind::Number { decimals: 0 } => ("integer", None),
        Kind::Number { .. } => ("number", None),
        Kind::Date => ("string", Some("date")),
        Kind::DateTime => ("string", Some("date-time")),
        Kind::Text | Kind::File | Kind::Time => ("string", None),
    };
    let mut schema = json!({ "type": [kind, "null"], "description": variable.full_label(lang) });
    if let Some(format) = format {
        schema["format"] = json!(format);
    }
    let mut codes: Vec<Value> = match variable.kind {
        Kind::Flag => vec![json!(0), json!(1)],
        _ => variable.codes.iter().map(|code| json!(code.code)).collect(),
    };
    if !codes.is_empty() {
        codes.push(Value::Null);
        schema["enum"] = json!(codes);
    }
    schema
}
