//! The tree as the page reads it: a literal as itself, anything else as a list that
//! begins with what it is.

use serde_json::{Value, json};

use super::tree::Node;

pub(super) fn of(node: &Node) -> Value {
    match node {
        Node::Number(number) => json!(number),
        Node::Text(text) => json!(text),
        Node::Name(name) => json!(["$", name]),
        Node::Itself => json!(["."]),
        Node::Column(name) => json!(["column", name]),
        Node::Turn => json!(["turn"]),
        Node::Place => json!(["place"]),
        Node::Negative(node) => json!(["-", of(node)]),
        Node::Chain(first, rest) => {
            let mut parts = vec![json!("chain"), of(first)];
            for (op, node) in rest {
                parts.extend([json!(op.sign()), of(node)]);
            }
            Value::Array(parts)
        }
        Node::Call(function, given) => {
            let mut parts = vec![json!("call"), json!(function.name)];
            parts.extend(given.iter().map(of));
            Value::Array(parts)
        }
        Node::Label { code, name } => json!(["label", of(code), name]),
        Node::Matches(node, pattern) => json!(["matches", of(node), pattern.page()]),
        Node::Random(at) => json!(["random", at]),
        Node::Uuid(at) => json!(["uuid", at]),
        Node::LookUp(parts) => json!(["lookup", all(&parts[..])]),
        Node::Rows {
            list,
            filters,
            column,
        } => json!(["rows", list, all(filters), column]),
        Node::Turns { of, filters, name } => json!(["turns", of, all(filters), name]),
        Node::Those { name, filters } => json!(["those", name, all(filters)]),
        Node::InTurn { name, turn } => json!(["inturn", name, of(turn)]),
    }
}

fn all(nodes: &[Node]) -> Vec<Value> {
    nodes.iter().map(of).collect()
}
