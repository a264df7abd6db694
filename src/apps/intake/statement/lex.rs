//! SQL as MySQL writes it, with `{{name}}` for values: words, quotes, comments, values.

/// A piece of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Space(String),
    /// As it was, except that it begins with `--` or `/*`.
    Comment(String),
    /// With its quote, and what stands between the two.
    Quoted(char, Vec<Part>),
    /// `{{name}}` outside of quotes.
    Value(String),
    Word(String),
    Number(String),
    Sign(String),
    /// `;`
    End,
    /// Written by us: it is not looked at any more.
    Raw(String),
}

/// What stands between two quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Without escapes.
    Text(String),
    Value(String),
}

impl Token {
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Token::Space(_) | Token::Comment(_))
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Token::Word(text) if text.eq_ignore_ascii_case(word))
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self, Token::Sign(text) if text == sign)
    }
}

/// A name between braces is not longer.
const NAME: usize = 100;

/// Each token and the byte it ends before.
pub(super) fn lex(sql: &str) -> Result<Vec<(Token, usize)>, String> {
    if sql.contains('\0') {
        return Err("a zero character stands in the statement; remove it".to_owned());
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < sql.len() {
        let (token, length) = next(&sql[at..])?;
        at += length;
        found.push((token, at));
    }
    Ok(found)
}

fn next(rest: &str) -> Result<(Token, usize), String> {
    let run = |belongs: fn(char) -> bool| {
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        (rest[..end].to_owned(), end)
    };
    let first = rest.chars().next().unwrap_or_default();
    if let Some((name, length)) = value(rest)? {
        return Ok((Token::Value(name), length));
    }
    match first {
        c if c.is_whitespace() => {
            let (text, length) = run(char::is_whitespace);
            // What is no space to SQL is one here.
            let plain = |c: char| if c == '\n' { c } else { ' ' };
            Ok((Token::Space(text.chars().map(plain).collect()), length))
        }
        '#' => {
            let end = rest.find('\n').unwrap_or(rest.len());
            Ok((Token::Comment(format!("--{}", &rest[1..end])), end))
        }
        '-' if rest.starts_with("--") => {
            let end = rest.find('\n').unwrap_or(rest.len());
            Ok((Token::Comment(rest[..end].to_owned()), end))
        }
        '/' if rest.starts_with("/*") => match rest[2..].find("*/") {
            Some(inside) => Ok((Token::Comment(rest[..inside + 4].to_owned()), inside + 4)),
            None => Err("a comment is never closed; end it with */".to_owned()),
        },
        '\'' | '"' | '`' => quoted(rest, first),
        ';' => Ok((Token::End, 1)),
        c if c.is_ascii_digit() => {
            let (text, length) = run(|c| c.is_ascii_alphanumeric() || c == '.');
            Ok((Token::Number(text), length))
        }
        c if is_word(c) => {
            let (text, length) = run(is_word);
            Ok((Token::Word(text), length))
        }
        _ => Ok(sign(rest, first)),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn sign(rest: &str, first: char) -> (Token, usize) {
    const LONG: [&str; 8] = ["<=>", "||", "&&", "<=", ">=", "<>", "!=", ":="];
    let long = LONG.iter().find(|sign| rest.starts_with(**sign));
    let text = long.map_or_else(|| first.to_string(), |sign| (*sign).to_owned());
    let length = text.len();
    (Token::Sign(text), length)
}

/// `{{name}}`, with a backslash before it or not: the name, and the bytes it takes.
fn value(rest: &str) -> Result<Option<(String, usize)>, String> {
    let escape = usize::from(rest.starts_with("\\{{"));
    let Some(inside) = rest[escape..].strip_prefix("{{") else {
        return Ok(None);
    };
    let Some(end) = inside.find("}}").filter(|end| *end <= NAME) else {
        return Err("`{{` begins a value that no `}}` ends".to_owned());
    };
    let name = inside[..end].trim();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ' ');
    if name.is_empty() || !name.chars().all(is_part) {
        return Err(
            "between `{{` and `}}` stands no name; write the value's name there".to_owned(),
        );
    }
    Ok(Some((name.to_owned(), escape + end + 4)))
}

fn quoted(rest: &str, mark: char) -> Result<(Token, usize), String> {
    let (mut parts, mut text) = (Vec::new(), String::new());
    let mut at = 1;
    loop {
        let here = &rest[at..];
        let Some(c) = here.chars().next() else {
            return Err(format!("a quote is never closed; end it with {mark}"));
        };
        if let Some((name, length)) = value(here)? {
            if mark == '`' {
                return Err(format!(
                    "`{{{{{name}}}}}` stands where a name of a table or column does; a value cannot choose one"
                ));
            }
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Value(name));
            at += length;
        } else if c == mark && here[1..].starts_with(mark) {
            text.push(mark);
            at += 2;
        } else if c == mark {
            break;
        } else if let (true, Some(next)) = (c == '\\' && mark != '`', here.chars().nth(1)) {
            escaped(next, &mut text);
            at += 1 + next.len_utf8();
        } else {
            text.push(c);
            at += c.len_utf8();
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok((Token::Quoted(mark, parts), at + 1))
}

/// What a backslash and a letter stand for.
fn escaped(letter: char, out: &mut String) {
    match letter {
        'n' => out.push('\n'),
        't' => out.push('\t'),
        'r' => out.push('\r'),
        '%' | '_' => out.extend(['\\', letter]),
        other => out.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_in_quotes_and_out_of_them() {
        let all = lex("a = {{ x }} and b like '%{{y}}\\'s%' -- {{z}}\n or `c d` in (\"\\{{w}}\")")
            .unwrap();
        let mut names = Vec::new();
        for (token, _) in all {
            match token {
                Token::Value(name) => names.push(name),
                Token::Quoted(_, parts) => {
                    names.extend(parts.into_iter().filter_map(|part| match part {
                        Part::Value(name) => Some(format!("'{name}")),
                        Part::Text(_) => None,
                    }));
                }
                _ => {}
            }
        }
        assert_eq!(names, ["x", "'y", "'w"]);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (sql, said) in [
            ("a = '", "a quote is never closed; end it with '"),
            ("/* a", "a comment is never closed; end it with */"),
            ("{{a", "`{{` begins a value that no `}}` ends"),
            (
                "{{a;b}}",
                "between `{{` and `}}` stands no name; write the value's name there",
            ),
            (
                "`{{a}}`",
                "`{{a}}` stands where a name of a table or column does; a value cannot choose one",
            ),
        ] {
            assert_eq!(lex(sql).unwrap_err(), said);
        }
    }
}
