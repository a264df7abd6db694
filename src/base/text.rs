//! Small things done to words.

use std::borrow::Cow;

/// An address made of a title: `Orders & desk` gives `orders-desk`.
/// Empty when the title holds no letter or digit of ASCII.
pub fn slug(title: &str) -> String {
    words(title, '-')
}

/// A name for SQL made of a heading: `Dep. Time` gives `dep_time`; a digit in
/// front gets a `c_` before it. Empty when the heading holds no letter or digit.
pub fn identifier(heading: &str) -> String {
    let name = words(heading, '_');
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("c_{name}")
    } else {
        name
    }
}

fn words(title: &str, between: char) -> String {
    let mut out = String::with_capacity(title.len());
    for c in title.chars().flat_map(fold) {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(between) {
            out.push(between);
        }
    }
    out.truncate(out.trim_end_matches(between).len());
    out.truncate(60);
    out
}

/// Lower case, with the accents most European languages use taken off.
fn fold(c: char) -> impl Iterator<Item = char> {
    let plain: &[char] = match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Å' => &['a'],
        'ä' | 'æ' | 'Ä' | 'Æ' => &['a', 'e'],
        'ç' | 'Ç' => &['c'],
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => &['e'],
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => &['i'],
        'ñ' | 'Ñ' => &['n'],
        'ò' | 'ó' | 'ô' | 'õ' | 'Ò' | 'Ó' | 'Ô' | 'Õ' => &['o'],
        'ö' | 'ø' | 'œ' | 'Ö' | 'Ø' | 'Œ' => &['o', 'e'],
        'ù' | 'ú' | 'û' | 'Ù' | 'Ú' | 'Û' => &['u'],
        'ü' | 'Ü' => &['u', 'e'],
        'ß' => &['s', 's'],
        _ => &[],
    };
    let kept = plain.is_empty().then(|| c.to_ascii_lowercase());
    plain.iter().copied().chain(kept)
}

/// A title made of a name: `dep_time` gives `Dep time`.
pub fn title(name: &str) -> String {
    let spaced = name.replace(['_', '-'], " ");
    let mut letters = spaced.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// What one of many is called: `Purchase orders` gives `purchase order`; nothing where
/// that is not plain.
pub fn one_of(many: &str) -> Option<String> {
    let many = many.trim().to_lowercase();
    let ends = ["sses", "xes", "ches", "shes"];
    let one = if let Some(stem) = many.strip_suffix("people") {
        format!("{stem}person")
    } else if let Some(stem) = many.strip_suffix("ies") {
        format!("{stem}y")
    } else if ends.iter().any(|end| many.ends_with(end)) {
        many[..many.len() - 2].to_owned()
    } else if many.ends_with('s') && !["ss", "us", "is"].iter().any(|end| many.ends_with(end)) {
        many[..many.len() - 1].to_owned()
    } else {
        return None;
    };
    let is_word = one.chars().count() >= 3 && one.chars().all(|c| c.is_alphabetic() || c == ' ');
    is_word.then_some(one)
}

/// An error as a sentence: `no such row` gives `No such row.`
pub fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).chain(['.']).collect(),
        None => String::new(),
    }
}

/// The known word most like `word`, when one is near enough to be meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 3)
        .map(|(_, candidate)| candidate)
}

/// The first `most` characters, with `…` when that was not all.
pub fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// `1234567` gives `1,234,567`.
pub fn thousands(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    if number < 0 {
        out.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_made_of_plain_letters() {
        assert_eq!(slug("  Orders & Désk / 2 "), "orders-desk-2");
        assert_eq!(slug("日本"), "");
        assert_eq!(identifier("2013 flights"), "c_2013_flights");
    }

    #[test]
    fn only_a_near_word_is_offered() {
        assert_eq!(nearest("colums", ["columns", "query"]), Some("columns"));
        assert_eq!(nearest("zebra", ["columns", "query"]), None);
    }

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!(thousands(336_776), "336,776");
        assert_eq!(thousands(-1_000), "-1,000");
        assert_eq!(thousands(12), "12");
    }
}
