//! Conditions of LimeSurvey's expression manager, said in the language of this one.

use super::super::xlsform::quoted;

/// What a name of LimeSurvey is here.
pub(super) enum Known {
    /// An answer: `${name}`.
    Answer(String),
    /// One choice of a question with several: the question and the choice.
    Flag(String, String),
}

/// A word, a number, a text or a sign.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Number(String),
    Text(String),
    Sign(&'static str),
}

const SIGNS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "(", ")", ",", "+", "-", "*", "/", "!", "=",
];

/// # Errors
///
/// What of it cannot be said here.
pub(super) fn said(text: &str, names: &dyn Fn(&str) -> Option<Known>) -> Result<String, String> {
    let tokens = tokens(text)?;
    let mut speech = Speech {
        tokens,
        at: 0,
        names,
        depth: 0,
    };
    let said = speech.either()?;
    match speech.tokens.get(speech.at) {
        None => Ok(said),
        Some(token) => Err(format!("`{}` is not understood", shown(token))),
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Word(text) | Token::Number(text) | Token::Text(text) => text.clone(),
        Token::Sign(sign) => (*sign).to_owned(),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let cut = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let (token, length) = if matches!(first, '"' | '\'') {
            let inside = &rest[1..];
            let end = inside.find(first).ok_or("a quote is never closed")?;
            (Token::Text(inside[..end].to_owned()), end + 2)
        } else if first.is_ascii_digit() {
            let end = cut(|c| c.is_ascii_digit() || c == '.');
            (Token::Number(rest[..end].to_owned()), end)
        } else if first.is_alphabetic() || first == '_' {
            let end = cut(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':'));
            (Token::Word(rest[..end].to_owned()), end)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err(format!("`{first}` is not understood"));
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// Brackets in brackets.
const DEEPEST: usize = 60;

struct Speech<'a> {
    tokens: Vec<Token>,
    at: usize,
    names: &'a dyn Fn(&str) -> Option<Known>,
    depth: usize,
}

impl Speech<'_> {
    fn takes(&mut self, words: &[&str]) -> Option<String> {
        let next = match self.tokens.get(self.at)? {
            Token::Word(word) => word.to_lowercase(),
            Token::Sign(sign) => (*sign).to_owned(),
            Token::Number(_) | Token::Text(_) => return None,
        };
        if words.contains(&next.as_str()) {
            self.at += 1;
            return Some(next);
        }
        None
    }

    fn row(
        &mut self,
        words: &[&str],
        sign: fn(&str) -> &'static str,
        inner: fn(&mut Self) -> Result<String, String>,
    ) -> Result<String, String> {
        let mut said = inner(self)?;
        while let Some(word) = self.takes(words) {
            let right = inner(self)?;
            said = format!("{said} {} {right}", sign(&word));
        }
        Ok(said)
    }

    fn either(&mut self) -> Result<String, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it has too many brackets in brackets".into());
        }
        let said = self.row(&["or", "||"], |_| "or", Self::both);
        self.depth -= 1;
        said
    }

    fn both(&mut self) -> Result<String, String> {
        self.row(&["and", "&&"], |_| "and", Self::compared)
    }

    fn compared(&mut self) -> Result<String, String> {
        let start = self.at;
        let left = self.sum()?;
        let words = [
            "==", "!=", "<", "<=", ">", ">=", "=", "eq", "ne", "lt", "le", "gt", "ge",
        ];
        let Some(word) = self.takes(&words) else {
            return Ok(left);
        };
        let sign = match word.as_str() {
            "==" | "=" | "eq" => "=",
            "!=" | "ne" => "!=",
            "<" | "lt" => "<",
            "<=" | "le" => "<=",
            ">" | "gt" => ">",
            _ => ">=",
        };
        // A box of several is compared with the letter it has when it is ticked.
        if let Some((question, choice)) = self.flag_at(start) {
            return self.ticked(&question, &choice, sign);
        }
        let right = self.sum()?;
        Ok(format!("{left} {sign} {right}"))
    }

    fn flag_at(&self, at: usize) -> Option<(String, String)> {
        let Some(Token::Word(word)) = self.tokens.get(at) else {
            return None;
        };
        match (self.names)(bare(word))? {
            Known::Flag(question, choice) if self.at == at + 2 => Some((question, choice)),
            _ => None,
        }
    }

    fn ticked(&mut self, question: &str, choice: &str, sign: &str) -> Result<String, String> {
        let is_ticked = match self.tokens.get(self.at) {
            Some(Token::Text(text)) if text == "Y" => true,
            Some(Token::Text(text)) if text.is_empty() => false,
            _ => return Err("a box of several can be compared with \"Y\" and \"\" only".into()),
        };
        self.at += 1;
        let selected = format!("selected(${{{question}}}, {})", quoted(choice));
        match (sign, is_ticked) {
            ("=", true) | ("!=", false) => Ok(selected),
            ("=", false) | ("!=", true) => Ok(format!("not({selected})")),
            _ => Err("a box of several is neither less nor more".into()),
        }
    }

    fn sum(&mut self) -> Result<String, String> {
        self.row(
            &["+", "-"],
            |sign| if sign == "+" { "+" } else { "-" },
            Self::product,
        )
    }

    fn product(&mut self) -> Result<String, String> {
        self.row(
            &["*", "/"],
            |sign| if sign == "*" { "*" } else { "div" },
            Self::one,
        )
    }

    fn one(&mut self) -> Result<String, String> {
        let token = self
            .tokens
            .get(self.at)
            .cloned()
            .ok_or("it ends too early")?;
        self.at += 1;
        match token {
            Token::Number(number) => Ok(number),
            Token::Text(text) => Ok(quoted(&text)),
            Token::Sign("(") => {
                let inside = self.either()?;
                self.closed()?;
                Ok(format!("({inside})"))
            }
            Token::Sign("!") => Ok(format!("not({})", self.one_deeper()?)),
            Token::Sign("-") => Ok(format!("-{}", self.one_deeper()?)),
            Token::Sign(sign) => Err(format!("`{sign}` is not expected there")),
            Token::Word(word) if self.takes(&["("]).is_some() => {
                self.function(&word.to_lowercase())
            }
            Token::Word(word) => match (self.names)(bare(&word)) {
                Some(Known::Answer(name)) => Ok(format!("${{{name}}}")),
                Some(Known::Flag(question, choice)) => {
                    Ok(format!("selected(${{{question}}}, {})", quoted(&choice)))
                }
                None => Err(format!("`{word}` names no question")),
            },
        }
    }

    fn one_deeper(&mut self) -> Result<String, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it has too many signs in a row".into());
        }
        let said = self.one();
        self.depth -= 1;
        said
    }

    fn closed(&mut self) -> Result<(), String> {
        match self.takes(&[")"]) {
            Some(_) => Ok(()),
            None => Err("a bracket is never closed".into()),
        }
    }

    fn function(&mut self, name: &str) -> Result<String, String> {
        let mut given = Vec::new();
        if self.takes(&[")"]).is_none() {
            loop {
                given.push(self.either()?);
                if self.takes(&[","]).is_none() {
                    break;
                }
            }
            self.closed()?;
        }
        let all = given.join(", ");
        match (name, given.as_slice()) {
            ("is_empty" | "empty", [one]) => Ok(format!("not(coalesce({one}, '') != '')")),
            ("not", [one]) => Ok(format!("not({one})")),
            ("if", [_, _, _]) => Ok(format!("if({all})")),
            ("intval", [one]) => Ok(format!("int({one})")),
            ("floor" | "abs" | "round" | "sqrt", [_]) | ("round" | "pow", [_, _]) => {
                Ok(format!("{name}({all})"))
            }
            ("ceil", [one]) => Ok(format!("ceiling({one})")),
            ("strlen", [one]) => Ok(format!("string-length({one})")),
            ("sum" | "min" | "max", [_, ..]) => Ok(format!("{name}({all})")),
            ("regexmatch", [pattern, text]) => Ok(format!("regex({text}, {})", unslashed(pattern))),
            _ => Err(format!("the function {name}() is not known here")),
        }
    }
}

