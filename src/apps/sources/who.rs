//! A policy's words about who asks, as values of a statement.

use std::fmt::Write;

use crate::data::Value;
use crate::data::sql_text::{self, Dialect, Kind, Token};
use crate::store::Asker;

/// How our values are called; no parameter of an app begins like that.
const NAME: &str = "onsight__who";

/// A policy's words with values in place of `ctx('…')` and `ctx_has('…', …)`.
pub(super) fn told(
    dialect: Dialect,
    words: &str,
    asker: &Asker,
    values: &mut Vec<(String, Value)>,
) -> Result<String, String> {
    let tokens = dialect.tokens(words).map_err(|error| error.message)?;
    let own = sql_text::placeholders_in(dialect, words).map_err(|error| error.message)?;
    if let Some(placeholder) = own.first() {
        return Err(format!(
            "its policy says `:{}`; who asks is told by ctx('user.…')",
            placeholder.name
        ));
    }
    let mut out = String::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let call = call(&tokens, words, at);
        match (token.text(words), call) {
            ("ctx", Some(call)) if call.rest.is_empty() => {
                let value = asker.known.get(&call.name).cloned();
                out.push_str(&place(value.map_or(Value::Null, Value::Text), values));
                at = call.end;
            }
            ("ctx_has", Some(call)) if !call.rest.is_empty() => {
                let inside = told(dialect, call.rest, asker, values)?;
                let list = list(asker, &call.name).into_iter();
                let list: Vec<String> = list.map(|one| place(Value::Text(one), values)).collect();
                let list = list.join(", ");
                if list.is_empty() {
                    out.push_str("(1 = 0)");
                } else {
                    let _ = write!(out, "(({inside}) in ({list}))");
                }
                at = call.end;
            }
            ("ctx" | "ctx_has", _) => {
                return Err("its policy says `ctx` otherwise than ctx('user.…')".to_owned());
            }
            (text, _) => {
                out.push_str(text);
                at += 1;
            }
        }
    }
    Ok(out)
}

/// A value more, by its place.
fn place(value: Value, values: &mut Vec<(String, Value)>) -> String {
    let name = format!("{NAME}_{}", values.len());
    let place = format!(":{name}");
    values.push((name, value));
    place
}

/// Groups by their names, others between commas.
fn list(asker: &Asker, name: &str) -> Vec<String> {
    if name == "user.groups" {
        let groups = asker.marks.iter();
        return groups
            .filter_map(|mark| mark.strip_prefix("group:").map(str::to_owned))
            .collect();
    }
    let known = asker
        .known
        .get(name)
        .map(String::as_str)
        .unwrap_or_default();
    let each = known.split(',').map(|one| one.trim().to_owned());
    each.filter(|one| !one.is_empty()).collect()
}

/// `word('name', rest)`: the name, the rest, and where the tokens go on.
struct Call<'a> {
    name: String,
    rest: &'a str,
    end: usize,
}

fn call<'a>(tokens: &[Token], words: &'a str, at: usize) -> Option<Call<'a>> {
    let mut said = { tokens.iter().enumerate() }
        .skip(at + 1)
        .filter(|(_, token)| !token.is_blank());
    let (_, open) = said.next()?;
    let (_, name) = said.next()?;
    let is_call = open.kind == Kind::Open && name.kind == Kind::Text;
    let text = name.text(words).strip_prefix('\'')?.strip_suffix('\'')?;
    let (behind, next) = said.next().filter(|_| is_call)?;
    let begin = next.end;
    let mut depth = 1_usize;
    let mut end = behind;
    if next.kind == Kind::Close {
        return Some(Call {
            name: text.to_owned(),
            rest: "",
            end: behind + 1,
        });
    }
    if next.kind != Kind::Comma {
        return None;
    }
    while depth > 0 {
        end += 1;
        match tokens.get(end)?.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
    }
    Some(Call {
        name: text.to_owned(),
        rest: words[begin..tokens[end].start].trim(),
        end: end + 1,
    })
}
