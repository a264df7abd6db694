//! The `{{name}}`s of a statement become parameters, wherever they stand.

use std::collections::{HashMap, HashSet};

use super::lex::{Part, Token};
use super::{Asked, Engine, literal};
use crate::base::text;

/// Takes the `limit` away that asks for a page of rows: the table pages.
pub(super) fn without_limit(tokens: &mut Vec<Token>) {
    let Some(limit) = tokens.iter().rposition(|token| token.is_word("limit")) else {
        return;
    };
    let said: Vec<&Token> = { tokens[limit + 1..].iter() }
        .filter(|token| !token.is_blank())
        .collect();
    let is = |at: usize, wanted: &str| matches!(said.get(at), Some(Token::Value(name)) if name.eq_ignore_ascii_case(wanted));
    let is_page = match said.len() {
        1 => is(0, "pageSize"),
        3 if said[1].is_sign(",") => is(0, "startIndex") && is(2, "pageSize"),
        3 if said[1].is_word("offset") => is(0, "pageSize") && is(2, "startIndex"),
        _ => false,
    };
    if is_page {
        tokens.truncate(limit);
    }
}

/// The tokens with parameters instead of values.
pub(super) fn bound(
    tokens: Vec<Token>,
    engine: Engine,
) -> Result<(Vec<Token>, Vec<Asked>), String> {
    let lists = lists(&tokens);
    let mut names = Names::default();
    let mut out = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.into_iter().enumerate() {
        let is_list = lists.contains(&at);
        match token {
            Token::Value(name) => out.push(names.param(&name, is_list)?),
            Token::Quoted(_, parts) if parts.iter().any(is_value) => match parts.as_slice() {
                [Part::Value(name)] => out.push(names.param(name, is_list)?),
                _ => out.push(names.joined(&parts, engine)?),
            },
            other => out.push(other),
        }
    }
    Ok((out, names.asked))
}

fn is_value(part: &Part) -> bool {
    matches!(part, Part::Value(_))
}

/// Where a value stands alone in `in (…)`.
fn lists(tokens: &[Token]) -> HashSet<usize> {
    let said: Vec<usize> = (0..tokens.len())
        .filter(|at| !tokens[*at].is_blank())
        .collect();
    let mut found = HashSet::new();
    for four in said.windows(4) {
        let &[word, open, value, close] = four else {
            continue;
        };
        let is_one = match &tokens[value] {
            Token::Value(_) => true,
            Token::Quoted(_, parts) => matches!(parts.as_slice(), [Part::Value(_)]),
            _ => false,
        };
        if is_one
            && tokens[word].is_word("in")
            && tokens[open].is_sign("(")
            && tokens[close].is_sign(")")
        {
            found.insert(value);
        }
    }
    found
}

#[derive(Default)]
struct Names {
    asked: Vec<Asked>,
    by: HashMap<String, usize>,
    taken: HashSet<String>,
}

impl Names {
    fn param(&mut self, name: &str, is_list: bool) -> Result<Token, String> {
        let at = self.at(name)?;
        self.asked[at].is_list |= is_list;
        Ok(Token::Raw(format!(":{}", self.asked[at].param)))
    }

    fn at(&mut self, name: &str) -> Result<usize, String> {
        if ["startindex", "pagesize"].contains(&name.to_ascii_lowercase().as_str()) {
            return Err(format!(
                "`{{{{{name}}}}}` stands elsewhere than in the last `limit`; the table does the paging, so take it out"
            ));
        }
        if let Some(at) = self.by.get(name) {
            return Ok(*at);
        }
        let at = self.asked.len();
        let param = self.free(name);
        self.by.insert(name.to_owned(), at);
        self.asked.push(Asked {
            name: name.to_owned(),
            param,
            is_list: false,
        });
        Ok(at)
    }

    fn free(&mut self, name: &str) -> String {
        let param = param(name);
        let numbered = (2..).map(|number| format!("{param}_{number}_v"));
        let free = { std::iter::once(param.clone()).chain(numbered) }
            .find(|name| !self.taken.contains(name));
        let free = free.unwrap_or(param);
        self.taken.insert(free.clone());
        free
    }

    /// Text with values in it, put together by the engine. A value that was left out
    /// is no text, as it was there.
    fn joined(&mut self, parts: &[Part], engine: Engine) -> Result<Token, String> {
        let mut each = Vec::new();
        for part in parts {
            each.push(match part {
                Part::Text(text) => literal(text, engine),
                Part::Value(name) => {
                    let at = self.at(name)?;
                    format!("coalesce(:{}, '')", self.asked[at].param)
                }
            });
        }
        Ok(Token::Raw(match engine {
            Engine::Sqlite => format!("({})", each.join(" || ")),
            Engine::Mysql => format!("concat({})", each.join(", ")),
        }))
    }
}

/// What a value of that name is called in a statement and in addresses.
pub(in crate::apps::intake) fn param(name: &str) -> String {
    let mut param = text::identifier(name);
    if param.is_empty() {
        "value".clone_into(&mut param);
    }
    // A list `x` is bound as `x_0`, `x_1` and so on.
    let end = param.rsplit('_').next().unwrap_or_default();
    if param.contains('_') && !end.is_empty() && end.bytes().all(|b| b.is_ascii_digit()) {
        param.push_str("_v");
    }
    param
}
