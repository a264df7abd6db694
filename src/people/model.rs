//! What a person is, and which words may be a password.

use super::breached::is_common;
use crate::base::{Agent, Secret, Time};
use crate::web::{Faults, Role, UserId};
use crate::{store, web};

/// Shortest password when it is the only factor, and when it never is
/// (NIST SP 800-63B-4, 3.1.1.2).
const SHORTEST: usize = 15;
const SHORTEST_BESIDE_FACTOR: usize = 8;
const LONGEST: usize = 256;

/// The name people sign in with, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    pub fn parse(text: &str) -> Result<Email, Error> {
        let email = text.trim().to_lowercase();
        let is_fine = email.len() <= 254
            && !email.contains(|c: char| c.is_whitespace() || c.is_control())
            && email
                .split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        if is_fine {
            Ok(Email(email))
        } else {
            Err(Error::BadEmail)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Words that may be a password. The only way to one is through [`Password::choose`].
#[derive(Clone, Debug)]
pub struct Password(pub(super) Secret);

impl Password {
    fn shortest(beside_factor: bool) -> usize {
        if beside_factor {
            SHORTEST_BESIDE_FACTOR
        } else {
            SHORTEST
        }
    }

    /// What stands under the field where one is chosen.
    pub(super) fn help(beside_factor: bool) -> String {
        let shortest = Password::shortest(beside_factor);
        format!("At least {shortest} characters; four words in a row are easy to remember")
    }

    /// Long enough, not made of one's own name, not one thing over and over.
    /// It may be shorter where a second factor is always asked for as well.
    pub fn choose(
        words: &Secret,
        email: &str,
        name: &str,
        beside_factor: bool,
    ) -> Result<Password, Error> {
        let text = words.reveal();
        let length = text.chars().count();
        let shortest = Password::shortest(beside_factor);
        if length < shortest {
            return Err(Error::Short(shortest, length));
        }
        if length > LONGEST {
            return Err(Error::Long);
        }
        let lower = text.to_lowercase();
        let own = [
            email,
            email.split('@').next().unwrap_or(""),
            name,
            "onsight",
        ];
        let rest = own
            .iter()
            .map(|word| word.to_lowercase())
            .filter(|word| word.chars().count() >= 4)
            .fold(lower, |rest, word| rest.replace(&word, ""));
        let different: std::collections::HashSet<char> = rest.chars().collect();
        if different.len() < 5 || is_run(&rest) {
            return Err(Error::Guessable);
        }
        if is_common(text) {
            return Err(Error::Common);
        }
        Ok(Password(words.clone()))
    }
}

/// `abcdefgh`, `12345678`: each letter one after the last.
fn is_run(text: &str) -> bool {
    let letters: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = letters.windows(2);
    let regular = steps.filter(|pair| pair[1].abs_diff(pair[0]) <= 1).count();
    letters.len() > 4 && regular * 4 >= (letters.len() - 1) * 3
}

/// Somebody to be added, with the words of whoever adds them checked.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub email: Email,
    pub name: String,
    pub role: Role,
    pub operator: bool,
}

impl NewUser {
    /// Faults stand at `email` and `name`.
    pub fn parse(email: &str, name: &str, role: Role) -> Result<NewUser, Faults> {
        let name = name.trim();
        let mut faults = Faults::default();
        let email = Email::parse(email).map_err(|error| faults.add("email", error.to_string()));
        if name.is_empty() || name.chars().count() > 120 {
            faults.add("name", "write a name of at most 120 characters");
        }
        match email {
            Ok(email) if faults.is_empty() => Ok(NewUser {
                email,
                name: name.to_owned(),
                role,
                operator: false,
            }),
            _ => Err(faults),
        }
    }
}

/// A line of the list of members.
#[derive(Clone, Debug)]
pub struct Member {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub operator: bool,
    pub disabled: Option<Time>,
    /// The invitation was taken up.
    pub joined: bool,
    pub seen: Option<Time>,
}

/// One of a person's open sessions.
#[derive(Clone, Debug)]
pub(super) struct OpenSession {
    /// The hash in hexadecimal: names the session, opens nothing.
    pub id: String,
    pub created: Time,
    pub seen: Time,
    pub address: String,
    pub agent: String,
    /// How its owner came in: `password+app`.
    pub method: String,
    pub is_this: bool,
}

impl OpenSession {
    pub(super) fn device(&self) -> Agent {
        Agent::read(&self.agent)
    }
}

