//! Texts that are not there in every language: notes, for the first one is shown then.

use super::super::{Position, Survey, Words};
use super::Said;

pub(super) fn check(survey: &Survey, said: &mut Said<'_>) {
    if survey.langs.len() < 2 {
        return;
    }
    let mut see = |words: &Words, what: &str, at: Position| {
        let missing: Vec<&str> = { survey.langs.iter() }
            .map(String::as_str)
            .filter(|lang| !words.is_empty() && !words.has(lang))
            .collect();
        if !missing.is_empty() {
            let langs = missing.join(", ");
            said.note(
                at,
                format!("{what} has no text for {langs}; {} is shown", survey.lang()),
            );
        }
    };
    see(&survey.title, "the title", Position { line: 1, column: 1 });
    see(
        &survey.consent,
        "`consent`",
        Position { line: 1, column: 1 },
    );
    see(
        &survey.privacy,
        "`privacy`",
        Position { line: 1, column: 1 },
    );
    for page in &survey.pages {
        see(
            &page.title,
            &format!("the page `{}`", page.id),
            page.position,
        );
        for leave in &page.leaves {
            see(&leave.text, &format!("`{}`", leave.id), leave.position);
        }
        for block in &page.blocks {
            let what = format!("`{}`", block.id);
            see(&block.text, &what, block.position);
            see(&block.help, &format!("the help of {what}"), block.position);
            for item in block.items.iter().chain(&block.rows) {
                see(
                    &item.text,
                    &format!("{what}, code {},", item.code),
                    block.position,
                );
            }
        }
    }
}
