//! The journal of a file, the chain in the system database, and its proofs.

mod columns;
mod proofs;
mod records;

pub use columns::Columns;
pub(super) use proofs::{add_checkpoint, checkpoints, hash_before, newest_checkpoint, old_links};
pub use proofs::{prune, segments, take_out};
pub use records::{Link, as_link, carried, each_link, each_of, head, record};
pub(super) use records::{after, link, set_carried};
