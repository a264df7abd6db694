//! Texts of LimeSurvey: HTML that becomes Markdown, and answers in braces.

use super::super::draft::Texts;

/// Words, paragraphs, bold and italic; what else there was of HTML goes.
pub(super) fn marked(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        out.push_str(&decoded(&rest[..start]));
        let Some(end) = rest[start..].find('>') else {
            rest = "";
            break;
        };
        let tag = rest[start + 1..start + end].to_lowercase();
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        match name.as_str() {
            "b" | "strong" => out.push_str("**"),
            "i" | "em" => out.push('*'),
            "br" => out.push_str("  \n"),
            "p" | "div" | "h1" | "h2" | "h3" | "h4" | "tr" | "ul" | "ol"
                if tag.starts_with('/') =>
            {
                out.push_str("\n\n");
            }
            "li" if !tag.starts_with('/') => out.push_str("\n- "),
            _ => {}
        }
        rest = &rest[start + end + 1..];
        if matches!(name.as_str(), "script" | "style") && !tag.starts_with('/') {
            let close = format!("</{name}");
            rest = rest
                .to_ascii_lowercase()
                .find(&close)
                .map_or("", |at| &rest[at..]);
        }
    }
    out.push_str(&decoded(rest));
    out.replace("****", "").trim().to_owned()
}

/// Without any mark.
pub(super) fn plain(html: &str) -> String {
    let words = marked(html).replace("**", "");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn decoded(text: &str) -> String {
    let pairs = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    pairs.iter().fold(text.to_owned(), |text, (code, sign)| {
        text.replace(code, sign)
    })
}

/// `{Q1}` and `{Q1.shown}` pipe an answer, if that is a question.
pub(super) fn piped(texts: &mut Texts, known: &dyn Fn(&str) -> Option<String>) {
    for (_, text) in texts {
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find('{') {
            let end = rest[start..].find('}').map(|end| start + end);
            let name = end.map(|end| rest[start + 1..end].split('.').next().unwrap_or("").trim());
            out.push_str(&rest[..start]);
            if let (Some(end), Some(id)) = (end, name.and_then(known)) {
                out.extend(["${", &id, "}"]);
                rest = &rest[end + 1..];
            } else {
                out.push('{');
                rest = &rest[start + 1..];
            }
        }
        out.push_str(rest);
        *text = out;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_words() {
        let html = "<p>How <strong>old</strong>&nbsp;are you?<br />Really?</p><script>alert('<p>')</script><ul><li>a</li></ul>";

        assert_eq!(marked(html), "How **old** are you?  \nReally?\n\n\n- a");
        assert_eq!(plain("<h1>A &amp; B</h1> x <"), "A & B x");
    }

    #[test]
    fn answers_are_piped_where_they_are_known() {
        let mut texts = vec![("en".to_owned(), "{Q1.shown} {TOKEN:X} {Q1 {".to_owned())];

        piped(&mut texts, &|name| (name == "Q1").then(|| "q1".to_owned()));

        assert_eq!(texts[0].1, "${q1} {TOKEN:X} {Q1 {");
    }
}
