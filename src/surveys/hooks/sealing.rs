//! What messages are signed with: made here, shown once, and sealed where it lies.

use aws_lc_rs::rand;
use data_encoding::BASE64;

use super::model::{Hook, HookId};
use crate::base::{Secret, Time};
use crate::site::Site;
use crate::store::{Error, Key};
use crate::surveys::keeping::Of;

/// What stands before a secret, so that people know what it is.
pub(super) const PREFIX: &str = "whsec_";

/// A secret and the one before it, as they lie in the database.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub now: Vec<u8>,
    /// Until when the one before signs as well.
    pub before: Option<(Vec<u8>, Time)>,
}

/// A new secret of 256 bits.
pub(in crate::surveys) fn fresh() -> Result<Secret, Error> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_unspecified| Error::NoRandomness)?;
    Ok(Secret::from(format!("{PREFIX}{}", BASE64.encode(&bytes))))
}

/// What secrets of webhooks are sealed with.
pub(in crate::surveys) fn key(site: &Site) -> Result<Key, Error> {
    Ok(site.keyring.key_of("survey webhooks")?.key)
}

/// Where a secret is sealed for: moved to another webhook it does not open.
fn place(of: &Of, hook: HookId) -> String {
    format!("survey_hook|{}|{}|{hook}|secret", of.workspace, of.survey)
}

pub(in crate::surveys) fn seal(
    key: &Key,
    (of, hook): (&Of, HookId),
    secret: &Secret,
) -> Result<Vec<u8>, Error> {
    key.seal_secret(&place(of, hook), secret)
}

/// The secrets that sign at that moment, the newest first; `None`: a seal is broken.
pub(super) fn open(key: &Key, hook: &Hook, now: Time) -> Option<Vec<Secret>> {
    let place = place(&hook.of, hook.id);
    let before = { hook.sealed.before.iter() }
        .filter(|(_, until)| now < *until)
        .map(|(sealed, _)| sealed);
    let all = std::iter::once(&hook.sealed.now).chain(before);
    all.map(|sealed| key.open_secret(&place, sealed)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::WorkspaceId;

    #[test]
    fn a_secret_opens_for_its_webhook_alone_and_the_one_before_for_a_day() {
        let key = Key::random().unwrap();
        let of = Of {
            workspace: WorkspaceId::new(Time(0)),
            survey: "brands".to_owned(),
        };
        let id = HookId::new(Time(0));
        let (old, new) = (fresh().unwrap(), fresh().unwrap());
        assert_ne!(old, new);
        let sealed = Sealed {
            now: seal(&key, (&of, id), &new).unwrap(),
            before: Some((seal(&key, (&of, id), &old).unwrap(), Time(1_000))),
        };
        let mut hook = Hook {
            of,
            id,
            name: String::new(),
            address: String::new(),
            events: Vec::new(),
            has_answers: false,
            is_on: true,
            why: String::new(),
            ca: String::new(),
            sealed,
            made: Time(0),
            by: String::new(),
        };

        assert_eq!(open(&key, &hook, Time(999)), Some(vec![new.clone(), old]));
        assert_eq!(open(&key, &hook, Time(1_000)), Some(vec![new]));
        hook.id = HookId::new(Time(0));
        assert_eq!(open(&key, &hook, Time(1_000)), None);
    }
}
