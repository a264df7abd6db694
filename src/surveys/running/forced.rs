//! Pages a test was led to whatever stood against it, as they are kept beside what came
//! with it: `PAGE/TURN` with spaces between.

use super::compiled::Compiled;
use super::walk::Step;

/// The pages, as far as the definition has them.
pub(super) fn steps(text: &str, compiled: &Compiled) -> Vec<Step> {
    let step = |one: &str| {
        let (page, turn) = one.rsplit_once('/')?;
        Some(Step {
            page: compiled.page_at(page)?,
            turn: turn.parse().ok()?,
        })
    };
    text.split_whitespace().filter_map(step).collect()
}

pub(super) fn text(steps: &[Step], compiled: &Compiled) -> String {
    let step = |step: &Step| format!("{}/{}", compiled.page(step.page).id, step.turn);
    let all: Vec<String> = steps.iter().map(step).collect();
    all.join(" ")
}
