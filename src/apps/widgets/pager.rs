//! Below rows that come in pages: which of them are seen, and the way to the others.

use std::fmt::Write;

use askama::Template;

use super::figures::grouped;
use super::scene::{PageOfRows, Sight};

#[derive(Template)]
#[template(path = "apps/widgets/pager.html")]
pub(super) struct Pager<'a> {
    title: &'a str,
    summary: String,
    /// Where the number of all rows is to be asked; empty when it is known.
    count: String,
    has_pages: bool,
    previous: String,
    next: String,
}

impl<'a> Pager<'a> {
    pub(super) fn of(sight: &Sight<'_>, title: &'a str, page: &PageOfRows) -> Pager<'a> {
        let scene = sight.scene;
        let (after, before) = (
            scene.word(sight.widget, "after"),
            scene.word(sight.widget, "before"),
        );
        let link = |word: &str, place: &Option<String>| {
            let mut href = String::new();
            if let Some(place) = place {
                scene.here(&[&after, &before], &[(word, place)], &mut href);
            }
            href
        };
        Pager {
            title,
            summary: summary(page),
            count: if page.next.is_some() {
                part(sight, "count")
            } else {
                String::new()
            },
            has_pages: has_pages(page),
            previous: link(&before, &page.previous),
            next: link(&after, &page.next),
        }
    }
}

pub(super) fn has_pages(page: &PageOfRows) -> bool {
    page.previous.is_some() || page.next.is_some()
}

fn summary(page: &PageOfRows) -> String {
    let count = u64::try_from(page.rows.len()).unwrap_or_default();
    let mut summary = String::new();
    let last = page.first + count.saturating_sub(1);
    if count == 0 {
        summary.push_str("Nothing more");
    } else if has_pages(page) {
        grouped(i64::try_from(page.first).unwrap_or(i64::MAX), &mut summary);
        summary.push_str(" to ");
        grouped(i64::try_from(last).unwrap_or(i64::MAX), &mut summary);
        if page.next.is_none() {
            summary.push_str(" of ");
            grouped(i64::try_from(last).unwrap_or(i64::MAX), &mut summary);
        }
    } else {
        let _ = write!(summary, "{count} row{}", if count == 1 { "" } else { "s" });
    }
    summary
}

/// Where a part of the widget is fetched from later; nowhere in a preview.
pub(super) fn part(sight: &Sight<'_>, part: &str) -> String {
    let scene = sight.scene;
    if scene.is_preview {
        return String::new();
    }
    let (page, widget) = (&scene.page.id, &sight.widget.id);
    let mut href = format!("{}/part/{page}/{widget}/{part}", scene.base);
    let (after, before) = (
        scene.word(sight.widget, "after"),
        scene.word(sight.widget, "before"),
    );
    scene.here(&[&after, &before], &[], &mut href);
    href
}
