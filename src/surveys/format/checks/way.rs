//! Every page can be reached, and every question can be answered.

use super::super::{Block, Required, Survey};
use super::Said;
use crate::surveys::blocks::{Has, Role};

pub(super) fn check(survey: &Survey, said: &mut Said<'_>) {
    let mut end: Option<&str> = None;
    for page in &survey.pages {
        if let Some(leave) = end {
            let message = format!(
                "nobody gets to the page `{}`: everybody leaves at `{leave}` before; give that a `when`",
                page.id
            );
            said.refuse(page.position, message);
        }
        if page.is_empty {
            said.note(
                page.position,
                format!("the page `{}` is empty and never shown", page.id),
            );
        }
        for block in &page.blocks {
            can_be_answered(block, said);
        }
        let is_sure = page.when.is_none() && page.section.is_none() && page.repeat.is_none();
        let always = page.leaves.iter().find(|leave| leave.when.is_none());
        end = end.or(always.filter(|_| is_sure).map(|leave| leave.id.as_str()));
    }
    quotas(survey, said);
    for block in survey.blocks() {
        if let Some(entry) = survey.entries.iter().find(|entry| entry.name == block.id) {
            let message = format!(
                "`{}` comes with the respondent already; choose another id",
                entry.name
            );
            said.error(block.position, message);
        }
    }
}

fn can_be_answered(block: &Block, said: &mut Said<'_>) {
    let items = &block.items;
    let is_masked = block.filter.is_some() || items.iter().all(|item| item.when.is_some());
    if block.kind.items() == Has::Always && !items.is_empty() && is_masked {
        let message = format!(
            "all items of `{}` can be filtered away; it is not asked then: give one item no condition to be sure",
            block.id
        );
        said.note(block.position, message);
    }
    let is_unseen = matches!(block.kind.role(), Role::Decided(_));
    if is_unseen && block.required != Required::No {
        said.note(
            block.position,
            "nobody answers this block; `required` means nothing here",
        );
    }
    if block.read_only && block.required == Required::Yes && block.default.is_none() {
        let message = format!(
            "`{}` is required, cannot be changed and has no `default`",
            block.id
        );
        said.refuse(block.position, message);
    }
}

fn quotas(survey: &Survey, said: &mut Said<'_>) {
    for quota in &survey.quotas {
        if quota.target == 0 {
            let message = format!("the quota `{}` lets nobody in: its target is 0", quota.id);
            said.note(quota.position, message);
        }
        let names = quota
            .when
            .as_ref()
            .map(crate::expr::Expr::names)
            .unwrap_or_default();
        for name in names {
            let in_loop = survey.pages.iter().find(|page| {
                page.repeat.is_some() && page.blocks.iter().any(|block| block.id == name)
            });
            if let Some(page) = in_loop {
                let message = format!(
                    "a quota counts respondents, and `{name}` is asked in a loop (page `{}`); use a computed value",
                    page.id
                );
                said.refuse(quota.position, message);
            }
        }
    }
}
