//! HTML of a definition as the words of a text widget, and what of it stays behind.

use std::collections::BTreeSet;

use ammonia::Builder;

/// What becomes of a piece of HTML.
pub(super) struct Words {
    /// Empty when nothing that can be read is left.
    pub(super) text: String,
    /// What is not in there any more: tags and attributes.
    pub(super) lost: Vec<String>,
}

/// On one line and within a block of its own, so that no sign of it means something
/// in Markdown.
pub(super) fn words(html: &str) -> Words {
    let clean = Builder::default()
        .rm_tags(["img"])
        .link_rel(None)
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .clean(html)
        .to_string();
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let has_words = is_said(&line);
    let (had, has) = (marks(html), marks(&line));
    Words {
        text: if has_words {
            format!("<div>{line}</div>")
        } else {
            String::new()
        },
        lost: had.difference(&has).cloned().collect(),
    }
}

/// Is there anything beside tags?
fn is_said(html: &str) -> bool {
    let mut within = false;
    html.chars().any(|c| {
        match c {
            '<' => within = true,
            '>' => within = false,
            _ => return !within && !c.is_whitespace(),
        }
        false
    })
}

/// The tags there are, and their attributes.
fn marks(html: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in html.split('<').skip(1) {
        let inside = rest.split('>').next().unwrap_or_default();
        let name: String = inside
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        for (at, _) in inside.match_indices('=') {
            let before = inside[..at].trim_end();
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
            let start = before.rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
            // What follows a quote or a slash is part of a value.
            let stands_free = before[..start].ends_with(char::is_whitespace);
            if stands_free && start < before.len() && before.len() - start <= 30 {
                found.insert(before[start..].to_ascii_lowercase());
            }
        }
        if name.len() <= 30 {
            found.insert(format!("<{}>", name.to_ascii_lowercase()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_come_along_whole() {
        let words = words("<h2>Repairs</h2>\n\n<p>Call <a href=\"tel:123\">us</a> *now*</p>");

        assert_eq!(
            words.text,
            "<div><h2>Repairs</h2> <p>Call <a href=\"tel:123\">us</a> *now*</p></div>"
        );
        assert_eq!(words.lost, [""; 0]);
    }

    #[test]
    fn what_stays_behind_is_named() {
        let words =
            words("<p class='x' onclick=go()>Hi</p><script>alert(1)</script><iframe src=a>");

        assert_eq!(words.text, "<div><p>Hi</p></div>");
        assert_eq!(
            words.lost,
            ["<iframe>", "<script>", "class", "onclick", "src"]
        );
    }

    #[test]
    fn where_nothing_is_said_nothing_is_shown() {
        assert_eq!(words("<div class=row><img src=x></div>").text, "");
        assert_eq!(words("<p>a</p>").lost, [""; 0]);
    }
}
