//! What is kept of a view, and what can go wrong with one.

use serde_json::{Value, json};

use crate::base::Time;
use crate::{id, journal, store, web};

id!(ViewId);

/// The word of an address that says which view it came from.
pub(in crate::apps::using) const VIEW: &str = "_view";
/// Letters of a name.
pub(in crate::apps::using) const NAME: usize = 60;
/// Bytes of the words that a view keeps.
const QUERY: usize = 4_000;
/// Views that one person keeps of one page.
const MOST: usize = 50;

/// Whose views are meant, and of which app.
#[derive(Clone, Debug)]
pub(in crate::apps::using) struct Desk {
    pub(in crate::apps::using) app: String,
    /// When the app was made.
    pub(in crate::apps::using) made: Time,
    /// The person's id; empty where somebody looks as somebody else, who has no views.
    pub(in crate::apps::using) person: String,
    /// They may edit the app: what they share is for everybody who may open it.
    pub(in crate::apps::using) may_share: bool,
}

/// A view that one person may open.
#[derive(Clone, Debug)]
pub(in crate::apps::using) struct View {
    pub(in crate::apps::using) id: ViewId,
    /// The id of its page.
    pub(in crate::apps::using) page: String,
    pub(in crate::apps::using) name: String,
    /// The words of the address, as `a=1&b=2`; see [`Words::keep`](super::Words::keep).
    pub(in crate::apps::using) query: String,
    pub(in crate::apps::using) is_own: bool,
    pub(in crate::apps::using) is_shared: bool,
    /// Its page opens with it, for this person.
    pub(in crate::apps::using) is_first: bool,
}

impl View {
    /// What is shared is looked after by those who may edit the app.
    pub(in crate::apps::using) fn may_change(&self, desk: &Desk) -> bool {
        if self.is_shared {
            desk.may_share
        } else {
            self.is_own
        }
    }

    /// What a record says of it: no word of it, since a value may be a row's.
    pub(super) fn told(&self) -> Value {
        let text = format!("{}\0{}", self.name, self.query);
        json!({
            "page": self.page,
            "shared": self.is_shared,
            "sha256": journal::hex(&journal::sha256(text.as_bytes())),
        })
    }
}

/// What a view is called, and for whom it is.
#[derive(Clone, Debug)]
pub(in crate::apps::using) struct Change {
    pub(super) name: String,
    pub(super) is_shared: bool,
}

impl Change {
    pub(in crate::apps::using) fn parse(name: &str, is_shared: bool) -> Result<Change, Error> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_fine =
            (1..=NAME).contains(&name.chars().count()) && !name.contains(char::is_control);
        if !is_fine {
            return Err(Error::BadName);
        }
        Ok(Change { name, is_shared })
    }
}

/// A view to be.
#[derive(Clone, Debug)]
pub(in crate::apps::using) struct New {
    pub(in crate::apps::using) page: String,
    pub(in crate::apps::using) query: String,
    pub(in crate::apps::using) called: Change,
    /// Its page opens with it from now on, for whoever keeps it.
    pub(in crate::apps::using) is_first: bool,
}

/// Refuses what is more than a view holds, and one more than a person may keep of a page.
pub(super) fn fits(query: &str) -> Result<(), Error> {
    if query.len() > QUERY {
        return Err(Error::Long);
    }
    Ok(())
}

pub(super) fn has_room(all: &[View], page: &str) -> Result<(), Error> {
    let own = all.iter().filter(|view| view.is_own && view.page == page);
    if own.count() >= MOST {
        return Err(Error::Many);
    }
    Ok(())
}

#[derive(Debug, thiserror::Error)]
pub(in crate::apps::using) enum Error {
    #[error("there is no such view")]
    Missing,
    #[error("only those who may edit this app share its views or change a shared one")]
    NotYours,
    #[error("give the view a name of 1 to {NAME} characters")]
    BadName,
    #[error("you have a view of that name on this page; choose another name, or change that one")]
    Taken,
    #[error("you keep {MOST} views of this page; delete one first")]
    Many,
    #[error("the address says more than a view can hold; take some of its filters away")]
    Long,
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// Can whoever sent the form put it right in the field of the name?
    pub(in crate::apps::using) fn is_about_name(&self) -> bool {
        matches!(self, Error::BadName | Error::Taken)
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::Missing => web::Error::NotFound,
            Error::NotYours => web::Error::Forbidden,
            Error::BadName | Error::Taken | Error::Many | Error::Long => {
                web::Error::Invalid(error.to_string())
            }
        }
    }
}