/// `/…/` around a pattern belongs to PHP.
fn unslashed(pattern: &str) -> String {
    let inside = pattern
        .get(1..pattern.len().saturating_sub(1))
        .unwrap_or("");
    let bare = inside
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'));
    quoted(
        bare.map_or_else(|| inside.to_owned(), |bare| format!(".*({bare}).*"))
            .as_str(),
    )
}

/// Without what says how an answer is read: `Q1.NAOK`, `Q1.value`.
fn bare(word: &str) -> &str {
    word.split('.').next().unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Option<Known> {
        match name {
            "age" | "sex" => Some(Known::Answer(name.into())),
            "likes_tea" => Some(Known::Flag("likes".into(), "tea".into())),
            _ => None,
        }
    }

    fn told(text: &str) -> String {
        said(text, &known).unwrap_or_else(|why| format!("! {why}"))
    }

    #[test]
    fn conditions_are_said_in_other_words() {
        let all = [
            ("((sex.NAOK == \"F\"))", "((${sex} = 'F'))"),
            (
                "age.NAOK >= 18 && age < 65 || !is_empty(sex)",
                "${age} >= 18 and ${age} < 65 or not(not(coalesce(${sex}, '') != ''))",
            ),
            ("likes_tea.NAOK == \"Y\"", "selected(${likes}, 'tea')"),
            ("likes_tea == ''", "not(selected(${likes}, 'tea'))"),
            (
                "age eq 3 and (age + 1) / 2 gt 1",
                "${age} = 3 and (${age} + 1) div 2 > 1",
            ),
            ("if(age > 3, 1, 0)", "if(${age} > 3, 1, 0)"),
            ("1", "1"),
        ];
        for (text, wanted) in all {
            assert_eq!(told(text), wanted);
            assert!(crate::expr::Expr::parse(wanted).is_ok(), "{wanted}");
        }
    }

    #[test]
    fn what_cannot_be_said_is_told() {
        for wrong in [
            "other == 1",
            "age ==",
            "(age",
            "strpos(sex, 'x')",
            "age # 3",
            "'open",
            "likes_tea > 3",
            "",
            "age age",
            "! ",
        ] {
            assert!(told(wrong).starts_with('!'), "{wrong}: {}", told(wrong));
        }
        assert!(told(&"(".repeat(10_000)).starts_with('!'));
        assert!(told(&"!".repeat(10_000)).starts_with('!'));
    }
}
