//! The way hosts of the reference platform ask: one address for everything, and what is
//! asked stands in the body.

use axum::Json;
use axum::extract::State;
use axum::http::Extensions;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::api::by_builder;
use super::{Author, actions, reading};
use crate::store::project_file;
use crate::surveys::personal::Marks;
use crate::surveys::projects::summary::{self, Target};
use crate::surveys::running::Surveys;
use crate::web::{self, KeyScope, Result};
use crate::workspaces::Member;

const EVENT: &str = "survey_data_request";
const WHOLE: &str = "get_survey_summary";
const BLOCK: &str = "get_block_summary";
/// The right respondent, or none, and no data of theirs.
const NO_DATA: u16 = 802;

#[derive(Deserialize)]
pub(super) struct Call {
    event_type: String,
    action: String,
    /// Comes back as it is.
    #[serde(default)]
    client_msg_id: Value,
    data: Asked,
}

#[derive(Deserialize)]
struct Asked {
    target: Named,
}

/// Whose response; a number is taken as it is written.
#[derive(Deserialize)]
struct Named {
    survey_id: String,
    #[serde(default)]
    respondent_id: Value,
    #[serde(default)]
    respondent_encoded: Value,
    #[serde(default)]
    block_id: Option<String>,
}

pub(super) async fn call(
    State(surveys): State<Surveys>,
    member: Member,
    extensions: Extensions,
    body: Bytes,
) -> Result<Json<Value>> {
    let call: Call = serde_json::from_slice(&body).map_err(|error| invalid(&error.to_string()))?;
    let target = &call.data.target;
    let scope = extensions.get::<KeyScope>();
    if !scope.is_some_and(|scope| scope.reads_survey(&target.survey_id)) {
        return Err(web::Error::OtherApps);
    }
    by_builder(&surveys, &member).await?;
    let (site, of) = (&surveys.site, (member.workspace, &*target.survey_id));
    let history = reading::history(site, of.0, of.1).await?;
    let wanted = wanted(&call, &history)?;
    let marks = Marks::of(site, &project_file(of.0, of.1))?;
    let found = reading::look(site, of, move |conn| {
        summary::summary(conn, &history, (&wanted, &marks))
    });
    let found = found.await?;
    let author = Author::of(&member.viewer);
    let count = u32::from(found.is_some());
    actions::read(site, &author, of.1, actions::Took::Responses(count)).await?;
    let status = if site.is_draining() { "stopping" } else { "up" };
    Ok(Json(answer(&call, found, status)))
}

fn invalid(words: &str) -> web::Error {
    web::Error::Invalid(words.to_owned())
}

/// What is asked for, or what is wrong with it.
fn wanted(call: &Call, history: &reading::History) -> Result<Target> {
    let target = &call.data.target;
    if call.event_type != EVENT {
        return Err(invalid(&format!("`event_type` must be `{EVENT}`")));
    }
    let block = match (call.action.as_str(), &target.block_id) {
        (WHOLE, None) => None,
        (WHOLE, Some(_)) => {
            return Err(invalid(&format!(
                "`{WHOLE}` is of a whole survey: leave `block_id` out, or ask for `{BLOCK}`"
            )));
        }
        (BLOCK, Some(block)) if summary::is_known(history, block) => Some(block.clone()),
        (BLOCK, Some(block)) => {
            let words = format!("`block_id`: no page and no question is called `{block}`");
            return Err(invalid(&words));
        }
        (BLOCK, None) => {
            let words = format!("`{BLOCK}` needs `block_id`, a page or a question");
            return Err(invalid(&words));
        }
        (other, _) => {
            let words = format!("`action` is `{WHOLE}` or `{BLOCK}`, not `{other}`");
            return Err(invalid(&words));
        }
    };
    let given = [&target.respondent_id, &target.respondent_encoded].map(written);
    let ([Some(who), None] | [None, Some(who)]) = given else {
        return Err(invalid(
            "`target` needs one of `respondent_id` and `respondent_encoded`: a text or a number",
        ));
    };
    let Some(name) = summary::identity(history) else {
        return Err(invalid(
            "no value tells the respondents of this survey apart; an entry with `unique = true` does",
        ));
    };
    Ok(Target {
        who: (name, who),
        block,
    })
}

/// A text, or a number as it is written.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn answer(call: &Call, found: Option<Map<String, Value>>, status: &str) -> Value {
    let target = &call.data.target;
    let (code, reason) = match found {
        Some(_) => (200, "OK"),
        None => (NO_DATA, "no data for this target"),
    };
    let data = found.map(|found| {
        let mut data = Map::from_iter([
            ("survey_id".to_owned(), target.survey_id.clone().into()),
            ("block_id".to_owned(), target.block_id.clone().into()),
            ("respondent_id".to_owned(), target.respondent_id.clone()),
            (
                "respondent_encoded".to_owned(),
                target.respondent_encoded.clone(),
            ),
        ]);
        data.extend(found);
        data
    });
    json!({
        "code": code,
        "reason": reason,
        "data": data,
        "event_type": call.event_type,
        "action": call.action,
        "client_msg_id": call.client_msg_id,
        "platform_status": { "status": status, "shut_down_timestamp": null },
    })
}
