//! Surveys being answered: who answers, where they are on their way, what is kept.

mod answers;
mod beginning;
mod chance;
mod compiled;
mod entering;
mod exits;
mod keeping;
mod library;
mod scope;
mod sights;
mod sql;
pub mod token;
mod turns;
mod walk;

pub use answers::Answers;
pub use beginning::{Begun, New, begin};
pub use compiled::Compiled;
pub use entering::{Arrival, Entered, Refused, arrive, brought, enter, enter_preview};
pub use exits::{exit_to, hosts};
pub use keeping::{After, Case, Field, Sending, submit};
pub use library::{Error, Fieldwork, Link, LinkKind, State, Surveys};
pub use scope::Who;
pub use sights::{Heard, Stand};
pub use sql::{Respondent, by_token, forget_tests, set_lang};
pub use walk::{Past, Step, Walk, walk};
