//! The JSON Schema of the format, made of the keys the loader knows.

use serde_json::{Map, Value, json};

use super::keys::{Key, KeyKind, Kinds, ROOT, WIDGET};

/// JSON Schema, draft 2020-12, of an app file; widgets as `kinds` describe them.
pub fn schema(kinds: &dyn Kinds) -> Value {
    let mut schema = section(ROOT, kinds);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/schema/app.json",
        "title": "Onsight app, format 1",
    });
    if let (Value::Object(schema), Value::Object(head)) = (&mut schema, head) {
        for (at, (name, value)) in head.into_iter().enumerate() {
            schema.shift_insert(at, name, value);
        }
        schema["properties"]["format"]["const"] = json!(1);
    }
    schema
}

fn section(keys: &[Key], kinds: &dyn Kinds) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| (key.name.to_owned(), described(key, kinds)))
        .collect();
    let required: Vec<&str> = keys
        .iter()
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn described(key: &Key, kinds: &dyn Kinds) -> Value {
    let mut schema = kind(key.kind, kinds);
    schema["description"] = json!(key.doc);
    schema
}

fn kind(kind: KeyKind, kinds: &dyn Kinds) -> Value {
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    match kind {
        KeyKind::Text | KeyKind::ReadQuery | KeyKind::WriteQuery | KeyKind::Page => {
            json!({ "type": "string" })
        }
        KeyKind::Integer => json!({ "type": "integer" }),
        KeyKind::Number => json!({ "type": "number" }),
        KeyKind::Boolean => json!({ "type": "boolean" }),
        KeyKind::Scalar => json!({ "type": ["string", "number", "boolean"] }),
        KeyKind::Texts => texts(),
        KeyKind::Inputs => {
            json!({ "type": "array", "items": { "type": "string", "pattern": "^[^.]+\\.[^.]+$" } })
        }
        KeyKind::TextTable => {
            json!({ "type": "object", "additionalProperties": { "type": "string" } })
        }
        KeyKind::OneOf(known) => json!({ "enum": known }),
        KeyKind::SomeOf(known) => json!({ "type": "array", "items": { "enum": known } }),
        KeyKind::Grid => json!({
            "type": "array",
            "prefixItems": [
                { "type": "integer", "minimum": 1 },
                { "type": "integer", "minimum": 1, "maximum": 12 },
                { "type": "integer", "minimum": 1, "maximum": 12 },
            ],
            "minItems": 3,
            "maxItems": 3,
        }),
        KeyKind::Table(keys) => section(keys, kinds),
        KeyKind::Tables(keys) => {
            json!({ "type": "array", "items": section(keys, kinds) })
        }
        KeyKind::Named(keys) => named(&section(keys, kinds)),
        KeyKind::Widgets => named(&widget(kinds)),
        KeyKind::Any => json!({ "type": "object" }),
    }
}

/// Tables under names the author chooses. Wider than the loader, which allows capitals
/// for parameters only.
fn named(schema: &Value) -> Value {
    json!({
        "type": "object",
        "propertyNames": { "pattern": "^[A-Za-z_][A-Za-z0-9_-]{0,59}$" },
        "additionalProperties": schema,
    })
}

/// One alternative per kind, told apart by `type`.
fn widget(kinds: &dyn Kinds) -> Value {
    let each = |known: &super::KindSchema| {
        let keys: Vec<Key> = WIDGET.iter().chain(known.keys).copied().collect();
        let mut schema = section(&keys, kinds);
        schema["description"] = json!(known.doc);
        schema["properties"]["type"]["const"] = json!(known.name);
        schema
    };
    let all: Vec<Value> = kinds.schema().iter().map(each).collect();
    json!({ "oneOf": all })
}
