//! What MySQL says otherwise than the workspace's own database: rewritten where that
//! surely means the same, told where not.

use std::ops::Range;

use super::lex::{Part, Token};

/// Functions inside of each other that are rewritten.
const DEPTH: usize = 40;

/// What is said otherwise and not rewritten.
const UNKNOWN: [&str; 33] = [
    "adddate",
    "convert",
    "date_add",
    "date_sub",
    "dayname",
    "dayofweek",
    "div",
    "elt",
    "field",
    "find_in_set",
    "found_rows",
    "from_unixtime",
    "interval",
    "last_day",
    "locate",
    "monthname",
    "period_diff",
    "quarter",
    "rand",
    "regexp",
    "regexp_replace",
    "rlike",
    "rollup",
    "separator",
    "sql_calc_found_rows",
    "str_to_date",
    "subdate",
    "substring_index",
    "time_format",
    "timestampdiff",
    "unix_timestamp",
    "weekday",
    "xor",
];

pub(super) fn for_sqlite(tokens: &[Token], notes: &mut Vec<String>) -> Vec<Token> {
    let rewriter = Rewriter {
        tokens,
        closes: closes(tokens),
    };
    let mut out = Vec::with_capacity(tokens.len());
    rewriter.range(0..tokens.len(), 0, &mut out);
    if tokens.iter().any(|token| token.is_sign("/")) {
        notes.push(
            "`/` of two whole numbers gives a whole number here; write `1.0 *` before it where that matters"
                .to_owned(),
        );
    }
    let mut unknown: Vec<String> = Vec::new();
    for token in &out {
        if let Token::Word(word) = token {
            let word = word.to_ascii_lowercase();
            if (UNKNOWN.contains(&word.as_str()) || word == "date_format")
                && !unknown.contains(&word)
            {
                unknown.push(word);
            }
        }
    }
    if !unknown.is_empty() {
        let names: Vec<String> = unknown.iter().map(|word| format!("`{word}`")).collect();
        let are = if names.len() == 1 { "is" } else { "are" };
        notes.push(format!(
            "{} {are} not known to the workspace's own database; write this part anew",
            names.join(", ")
        ));
    }
    let is_escaped = |part: &Part| matches!(part, Part::Text(text) if text.contains("\\%") || text.contains("\\_"));
    if tokens
        .iter()
        .any(|token| matches!(token, Token::Quoted(_, parts) if parts.iter().any(is_escaped)))
    {
        notes.push(
            "a backslash before % or _ escapes nothing here; add `escape '\\'` to that `like`"
                .to_owned(),
        );
    }
    out
}

/// For each parenthesis that opens, where it closes.
fn closes(tokens: &[Token]) -> Vec<Option<usize>> {
    let mut found = vec![None; tokens.len()];
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.is_sign("(") {
            open.push(at);
        } else if token.is_sign(")")
            && let Some(start) = open.pop()
        {
            found[start] = Some(at);
        }
    }
    found
}

struct Rewriter<'a> {
    tokens: &'a [Token],
    closes: Vec<Option<usize>>,
}

fn raw(text: impl Into<String>) -> Token {
    Token::Raw(text.into())
}

