//! What machines are shown by us: entered once, sealed where it lies, read by nobody.

use crate::base::Secret;
use crate::site::Site;
use crate::store::{Error, Key};
use crate::surveys::keeping::Of;

/// What secrets of calls are sealed with.
pub(in crate::surveys) fn key(site: &Site) -> Result<Key, Error> {
    Ok(site.keyring.key_of("survey calls")?.key)
}

/// Where a secret is sealed for: under another name or in another survey it does not open.
fn place(of: &Of, name: &str) -> String {
    format!(
        "survey_call_secret|{}|{}|{name}|secret",
        of.workspace, of.survey
    )
}

pub(in crate::surveys) fn seal(
    key: &Key,
    (of, name): (&Of, &str),
    secret: &Secret,
) -> Result<Vec<u8>, Error> {
    key.seal_secret(&place(of, name), secret)
}

/// `None`: the seal is broken.
pub(in crate::surveys) fn open(
    key: &Key,
    (of, name): (&Of, &str),
    sealed: &[u8],
) -> Option<Secret> {
    key.open_secret(&place(of, name), sealed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;
    use crate::web::WorkspaceId;

    #[test]
    fn a_secret_opens_under_its_own_name_in_its_own_survey_alone() {
        let key = Key::random().unwrap();
        let of = |survey: &str| Of {
            workspace: WorkspaceId::new(Time(0)),
            survey: survey.to_owned(),
        };
        let (brands, other) = (of("brands"), of("brands"));
        let secret = Secret::from("opensesame".to_owned());
        let sealed = seal(&key, (&brands, "crm"), &secret).unwrap();

        assert_eq!(open(&key, (&brands, "crm"), &sealed), Some(secret));
        assert_eq!(open(&key, (&brands, "crm2"), &sealed), None);
        assert_eq!(open(&key, (&other, "crm"), &sealed), None);
    }
}
