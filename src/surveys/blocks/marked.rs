//! The words of an author: a subset of Markdown, made harmless, with answers piped in.

use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{Event, Options, Parser, TagEnd, html as cmark};

use super::sight::Pipe;
use crate::surveys::format::{Piece, Words};
use crate::surveys::map::Labels;

static BLOCKS: LazyLock<Builder<'static>> = LazyLock::new(|| {
    cleaner(&[
        "p",
        "br",
        "strong",
        "em",
        "del",
        "code",
        "a",
        "ul",
        "ol",
        "li",
        "h2",
        "h3",
        "h4",
        "blockquote",
        "hr",
    ])
});
static INLINE: LazyLock<Builder<'static>> =
    LazyLock::new(|| cleaner(&["br", "strong", "em", "del", "code"]));

fn cleaner(tags: &[&'static str]) -> Builder<'static> {
    let mut cleaner = Builder::default();
    cleaner
        .tags(tags.iter().copied().collect())
        .link_rel(Some("noopener noreferrer nofollow"))
        .url_schemes(["https", "mailto", "tel"].into());
    cleaner
}

/// Paragraphs, lists, links and emphasis.
pub fn html(text: &str, pipe: Pipe<'_>) -> String {
    let piped = piped(text, &|name| escaped(&pipe(name)));
    if is_bare(&piped) {
        return format!("<p>{piped}</p>");
    }
    clean(&piped, &BLOCKS)
}

/// Emphasis only: what may stand in a label.
pub fn inline(text: &str, pipe: Pipe<'_>) -> String {
    let piped = piped(text, &|name| escaped(&pipe(name)));
    if is_bare(&piped) {
        return piped;
    }
    clean(&piped, &INLINE).trim().to_owned()
}

fn clean(markdown: &str, cleaner: &Builder<'_>) -> String {
    let mut unsafe_html = String::new();
    let events = Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH);
    cmark::push_html(&mut unsafe_html, events);
    cleaner.clean(&unsafe_html).to_string()
}

/// Is it its own HTML, as most texts are? Nothing in it means anything to
/// Markdown or to HTML, and its beginning is no list's.
fn is_bare(text: &str) -> bool {
    let is_plain = |c: char| !c.is_ascii_punctuation() || ".,?!:;'()/-".contains(c);
    text.chars().all(|c| is_plain(c) && c != '\n')
        && !text.starts_with(|c: char| c.is_whitespace() || c == '-' || c.is_ascii_digit())
}

/// Words only.
pub fn plain(text: &str, pipe: Pipe<'_>) -> String {
    let piped = piped(text, &|name| escaped(&pipe(name)));
    let mut out = String::new();
    for event in Parser::new_ext(&piped, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak
            | Event::HardBreak
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_)) => out.push(' '),
            _ => {}
        }
    }
    out.trim().to_owned()
}

/// The words as the data map has them: a piped answer is the name in brackets.
pub fn labels(words: &Words) -> Labels {
    let text = |(lang, text): (&str, &str)| {
        let named = |name: &str| format!("[{name}]");
        (lang.to_owned(), plain(text, &named))
    };
    Labels::new(words.iter().map(text))
}

fn piped(text: &str, pipe: Pipe<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in Piece::of(text) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Answer(name) => out.push_str(&pipe(name)),
        }
    }
    out
}

/// What a respondent wrote is never mark-up: each sign is escaped, lines are joined.
fn escaped(answer: &str) -> String {
    let mut out = String::with_capacity(answer.len());
    for c in answer.chars() {
        if c.is_control() {
            out.push(' ');
        } else {
            if c.is_ascii_punctuation() {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody(_: &str) -> String {
        String::new()
    }

    #[test]
    fn an_answer_is_never_mark_up() {
        let hostile =
            |_: &str| "<img src=x onerror=alert(1)> **b** [x](javascript:y)\n# h".to_owned();

        let html = html("Hi ${name}!", &hostile);

        assert_eq!(
            html.trim(),
            "<p>Hi &lt;img src=x onerror=alert(1)&gt; **b** [x](javascript:y) # h!</p>"
        );
    }

    #[test]
    fn an_author_cannot_bring_scripts_or_pictures() {
        let text = "**a** <script>alert(1)</script> [x](javascript:alert(1)) [y](https://a.example) ![p](https://a.example/p.png)";

        let html = html(text, &nobody);

        assert!(!html.contains("script"), "{html}");
        assert!(!html.contains("<img"), "{html}");
        assert!(html.contains("<strong>a</strong>"), "{html}");
        assert!(html.contains("href=\"https://a.example\""), "{html}");
    }

    #[test]
    fn a_label_has_no_paragraphs_and_no_links() {
        assert_eq!(
            inline("*a* [b](https://c.example)", &nobody),
            "<em>a</em> b"
        );
        assert_eq!(inline("Very much", &nobody), "Very much");
        assert_eq!(plain("**a** b_c", &nobody), "a b_c");
    }
}
