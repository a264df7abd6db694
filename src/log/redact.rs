//! Takes out of a text what a log must not hold: passwords and keys, links that
//! open something, what stands behind the `?` of an address, statements with the
//! values in them, people's addresses.

use std::borrow::Cow;

/// What stands in place of what was taken out.
const MASK: &str = "•••";
/// Parts of names whose values nobody may read.
const SECRETS: [&str; 13] = [
    "password",
    "passwort",
    "passwd",
    "secret",
    "token",
    "credential",
    "private",
    "seed",
    "api_key",
    "apikey",
    "api-key",
    "session",
    "code",
];
/// Headers whose whole rest is taken out.
const HEADERS: [&str; 5] = [
    "authorization",
    "proxy-authorization",
    "set-cookie",
    "cookie",
    "x-api-key",
];
/// How statements begin, with the word that has to follow somewhere.
const STATEMENTS: [(&str, &str); 8] = [
    ("select", "from"),
    ("insert", "into"),
    ("replace", "into"),
    ("update", "set"),
    ("delete", "from"),
    ("with", "select"),
    ("create", "table"),
    ("attach", "as"),
];
/// Letters in one word from which on it can only be a token.
const TOKEN: usize = 40;

/// Whether the value of something of that name is kept out of the log.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRETS.iter().any(|secret| name.contains(secret)) || HEADERS.contains(&name.as_str())
}

/// The text without what a log must not hold. Most texts come back as they are.
pub fn redact(text: &str) -> Cow<'_, str> {
    let steps: [fn(&str) -> Option<String>; 6] = [keys, statement, named, queries, words, control];
    let mut out = Cow::Borrowed(text);
    for step in steps {
        if let Some(changed) = step(&out) {
            out = Cow::Owned(changed);
        }
    }
    out
}

/// A key or certificate in PEM form, up to its end or the text's.
fn keys(text: &str) -> Option<String> {
    let from = text.find("-----BEGIN")?;
    let rest = &text[from + 10..];
    let end = rest.find("-----END").and_then(|end| {
        let after = rest[end + 8..].find("-----")?;
        Some(from + 10 + end + 8 + after + 5)
    });
    let after = end.map_or("", |end| &text[end..]);
    let after = keys(after).unwrap_or_else(|| after.to_owned());
    Some(format!("{}{MASK}{after}", &text[..from]))
}

/// A statement, with whatever values stand in it. What the engine adds behind
/// it, ` at offset 7`, may stay.
fn statement(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let near = near(text, &lower);
    let (text, lower) = match &near {
        Some(changed) => (changed.as_str(), changed.to_ascii_lowercase()),
        None => (text, lower),
    };
    let found = STATEMENTS.iter().filter_map(|(first, then)| {
        let from = word(&lower, first)?;
        word(&lower[from + first.len()..], then).map(|_| from)
    });
    let Some(from) = found.min() else {
        return near;
    };
    let behind = lower.rfind(" at offset ").filter(|at| *at > from);
    let behind = behind.map_or("", |at| &text[at..]);
    Some(format!("{}(statement){behind}", &text[..from]))
}

/// `near "Ada Lovelace": syntax error` names what somebody typed.
fn near(text: &str, lower: &str) -> Option<String> {
    let from = lower.find("near \"")? + 6;
    let end = text[from..].rfind('"')? + from;
    Some(format!("{}{MASK}{}", &text[..from], &text[end..]))
}

