//! The certificates the site is served under: made here under a local root, or
//! given as files; looked at again while the site runs. And those that callers
//! have to show.

mod authority;
mod handshakes;
mod names;
mod serving;
mod strict;

pub use handshakes::Handshakes;
pub use names::host_names;
pub use serving::{Certificates, Error, Shown};
pub use strict::{Strict, Strictness};
