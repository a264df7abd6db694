//! What beside a password shows who somebody is: codes of an app, recovery
//! codes, passkeys.

mod model;
mod passkeys;
mod totp;

pub(super) use model::{Holds, PasskeyShown, Rules, SignIn};
pub(super) use passkeys::{Ceremony, host, relying_party};
pub(super) use totp::Seed;
