//! How long answers are kept, how one respondent's are erased, and what stays
//! when their persons are forgotten.

mod actions;
mod erasures;
mod finding;
mod model;
mod noting;
mod removing;
mod rounds;
mod rule;
mod sql;
mod watch;

pub use actions::{erase, erase_again, hold, release};
pub use erasures::{Erasure, ErasureId, erasures};
pub use finding::{Found, Match, Way, find};
pub use model::{Counted, Done, Error, Hold, Of, Standing, standing};
pub use rounds::round;
pub use rule::{Coming, Plan, plan};
pub use watch::watch;
