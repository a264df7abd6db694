//! Sentences of declarations on a page: what stands between backticks is code.

use crate::apps::widgets::escape;

/// The sentence as HTML. A backtick alone stays one.
pub(super) fn said(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, code, after)) = next(rest) {
        escape(before, &mut out);
        out.push_str("<code>");
        escape(code, &mut out);
        out.push_str("</code>");
        rest = after;
    }
    escape(rest, &mut out);
    out
}

/// What stands before the next code, the code, and what follows it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (code, after) = rest.split_once('`')?;
    Some((before, code, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_backticks_is_code() {
        assert_eq!(said("a `b<c>` & d"), "a <code>b&lt;c&gt;</code> &amp; d");
        assert_eq!(said("one ` alone"), "one ` alone");
    }
}
