//! A webhook of a survey, what it can be told, and what became of a message.

use crate::base::Time;
use crate::egress::{Egress, Host, Trust};
use crate::id;
use crate::surveys::format::Outcome;
use crate::surveys::keeping::Of;
use crate::web::{Faults, Fields};

use super::sealing::Sealed;

id!(HookId);
id!(MessageId);

/// Something an address can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It ended for a respondent, in that way.
    Ended(Outcome),
    Erased,
    Published,
    Closed,
    Reopened,
}

impl Event {
    pub const ALL: [Event; 11] = [
        Event::Ended(Outcome::Complete),
        Event::Ended(Outcome::Screenout),
        Event::Ended(Outcome::QuotaFull),
        Event::Ended(Outcome::Quality),
        Event::Ended(Outcome::Closed),
        Event::Ended(Outcome::Duplicate),
        Event::Ended(Outcome::Invalid),
        Event::Erased,
        Event::Published,
        Event::Closed,
        Event::Reopened,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Event::Ended(Outcome::Complete) => "response.complete",
            Event::Ended(Outcome::Screenout) => "response.screenout",
            Event::Ended(Outcome::QuotaFull) => "response.quotafull",
            Event::Ended(Outcome::Quality) => "response.quality",
            Event::Ended(Outcome::Closed) => "response.closed",
            Event::Ended(Outcome::Duplicate) => "response.duplicate",
            Event::Ended(Outcome::Invalid) => "response.invalid",
            Event::Erased => "response.erased",
            Event::Published => "survey.published",
            Event::Closed => "survey.closed",
            Event::Reopened => "survey.reopened",
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Event::Ended(Outcome::Complete) => "somebody completed",
            Event::Ended(Outcome::Screenout) => "somebody was screened out",
            Event::Ended(Outcome::QuotaFull) => "somebody met a quota that was full",
            Event::Ended(Outcome::Quality) => "a way out for bad quality was taken",
            Event::Ended(Outcome::Closed) => "a way out said closed",
            Event::Ended(Outcome::Duplicate) => "a way out said duplicate",
            Event::Ended(Outcome::Invalid) => "a way out said invalid",
            Event::Erased => "somebody withdrew or was erased",
            Event::Published => "a version was published",
            Event::Closed => "the survey was closed",
            Event::Reopened => "the survey was opened again",
        }
    }

    pub fn named(name: &str) -> Option<Event> {
        Event::ALL.into_iter().find(|event| event.name() == name)
    }
}

/// An address that is told.
#[derive(Clone, Debug)]
pub struct Hook {
    pub of: Of,
    pub id: HookId,
    pub name: String,
    pub address: String,
    pub events: Vec<Event>,
    /// Answers are in its messages, but never personal ones.
    pub has_answers: bool,
    pub is_on: bool,
    /// Why it was turned off by itself; empty: it was not.
    pub why: String,
    /// The authority of its server, as PEM; empty: those this machine trusts.
    pub ca: String,
    pub sealed: Sealed,
    pub made: Time,
    pub by: String,
}

impl Hook {
    /// As lists and the audit trail may show it: the path of an address often has a secret.
    pub fn shown(&self) -> String {
        shown(&self.address)
    }

    pub fn wants(&self, event: Event) -> bool {
        self.events.contains(&event)
    }
}

/// The machine of an address, without the path.
pub(super) fn shown(address: &str) -> String {
    match Egress::place(address) {
        Ok((host, 443)) => format!("https://{host}"),
        Ok((host, port)) => format!("https://{host}:{port}"),
        Err(_) => String::new(),
    }
}

/// What is kept in memory of a webhook that is on, for whoever writes messages.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub hook: String,
    pub events: Vec<Event>,
}

impl Wanted {
    /// As the database hands them over: pairs of an id and names of events, as JSON.
    pub fn read(json: &str) -> Vec<Wanted> {
        let pairs: Vec<(String, Vec<String>)> = serde_json::from_str(json).unwrap_or_default();
        let wanted = pairs.into_iter().map(|(hook, names)| Wanted {
            hook,
            events: { names.iter() }
                .filter_map(|name| Event::named(name))
                .collect(),
        });
        wanted.collect()
    }
}

/// A webhook as its form says it.
#[derive(Clone, Debug)]
pub struct NewHook {
    pub name: String,
    pub address: String,
    pub events: Vec<Event>,
    pub has_answers: bool,
    pub is_on: bool,
    pub ca: String,
}

/// Letters of a name, and of an address.
const NAME: usize = 60;
const ADDRESS: usize = 1_000;

