//! Words of the author: Markdown, made harmless.

use ammonia::Builder;
use askama::Template;
use pulldown_cmark::{Options, Parser, html};

use super::kind::Kind;
use super::scene::Sight;
use crate::apps::format::{Key, KeyKind, KindSchema, Settings};

pub(super) struct Text;

pub(super) static KIND: Text = Text;

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the text."),
    Key::new("text", KeyKind::Text, "Markdown: headings, lists, links, tables.").required().long(),
];

#[derive(Template)]
#[template(path = "apps/widgets/text/view.html")]
struct View<'a> {
    title: Option<&'a str>,
    html: String,
}

impl Kind for Text {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "text",
            doc: "Words: what the page is for, how something is done.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let mut settings = Settings::of(sight.widget);
        let title = settings.string("title");
        let html = clean(settings.string("text").unwrap_or_default());
        sight.open("section", if title.is_some() { "card" } else { "prose" }, out);
        View { title, html }.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}

/// Markdown as HTML, made harmless.
pub(in crate::apps) fn clean(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut unsafe_html = String::new();
    html::push_html(&mut unsafe_html, Parser::new_ext(markdown, options));
    // Classes, styles and pictures from elsewhere are not for authors to choose.
    Builder::default()
        .rm_tags(["img"])
        .link_rel(Some("noopener noreferrer nofollow"))
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .clean(&unsafe_html)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_do_not_get_through() {
        let html = clean("# Hi\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) <b onclick=\"x\">b</b> [y](https://a.b)");

        assert!(!html.contains("script"), "{html}");
        assert!(!html.contains("onclick"), "{html}");
        assert!(html.contains("<h1>Hi</h1>"), "{html}");
        assert!(html.contains("rel=\"noopener noreferrer nofollow\""), "{html}");
    }
}
