//! Suppliers of respondents: how each signs its links, what it calls an outcome, and
//! where respondents go back to. To add one: a file here, and its name in the list below.

mod address;
mod kind;
mod known;
mod reason;
mod signing;

use crate::kinds;

pub use address::{Came, with};
pub use kind::{Parameter, Signature, Supplier, Way, of};
pub use known::{Agreed, Known, Sealed, seal};
pub use reason::Reason;

kinds! {
    pub dyn Supplier: hmac_sha256, lucid, cint, dynata, prodege, purespectrum, prolific
}
