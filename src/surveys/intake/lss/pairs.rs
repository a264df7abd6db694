//! Conditions as LimeSurvey kept them before there were expressions: one row for each
//! pair of a question and a value.

use std::collections::BTreeMap;

use super::super::{Account, Place};
use super::questions::Question;
use super::tables::Tables;

/// Puts them together: scenarios are alternatives, questions in one go together,
/// and values of one question are alternatives again.
pub(super) fn conditions(tables: &Tables, questions: &mut [Question], account: &mut Account) {
    let mut by_question: BTreeMap<String, BTreeMap<String, BTreeMap<String, Vec<String>>>> =
        BTreeMap::new();
    for row in tables.rows("conditions") {
        let place = Place::new("conditions", row.number);
        account.row(&place, format!("condition of {}", row.get("qid")));
        let own = questions
            .iter()
            .find(|question| question.qid == row.get("qid"));
        // Where there is an expression, it says the same.
        if own.is_none_or(|own| !matches!(own.relevance.trim(), "" | "1")) {
            continue;
        }
        let named = questions
            .iter()
            .find(|question| question.qid == row.get("cqid"));
        let Some(named) = named else {
            account.refuse(&place, "names a question that is not there");
            continue;
        };
        let sign = match row.get("method").trim() {
            sign @ ("==" | "!=" | "<" | "<=" | ">" | ">=") => sign,
            other => {
                account.refuse(&place, format!("`{other}` is not known here"));
                continue;
            }
        };
        let value = row.get("value").replace('"', "");
        let ends_with = |part: &&super::questions::Part| {
            row.get("cfieldname")
                .ends_with(&format!("X{}{}", named.qid, part.code))
        };
        let part = named.parts.iter().find(ends_with);
        let name = part.map_or_else(
            || named.code.clone(),
            |part| format!("{}_{}", named.code, part.code),
        );
        let pair = format!("{name} {sign} \"{value}\"");
        let scenarios = by_question.entry(row.get("qid").to_owned()).or_default();
        let of_scenario = scenarios.entry(row.get("scenario").to_owned()).or_default();
        of_scenario
            .entry(row.get("cqid").to_owned())
            .or_default()
            .push(pair);
    }
    for question in questions {
        let Some(scenarios) = by_question.get(&question.qid) else {
            continue;
        };
        let alternatives = scenarios.values().map(|all| {
            let each: Vec<String> = all
                .values()
                .map(|pairs| format!("({})", pairs.join(" or ")))
                .collect();
            format!("({})", each.join(" and "))
        });
        question.old_conditions = Some(alternatives.collect::<Vec<_>>().join(" or "));
    }
}
