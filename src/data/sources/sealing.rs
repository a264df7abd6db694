//! The password of a database: typed once, sealed for the place it was given for.

use super::model::{Account, Place, Source, SourceId};
use crate::base::Secret;
use crate::journal;
use crate::site::Site;
use crate::store::{Error, Key};
use crate::web::WorkspaceId;

/// What passwords of databases are sealed with.
pub(super) fn key(site: &Site) -> Result<Key, Error> {
    Ok(site.keyring.key_of("data sources")?.key)
}

/// Whose password it is, where it goes and under which guard.
fn whither((workspace, id, kind): (WorkspaceId, SourceId, &str), place: &Place) -> String {
    let parts = [
        &*workspace.to_string(),
        &id.to_string(),
        kind,
        &place.host,
        &place.port.to_string(),
        &place.database,
        &place.user,
        place.guard.name(),
        &place.ca,
    ];
    // Quoted, so that the parts stay apart whatever is in them.
    let said = format!("{parts:?}");
    let hash = journal::sha256(said.as_bytes());
    format!("source|{}", journal::hex(&hash))
}

pub(super) fn seal(
    key: &Key,
    whose: (WorkspaceId, SourceId, &str),
    (place, password): (&Place, &Secret),
) -> Result<Vec<u8>, Error> {
    key.seal_secret(&whither(whose, place), password)
}

/// The account's password, for the moment it is used; `None`: there is none for this place.
pub(super) fn open(key: &Key, source: &Source, account: Account) -> Option<Secret> {
    let whose = (source.workspace, source.id, &*source.kind);
    let place = whither(whose, &source.settings.place_of(account));
    let sealed = match account {
        Account::Reader => source.sealed.as_ref()?,
        Account::Writer => source.sealed_writer.as_ref()?,
    };
    key.open_secret(&place, sealed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;
    use crate::data::sources::model::{Bounds, Guard, Settings};

    #[test]
    fn a_password_opens_for_the_place_it_was_given_for_and_no_other() {
        let key = Key::random().unwrap();
        let place = Place {
            host: "db.corp".to_owned(),
            port: 5432,
            database: "shop".to_owned(),
            user: "reader".to_owned(),
            guard: Guard::Verify,
            ca: String::new(),
        };
        let (workspace, id) = (WorkspaceId::new(Time(0)), SourceId::new(Time(0)));
        let password = Secret::from("hunter2".to_owned());
        let sealed = seal(&key, (workspace, id, "postgres"), (&place, &password)).unwrap();
        let source = Source {
            workspace,
            id,
            name: "Shop".to_owned(),
            kind: "postgres".to_owned(),
            settings: Settings {
                place,
                writer: String::new(),
                reason: String::new(),
                bounds: Bounds::default(),
                tables: String::new(),
            },
            sealed: Some(sealed),
            sealed_writer: None,
            revision: 0,
            changed: Time(0),
            changed_by: String::new(),
        };
        assert_eq!(open(&key, &source, Account::Reader), Some(password));
        assert_eq!(open(&key, &source, Account::Writer), None);
        let said = format!("{source:?} {}", source.described());
        assert!(!said.contains("hunter2"));

        let elsewhere: [fn(&mut Source); 8] = [
            |source| source.settings.place.host = "evil.example".to_owned(),
            |source| source.settings.place.port = 5433,
            |source| source.settings.place.database = "other".to_owned(),
            |source| source.settings.place.user = "postgres".to_owned(),
            |source| source.settings.place.guard = Guard::Off,
            |source| source.settings.place.ca = "another".to_owned(),
            |source| source.kind = "mysql".to_owned(),
            |source| source.id = SourceId::new(Time(0)),
        ];
        for change in elsewhere {
            let mut other = source.clone();
            change(&mut other);
            assert_eq!(open(&key, &other, Account::Reader), None, "{other:?}");
        }
    }
}