impl NewHook {
    pub fn parse(fields: &Fields) -> Result<NewHook, Faults> {
        let word = |name: &str| fields.get(name).map(str::trim).unwrap_or_default();
        let mut faults = Faults::default();
        let new = NewHook {
            name: word("name").to_owned(),
            address: word("address").to_owned(),
            events: fields.all("event").filter_map(Event::named).collect(),
            has_answers: fields.get("answers").is_some(),
            is_on: fields.get("on").is_some(),
            ca: word("ca").to_owned(),
        };
        if new.name.is_empty() || new.name.chars().count() > NAME {
            faults.add(
                "name",
                format!("write a name of 1 to {NAME} characters, such as the program that listens"),
            );
        }
        if let Some(why) = address_fault(&new.address) {
            faults.add("address", why);
        }
        if new.events.is_empty() {
            faults.add("events", "choose at least one event");
        }
        if let Err(error) = Trust::new(&new.ca) {
            faults.add("ca", error.to_string());
        }
        if faults.is_empty() {
            Ok(new)
        } else {
            Err(faults)
        }
    }
}

fn address_fault(address: &str) -> Option<String> {
    if address.chars().count() > ADDRESS {
        return Some(format!("an address has at most {ADDRESS} characters"));
    }
    match Egress::place(address) {
        Err(_) => Some(
            "write an address that begins with https:// and names a machine, without a user"
                .to_owned(),
        ),
        Ok((host, _)) => Host::parse(&host).err().map(|error| error.to_string()),
    }
}

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    Waiting,
    Sent,
    GivenUp,
    Stopped,
}

impl MessageState {
    /// The database holds one of them.
    pub fn named(name: &str) -> MessageState {
        match name {
            "waiting" => MessageState::Waiting,
            "sent" => MessageState::Sent,
            "stopped" => MessageState::Stopped,
            _ => MessageState::GivenUp,
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            MessageState::Waiting => "waiting",
            MessageState::Sent => "taken",
            MessageState::GivenUp => "given up",
            MessageState::Stopped => "stopped",
        }
    }

    pub fn badge(self) -> &'static str {
        match self {
            MessageState::Waiting => " info",
            MessageState::Sent => " good",
            MessageState::GivenUp => " bad",
            MessageState::Stopped => " warn",
        }
    }
}

/// A message, and what became of it.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: MessageId,
    pub hook: HookId,
    pub event: String,
    /// What is said besides, as JSON.
    pub detail: String,
    pub state: MessageState,
    pub tries: i64,
    /// When it happened.
    pub at: Time,
    /// When it was tried first, or sent again by hand.
    pub since: Time,
    pub next: Time,
    pub ended: Option<Time>,
    pub fault: String,
}

impl Message {
    /// Can somebody send it once more? Of an erased respondent nothing is left to say.
    pub fn can_go_again(&self) -> bool {
        match self.state {
            MessageState::Waiting => false,
            MessageState::Sent => self.event != Event::Erased.name(),
            MessageState::GivenUp | MessageState::Stopped => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_a_name_of_its_own_and_every_outcome_one() {
        for event in Event::ALL {
            assert_eq!(Event::named(event.name()), Some(event));
        }
        for outcome in Outcome::ALL {
            let event = Event::Ended(outcome);
            assert!(Event::ALL.contains(&event));
            assert_eq!(event.name(), format!("response.{}", outcome.name()));
        }
    }

    #[test]
    fn a_form_is_a_webhook_or_says_what_is_wrong() {
        let form = |address: &str| {
            let fields = Fields::default()
                .with("name", Some(" Warehouse "))
                .with("address", Some(address));
            NewHook::parse(&fields.with("event", Some("response.complete")))
        };
        let new = form("https://hooks.corp:8443/in?x=1").unwrap();
        assert_eq!((&*new.name, new.has_answers), ("Warehouse", false));
        assert_eq!(shown(&new.address), "https://hooks.corp:8443");
        for wrong in [
            "",
            "http://hooks.corp/",
            "https://user:word@hooks.corp/",
            "https://127.1/",
            "https://0x7f000001/",
            "hooks.corp",
            "https://hooks.corp/#x",
        ] {
            assert!(form(wrong).unwrap_err().at("address").is_some(), "{wrong}");
        }
        let nothing = NewHook::parse(&Fields::default()).unwrap_err();
        for field in ["name", "address", "events"] {
            assert!(nothing.at(field).is_some(), "{field}");
        }
    }
}
