//! How a value is written.

use toml_edit::Value;

/// A text as TOML writes it, in the manner of the one whose place it takes.
pub fn text(text: &str, before: Option<&str>) -> String {
    let old = before.and_then(read);
    let before = before.unwrap_or_default();
    let had_lines = old.is_some_and(|old| old.contains('\n'));
    let breaks = text.contains('\n');
    let wanted = if before.starts_with("'''") && had_lines == breaks {
        long(text, before, "'''")
    } else if before.starts_with("\"\"\"") && had_lines == breaks {
        long(&escaped(text, true), before, "\"\"\"")
    } else if before.starts_with('\'') && !before.starts_with("'''") {
        format!("'{text}'")
    } else if breaks && !(before.starts_with('"') && had_lines) {
        format!("\"\"\"\n{}\"\"\"", escaped(text, true))
    } else {
        String::new()
    };
    // Quotes that cannot hold it are left for those that can hold anything.
    match read(&wanted) {
        Some(read) if read == text => wanted,
        _ => format!("\"{}\"", escaped(text, false)),
    }
}

/// A text over several lines begins where the one before it began.
fn long(text: &str, before: &str, quotes: &str) -> String {
    let rest = &before[quotes.len()..];
    let opening = if rest.starts_with('\n') { "\n" } else { "" };
    format!("{quotes}{opening}{text}{quotes}")
}

/// The text that a spelling stands for.
pub fn read(spelled: &str) -> Option<String> {
    let value: Value = spelled.parse().ok()?;
    value.as_str().map(str::to_owned)
}

fn escaped(text: &str, keeps_lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' if keeps_lines => out.push('\n'),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            letter if letter.is_control() => {
                let code = format!("\\u{:04X}", u32::from(letter));
                out.push_str(&code);
            }
            letter => out.push(letter),
        }
    }
    out
}

/// A number as it was typed, if it is one; people of many languages write 1,5.
pub fn number(typed: &str) -> Option<String> {
    let typed = typed.trim().replace(',', ".");
    let is_short = typed.len() <= 20;
    if let Ok(whole) = typed.parse::<i64>() {
        return is_short.then(|| whole.to_string());
    }
    let number: f64 = typed.parse().ok()?;
    let is_plain = typed
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    let spelled = if typed.starts_with('.') || typed.starts_with("-.") {
        typed.replacen('.', "0.", 1)
    } else if typed.ends_with('.') {
        format!("{typed}0")
    } else {
        typed
    };
    (number.is_finite() && is_plain && is_short).then_some(spelled)
}

#[cfg(test)]
mod tests {
    use super::{number, read, text};

    #[test]
    fn a_text_is_written_like_the_one_before_it() {
        for (before, new, written) in [
            ("\"a\"", "b", "\"b\""),
            ("'a'", "b \\ \"c\"", "'b \\ \"c\"'"),
            ("'a'", "it's", "\"it's\""),
            ("\"a\"", "say \"b\"", "\"say \\\"b\\\"\""),
            ("'''a\nb'''", "c\nd", "'''c\nd'''"),
            ("\"\"\"\na\nb\"\"\"", "c\nd", "\"\"\"\nc\nd\"\"\""),
            ("\"a\"", "a\nb", "\"\"\"\na\nb\"\"\""),
            ("\"\"\"\na\nb\"\"\"", "c", "\"c\""),
            ("\"a\\nb\"", "c\nd", "\"c\\nd\""),
            ("\"a\"", "\u{1}\u{7f}", "\"\\u0001\\u007F\""),
        ] {
            assert_eq!(text(new, Some(before)), written);
            assert_eq!(read(written).as_deref(), Some(new), "{written}");
        }
    }

    #[test]
    fn a_number_is_written_as_it_was_typed() {
        for (typed, written) in [("7", "7"), (" 1.50", "1.50"), ("1,5", "1.5"), (".5", "0.5")] {
            assert_eq!(number(typed).as_deref(), Some(written), "{typed}");
        }
        for wrong in ["", "x", "inf", "1e3", "1,2,3", "--1", "nan"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }
}
