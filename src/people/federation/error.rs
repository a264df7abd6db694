//! What can go wrong when somebody else vouches for a person.

use super::model::LONGEST_NAME;
use crate::people::model;
use crate::{egress, store, web};

#[derive(Debug, thiserror::Error)]
pub(in crate::people) enum Error {
    #[error("another sign-in method has that name")]
    NameTaken,
    #[error("write a name of at most {LONGEST_NAME} characters")]
    BadName,
    #[error("the sealed secret does not fit its destination any more; enter it again")]
    SecretGone,
    #[error(
        "this server does not know its own address: whoever runs it writes `[site] url = \"https://…\"` into its configuration file"
    )]
    NoUrl,
    #[error(
        "this sign-in was begun in another window, too long ago, or was finished already; begin again"
    )]
    Stale,
    /// What the provider did that it should not have.
    #[error("{0}")]
    Provider(String),
    #[error("{0}")]
    Directory(String),
    #[error(
        "{0} does not say your e-mail address, or does not say that it is verified; ask an operator of this server"
    )]
    NoEmail(String),
    #[error(
        "there is an account with your e-mail address, and it is not joined with {0}; sign in with its password, or ask an operator"
    )]
    Apart(String),
    #[error("you have no account here, and {0} does not make one; ask an admin to invite you")]
    Stranger(String),
    #[error(
        "your account has no place in any workspace; ask an operator which of your groups should have one"
    )]
    NoPlace,
    #[error("your account here is disabled; ask an admin of your workspace")]
    Shut,
    #[error("your account is disabled in {0}; ask whoever looks after it")]
    ShutThere(String),
    #[error(transparent)]
    Egress(#[from] egress::Error),
    #[error(transparent)]
    People(#[from] model::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// The person who signs in can read it; the rest is for the log.
    pub(in crate::people) fn is_for_people(&self) -> bool {
        !matches!(
            self,
            Error::Store(_) | Error::People(model::Error::Store(_))
        )
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::People(error) => error.into(),
            other => web::Error::Invalid(other.to_string()),
        }
    }
}
