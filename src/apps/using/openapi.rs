//! What programs may read of a published app, as an OpenAPI document.

use serde_json::{Value, json};

use crate::apps::format::{App, Param, ParamType, Query, Source};
use crate::web::Origin;
use crate::web::openapi::{Answer, Document, Operation, parameter};

/// Every query of the app that a program may read.
pub(super) fn document(app: &App, version: i64, origin: &Origin) -> Value {
    let about = app.description.as_deref().unwrap_or_default();
    let mut document = Document::new(&app.title, about, &version.to_string(), origin);
    for query in app.queries.iter().filter(|query| query.is_for_programs()) {
        let path = format!("/api/v1/apps/{}/queries/{}", app.id, query.name);
        document = document.with("get", &path, operation(query));
    }
    document.json()
}

fn operation(query: &Query) -> Operation {
    let own = query.params.iter();
    let own = own.filter(|param| matches!(param.source, Source::Url(_)));
    let mut parameters: Vec<Value> = own.map(asked).collect();
    parameters.extend(paging(query));
    Operation {
        id: query.name.clone(),
        summary: format!("Rows of {}", query.name),
        parameters,
        answer: Answer {
            summary: "A page of rows",
            content: Some(("application/json", rows())),
            headers: Vec::new(),
        },
    }
}

/// A parameter of the query's own.
fn asked(param: &Param) -> Value {
    let one = schema(param);
    let schema = if param.list {
        json!({ "type": "array", "items": one })
    } else {
        one
    };
    let said = param.default.as_deref();
    let description = said.map_or_else(String::new, |said| format!("{said} if left out"));
    let mut whole = parameter(&param.name, &description, &schema);
    whole["required"] = json!(param.default.is_none() && !param.null && !param.list);
    if param.list {
        // Said as often as there are values.
        whole["style"] = json!("form");
        whole["explode"] = json!(true);
    }
    whole
}

fn schema(param: &Param) -> Value {
    let mut schema = match param.kind {
        ParamType::Int => json!({ "type": "integer" }),
        ParamType::Decimal => json!({ "type": "number" }),
        ParamType::Bool => json!({ "type": "boolean" }),
        ParamType::Date => json!({ "type": "string", "format": "date" }),
        ParamType::DateTime => json!({ "type": "string", "format": "date-time" }),
        ParamType::Enum => json!({ "type": "string", "enum": param.values }),
        ParamType::Email => json!({ "type": "string", "format": "email" }),
        ParamType::Url => json!({ "type": "string", "format": "uri" }),
        ParamType::Uuid => json!({ "type": "string", "format": "uuid" }),
        ParamType::Text | ParamType::Phone | ParamType::Json | ParamType::File => {
            json!({ "type": "string" })
        }
    };
    let words = match (param.kind.is_number(), param.kind.has_length()) {
        (true, _) => ["minimum", "maximum"],
        (_, true) => ["minLength", "maxLength"],
        _ => return schema,
    };
    for (word, bound) in words.into_iter().zip([param.min, param.max]) {
        if let Some(bound) = bound {
            schema[word] = number(bound);
        }
    }
    schema
}

/// Whole where it is: a length in OpenAPI may not have a point.
#[expect(
    clippy::cast_possible_truncation,
    reason = "whole and within what is exact"
)]
fn number(bound: f64) -> Value {
    if bound.fract() == 0.0 && bound.abs() < 9e15 {
        json!(bound as i64)
    } else {
        json!(bound)
    }
}

/// What a query's paging adds, unless a parameter of its own has the name.
fn paging(query: &Query) -> Vec<Value> {
    let sorts = query.paging.iter().flat_map(|paging| &paging.sort);
    let sorts: Vec<String> = sorts
        .flat_map(|column| [column.clone(), format!("-{column}")])
        .collect();
    let place = "As an answer's next and previous have it; follow them, do not make one";
    let text = json!({ "type": "string" });
    let mut all = vec![
        ("after", parameter("after", place, &text)),
        ("before", parameter("before", place, &text)),
    ];
    if !sorts.is_empty() {
        let one_of = json!({ "type": "string", "enum": sorts });
        let words = "A column, downwards with a minus before it";
        all.push(("sort", parameter("sort", words, &one_of)));
    }
    let is_free = |name: &str| query.params.iter().all(|param| param.name != name);
    let all = all.into_iter().filter(|(name, _)| is_free(name));
    all.map(|(_, whole)| whole).collect()
}

fn rows() -> Value {
    let place = |words: &str| json!({ "type": ["string", "null"], "description": words });
    json!({
        "type": "object",
        "properties": {
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "description": "The columns, in the order of the statement",
                    "additionalProperties": { "type": ["string", "number", "boolean", "null"] },
                },
            },
            "next": place("The address of the page after this one"),
            "previous": place("The address of the page before"),
        },
        "required": ["rows", "next", "previous"],
    })
}
