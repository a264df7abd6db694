//! Whoever does not see a picture is told what it shows, in every language.

use super::super::{Position, Survey};
use super::Said;

pub(super) fn check(survey: &Survey, said: &mut Said<'_>) {
    // Items of a list are shown by several questions, and mended once.
    let mut seen: Vec<Position> = Vec::new();
    for block in survey.blocks() {
        for picture in block.kind.pictures(block) {
            let missing: Vec<&str> = { survey.langs.iter() }
                .map(String::as_str)
                .filter(|lang| !picture.alt.has(lang))
                .collect();
            if missing.is_empty() || seen.contains(&picture.position) {
                continue;
            }
            seen.push(picture.position);
            let message = format!(
                "`{}` has no `alt` for {}; say in a few words what the picture shows: some people hear the page",
                picture.name,
                missing.join(", ")
            );
            said.refuse(picture.position, message);
        }
    }
}
