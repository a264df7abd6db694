//! Optional conditions written out for the values at hand, so that indexes serve them.

use std::borrow::Cow;

use crate::store::tokens::{Kind, Token, tokens};

/// `sql`, for SQLite, with its optional conditions decided: `(:p IS NULL OR rest)`
/// becomes `(1)` where `is_null("p")` and `(rest)` where not. The rows are the same;
/// an index on the column in `rest` can now be used. A placeholder may be gone
/// afterwards: bind what the answer still holds.
///
/// Only what surely means the same is touched: conditions under `WHERE` and `ON`
/// whose `rest` is true, false or `NULL`. Not under `HAVING`, where the aggregate
/// that goes would take the grouping with it, and not inside a column's expression,
/// which would change the column's name.
pub fn specialise<'a>(sql: &'a str, is_null: &dyn Fn(&str) -> bool) -> Cow<'a, str> {
    let Ok(tokens) = tokens(sql) else {
        return Cow::Borrowed(sql);
    };
    let said: Vec<Token> = tokens
        .into_iter()
        .filter(|token| !token.is_blank())
        .collect();
    let text = Statement { sql, said: &said };
    let mut out = String::new();
    let mut kept = 0;
    let mut clauses = vec![Clause::Start];
    let mut at = 0;
    while at < said.len() {
        if let Some(found) = text.optional(at).filter(|_| decides_rows(&clauses)) {
            out.push_str(&sql[kept..said[at].start]);
            if is_null(found.parameter) {
                out.push_str("(1)");
                kept = said[found.close].end;
                at = found.close + 1;
                continue;
            }
            out.push('(');
            kept = said[found.rest].start;
            clauses.push(Clause::Condition);
            at = found.rest;
            continue;
        }
        text.follow(at, &mut clauses);
        at += 1;
    }
    if kept == 0 {
        return Cow::Borrowed(sql);
    }
    out.push_str(&sql[kept..]);
    Cow::Owned(out)
}

/// The part of a `SELECT` a token stands in; one per open parenthesis.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clause {
    /// Before the first clause: `with`, `insert into t (`, `update t`.
    Start,
    From,
    /// `where` and `on`.
    Condition,
    /// Everything whose value is seen, ordered or grouped by.
    Value,
}

fn decides_rows(clauses: &[Clause]) -> bool {
    clauses.last() == Some(&Clause::Condition) && !clauses.contains(&Clause::Value)
}

/// `(:parameter IS NULL OR rest)`: where in the tokens `rest` begins and the parenthesis closes.
struct Optional<'a> {
    parameter: &'a str,
    rest: usize,
    close: usize,
}

struct Statement<'a> {
    sql: &'a str,
    /// Without spaces and comments.
    said: &'a [Token],
}

impl<'a> Statement<'a> {
    fn is(&self, at: usize, word: &str) -> bool {
        self.said
            .get(at)
            .is_some_and(|token| token.is_word(self.sql, word))
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.said.get(at).map(|token| token.kind)
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    /// Keeps `clauses` up to date past the token at `at`.
    fn follow(&self, at: usize, clauses: &mut Vec<Clause>) {
        let inherited = clauses.last().copied().unwrap_or(Clause::Value);
        match self.kind(at) {
            Some(Kind::Open) => clauses.push(inherited),
            Some(Kind::Close) => {
                clauses.pop();
            }
            Some(Kind::Word) => {
                if let Some(begun) = self.clause(at)
                    && let Some(last) = clauses.last_mut()
                {
                    *last = begun;
                }
            }
            _ => {}
        }
    }

    fn clause(&self, at: usize) -> Option<Clause> {
        const VALUES: [&str; 12] = [
            "select",
            "having",
            "group",
            "order",
            "limit",
            "window",
            "values",
            "set",
            "returning",
            "partition",
            "over",
            "offset",
        ];
        if self.is_any(at, &["where", "on"]) {
            Some(Clause::Condition)
        } else if self.is_any(at, &["from", "join"]) {
            // `is distinct from` compares; it begins nothing.
            (!self.is(at.wrapping_sub(1), "distinct")).then_some(Clause::From)
        } else if self.is_any(at, &VALUES) {
            Some(Clause::Value)
        } else {
            self.is_any(at, &["union", "intersect", "except"])
                .then_some(Clause::Start)
        }
    }

    /// The optional condition whose parenthesis opens at `at`.
    fn optional(&self, at: usize) -> Option<Optional<'a>> {
        let before = at.checked_sub(1)?;
        let begins = self.kind(before) == Some(Kind::Open)
            || self.is_any(before, &["where", "on", "and", "or", "not"]);
        let fits = begins
            && self.kind(at) == Some(Kind::Open)
            && self.kind(at + 1) == Some(Kind::Parameter)
            && self.is(at + 2, "is")
            && self.is(at + 3, "null")
            && self.is(at + 4, "or");
        if !fits {
            return None;
        }
        let close = self.close(at)?;
        self.is_condition(at + 5, close).then_some(())?;
        Some(Optional {
            parameter: self.said[at + 1].text(self.sql).strip_prefix(':')?,
            rest: at + 5,
            close,
        })
    }

    /// Where the parenthesis opened at `open` closes.
    fn close(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (at, token) in self.said.iter().enumerate().skip(open) {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                return Some(at);
            }
        }
        None
    }

    /// Do the tokens from `from` to before `to` yield 1, 0 or `NULL` and nothing else?
    /// Everything that binds less than a comparison does: `not`, `and`, `or`.
    fn is_condition(&self, from: usize, to: usize) -> bool {
        const COMPARE: [&str; 11] = [
            "like", "glob", "in", "is", "between", "and", "or", "not", "match", "isnull", "notnull",
        ];
        if self.is(from, "exists") && self.kind(from + 1) == Some(Kind::Open) {
            return self.close(from + 1) == Some(to - 1) || self.compares(from, to, &COMPARE);
        }
        if self.kind(from) == Some(Kind::Open) && self.close(from) == Some(to - 1) {
            return !self.is_any(from + 1, &["select", "with", "values"])
                && self.is_condition(from + 1, to - 1);
        }
        self.compares(from, to, &COMPARE)
    }

    fn compares(&self, from: usize, to: usize, words: &[&str]) -> bool {
        let mut depth = 0_usize;
        let mut found = false;
        for at in from..to {
            match self.said[at].kind {
                Kind::Open => depth += 1,
                Kind::Close => depth = depth.saturating_sub(1),
                Kind::Comma if depth == 0 => return false,
                // Only `case` nests without a parenthesis.
                Kind::Word if self.is(at, "case") => depth += 1,
                Kind::Word if self.is(at, "end") => depth = depth.saturating_sub(1),
                Kind::Word if depth == 0 => found |= self.is_any(at, words),
                Kind::Operator if depth == 0 => found |= self.is_comparison(at),
                _ => {}
            }
        }
        found
    }

    /// `=`, `<`, `>`, `!`; but not the signs of `->`, `<<` and `>>`.
    fn is_comparison(&self, at: usize) -> bool {
        let sign = |at: usize| {
            let token = self.said.get(at)?;
            (token.kind == Kind::Operator).then(|| token.text(self.sql))
        };
        let (before, after) = (sign(at.wrapping_sub(1)), sign(at + 1));
        match sign(at) {
            Some("=" | "!") => true,
            Some("<") => before != Some("<") && after != Some("<"),
            Some(">") => !matches!(before, Some("-" | ">")) && after != Some(">"),
            _ => false,
        }
    }
}

#[cfg(test)]
#[path = "specialise_tests.rs"]
mod tests;