/// Where the word stands by itself.
fn word(text: &str, wanted: &str) -> Option<usize> {
    text.match_indices(wanted).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + wanted.len()..].chars().next();
        !before.is_some_and(|c| c.is_ascii() && is_of_name(c))
            && after.is_some_and(|c| !is_of_name(c))
    })
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// `password=…`, `"token": "…"`, `cookie: …`.
fn named(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut changed = false;
    while let Some(at) = rest.find(['=', ':']) {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        rest = after;
        let name = before[..at].trim_end().trim_end_matches(['"', '\'']);
        let from = name.rfind(|c: char| !is_of_name(c)).map_or(0, |at| {
            at + name[at..].chars().next().map_or(1, char::len_utf8)
        });
        let name = &name[from..];
        if name.is_empty() || !is_secret(name) || rest.starts_with([':', '/']) {
            continue;
        }
        let gap = rest.len() - rest.trim_start_matches([' ', '"', '\'']).len();
        let whole_line = HEADERS.contains(&name.to_ascii_lowercase().as_str());
        let value = &rest[gap..];
        let length = if whole_line {
            value.find(['\n', '\r'])
        } else {
            value.find(|c: char| c.is_whitespace() || "\"',;&)}]".contains(c))
        };
        let length = length.unwrap_or(value.len());
        if length > 0 {
            out.push_str(&rest[..gap]);
            out.push_str(MASK);
            rest = &value[length..];
            changed = true;
        }
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// What stands behind the `?` of an address, and who is named before its `@`.
fn queries(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut changed = false;
    while let Some(at) = rest.find('?') {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        let length = after
            .find(|c: char| c.is_whitespace() || "\"'`<>)”’".contains(c))
            .unwrap_or(after.len());
        let query = &after[..length];
        let is_query = query.contains('=') || before.contains("://") && length > 0;
        if is_query {
            out.push_str(MASK);
            rest = &after[length..];
            changed = true;
        } else {
            rest = after;
        }
    }
    out.push_str(rest);
    user_info(&out).or(changed.then_some(out))
}

/// `https://ada:secret@host` becomes `https://•••@host`.
fn user_info(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut changed = false;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after
            .find(|c: char| c.is_whitespace() || "/?#\"'".contains(c))
            .unwrap_or(after.len());
        rest = after;
        if let Some(user) = after[..end].rfind('@') {
            out.push_str(MASK);
            rest = &after[user..];
            changed = true;
        }
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// Words that are tokens by their length, what follows `Bearer`, and the part of
/// a mail address that says who it is.
fn words(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    let mut after_scheme = false;
    while !rest.is_empty() {
        let is_part = |c: char| c.is_alphanumeric() || "_-+.~@=".contains(c);
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (one, after) = if length == 0 {
            let first = rest.chars().next().map_or(1, char::len_utf8);
            rest.split_at(first)
        } else {
            rest.split_at(length)
        };
        let shown = if length == 0 {
            None
        } else {
            masked(one, after_scheme)
        };
        changed |= shown.is_some();
        out.push_str(shown.as_deref().unwrap_or(one));
        if length > 0 {
            after_scheme = ["bearer", "basic"].contains(&one.to_ascii_lowercase().as_str());
        }
        rest = after;
    }
    changed.then_some(out)
}

fn masked(word: &str, after_scheme: bool) -> Option<String> {
    if after_scheme && word.len() >= 8 {
        return Some(MASK.to_owned());
    }
    if let Some((user, host)) = word.rsplit_once('@')
        && !user.is_empty()
        && host.contains('.')
    {
        return Some(format!("{MASK}@{host}"));
    }
    let mut runs = word.split(['.', '=', '+', '~', '@']);
    let is_token = runs.any(|run| {
        let is_plain = run
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
        // A path of words with dashes is long as well, and has no digit.
        run.len() >= TOKEN && is_plain && run.contains(|c: char| c.is_ascii_digit())
    });
    (is_token || word.starts_with("onsight_") && word.len() > 20).then(|| MASK.to_owned())
}

/// Signs that could pass for another line, a colour or another direction.
fn control(text: &str) -> Option<String> {
    let turns = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.contains(turns).then(|| {
        let each = text.chars().map(|c| match c {
            '\n' | '\t' | '\r' => " ".to_owned(),
            c if turns(c) => format!("<U+{:04X}>", u32::from(c)),
            c => c.to_string(),
        });
        each.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What must never be seen, in every place where it could stand.
    const CANARY: &str = "Tr0ub4dor";

    #[test]
    fn a_canary_is_seen_nowhere() {
        let hostile = [
            format!("password={CANARY}"),
            format!("user=ada password={CANARY} port=1"),
            format!("{{\"bind_password\": \"{CANARY}\", \"x\": 1}}"),
            format!("the token: '{CANARY}'"),
            format!("client_secret={CANARY}&grant=x"),
            format!("Cookie: a=1; __Host-session={CANARY}; b=2"),
            format!("set-cookie: {CANARY}; HttpOnly"),
            format!("Authorization: Bearer {CANARY}{CANARY}"),
            format!("sent Basic {CANARY}{CANARY}== to it"),
            format!("GET /data/people?q={CANARY}&page=2 failed"),
            format!("https://ada:{CANARY}@host/path broke"),
            format!("https://{CANARY}@host"),
            format!("https://host/x?{CANARY}"),
            format!("/link/{CANARY}{CANARY}{CANARY}{CANARY}{CANARY} is used up"),
            format!("key onsight_{CANARY}{CANARY}abc was refused"),
            format!("near \"{CANARY}\": syntax error in selct 1 at offset 3"),
            format!("no such column: x in SELECT * FROM p WHERE name = '{CANARY}' at offset 9"),
            format!("update people set name = '{CANARY}' where id = 3"),
            format!("insert into t values ('{CANARY}')"),
            format!("with a as (select '{CANARY}') select 1"),
            format!("-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY----- x"),
            format!("-----BEGIN PRIVATE KEY-----\n{CANARY}"),
            format!("{CANARY}@example.org is not known"),
            format!("set-up code = {CANARY}"),
        ];
        for text in hostile {
            let shown = redact(&text);
            assert!(!shown.contains(CANARY), "{text} became {shown}");
            assert!(
                shown.contains(MASK) || shown.contains("(statement)"),
                "{shown}"
            );
        }
    }

    #[test]
    fn a_canary_is_seen_nowhere_wherever_it_is_put() {
        // Every pairing of a frame and what stands around it: what one step leaves
        // behind must not hide a secret from the next.
        let frames = [
            "password={}",
            "\"secret\":\"{}\"",
            "token={};",
            "https://u:{}@h",
            "/x?a={}",
            "{}@example.org",
            "select '{}' from t",
        ];
        let around = [
            "",
            " ",
            "?",
            "=",
            ":",
            "\"",
            "'",
            "\n",
            "://",
            "é",
            "a?b ",
            "x=1&",
            "near \"a\" ",
            "@",
        ];
        for frame in frames {
            for before in around {
                for after in ["", " end", "\" end", ", end", "\nend"] {
                    let text = format!("{before}{}{after}", frame.replace("{}", CANARY));
                    let shown = redact(&text);
                    assert!(!shown.contains(CANARY), "{text:?} became {shown:?}");
                }
            }
        }
    }

    #[test]
    fn a_line_brings_in_no_other_line_and_no_colour() {
        let shown = redact("one\nWARN two\u{1b}[31m\u{202e}");
        assert_eq!(shown, "one WARN two<U+001B>[31m<U+202E>");
    }

    #[test]
    fn what_is_no_secret_stays_readable() {
        for plain in [
            "the journal could not be carried into the chain: disk I/O error",
            "datasource 0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0 did not answer in 5s",
            "10.0.0.7 has too many connections: hung up",
            "the name ldap.corp is not known: no such name; did you mean `ldap`?",
            "https://idp.corp/realms/x did not answer in time",
            "keys that wait to be changed could not be: the database is busy",
            "request 1f-3 failed: unable to open database file: /var/lib/onsight/onsight.db",
            "a table was dropped from the selection because it was not updated",
        ] {
            assert_eq!(redact(plain), plain);
        }
    }

    #[test]
    fn nothing_is_too_short_or_too_strange_to_be_read() {
        for text in [
            "",
            "=",
            ":",
            "?",
            "@",
            "://",
            "é",
            "a@",
            "@b.c",
            "-----BEGIN",
            "near \"",
            "\u{1F600}=\u{1F600}",
        ] {
            let _ = redact(text);
        }
    }
}
