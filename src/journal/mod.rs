//! What happened, written in the same transaction as the change itself, so
//! that nothing changes without a trace and no trace tells of nothing; and the
//! chain that binds the lines of all files together.

mod actor;
mod chain;
mod checkpoint;
mod entry;
mod notes;
mod run;
mod seal;
mod segment;
mod sql;
mod walk;

pub use actor::{Actor, Seen, Via};
pub use chain::{Chain, SYSTEM};
pub use checkpoint::{Checkpoint, Signer, all as checkpoints, append, is_signed};
pub use entry::{Entry, Outcome, Past};
pub use notes::Notes;
pub use run::Run;
pub use seal::{hex, holds, seal, sha256, unhex};
pub use segment::{
    Marks, Segment, Verified, from_json, read as read_segment, seal_before, to_json, verify_all,
};
pub use sql::{
    Link, as_link, carried, each_link, each_of, head, prune, record, segments, take_out,
};
pub use walk::{Broken, Fault, Walk};
