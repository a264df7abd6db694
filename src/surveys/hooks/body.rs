//! What a message says.

use serde_json::{Map, Value, json};

use super::model::{Event, Hook, Message};
use super::sql;
use crate::base::Time;
use crate::store::{Connection, Error};
use crate::surveys::projects::{Shape, answered};

/// What stands in every message.
fn head(hook: &Hook, (id, event, at): (&str, &str, Time)) -> Map<String, Value> {
    let mut said = Map::new();
    said.insert("id".to_owned(), format!("msg_{id}").into());
    said.insert("event".to_owned(), event.into());
    said.insert("at".to_owned(), at.rfc3339().into());
    said.insert("workspace".to_owned(), hook.of.workspace.to_string().into());
    said.insert("survey".to_owned(), hook.of.survey.clone().into());
    said
}

/// What is sent to see whether it arrives.
pub(super) fn trial(hook: &Hook, (id, at): (&str, Time)) -> String {
    let mut said = head(hook, (id, "test", at));
    let text = "This is a test: a survey's webhook leads to this address.";
    said.insert("text".to_owned(), text.into());
    Value::Object(said).to_string()
}

fn detail(message: &Message) -> Map<String, Value> {
    serde_json::from_str(&message.detail).unwrap_or_default()
}

/// About the survey, or about respondents who are not there any more.
pub(super) fn of_survey(hook: &Hook, message: &Message) -> String {
    let id = message.id.to_string();
    let mut said = head(hook, (&id, &message.event, message.at));
    said.extend(detail(message));
    Value::Object(said).to_string()
}

/// About a respondent; `None`: they are not there any more, or it waits no more. `shape`
/// is there where answers are to be said.
pub(super) fn of_respondent(
    conn: &Connection,
    hook: &Hook,
    message: &Message,
    shape: Option<&Shape>,
) -> Result<Option<String>, Error> {
    let respondent = detail(message).get("respondent").and_then(Value::as_i64);
    let Some(respondent) = respondent else {
        return Ok(None);
    };
    if !sql::is_waiting(conn, message.id)? {
        return Ok(None);
    }
    let Some(facts) = sql::facts(conn, respondent)? else {
        return Ok(None);
    };
    let mut response = json!({
        "respondent": respondent,
        "outcome": facts.outcome,
        "version": facts.version,
        "language": facts.lang,
        "started": facts.started.rfc3339(),
        "ended": facts.ended.map(Time::rfc3339),
    });
    if let Some(shape) = shape {
        response["answers"] = answered(conn, shape, respondent)?.unwrap_or_default();
    }
    let id = message.id.to_string();
    let mut said = head(hook, (&id, &message.event, message.at));
    said.insert("response".to_owned(), response);
    Ok(Some(Value::Object(said).to_string()))
}

/// Is it about a respondent whose answers lie here?
pub(super) fn is_of_respondent(message: &Message) -> bool {
    matches!(Event::named(&message.event), Some(Event::Ended(_)))
}
