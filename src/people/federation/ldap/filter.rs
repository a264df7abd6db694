//! Search filters with a place for what somebody typed.

use ldap3::{ldap_escape, parse_filter};

/// `Err`: what is wrong with a filter an operator wrote. One of `places` must
/// be in it, or it would find everybody.
pub(in crate::people::federation) fn check(filter: &str, places: &[&str]) -> Result<(), String> {
    if !places.iter().any(|place| filter.contains(place)) {
        return Err(format!(
            "write {} where the person goes",
            places.join(" or ")
        ));
    }
    let sample = places.iter().fold(filter.to_owned(), |filter, place| {
        filter.replace(place, "x")
    });
    match parse_filter(&sample) {
        Ok(_) => Ok(()),
        Err(()) => Err("this is no LDAP filter; one looks like (mail={email})".to_owned()),
    }
}

/// The filter with the address in its places, where it can only be a value.
pub(super) fn for_person(filter: &str, email: &str) -> String {
    let name = email.split('@').next().unwrap_or_default();
    fill(filter, &[("{email}", email), ("{name}", name)])
}

pub(super) fn for_groups(filter: &str, dn: &str) -> String {
    fill(filter, &[("{dn}", dn)])
}

/// One pass: what is put in is never looked at again.
fn fill(filter: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = filter;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let put = values.iter().find(|(place, _)| rest.starts_with(place));
        if let Some((place, value)) = put {
            filled.push_str(&ldap_escape(*value));
            rest = &rest[place.len()..];
        } else {
            filled.push('{');
            rest = &rest[1..];
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stays_a_value() {
        let filter = "(&(objectClass=person)(|(mail={email})(uid={name})))";
        for (typed, expected) in [
            (
                "ada@corp",
                "(&(objectClass=person)(|(mail=ada@corp)(uid=ada)))",
            ),
            (
                "*)(uid=*",
                "(&(objectClass=person)(|(mail=\\2a\\29\\28uid=\\2a)(uid=\\2a\\29\\28uid=\\2a)))",
            ),
            (
                "*@corp",
                "(&(objectClass=person)(|(mail=\\2a@corp)(uid=\\2a)))",
            ),
            (
                "a\\2a@corp",
                "(&(objectClass=person)(|(mail=a\\5c2a@corp)(uid=a\\5c2a)))",
            ),
            ("\0", "(&(objectClass=person)(|(mail=\\00)(uid=\\00)))"),
            (
                "{name}@x",
                "(&(objectClass=person)(|(mail={name}@x)(uid={name})))",
            ),
        ] {
            let filled = for_person(filter, typed);
            assert_eq!(filled, expected);
            assert!(parse_filter(&filled).is_ok(), "{filled}");
        }
        assert_eq!(
            for_groups("(member={dn})", "cn=a*,dc=b"),
            "(member=cn=a\\2a,dc=b)"
        );
    }

    #[test]
    fn a_filter_without_a_place_or_sense_is_refused() {
        let places = ["{email}", "{name}"];
        assert_eq!(check("(mail={email})", &places), Ok(()));
        assert_eq!(check("(&(a=b)(uid={name}))", &places), Ok(()));
        for wrong in [
            "",
            "(mail=*)",
            "(mail={email}",
            "mail={email})",
            "(&(mail={email})",
            "({email}) x",
        ] {
            assert!(check(wrong, &places).is_err(), "{wrong}");
        }
    }
}
