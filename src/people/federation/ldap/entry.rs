//! What a directory says of a person.

use ldap3::SearchEntry;

use crate::people::federation::model::Known;
use crate::people::model::Email;

/// What is asked for. The first two name an entry for ever and are given only
/// when asked for by name.
pub(super) const ATTRIBUTES: [&str; 10] = [
    "entryUUID",
    "objectGUID",
    "mail",
    "displayName",
    "cn",
    "memberOf",
    "userAccountControl",
    "nsAccountLock",
    "loginDisabled",
    "pwdAccountLockedTime",
];
/// Active Directory's bit for an account that was disabled.
const ACCOUNT_DISABLED: u64 = 2;

/// An entry that was found.
#[derive(Clone, Debug)]
pub(in crate::people::federation) struct Found {
    pub(in crate::people::federation) dn: String,
    pub(in crate::people::federation) is_shut: bool,
    pub(in crate::people::federation) known: Known,
}

impl Found {
    /// `typed`: the address they signed in with, for an entry without one.
    pub(super) fn read(entry: &SearchEntry, typed: &str) -> Found {
        let first = |name: &str| {
            let (_, values) = entry
                .attrs
                .iter()
                .find(|(found, _)| found.eq_ignore_ascii_case(name))?;
            values.first().map(String::as_str)
        };
        let mails = entry
            .attrs
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("mail"));
        let mut mails = mails.into_iter().flat_map(|(_, all)| all);
        // Of several addresses the one they typed is meant.
        let is_typed = mails.clone().any(|mail| mail.eq_ignore_ascii_case(typed));
        let mail = mails.next().map(String::as_str).filter(|_| !is_typed);
        let email = Email::parse(mail.unwrap_or(typed)).ok();
        let called = first("displayName").or(first("cn")).unwrap_or(typed).trim();
        let member_of = entry
            .attrs
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("memberOf"));
        let mut known = Known {
            subject: subject(entry, first("entryUUID")),
            email,
            name: crate::base::text::shorten(called, 120).into_owned(),
            groups: Vec::new(),
            second_factor: false,
        };
        for dn in member_of.into_iter().flat_map(|(_, dns)| dns) {
            add_group(&mut known, dn, None);
        }
        let control = first("userAccountControl").and_then(|bits| bits.parse().ok());
        let is_true = |name| first(name).is_some_and(|word| word.eq_ignore_ascii_case("true"));
        Found {
            dn: entry.dn.clone(),
            is_shut: control.is_some_and(|bits: u64| bits & ACCOUNT_DISABLED != 0)
                || is_true("nsAccountLock")
                || is_true("loginDisabled")
                || first("pwdAccountLockedTime") == Some("000001010000Z"),
            known,
        }
    }
}

/// What names the entry when its address, its name and its place change. A
/// directory that has nothing of the kind gives the place.
fn subject(entry: &SearchEntry, uuid: Option<&str>) -> String {
    let raw = entry
        .bin_attrs
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("objectGUID"));
    let text = entry
        .attrs
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("objectGUID"));
    let bytes = match (raw, text) {
        (Some((_, values)), _) => values.first().cloned(),
        // Sixteen bytes that happen to be text.
        (None, Some((_, values))) => values.first().map(|text| text.clone().into_bytes()),
        (None, None) => None,
    };
    match (bytes, uuid) {
        (Some(bytes), _) => data_encoding::HEXLOWER.encode(&bytes),
        (None, Some(uuid)) => uuid.to_lowercase(),
        (None, None) => format!("dn:{}", entry.dn.to_lowercase()),
    }
}

/// A group under both its names: where it stands, and what it is called.
pub(super) fn add_group(known: &mut Known, dn: &str, called: Option<&str>) {
    let called = called.map(str::to_owned).or_else(|| first_value(dn));
    for name in [Some(dn.to_owned()), called].into_iter().flatten() {
        if !known.groups.contains(&name) {
            known.groups.push(name);
        }
    }
}

/// `cn=makers,ou=groups,dc=corp` gives `makers`; a name with an escaped sign in
/// it gives none: the whole is there to be written down.
fn first_value(dn: &str) -> Option<String> {
    let first = dn.split(',').next()?;
    let (_, value) = first.split_once('=')?;
    let is_plain = !value.contains('\\') && !value.contains('+') && !value.trim().is_empty();
    is_plain.then(|| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn entry(attrs: &[(&str, &[&str])]) -> SearchEntry {
        let attrs = attrs.iter().map(|(name, values)| {
            let values = values.iter().map(|&value| value.to_owned());
            ((*name).to_owned(), values.collect())
        });
        SearchEntry {
            dn: "uid=ada,dc=corp".to_owned(),
            attrs: attrs.collect(),
            bin_attrs: HashMap::new(),
        }
    }

    #[test]
    fn an_entry_becomes_somebody_known() {
        let found = Found::read(
            &entry(&[
                ("entryUUID", &["AB-1"]),
                ("mail", &["Ada@Corp.example", "other@corp.example"]),
                ("cn", &["Ada L"]),
                (
                    "memberOf",
                    &["cn=Makers,ou=groups,dc=corp", "cn=A\\, B,dc=corp"],
                ),
                ("userAccountControl", &["512"]),
            ]),
            "ada@corp.example",
        );
        assert_eq!(found.known.subject, "ab-1");
        assert_eq!(found.known.email.unwrap().as_str(), "ada@corp.example");
        assert_eq!(found.known.name, "Ada L");
        assert_eq!(
            found.known.groups,
            ["cn=Makers,ou=groups,dc=corp", "Makers", "cn=A\\, B,dc=corp"]
        );
        assert!(!found.is_shut);
    }

    #[test]
    fn of_several_addresses_the_typed_one_is_meant() {
        let two = entry(&[("mail", &["first@corp.example", "second@corp.example"])]);
        let email = |typed| {
            Found::read(&two, typed)
                .known
                .email
                .unwrap()
                .as_str()
                .to_owned()
        };
        assert_eq!(email("second@corp.example"), "second@corp.example");
        assert_eq!(email("ada"), "first@corp.example");
    }

    #[test]
    fn what_names_an_entry_outlives_its_place() {
        let mut active = entry(&[("entryuuid", &["x"])]);
        active
            .bin_attrs
            .insert("objectGUID".to_owned(), vec![vec![0xff, 0x01]]);
        assert_eq!(Found::read(&active, "").known.subject, "ff01");
        assert_eq!(
            Found::read(&entry(&[]), "").known.subject,
            "dn:uid=ada,dc=corp"
        );
    }

    #[test]
    fn a_disabled_account_is_noticed() {
        for (name, value, is_shut) in [
            ("userAccountControl", "514", true),
            ("userAccountControl", "66050", true),
            ("userAccountControl", "512", false),
            ("userAccountControl", "x", false),
            ("nsAccountLock", "TRUE", true),
            ("loginDisabled", "true", true),
            ("loginDisabled", "FALSE", false),
            ("pwdAccountLockedTime", "000001010000Z", true),
        ] {
            let found = Found::read(&entry(&[(name, &[value])]), "a@b");
            assert_eq!(found.is_shut, is_shut, "{name} {value}");
        }
    }
}
