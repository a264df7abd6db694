//! Texts in the languages of a survey: a subset of Markdown, and `${name}` pipes an answer.

/// Texts by language, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<(String, String)>);

impl Words {
    pub fn new(texts: impl IntoIterator<Item = (String, String)>) -> Words {
        Words(texts.into_iter().collect())
    }

    /// The text in that language, or else in the first there is; empty when there is none.
    pub fn text(&self, lang: &str) -> &str {
        self.in_lang(lang).map_or("", |(_, text)| text)
    }

    /// The text, and the language it really is in.
    pub fn in_lang(&self, lang: &str) -> Option<(&str, &str)> {
        let written = || self.iter().filter(|(_, text)| !text.trim().is_empty());
        let own = written().find(|(each, _)| *each == lang);
        own.or_else(|| written().next())
    }

    pub fn has(&self, lang: &str) -> bool {
        self.iter()
            .any(|(each, text)| each == lang && !text.trim().is_empty())
    }

    pub fn is_empty(&self) -> bool {
        self.iter().all(|(_, text)| text.trim().is_empty())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.0.iter();
        all.map(|(lang, text)| (lang.as_str(), text.as_str()))
    }

    /// What `${…}` names in any of the texts.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for (_, text) in self.iter() {
            for piece in Piece::of(text) {
                if let Piece::Answer(name) = piece
                    && !names.contains(&name)
                {
                    names.push(name);
                }
            }
        }
        names
    }
}

/// Words and the answers piped between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// The name of a question.
    Answer(&'a str),
}

impl Piece<'_> {
    /// `${` without an end, or around what is no name, is text.
    pub fn of(text: &str) -> Vec<Piece<'_>> {
        let (mut pieces, mut rest, mut from) = (Vec::new(), text, 0);
        while let Some(start) = rest[from..].find("${").map(|at| at + from) {
            let inside = &rest[start + 2..];
            let name = inside.find('}').map(|end| inside[..end].trim());
            let Some(name) = name.filter(|name| is_name(name)) else {
                from = start + 2;
                continue;
            };
            if start > 0 {
                pieces.push(Piece::Text(&rest[..start]));
            }
            pieces.push(Piece::Answer(name));
            rest = &inside[inside.find('}').map_or(0, |end| end + 1)..];
            from = 0;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        pieces
    }
}

/// A letter or `_`, then letters, digits, `_`, `-` and `.`.
pub fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_found_between_words() {
        let pieces = Piece::of("Hi ${name}, ${ age }! ${not a name} ${open");

        assert_eq!(
            pieces,
            [
                Piece::Text("Hi "),
                Piece::Answer("name"),
                Piece::Text(", "),
                Piece::Answer("age"),
                Piece::Text("! ${not a name} ${open"),
            ]
        );
    }

    #[test]
    fn a_missing_translation_is_the_first_text() {
        let words = Words::new([
            ("en".to_owned(), "Yes".to_owned()),
            ("de".to_owned(), " ".to_owned()),
        ]);

        assert_eq!(words.in_lang("de"), Some(("en", "Yes")));
        assert!(!words.has("de"));
        assert_eq!(Words::default().text("en"), "");
    }
}
