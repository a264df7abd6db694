//! The tables of calls: secrets and authorities in the accounts database, counts beside the
//! answers.

mod counts;
mod secrets;

pub(in crate::surveys) use counts::{Tally, count, tallies};
pub(in crate::surveys) use secrets::{
    Kept, authority, forget_secret, keep_secret, sealed, secret_names, secrets, set_authority,
};
