//! Files sealed as `age` seals them (age-encryption.org/v1, X25519 recipients),
//! on the cryptography that is in the binary anyway: the `age` program opens
//! them, and what it seals opens here.

mod header;
mod keys;
mod stream;
#[cfg(test)]
mod tests;

pub use keys::{Identity, Recipient};
pub(super) use stream::{Opener, Sealer};

/// Why something sealed cannot be opened, or made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("that is no public key of age: it begins with age1 and has 62 letters and digits")]
    BadRecipient,
    #[error("there is no age identity in it: a line that begins with AGE-SECRET-KEY-1")]
    BadIdentity,
    #[error("it is no file sealed by age")]
    NotAge,
    #[error("none of the identities given opens it")]
    NotForUs,
    #[error("it is damaged, or cut short")]
    Damaged,
    #[error("the machine gives no random numbers")]
    NoRandomness,
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<Error> for std::io::Error {
    fn from(error: Error) -> std::io::Error {
        match error {
            Error::Io(error) => error,
            other => std::io::Error::new(std::io::ErrorKind::InvalidData, other),
        }
    }
}
