//! What may be typed into fields whose text has a form of its own.

use crate::surveys::format::{Retention, exit_fault};

pub(super) fn retention(text: &str) -> Result<(), String> {
    Retention::parse(text).map(|_| ())
}

pub(super) fn langs(text: &str) -> Result<(), String> {
    let is_lang = |lang: &str| {
        (2..=20).contains(&lang.len())
            && lang
                .bytes()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
    };
    match text
        .lines()
        .map(str::trim)
        .find(|lang| !lang.is_empty() && !is_lang(lang))
    {
        Some(lang) => Err(format!(
            "`{lang}` is no language; write it like en or pt-BR"
        )),
        None => Ok(()),
    }
}

pub(super) fn origin(text: &str) -> Result<(), String> {
    let is_site = |site: &str| {
        let rest = site.strip_prefix("https://");
        exit_fault(site).is_none() && rest.is_some_and(|rest| !rest.contains(['/', '?', '#']))
    };
    match text
        .lines()
        .map(str::trim)
        .find(|site| !site.is_empty() && !is_site(site))
    {
        Some(site) => Err(format!(
            "write `{site}` like https://site.example, with nothing behind the name of the machine"
        )),
        None => Ok(()),
    }
}

pub(super) fn exit(text: &str) -> Result<(), String> {
    exit_fault(text).map_or(Ok(()), |fault| Err(fault.to_owned()))
}

pub(super) fn code(text: &str) -> Result<(), String> {
    let is_code = |code: &i64| (-1_000_000_000..=1_000_000_000).contains(code);
    match text.trim().parse::<i64>().ok().filter(is_code) {
        Some(_) => Ok(()),
        None => Err("a code is a whole number of at most nine digits".to_owned()),
    }
}
