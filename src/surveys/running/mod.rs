//! Surveys being answered: who answers, where they are on their way, what is kept.

mod admission;
mod answers;
mod apart;
mod arriving;
mod beginning;
mod chance;
mod compiled;
mod entering;
mod exits;
mod keeping;
mod library;
mod places;
mod queries;
mod scope;
mod sights;
mod sql;
mod telling;
pub mod token;
mod turns;
mod walk;

pub use admission::{Admission, ComeBack};
pub use answers::Answers;
pub use arriving::{Arrival, At, Refused, arrive, bring_preview};
pub use beginning::{Begun, Brought, New, Once, Value, begin};
pub use compiled::Compiled;
pub use entering::{Entered, enter, enter_preview};
pub use exits::{Exits, exit_to, hosts};
pub use keeping::{After, Case, Field, Sending, submit};
pub use library::{Error, Fieldwork, Link, LinkKind, State, Surveys};
pub use queries::brought;
pub use scope::Who;
pub use sights::{Heard, Stand};
pub use sql::{Respondent, by_token, forget_tests, set_lang};
pub use telling::{given_up, tell, try_again, watch};
pub use walk::{Past, Step, Walk, walk};
