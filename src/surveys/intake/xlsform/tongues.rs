//! The languages of a form, and which one its plain columns are in.

use super::super::draft::Texts;
use super::super::tongue;

#[derive(Debug)]
pub(super) struct Tongues {
    /// The codes, the first for what is not translated.
    codes: Vec<String>,
    /// Names that gave the same code as another, with the code they got.
    known: Vec<(String, String)>,
    plain: String,
}

impl Tongues {
    /// Of the languages in order of their columns; `default` is what the settings say.
    pub(super) fn of(langs: &[&str], default: &str, has_plain: bool) -> Tongues {
        let mut known: Vec<(String, String)> = Vec::new();
        for lang in langs {
            if known.iter().all(|(name, _)| name != lang) {
                known.push(((*lang).to_owned(), tongue::code(lang)));
            }
        }
        let mut codes: Vec<String> = Vec::new();
        for (_, code) in &known {
            if !codes.contains(code) {
                codes.push(code.clone());
            }
        }
        let default = (!default.is_empty()).then(|| tongue::code(default));
        let plain = match default {
            // `default` is the name XLSForm has for plain columns.
            Some(code) if code != "default" => code,
            _ if has_plain || codes.is_empty() => "en".to_owned(),
            _ => codes[0].clone(),
        };
        if has_plain || codes.is_empty() || codes.contains(&plain) {
            codes.retain(|code| *code != plain);
            codes.insert(0, plain.clone());
        }
        Tongues {
            codes,
            known,
            plain,
        }
    }

    pub(super) fn codes(&self) -> &[String] {
        &self.codes
    }

    pub(super) fn first(&self) -> &str {
        self.codes.first().map_or("en", String::as_str)
    }

    pub(super) fn code(&self, name: Option<&str>) -> String {
        let found = name.and_then(|name| self.known.iter().find(|(known, _)| known == name));
        found.map_or_else(|| self.plain.clone(), |(_, code)| code.clone())
    }

    /// The same text for all languages there are.
    pub(super) fn everywhere(&self, text: &str) -> Texts {
        vec![(self.first().to_owned(), text.to_owned())]
    }

    pub(super) fn in_order(&self, mut texts: Texts) -> Texts {
        texts.sort_by_key(|(lang, _)| self.codes.iter().position(|code| code == lang));
        texts
    }
}
