//! Surveys being answered: who answers, where they are on their way, what is kept.

mod answers;
mod chance;
mod compiled;
mod scope;
mod sights;
mod turns;
mod walk;

pub use answers::Answers;
pub use compiled::Compiled;
pub use scope::Who;
pub use sights::{Heard, Stand};
pub use walk::{Past, Step, Walk, walk};
