//! What a definition says of a call: whom to ask, with what, and what is taken of the answer.

use std::time::Duration;

use super::address::{Address, pipe};
use super::headers::{Header, headers};
use super::taking::{Sort, Take};
use crate::expr::Expr;
use crate::surveys::format::Block;
use crate::surveys::map::Datum;

/// Seconds that a machine has, where nothing else is said, and at the most.
const PATIENCE: u32 = 5;
const MOST_PATIENCE: u32 = 10;
/// Values that are sent, values that are taken.
const VALUES: usize = 40;
/// A call, ready to be made.
#[derive(Clone, Debug)]
pub struct Plan {
    pub is_post: bool,
    pub address: Address,
    pub headers: Vec<(String, Header)>,
    /// What is sent, by its place in the JSON: names with slashes between.
    pub send: Vec<(String, Expr)>,
    pub patience: Duration,
    pub takes: Vec<Take>,
    /// Where it fails, respondents do not go on.
    pub stops: bool,
}

/// What is wrong, by key.
pub(super) type Faults = Vec<(&'static str, String)>;

impl Plan {
    /// Reads it out of a block.
    ///
    /// # Errors
    ///
    /// What is wrong with its keys, each with what to write.
    pub fn of(block: &Block) -> Result<Plan, Faults> {
        let settings = &block.settings;
        let mut faults = Faults::new();
        let is_post = settings.text("method") == Some("POST");
        let headers = headers(settings.pairs("headers"), &mut faults);
        let send = send(settings.pairs("send"), &mut faults);
        if !is_post && !send.is_empty() {
            faults.push((
                "send",
                "what is sent needs `method = \"POST\"`; with a GET all stands in the `url`".into(),
            ));
        }
        let seconds = settings.count("timeout").unwrap_or(PATIENCE);
        if !(1..=MOST_PATIENCE).contains(&seconds) {
            faults.push((
                "timeout",
                format!("`timeout` is 1 to {MOST_PATIENCE} seconds"),
            ));
        }
        let takes = takes(block, &mut faults);
        // That it is missing was said where keys are.
        let Some(url) = settings.text("url") else {
            return Err(faults);
        };
        match Address::parse(url) {
            Ok(address) if faults.is_empty() => Ok(Plan {
                is_post,
                address,
                headers,
                send,
                patience: Duration::from_secs(seconds.into()),
                takes,
                stops: settings.text("on_failure") == Some("stop"),
            }),
            Ok(_) => Err(faults),
            Err(why) => {
                faults.insert(0, ("url", format!("`url`: {why}")));
                Err(faults)
            }
        }
    }

    /// Everything it is made of, as expressions.
    pub fn expressions(&self) -> Vec<Expr> {
        let names = self.address.names();
        let piped = names.filter_map(|name| Expr::parse(&pipe(name)).ok());
        let sent = self.send.iter().map(|(_, expr)| expr.clone());
        piped.chain(sent).collect()
    }

    /// The names of the secrets it shows.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().filter_map(|(_, header)| match header {
            Header::Secret(_, name) => Some(name.as_str()),
            Header::Words(_) => None,
        })
    }

    /// `GET` or `POST`.
    pub fn method(&self) -> &'static str {
        if self.is_post { "POST" } else { "GET" }
    }
}

