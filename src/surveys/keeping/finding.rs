//! A respondent found again, by what somebody knows of them. What was typed is
//! compared and kept nowhere.

use std::collections::BTreeSet;

use super::model::{Error, Of, Telling};
use super::sql;
use crate::base::Time;
use crate::site::Site;
use crate::store::{self, Connection};
use crate::surveys::personal::Vault;
use crate::surveys::running::token;

/// More are not shown: whoever means so many does not mean one person.
const MOST: usize = 100;
/// What programs call the address somebody is written to at.
const ADDRESS: &str = "email";

/// By what somebody is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// The number that files and pages have.
    Number(i64),
    /// The hash of the token in the address of their answers.
    Token(Vec<u8>),
    /// A value that came with them, or that they gave to a personal question;
    /// under that name, or under any.
    Value(Option<String>, String),
}

/// Who was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub respondents: Vec<Match>,
    /// Links made for one person that nobody came by: id and when it was made.
    pub links: Vec<(String, Time)>,
}

/// A respondent, and how much there is of them. Nothing here says who it is.
#[derive(Clone, Debug)]
pub struct Match {
    pub id: i64,
    pub is_test: bool,
    /// Its name; none for who is on the way.
    pub outcome: Option<String>,
    pub started: Time,
    pub seen: Time,
    pub answers: u64,
    pub entries: u64,
    pub pages: u64,
    /// The link they came by, where it was made for them alone.
    pub link: String,
}

impl Way {
    /// What a program writes: a number, a token, or `name=value`.
    pub fn of_program(text: &str) -> Option<Way> {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().ok().map(Way::Number);
        }
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() && !value.trim().is_empty() => {
                Some(Way::Value(Some(name.to_owned()), value.trim().to_owned()))
            }
            Some(_) => None,
            None => Way::address(text),
        }
    }

    /// What a person types: an address, or a value.
    pub fn of_person(text: &str) -> Option<Way> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        Way::address(text).or_else(|| Some(Way::Value(None, text.to_owned())))
    }

    fn address(text: &str) -> Option<Way> {
        let text = text.split(['?', '#']).next().unwrap_or_default();
        let text = text.trim_end_matches('/');
        let text = text.strip_suffix("/withdraw").unwrap_or(text);
        let last = text.rsplit('/').next().unwrap_or_default();
        token::is_one(last).then(|| Way::Token(token::hash(last)))
    }
}

/// Finds respondents of a survey, and links made for one person.
pub async fn find(site: &Site, of: &Of, way: Way) -> Result<Found, Error> {
    let (place, known) = (of.clone(), way.clone());
    let looked = site.system.read(move |conn| {
        let telling = Telling::of(conn, &place)?;
        let links = match &known {
            Way::Value(name, value) => {
                sql::own_links(conn, &place, (name.as_deref(), value.as_str()))?
            }
            Way::Number(_) | Way::Token(_) => Vec::new(),
        };
        Ok::<_, store::Error>((telling, links, sql::links_of_one(conn, &place)?))
    });
    let (telling, links, all) = looked.await?;
    if !site.files.is_there(&of.file())? {
        return Ok(Found {
            respondents: Vec::new(),
            links,
        });
    }
    let db = site.files.open(&of.file())?;
    let vault = Vault::of(site, &of.file())?;
    let found = db.read(move |conn| found(conn, &way, (telling, links, all), &vault));
    Ok(found.await?)
}

type Known = (Telling, Vec<(String, Time)>, BTreeSet<String>);

fn found(
    conn: &Connection,
    way: &Way,
    (telling, mut links, all): Known,
    vault: &Vault,
) -> Result<Found, store::Error> {
    let mut ids = BTreeSet::new();
    match way {
        Way::Number(id) => {
            ids.insert(*id);
        }
        Way::Token(hash) => ids.extend(sql::by_token(conn, hash)?),
        Way::Value(name, value) => {
            let name = name.as_deref();
            if name.is_none_or(|name| name == ADDRESS) {
                let written = sql::by_address(conn, value)?.into_iter();
                let is_new = |known: &[(String, Time)], link: &str| {
                    !known.iter().any(|(one, _)| one == link)
                };
                for (link, made) in written {
                    if is_new(&links, &link) {
                        links.push((link, made));
                    }
                }
            }
            ids.extend(sql::by_entry(conn, (name, value), vault)?);
            ids.extend(sql::by_answer(conn, &telling, (name, value), vault)?);
            for (link, _) in &links {
                ids.extend(sql::by_link(conn, link)?);
            }
        }
    }
    let mut respondents = Vec::new();
    for id in ids.into_iter().take(MOST) {
        respondents.extend(sql::matched(conn, id)?);
    }
    for one in &mut respondents {
        if !all.contains(&one.link) {
            one.link.clear();
        }
        // It goes with them.
        links.retain(|(link, _)| *link != one.link);
    }
    links.truncate(MOST);
    Ok(Found { respondents, links })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_says_which_of_three_it_means() {
        let token = token::fresh().unwrap();
        let named =
            |name: &str, value: &str| Some(Way::Value(Some(name.to_owned()), value.to_owned()));

        assert_eq!(Way::of_program("17"), Some(Way::Number(17)));
        assert_eq!(Way::of_program("pid=17"), named("pid", "17"));
        assert_eq!(Way::of_program("q=a=b"), named("q", "a=b"));
        let by_token = Some(Way::Token(token::hash(&token)));
        assert_eq!(Way::of_program(&token), by_token);
        for nobody in [
            "",
            "=",
            "pid=",
            "=x",
            "pid= ",
            "ada",
            "99999999999999999999",
        ] {
            assert_eq!(Way::of_program(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn a_person_pastes_the_whole_address_or_types_a_value() {
        let token = token::fresh().unwrap();
        let by_token = Some(Way::Token(token::hash(&token)));

        for text in [
            token.clone(),
            format!("https://survey.example/s/brands/r/{token}"),
            format!(" https://survey.example/s/brands/r/{token}/withdraw?lang=de "),
        ] {
            assert_eq!(Way::of_person(&text), by_token, "{text}");
        }
        let value = Some(Way::Value(None, "ada@example.org".to_owned()));
        assert_eq!(Way::of_person(" ada@example.org "), value);
        assert_eq!(
            Way::of_person("17"),
            Some(Way::Value(None, "17".to_owned()))
        );
        assert_eq!(Way::of_person("  "), None);
    }
}
