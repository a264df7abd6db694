//! The instance key changes, is lost, is wrong: one that works is always there,
//! and nothing opens without it.

use std::fs;
use std::path::Path;

use super::*;

fn opened(path: &Path) -> Result<Keyring, FolderError> {
    Keyring::of(&Folder::claim(path).unwrap())
}

fn instance_key(path: &Path) -> String {
    fs::read_to_string(path.join("keys/instance.key")).unwrap()
}

/// A folder with a keyring that holds one secret.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let keyring = opened(folder.path()).unwrap();
    keyring.keep("tls:root", b"sealed away").unwrap();
    folder
}

fn holds(keyring: &Keyring) -> bool {
    keyring.secret("tls:root").unwrap().unwrap().as_slice() == b"sealed away"
}

/// The names in the folder of keys, sorted.
fn names(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path.join("keys")).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn commands_are_let_in_beside_a_server_that_looks_into_its_keys() {
    let folder = folder();
    let at = folder.path().join("keys/keyring.db");
    let key = Key::from_hex(&instance_key(folder.path())).unwrap();
    let server = connect::to_read(&at, &key, 64).unwrap();
    server.execute_batch("begin; select * from secret").unwrap();
    assert!(holds(&Keyring::open(&at, &key).unwrap()));
    assert_eq!(names(folder.path()), ["instance.key", "keyring.db"]);
}

#[test]
fn a_new_instance_key_opens_what_the_old_one_sealed_and_the_old_one_opens_nothing() {
    let folder = folder();
    let old = Key::from_hex(&instance_key(folder.path())).unwrap();
    let keyring = opened(folder.path()).unwrap();
    let file = keyring.key_of("workspace").unwrap();

    keyring.rotate().unwrap();

    assert!(holds(&keyring));
    drop(keyring);
    let again = opened(folder.path()).unwrap();
    assert!(holds(&again));
    assert_eq!(
        again.key_of("workspace").unwrap().key.bytes(),
        file.key.bytes()
    );
    drop(again);
    assert_eq!(names(folder.path()), ["instance.key", "keyring.db"]);
    assert_ne!(instance_key(folder.path()).trim(), &*old.hex());
    let refused = Keyring::open(&folder.path().join("keys/keyring.db"), &old);
    assert!(matches!(refused, Err(Error::WrongKey(_))));
}

#[test]
fn cut_off_before_any_step_one_key_works_and_it_can_be_done_again() {
    for end in [
        Step::KeepNewKey,
        Step::CopyKeyring,
        Step::PutInPlace,
        Step::DestroyOldKey,
    ] {
        let folder = folder();
        let before = instance_key(folder.path());
        let keyring = opened(folder.path()).unwrap();
        // What lies there when the process ends at this very step.
        let mut left = None;
        let cut = keyring.rotate_by_step(|step| {
            if step != end {
                return Ok(());
            }
            left = Some(copy_of(folder.path()));
            Err(Error::Closed)
        });
        assert!(cut.is_err(), "{end:?}");
        assert!(holds(&keyring), "{end:?}: the same process goes on");
        drop(keyring);

        for place in [folder.path(), left.unwrap().path()] {
            let keyring = opened(place).unwrap();
            assert!(holds(&keyring), "{end:?}");
            keyring.rotate().unwrap();
            assert!(holds(&keyring), "{end:?}");
            drop(keyring);
            assert_eq!(names(place), ["instance.key", "keyring.db"], "{end:?}");
            assert_ne!(instance_key(place), before, "{end:?}");
        }
    }
}

fn copy_of(path: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    fs::create_dir(copy.path().join("keys")).unwrap();
    for name in names(path) {
        let (from, to) = (
            path.join("keys").join(&name),
            copy.path().join("keys").join(&name),
        );
        fs::copy(from, to).unwrap();
    }
    copy
}

#[test]
fn a_crash_between_destroying_and_replacing_the_old_key_leaves_the_new_one() {
    let folder = folder();
    let keyring = opened(folder.path()).unwrap();
    keyring.rotate().unwrap();
    drop(keyring);
    let keys = folder.path().join("keys");
    fs::rename(keys.join("instance.key"), keys.join("instance.key.next")).unwrap();
    Source::write(&keys.join("instance.key"), &Key::random().unwrap()).unwrap();
    fs::write(keys.join("instance.key"), [b'0'; 65]).unwrap();

    let keyring = opened(folder.path()).unwrap();

    assert!(holds(&keyring));
    drop(keyring);
    assert_eq!(names(folder.path()), ["instance.key", "keyring.db"]);
}

#[test]
fn a_wrong_key_is_refused_and_the_message_says_what_to_do() {
    let folder = folder();
    let key = folder.path().join("keys/instance.key");
    let kept = fs::read(&key).unwrap();
    fs::write(&key, Key::random().unwrap().hex().as_bytes()).unwrap();

    let refused = opened(folder.path()).err().unwrap();

    assert!(refused.is_setting());
    let said = refused.to_string();
    assert!(
        said.contains("instance.key") && said.contains("put back"),
        "{said}"
    );
    fs::write(&key, kept).unwrap();
    assert!(holds(&opened(folder.path()).unwrap()));
}

#[test]
fn a_missing_key_or_keyring_is_refused_and_nothing_is_made_over() {
    let folder = folder();
    let keys = folder.path().join("keys");
    let kept = fs::read(keys.join("instance.key")).unwrap();
    fs::remove_file(keys.join("instance.key")).unwrap();
    let refused = opened(folder.path()).err().unwrap();
    assert!(
        matches!(refused, FolderError::KeyMissing { .. }),
        "{refused}"
    );
    assert_eq!(names(folder.path()), ["keyring.db"]);

    fs::write(folder.path().join("onsight.db"), "sealed").unwrap();
    fs::remove_file(keys.join("keyring.db")).unwrap();
    fs::write(keys.join("instance.key"), kept).unwrap();
    let refused = opened(folder.path()).err().unwrap();
    assert!(
        matches!(refused, FolderError::KeyringMissing { .. }),
        "{refused}"
    );
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder();
    let key = folder.path().join("keys/instance.key");
    for (mode, is_fine) in [(0o400, true), (0o640, false), (0o604, false), (0o600, true)] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let opened = opened(folder.path());
        assert_eq!(opened.is_ok(), is_fine, "{mode:o}");
    }
}

#[test]
fn a_key_is_replaced_only_where_it_is_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyring.db");
    let (old, new) = (Key::random().unwrap(), Key::random().unwrap());
    fs::write(folder.path().join("onsight.key"), old.hex().as_bytes()).unwrap();
    let source = Source::Credential(folder.path().to_owned());
    let with = |conn| Keyring {
        conn: Mutex::new(Some(conn)),
        path: path.clone(),
        source: Some(source.clone()),
    };
    let keyring = with(open_with(&path, &source).unwrap().0);
    keyring.keep("tls:root", b"sealed away").unwrap();
    assert!(matches!(keyring.rotate(), Err(FolderError::Credential)));
    drop(keyring);

    fs::write(folder.path().join("onsight.next.key"), new.hex().as_bytes()).unwrap();
    let (conn, is_moving) = open_with(&path, &source).unwrap();
    assert!(is_moving);
    with(conn).move_to_credential().unwrap();

    assert!(Keyring::open(&path, &old).is_err());
    assert!(holds(&Keyring::open(&path, &new).unwrap()));
    assert!(!open_with(&path, &source).unwrap().1);
}
