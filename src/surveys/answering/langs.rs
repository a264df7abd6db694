//! Languages: which one a respondent reads, what it calls itself, which way it runs.

/// What languages call themselves; others are called by their code.
const NAMES: [(&str, &str); 40] = [
    ("ar", "العربية"),
    ("bg", "Български"),
    ("bn", "বাংলা"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("id", "Bahasa Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("my", "မြန်မာ"),
    ("ne", "नेपाली"),
    ("nl", "Nederlands"),
    ("no", "Norsk"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sv", "Svenska"),
    ("sw", "Kiswahili"),
    ("th", "ไทย"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("zh", "中文"),
];

/// Languages written from right to left.
const FROM_RIGHT: [&str; 9] = ["ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv"];

fn base(lang: &str) -> &str {
    lang.split('-').next().unwrap_or_default()
}

pub fn name(lang: &str) -> &str {
    let found = NAMES
        .iter()
        .find(|(code, _)| base(lang).eq_ignore_ascii_case(code));
    found.map_or(lang, |(_, name)| name)
}

pub(super) fn dir(lang: &str) -> &'static str {
    let is_from_right = FROM_RIGHT
        .iter()
        .any(|code| base(lang).eq_ignore_ascii_case(code));
    if is_from_right { "rtl" } else { "ltr" }
}

/// The one among `known` that was asked for, or that the browser likes best, or the first.
pub(super) fn choose(known: &[String], asked: Option<&str>, accepts: &str) -> String {
    let exact = |wanted: &str| known.iter().find(|lang| lang.eq_ignore_ascii_case(wanted));
    let near = |wanted: &str| {
        let of_base = |lang: &&String| base(lang).eq_ignore_ascii_case(base(wanted));
        exact(wanted).or_else(|| known.iter().find(of_base))
    };
    let asked = asked.and_then(exact);
    let mut liked: Vec<(&str, f32)> = { accepts.split(',').take(20) }
        .map(|part| {
            let (lang, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            (lang.trim(), weight.trim().parse().unwrap_or_default())
        })
        .filter(|(_, weight)| *weight > 0.0)
        .collect();
    liked.sort_by(|one, other| other.1.total_cmp(&one.1));
    let accepted = || liked.iter().find_map(|(lang, _)| near(lang));
    let first = || known.first();
    asked
        .or_else(accepted)
        .or_else(first)
        .cloned()
        .unwrap_or_else(|| "en".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_comes_before_what_is_liked() {
        let known = ["en", "de", "pt-BR", "ar"].map(str::to_owned);
        let chosen = |asked, accepts| choose(&known, asked, accepts);

        assert_eq!(chosen(Some("de"), "en"), "de");
        assert_eq!(chosen(Some("xx"), "fr;q=0.9, de-AT;q=0.8, en;q=0.1"), "de");
        assert_eq!(chosen(None, "pt, en;q=0.5"), "pt-BR");
        assert_eq!(chosen(None, ""), "en");
        assert_eq!(chosen(None, "de;q=x, ;;;,,,=,q=NaN;q=NaN"), "en");
        assert_eq!(choose(&[], None, "de"), "en");
    }

    #[test]
    fn some_languages_run_from_the_right() {
        assert_eq!(dir("ar"), "rtl");
        assert_eq!(dir("he-IL"), "rtl");
        assert_eq!(dir("de"), "ltr");
        assert_eq!(name("ar-EG"), "العربية");
        assert_eq!(name("tlh"), "tlh");
    }
}
