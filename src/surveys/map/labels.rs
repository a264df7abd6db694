//! Plain text in the languages of a survey.

use serde_json::{Map, Value};

/// Texts by language, the survey's first language first; no mark-up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(Vec<(String, String)>);

impl Labels {
    pub fn new(texts: impl IntoIterator<Item = (String, String)>) -> Labels {
        Labels(texts.into_iter().collect())
    }

    /// A text of the product itself, which speaks English whatever the survey speaks.
    pub fn english(text: &str) -> Labels {
        Labels(vec![("en".to_owned(), text.to_owned())])
    }

    /// In that language, or else in the first there is; empty when there is none.
    pub fn text(&self, lang: &str) -> &str {
        let found = self
            .0
            .iter()
            .find(|(each, text)| each == lang && !text.is_empty());
        found
            .or_else(|| self.0.iter().find(|(_, text)| !text.is_empty()))
            .map_or("", |(_, text)| text.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, text)| text.is_empty())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(lang, text)| (lang.as_str(), text.as_str()))
    }

    /// `{"en": "Yes", "de": "Ja"}`.
    pub fn json(&self) -> Value {
        let texts = self
            .iter()
            .map(|(lang, text)| (lang.to_owned(), Value::from(text)));
        Value::Object(texts.collect::<Map<_, _>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_that_is_missing_is_the_first_one() {
        let labels = Labels::new([
            ("en".to_owned(), "Yes".to_owned()),
            ("de".to_owned(), String::new()),
        ]);
        assert_eq!(labels.text("de"), "Yes");
        assert_eq!(labels.text("fr"), "Yes");
        assert_eq!(Labels::default().text("en"), "");
    }
}
