//! What this version cannot do yet: kept as comments of the app file.

use super::building::Building;
use super::definitions::{Definition, Sort, TITLE};
use super::json::Value;

/// Definitions whose SQL stands in the app file until this version can do them.
pub(super) fn later<'a>(b: &mut Building<'a>, one: &Definition<'a>) {
    let mut lines = Vec::new();
    b.general(one);
    one.record
        .carry(&["description"], "a comment at the end of the app file");
    let said = match one.sort {
        Sort::Datasource => {
            "a datasource is set up by an operator, with its password in the vault; nothing of it is in the app file"
        }
        Sort::Chart => {
            "charts come as widgets here: add one of type chart that names a report's query"
        }
        _ => {
            "what happens by itself comes with automations, which this version does not have; it stands as a comment at the end of the app file"
        }
    };
    for (name, node) in one.record.members() {
        if TITLE.contains(&name)
            || ["id", "code", "datasource_id", "client_id", "description"].contains(&name)
        {
            continue;
        }
        b.ledger.noted(node.key, said);
        b.ledger.whole(node.key);
        if one.sort != Sort::Datasource {
            told(name, &node.value, &mut lines);
        }
    }
    if let Some(description) = one.record.text(&["description"]) {
        lines.insert(0, description.is.to_owned());
    }
    if one.sort != Sort::Datasource {
        b.draft.later.push((one.called(), lines));
    }
}

/// Every text and number in a value, each with the name it stands at.
fn told(name: &str, value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Bool(truth) => out.push(format!("{name}: {truth}")),
        Value::Number(text) | Value::Text(text) => out.push(format!("{name}: {text}")),
        Value::List(all) => {
            for one in all {
                told(name, &one.value, out);
            }
        }
        Value::Table(all) => {
            for (inner, one) in all {
                told(&format!("{name}.{inner}"), &one.value, out);
            }
        }
    }
}
