//! OpenAPI documents: what a program with a key may ask, in the words its tools read.

use serde_json::{Map, Value, json};

use super::Origin;

/// What every question may be answered instead, with a problem as its body.
const REFUSALS: [(&str, &str); 5] = [
    (
        "401",
        "No key, or one that is wrong, revoked, expired or not for this network",
    ),
    ("403", "The key is not for this"),
    ("404", "It is not there, or not yours to see"),
    ("422", "Something that was asked does not fit"),
    ("503", "Try again in a moment"),
];

/// A document that grows by one question after the other.
pub struct Document(Value);

/// A question a program may ask.
pub struct Operation {
    /// Unique in its document: tools name a function after it.
    pub id: String,
    pub summary: String,
    pub parameters: Vec<Value>,
    pub answer: Answer,
}

/// What is answered when all is well.
pub struct Answer {
    pub summary: &'static str,
    /// The media type with its schema; none for files whose kind is asked for.
    pub content: Option<(&'static str, Value)>,
    /// Names of headers, and what they say.
    pub headers: Vec<(&'static str, &'static str)>,
}

impl Document {
    /// `origin` is where the questions go; without one, to where the document came from.
    pub fn new(title: &str, description: &str, version: &str, origin: &Origin) -> Document {
        let server = match origin.0.as_str() {
            "" => "/",
            origin => origin,
        };
        Document(json!({
            "openapi": "3.1.0",
            "info": { "title": title, "description": description, "version": version },
            "servers": [{ "url": server }],
            "security": [{ "key": [] }],
            "paths": {},
            "components": {
                "securitySchemes": { "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key made under Account, Keys. It begins with onsight_.",
                } },
                "schemas": { "Problem": {
                    "type": "object",
                    "description": "RFC 9457. `detail` is a sentence for people; go by `status`.",
                    "properties": {
                        "type": { "type": "string" },
                        "title": { "type": "string" },
                        "status": { "type": "integer" },
                        "detail": { "type": "string" },
                        "request": {
                            "type": "string",
                            "description": "Finds the request in the server's log",
                        },
                    },
                    "required": ["title", "status"],
                } },
            },
        }))
    }

    /// With one more question. `path` holds its parameters in braces.
    #[must_use]
    pub fn with(mut self, method: &str, path: &str, operation: Operation) -> Document {
        let Operation {
            id,
            summary,
            parameters,
            answer,
        } = operation;
        let mut responses = Map::new();
        responses.insert("200".to_owned(), answer.json());
        for (status, words) in REFUSALS {
            let problem = json!({ "$ref": "#/components/schemas/Problem" });
            let content = json!({ "application/problem+json": { "schema": problem } });
            let refusal = json!({ "description": words, "content": content });
            responses.insert(status.to_owned(), refusal);
        }
        self.0["paths"][path][method] = json!({
            "operationId": id,
            "summary": summary,
            "parameters": parameters,
            "responses": responses,
        });
        self
    }

    pub fn json(self) -> Value {
        self.0
    }
}

impl Answer {
    fn json(self) -> Value {
        let mut said = json!({ "description": self.summary });
        if let Some((kind, schema)) = self.content {
            said["content"] = json!({ kind: { "schema": schema } });
        }
        for (name, words) in self.headers {
            said["headers"][name] = json!({ "description": words, "schema": { "type": "string" } });
        }
        said
    }
}

/// A parameter of the address's query.
pub fn parameter(name: &str, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}

/// A part of the path.
pub fn segment(name: &str, description: &str, schema: &Value) -> Value {
    json!({
        "name": name, "in": "path", "required": true,
        "description": description, "schema": schema,
    })
}
