//! The security document: what is promised, for the version that promises it.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

use crate::base::Time;

pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The day of this version, and of the document that goes with it.
pub const DATED: &str = "2026-11-22";

/// As it is in the source, Markdown.
pub const TEXT: &str = include_str!("../../docs/security.md");

/// When this version was made: no clock is right that says it is before.
pub(super) fn dated() -> Time {
    Time::RELEASED
}

/// As a page: markup in it is text, and links to other documents are words.
pub(super) fn html() -> String {
    let mut is_ours = Vec::new();
    let events = Parser::new_ext(TEXT, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            is_ours.push(dest_url.starts_with("https://"));
            is_ours.last().copied().unwrap_or_default().then_some(event)
        }
        Event::End(TagEnd::Link) => is_ours.pop().unwrap_or_default().then_some(event),
        event => Some(event),
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_of_this_version_and_says_since_when_and_what_changed() {
        assert_eq!(&dated().rfc3339()[..10], DATED);
        let first: String = TEXT.lines().take(6).collect::<Vec<_>>().join(" ");
        assert!(first.contains(&format!("Onsight {VERSION}")), "{first}");
        assert!(first.contains(DATED), "{first}");
        assert!(TEXT.contains("\n## Changes to this document\n"));
        assert!(TEXT.contains(&format!("| {VERSION} | {DATED} |")));
    }

    #[test]
    fn a_page_of_it_holds_no_markup_of_its_own_and_no_link_to_a_file() {
        let html = html();
        assert!(html.contains("<table>") && html.contains("<h2>"));
        assert!(!html.contains(".md\""), "{html}");
        assert!(!html.contains("<script"));
    }
}
