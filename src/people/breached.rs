//! Words that may not be a password because everybody has tried them.

/// The most used passwords of public breaches, in lower case and in order: from
/// the npm package `@zxcvbn-ts/language-common` 4.1.3 (MIT).
const LIST: &str = include_str!("breached.txt");

/// Whether this is one of them: as it stands, with figures and signs around
/// it, or twice and more in a row.
pub(super) fn is_common(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphabetic());
    [lower.as_str(), once(&lower), bare, once(bare)]
        .into_iter()
        .any(is_listed)
}

/// `passwordpassword` is `password`; what does not repeat is itself.
fn once(text: &str) -> &str {
    let pieces = (1..=text.len() / 2).filter(|size| text.len().is_multiple_of(*size));
    pieces
        .filter_map(|size| text.get(..size))
        .find(|piece| piece.repeat(text.len() / piece.len()) == text)
        .unwrap_or(text)
}

/// Halves the list until the line is found.
fn is_listed(word: &str) -> bool {
    let mut rest = LIST;
    while !rest.is_empty() {
        let half = rest.len() / 2;
        let start = rest[..half].rfind('\n').map_or(0, |at| at + 1);
        let end = rest[half..].find('\n').map_or(rest.len(), |at| half + at);
        match word.cmp(&rest[start..end]) {
            std::cmp::Ordering::Equal => return !word.is_empty(),
            std::cmp::Ordering::Less => rest = &rest[..start],
            std::cmp::Ordering::Greater => rest = rest.get(end + 1..).unwrap_or(""),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_found_and_its_order_holds() {
        let lines: Vec<&str> = LIST.lines().collect();
        assert!(lines.is_sorted() && lines.len() > 40_000);
        assert!(lines.iter().all(|line| is_listed(line)));
        assert!(LIST.len() < 1 << 20);
    }

    #[test]
    fn a_disguise_does_not_help() {
        for word in [
            "password",
            "PASSWORD",
            "password12345678",
            "!!Password2026!!",
            "passwordpassword",
            "qwertyuiopqwertyuiop",
        ] {
            assert!(is_common(word), "{word}");
        }
        for word in ["correct horse battery staple", "", "ädäöä", "zzzzq-vv-1"] {
            assert!(!is_common(word), "{word}");
        }
    }
}