fn send(pairs: &[(String, String)], faults: &mut Faults) -> Vec<(String, Expr)> {
    if pairs.len() > VALUES {
        faults.push(("send", format!("a call sends at most {VALUES} values")));
    }
    let mut send: Vec<(String, Expr)> = Vec::new();
    for (name, text) in pairs {
        if name.is_empty() || name.len() > 200 || name.split('/').any(str::is_empty) {
            faults.push((
                "send",
                format!(
                    "`{name}` cannot be a place in JSON; write it like customer or customer/id"
                ),
            ));
            continue;
        }
        let inside = |one: &str, other: &str| {
            let rest = one.strip_prefix(other);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        if let Some((other, _)) =
            { send.iter() }.find(|(known, _)| inside(name, known) || inside(known, name))
        {
            faults.push((
                "send",
                format!("`{name}` and `{other}` cannot both be sent: one holds the other"),
            ));
            continue;
        }
        match Expr::parse(text) {
            Ok(expr) => send.push((name.clone(), expr)),
            Err(fault) => faults.push(("send", format!("`{name}`: {}", fault.message))),
        }
    }
    send
}

fn takes(block: &Block, faults: &mut Faults) -> Vec<Take> {
    let settings = &block.settings;
    let (paths, kinds, others) = (
        settings.pairs("take"),
        settings.pairs("as"),
        settings.pairs("otherwise"),
    );
    if paths.len() > VALUES {
        faults.push(("take", format!("a call takes at most {VALUES} values")));
    }
    for (key, pairs) in [("as", kinds), ("otherwise", others)] {
        let unknown = pairs
            .iter()
            .find(|(name, _)| !paths.iter().any(|(known, _)| known == name));
        if let Some((name, _)) = unknown {
            faults.push((key, format!("`{name}` is not among `take`; add it there")));
        }
    }
    let of = |pairs: &[(String, String)], name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.clone())
    };
    let mut takes = Vec::new();
    for (name, path) in paths {
        match take((name, path), of(kinds, name), of(others, name)) {
            Ok(take) => takes.push(take),
            Err(fault) => faults.push(fault),
        }
    }
    takes
}

