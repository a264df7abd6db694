//! Languages by the names that people give them.

/// `English (en)`, `English`, `en`, `français`: the code of each.
pub(super) fn code(name: &str) -> String {
    let name = name.trim();
    if let Some((_, inside)) = name.rsplit_once('(')
        && let Some(code) = inside.strip_suffix(')')
        && is_code(code.trim())
    {
        return code.trim().to_lowercase();
    }
    let lower = name.to_lowercase();
    if let Some((code, _)) = KNOWN
        .iter()
        .find(|(_, names)| names.contains(&lower.as_str()))
    {
        return (*code).to_owned();
    }
    let tag = lower.replace('_', "-");
    if is_code(&tag) {
        return tag;
    }
    let mut letters: String = lower
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(16)
        .collect();
    if letters.len() < 2 {
        letters = format!("x-{letters}{}", name.chars().count());
    }
    letters
}

/// As `langs` takes them.
fn is_code(text: &str) -> bool {
    let mut letters = text.bytes();
    (2..=8).contains(&text.len())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
        && text
            .split('-')
            .next()
            .is_some_and(|first| (2..=3).contains(&first.len()))
}

/// Names in English and in the language itself, in small letters.
const KNOWN: &[(&str, &[&str])] = &[
    ("en", &["english", "eng"]),
    ("fr", &["french", "français", "francais", "fra"]),
    ("es", &["spanish", "español", "espanol", "spa"]),
    ("pt", &["portuguese", "português", "portugues", "por"]),
    ("de", &["german", "deutsch"]),
    ("it", &["italian", "italiano"]),
    ("nl", &["dutch", "nederlands"]),
    ("pl", &["polish", "polski"]),
    ("ru", &["russian", "русский"]),
    ("uk", &["ukrainian", "українська"]),
    ("tr", &["turkish", "türkçe"]),
    ("ar", &["arabic", "العربية", "عربي", "ara"]),
    ("fa", &["persian", "farsi", "dari", "فارسی"]),
    ("ps", &["pashto"]),
    ("ur", &["urdu", "اردو"]),
    ("hi", &["hindi", "हिन्दी", "हिंदी"]),
    ("bn", &["bengali", "bangla", "বাংলা"]),
    ("ne", &["nepali", "नेपाली"]),
    ("ta", &["tamil"]),
    ("my", &["burmese", "myanmar"]),
    ("zh", &["chinese", "中文"]),
    ("ja", &["japanese", "日本語"]),
    ("ko", &["korean", "한국어"]),
    ("vi", &["vietnamese", "tiếng việt"]),
    ("th", &["thai", "ไทย"]),
    ("km", &["khmer"]),
    ("lo", &["lao"]),
    ("id", &["indonesian", "bahasa", "bahasa indonesia"]),
    ("tl", &["tagalog", "filipino"]),
    ("sw", &["swahili", "kiswahili"]),
    ("am", &["amharic", "አማርኛ"]),
    ("so", &["somali", "soomaali"]),
    ("ha", &["hausa"]),
    ("ht", &["haitian creole", "creole", "kreyòl"]),
    ("rw", &["kinyarwanda"]),
    ("mk", &["macedonian", "македонски"]),
    ("sr", &["serbian", "srpski"]),
    ("el", &["greek", "ελληνικά"]),
    ("he", &["hebrew", "עברית"]),
    ("cs", &["czech", "čeština"]),
    ("ro", &["romanian", "română"]),
    ("hu", &["hungarian", "magyar"]),
    ("sv", &["swedish", "svenska"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_goes_by_its_code_or_by_its_name() {
        let codes = [
            "English (en)",
            " Français ",
            "pt_BR",
            "en",
            "Klingon",
            "中文",
            "Q",
        ]
        .map(code);

        assert_eq!(codes, ["en", "fr", "pt-br", "en", "klingon", "zh", "x-q1"]);
    }
}