/// What can go wrong with people, in the words of people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("write an e-mail address, such as ada@example.org")]
    BadEmail,
    #[error("somebody with that e-mail address is here already")]
    EmailTaken,
    #[error("use at least {0} characters; this has {1}. Four words in a row are easy to remember")]
    Short(usize, usize),
    #[error("use at most {LONGEST} characters")]
    Long,
    #[error("this is easy to guess; use words that have nothing to do with you or each other")]
    Guessable,
    #[error("this is among the passwords that everybody tries first; use words of your own")]
    Common,
    #[error("the code is wrong, too old or was used before; wait for the next one")]
    WrongFactor,
    #[error("that took too long; sign in again")]
    HalfOver,
    #[error(
        "your own second factors, an operator's, and those of somebody who is in other workspaces too, are not reset here: remove your own on your account, or use onsight user forget-factors on the server"
    )]
    NotYours,
    #[error("there is an authenticator app already; remove it first")]
    HasApp,
    #[error("this passkey is known here already")]
    HasPasskey,
    #[error("the passkey was refused; try again, or use another way")]
    WrongPasskey,
    #[error("the e-mail address or the password is wrong")]
    Unknown,
    #[error("too many tries; wait {0} seconds and try again")]
    Throttled(i64),
    #[error("this link was used or is too old; ask for a new one")]
    StaleLink,
    #[error(
        "the set-up code is wrong or older than 30 minutes; get a new one with: onsight setup-code"
    )]
    WrongCode,
    #[error("Onsight is set up already; sign in")]
    SetUp,
    #[error("this is the last admin; make somebody else an admin first")]
    LastAdmin,
    #[error("this is the last operator; make somebody else an operator first")]
    LastOperator,
    #[error("a visitor does not make a member of themselves; the workspace's own admins can")]
    Visitor,
    #[error("no workspace is open to you at the moment; ask an admin to let you in")]
    NoWorkspace,
    #[error(
        "this person belongs to other workspaces too, or runs the server: they change their password \
         themselves, or get a link from the console with: onsight user link"
    )]
    PasswordNotYours,
    #[error("there is nobody with that e-mail address")]
    Nobody,
    /// Somebody else vouched for them, and they have no place here.
    #[error("{0}")]
    Elsewhere(String),
    #[error("name the group in letters, digits, spaces, - and _, at most 60 characters")]
    BadGroup,
    #[error("there is a group of that name already")]
    GroupTaken,
    /// Holds the titles of the apps.
    #[error(
        "this group is still needed: these apps are shared with it: {0}; take it off their sharing pages first"
    )]
    GroupInUse(String),
    #[error("nobody in this workspace has that e-mail address; invite them first")]
    NoMember,
    #[error("the password could not be checked")]
    Hashing,
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::Throttled(seconds) => web::Error::TooMany(seconds),
            Error::Nobody => web::Error::NotFound,
            Error::Hashing => web::Error::broken(error),
            Error::LastAdmin
            | Error::LastOperator
            | Error::SetUp
            | Error::PasswordNotYours
            | Error::Visitor
            | Error::HasApp
            | Error::HasPasskey
            | Error::GroupInUse(_) => web::Error::Conflict(error.to_string()),
            Error::BadEmail
            | Error::EmailTaken
            | Error::Short(..)
            | Error::Common
            | Error::WrongFactor
            | Error::HalfOver
            | Error::NotYours
            | Error::WrongPasskey
            | Error::Long
            | Error::Guessable
            | Error::BadGroup
            | Error::GroupTaken
            | Error::NoMember
            | Error::Unknown
            | Error::NoWorkspace
            | Error::StaleLink
            | Error::Elsewhere(_)
            | Error::WrongCode => web::Error::Invalid(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(words: &str) -> Result<Password, String> {
        let words = Secret::from(words.to_owned());
        Password::choose(&words, "ada@example.org", "Ada Lovelace", false)
            .map_err(|e| e.to_string())
    }

    #[test]
    fn beside_a_second_factor_eight_characters_do_and_known_ones_never() {
        let choose = |words: &str| {
            let words = Secret::from(words.to_owned());
            Password::choose(&words, "ada@example.org", "Ada", true).map_err(|e| e.to_string())
        };
        assert!(choose("kö7-moor").is_ok());
        assert!(choose("kö7-moo").unwrap_err().contains("at least 8"));
        assert!(choose("football").unwrap_err().contains("everybody"));
        assert!(choose("dragonballz99").unwrap_err().contains("everybody"));
    }

    #[test]
    fn a_password_is_long_and_not_made_of_ones_own_name() {
        assert!(choose("correct horse battery").is_ok());
        assert!(choose("short").unwrap_err().contains("at least 15"));
        assert!(
            choose("ada lovelace ada lovelace")
                .unwrap_err()
                .contains("guess")
        );
        assert!(
            choose("aaaaaaaaaaaaaaaaaaaa")
                .unwrap_err()
                .contains("guess")
        );
        assert!(
            choose("abcdefghijklmnopqrst")
                .unwrap_err()
                .contains("guess")
        );
    }

    #[test]
    fn an_address_has_a_name_and_a_host() {
        assert_eq!(
            Email::parse(" Ada@Example.org ").unwrap().as_str(),
            "ada@example.org"
        );
        for wrong in ["ada", "@example.org", "ada@", "a da@example.org"] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }
}