fn take(
    (name, path): (&str, &str),
    kind: Option<String>,
    otherwise: Option<String>,
) -> Result<Take, (&'static str, String)> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || name.len() > 40 || !name.chars().all(is_plain) {
        let why = format!("`{name}` cannot be a name; use letters, digits and _, at most 40");
        return Err(("take", why));
    }
    let kind = kind.unwrap_or_else(|| "text".to_owned());
    let Some(sort) = Sort::parse(&kind) else {
        let why = format!(
            "`{name}` cannot be `{kind}`; write text, text 40, number 0..1, integer 0..99 or boolean"
        );
        return Err(("as", why));
    };
    let otherwise = match otherwise {
        None => Datum::NotAnswered,
        Some(text) => sort.written(&text).ok_or_else(|| {
            let why = format!("`{name}`: `{text}` is no {kind}");
            ("otherwise", why)
        })?,
    };
    Take::new(name, path, sort, otherwise).ok_or_else(|| {
        let why = format!("`{name}`: write where it stands like /customer/tier or customer.tier");
        ("take", why)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surveys::format::{Level, Survey};

    fn text(keys: &str) -> String {
        format!(
            "format = 1\nid = \"x\"\ntitle = \"X\"\n[entry.pid]\n[[page]]\nid = \"p\"\n[[page.ask]]\nid = \"crm\"\ntype = \"call\"\n{keys}\n"
        )
    }

    fn said(keys: &str) -> Vec<String> {
        let problems = match Survey::read(&text(keys)) {
            Ok(survey) => survey.problems,
            Err(problems) => problems,
        };
        let real = problems.iter().filter(|one| one.level > Level::Note);
        real.map(|one| format!("{}: {}", one.line, one.message))
            .collect()
    }

    const URL: &str = "url = \"https://a.b/${pid}\"";

    #[test]
    fn a_whole_call_is_read() {
        let keys = format!(
            "{URL}\nmethod = \"POST\"\nheaders = {{ Authorization = \"Bearer secret:crm\", X-App = \"onsight\" }}\nsend = {{ \"customer/id\" = \"${{pid}}\", n = \"1 + 1\" }}\ntake = {{ tier = \"/tier\", visits = \"visits\" }}\nas = {{ visits = \"integer 0..99\" }}\notherwise = {{ visits = \"0\" }}\ntimeout = 10\non_failure = \"stop\""
        );
        let survey = Survey::read(&text(&keys)).unwrap();
        let plan = Plan::of(survey.block("crm").unwrap()).unwrap();
        assert!(plan.is_post && plan.stops);
        assert_eq!(plan.secrets().collect::<Vec<_>>(), ["crm"]);
        assert_eq!(plan.patience, Duration::from_secs(10));
        assert_eq!(plan.takes[1].otherwise, Datum::Number(0.0));
        assert_eq!(plan.expressions().len(), 3);
    }

    /// Keys, the line that is told, and words of what is said.
    const WRONG: &[(&str, usize, &str)] = &[
        ("take = { a = \"/a\" }", 7, "`url` is missing here"),
        (
            "url = \"https://${pid}.b/\"",
            10,
            "the name of the machine stands fast",
        ),
        (
            "url = \"https://a.b/${nobody}\"",
            7,
            "nothing is called `nobody`",
        ),
        (
            "url = \"https://a.b/\"\nsend = { a = \"1\" }",
            11,
            "needs `method = \"POST\"`",
        ),
        (
            "url = \"https://a.b/\"\nmethod = \"PUT\"",
            11,
            "cannot be `PUT`",
        ),
        (
            "url = \"https://a.b/\"\ntimeout = 11",
            11,
            "1 to 10 seconds",
        ),
        (
            "url = \"https://a.b/\"\nheaders = { Host = \"b\" }",
            11,
            "set by the server itself",
        ),
        (
            "url = \"https://a.b/\"\nheaders = { \"a b\" = \"b\" }",
            11,
            "name of a header",
        ),
        (
            "url = \"https://a.b/\"\nheaders = { A = \"b\\nc\" }",
            11,
            "line breaks",
        ),
        (
            "url = \"https://a.b/\"\nheaders = { Authorization = \"Bearer x\" }",
            11,
            "enter it under Calls",
        ),
        (
            "url = \"https://a.b/\"\nheaders = { A = \"secret:a b\" }",
            11,
            "the name of a secret and no more",
        ),
        (
            "url = \"https://a.b/\"\nheaders = { A = 5 }",
            11,
            "needs text in quotes",
        ),
        (
            "url = \"https://a.b/\"\nmethod = \"POST\"\nsend = { a = \"1 +\" }",
            12,
            "`a`:",
        ),
        (
            "url = \"https://a.b/\"\nmethod = \"POST\"\nsend = { a = \"1\", \"a/b\" = \"2\" }",
            12,
            "one holds the other",
        ),
        (
            "url = \"https://a.b/\"\ntake = { \"a.b\" = \"/a\" }",
            11,
            "cannot be a name",
        ),
        (
            "url = \"https://a.b/\"\ntake = { a = \"..\" }",
            11,
            "like /customer/tier",
        ),
        (
            "url = \"https://a.b/\"\ntake = { a = \"/a\" }\nas = { a = \"date\" }",
            12,
            "cannot be `date`",
        ),
        (
            "url = \"https://a.b/\"\ntake = { a = \"/a\" }\nas = { b = \"text\" }",
            12,
            "not among `take`",
        ),
        (
            "url = \"https://a.b/\"\ntake = { a = \"/a\" }\nas = { a = \"integer\" }\notherwise = { a = \"x\" }",
            13,
            "`x` is no integer",
        ),
    ];

    #[test]
    fn what_is_wrong_is_said_with_its_line_and_what_to_write() {
        for (keys, line, words) in WRONG.iter().copied() {
            let found = said(keys);
            let is_it = |one: &String| one.starts_with(&format!("{line}: ")) && one.contains(words);
            assert!(found.iter().any(is_it), "{keys}: {found:?}");
        }
        assert!(said(URL).is_empty(), "{:?}", said(URL));
    }

    #[test]
    fn a_call_asks_before_its_page_is_shown_and_never_in_an_anonymous_survey() {
        let page = "[[page.ask]]\nid = \"plz\"\ntype = \"text\"\ntext = \"Postcode?\"\n";
        let call = "[[page.ask]]\nid = \"geo\"\ntype = \"call\"\nurl = \"https://a.b/${plz}\"\n";
        let head = "format = 1\nid = \"x\"\ntitle = \"X\"\n";
        let one = format!("{head}[[page]]\nid = \"p\"\n{page}{call}");
        let problems = Survey::read(&one).unwrap_err();
        assert!(
            problems[0].message.contains("is asked on the same page"),
            "{problems:?}"
        );
        let two = format!("{head}[[page]]\nid = \"p\"\n{page}[[page]]\nid = \"q\"\n{call}");
        assert!(Survey::read(&two).unwrap().is_publishable());
        let anonymous = two.replacen("format = 1\n", "format = 1\nanonymous = true\n", 1);
        let survey = Survey::read(&anonymous).unwrap();
        assert!(!survey.is_publishable());
    }
}
