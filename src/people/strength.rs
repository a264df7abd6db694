//! How long a password would stand. Advice: what is refused stands elsewhere.

use crate::base::Secret;

/// Longer words are strong; looking at all of them would take long.
const LOOKED_AT: usize = 72;

/// A sentence for whoever chose a password that could be better.
pub(super) fn advice(words: &Secret, email: &str, name: &str) -> Option<&'static str> {
    let start: String = words.reveal().chars().take(LOOKED_AT).collect();
    let start = zeroize::Zeroizing::new(start);
    let score = zxcvbn::zxcvbn(&start, &[email, name, "onsight"]).score();
    match u8::from(score) {
        0..=2 => Some("It could be stronger: add another word or two that nobody would expect"),
        3 => Some("It is fair; one more word would make it strong"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_words_get_advice_and_strong_ones_none() {
        let advice = |words: &str| {
            let words = Secret::from(words.to_owned());
            advice(&words, "ada@example.org", "Ada Lovelace")
        };
        assert!(advice("adalovelace2026").is_some());
        assert!(advice("qwertyuiop12345").is_some());
        assert_eq!(advice("moor lantern gravel syntax"), None);
        assert_eq!(advice(&"moor lantern gravel syntax ".repeat(9)), None);
    }
}