impl Rewriter<'_> {
    fn range(&self, range: Range<usize>, depth: usize, out: &mut Vec<Token>) {
        let mut at = range.start;
        while at < range.end {
            let token = &self.tokens[at];
            if let (Token::Word(word), true) = (token, depth < DEPTH)
                && let Some((args, end)) = self.call(at, range.end)
                && self.rewritten(&word.to_ascii_lowercase(), &args, depth, out)
            {
                at = end;
                continue;
            }
            out.push(match token {
                Token::Sign(sign) if sign == "||" => raw("or"),
                Token::Sign(sign) if sign == "&&" => raw("and"),
                Token::Sign(sign) if sign == "<=>" => raw("is"),
                other => other.clone(),
            });
            at += 1;
        }
    }

    /// The arguments of the function whose name stands there, and where it ends.
    fn call(&self, name: usize, end: usize) -> Option<(Vec<Range<usize>>, usize)> {
        let open = name + 1;
        if !self.tokens.get(open)?.is_sign("(") {
            return None;
        }
        let close = self.closes[open].filter(|close| *close < end)?;
        let (mut args, mut start, mut at) = (Vec::new(), open + 1, open + 1);
        while at < close {
            if self.tokens[at].is_sign(",") {
                args.push(start..at);
                start = at + 1;
            }
            at = self.closes[at].map_or(at, |inner| inner) + 1;
        }
        let is_said = (start..close).any(|at| !self.tokens[at].is_blank());
        if is_said || !args.is_empty() {
            args.push(start..close);
        }
        Some((args, close + 1))
    }

    /// An argument without the space around it.
    fn arg(&self, range: &Range<usize>, depth: usize, out: &mut Vec<Token>) {
        let is_said = |at: &usize| !self.tokens[*at].is_blank();
        let start = range.clone().find(is_said).unwrap_or(range.end);
        let end = range.clone().rfind(is_said).map_or(range.end, |at| at + 1);
        self.range(start..end, depth + 1, out);
    }

    /// Is it one thing, that nothing around it can take apart?
    fn is_one(&self, range: &Range<usize>) -> bool {
        let said = range.clone().filter(|at| !self.tokens[*at].is_blank());
        let mut said = said.map(|at| &self.tokens[at]);
        said.all(|token| match token {
            Token::Word(word) => ![
                "and", "or", "is", "in", "like", "not", "case", "between", "div", "mod",
            ]
            .contains(&word.to_ascii_lowercase().as_str()),
            Token::Quoted(..) | Token::Number(_) | Token::Raw(_) => true,
            Token::Sign(sign) => sign == ".",
            _ => false,
        })
    }

    fn rewritten(
        &self,
        name: &str,
        args: &[Range<usize>],
        depth: usize,
        out: &mut Vec<Token>,
    ) -> bool {
        match (name, args) {
            ("concat", [_, ..]) => self.concat(args, depth, out),
            ("if", [_, _, _]) => self.call_of("iif", args, depth, out),
            ("char_length" | "character_length", [_]) => self.call_of("length", args, depth, out),
            ("lcase", [_]) => self.call_of("lower", args, depth, out),
            ("ucase", [_]) => self.call_of("upper", args, depth, out),
            ("greatest", [_, _, ..]) => self.call_of("max", args, depth, out),
            ("least", [_, _, ..]) => self.call_of("min", args, depth, out),
            ("now" | "sysdate" | "current_timestamp" | "localtime", []) => {
                out.push(raw("datetime('now')"));
            }
            ("curdate" | "current_date", []) => out.push(raw("date('now')")),
            ("year", [of]) => self.part("%Y", of, depth, out),
            ("month", [of]) => self.part("%m", of, depth, out),
            ("day" | "dayofmonth", [of]) => self.part("%d", of, depth, out),
            ("hour", [of]) => self.part("%H", of, depth, out),
            ("minute", [of]) => self.part("%M", of, depth, out),
            ("datediff", [later, earlier]) => {
                out.push(raw("cast(julianday(date("));
                self.arg(later, depth, out);
                out.push(raw(")) - julianday(date("));
                self.arg(earlier, depth, out);
                out.push(raw(")) as integer)"));
            }
            ("date_format", [of, format]) => {
                let Some(format) = self.format(format) else {
                    return false;
                };
                out.push(raw(format!("strftime('{format}', ")));
                self.arg(of, depth, out);
                out.push(raw(")"));
            }
            _ => return false,
        }
        true
    }

    fn concat(&self, args: &[Range<usize>], depth: usize, out: &mut Vec<Token>) {
        out.push(raw("("));
        for (at, arg) in args.iter().enumerate() {
            if at > 0 {
                out.push(raw(" || "));
            }
            let is_one = self.is_one(arg);
            if !is_one {
                out.push(raw("("));
            }
            self.arg(arg, depth, out);
            if !is_one {
                out.push(raw(")"));
            }
        }
        out.push(raw(")"));
    }

    fn call_of(&self, name: &str, args: &[Range<usize>], depth: usize, out: &mut Vec<Token>) {
        out.push(raw(format!("{name}(")));
        for (at, arg) in args.iter().enumerate() {
            if at > 0 {
                out.push(raw(", "));
            }
            self.arg(arg, depth, out);
        }
        out.push(raw(")"));
    }

    fn part(&self, format: &str, of: &Range<usize>, depth: usize, out: &mut Vec<Token>) {
        out.push(raw(format!("cast(strftime('{format}', ")));
        self.arg(of, depth, out);
        out.push(raw(") as integer)"));
    }

    /// The format of a date as the other engine writes it, where it can.
    fn format(&self, range: &Range<usize>) -> Option<String> {
        let mut said = range.clone().filter(|at| !self.tokens[*at].is_blank());
        let (Token::Quoted(_, parts), None) = (&self.tokens[said.next()?], said.next()) else {
            return None;
        };
        let [Part::Text(text)] = parts.as_slice() else {
            return None;
        };
        let mut out = String::new();
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            match (letter, letter == '%') {
                ('\'' | '\\', _) => return None,
                (plain, false) => out.push(plain),
                (_, true) => out.push_str(match letters.next()? {
                    'Y' => "%Y",
                    'm' => "%m",
                    'd' => "%d",
                    'H' => "%H",
                    'i' => "%M",
                    's' | 'S' => "%S",
                    'T' => "%H:%M:%S",
                    _ => return None,
                }),
            }
        }
        Some(out)
    }
}
