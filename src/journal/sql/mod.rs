//! The journal of a file, the chain in the system database, and its proofs.

mod packed;
mod proofs;
mod records;
#[cfg(test)]
mod tests;

pub(super) use packed::{Glance, pack, unpack};
pub(super) use proofs::{add_checkpoint, checkpoints, hash_before, newest_checkpoint, old_links};
pub use proofs::{prune, segments, take_out};
pub(super) use records::{Adding, Carried, after, set_carried};
pub use records::{Link, as_link, carried, each_link, each_of, head, record};
