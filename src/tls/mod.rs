//! The certificates the site is served under: made here under a local root, or
//! given as files; looked at again while the site runs.

mod authority;
mod names;
mod serving;

pub use names::host_names;
pub use serving::{Certificates, Error, Shown};
