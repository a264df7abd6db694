//! How the instance stands: certificate, fingerprint, version; and the root
//! that browsers may trust.

mod pages;

pub use pages::routes;
