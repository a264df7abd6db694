//! A method as its form says it, read and checked; and the form as a method
//! fills it.

use super::ldap;
use super::model::{LONGEST_NAME, Method};
use super::settings::{Ldap, Oidc, Security, Settings};
use crate::base::Secret;
use crate::egress::{Egress, Host, Trust};
use crate::web::{Faults, Fields};

/// A method as its form says it, in order.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) makes_accounts: bool,
    pub(super) links_by_email: bool,
    pub(super) settings: Settings,
    /// A new secret; `None`: the one that is kept.
    pub(super) secret: Option<Secret>,
}

impl Draft {
    pub(super) fn parse(kind: &str, fields: &Fields) -> Result<Draft, Faults> {
        let mut faults = Faults::default();
        let name = text(fields, "name");
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            faults.add("name", super::Error::BadName.to_string());
        }
        if let Err(error) = Trust::new(&text(fields, "ca")) {
            faults.add("ca", error.to_string());
        }
        let settings = match kind {
            "oidc" => Settings::Oidc(oidc(fields, &mut faults)),
            _ => Settings::Ldap(directory(fields, &mut faults)),
        };
        if !faults.is_empty() {
            return Err(faults);
        }
        let secret = fields.get("secret").unwrap_or_default();
        Ok(Draft {
            name,
            makes_accounts: is_ticked(fields, "makes_accounts"),
            links_by_email: is_ticked(fields, "links_by_email"),
            settings,
            secret: (!secret.is_empty()).then(|| secret.to_owned().into()),
        })
    }
}

fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).unwrap_or_default().trim().to_owned()
}

fn is_ticked(fields: &Fields, name: &str) -> bool {
    fields.get(name).is_some()
}

fn oidc(fields: &Fields, faults: &mut Faults) -> Oidc {
    let issuer = text(fields, "issuer");
    if let Err(error) = Egress::place(&issuer) {
        faults.add("issuer", error.to_string());
    } else if issuer.contains('?') {
        faults.add("issuer", "an issuer has no question mark in it");
    }
    let client = text(fields, "client");
    if client.is_empty() {
        faults.add(
            "client",
            "write the client id that the provider gave this site",
        );
    }
    let groups = text(fields, "groups");
    Oidc {
        issuer,
        client,
        scopes: text(fields, "scopes"),
        groups: if groups.is_empty() {
            "groups".to_owned()
        } else {
            groups
        },
        ca: text(fields, "ca"),
        vouches_for_email: is_ticked(fields, "vouches_for_email"),
        counts_factor: is_ticked(fields, "counts_factor"),
    }
}

fn directory(fields: &Fields, faults: &mut Faults) -> Ldap {
    let host = text(fields, "host");
    match Host::parse(&host) {
        Err(error) => faults.add("host", error.to_string()),
        Ok(host) if host.to_string().starts_with('[') => {
            faults.add(
                "host",
                "give the machine a name: a certificate is for a name",
            );
        }
        Ok(_) => {}
    }
    let (security, port) = door(fields, faults);
    let base = text(fields, "base");
    if base.is_empty() {
        faults.add(
            "base",
            "where people are searched, such as ou=people,dc=corp",
        );
    }
    let filter = text(fields, "filter");
    if let Err(why) = ldap::check_filter(&filter, &["{email}", "{name}"]) {
        faults.add("filter", why);
    }
    let (group_base, group_filter) = (text(fields, "group_base"), text(fields, "group_filter"));
    if !group_base.is_empty()
        && let Err(why) = ldap::check_filter(&group_filter, &["{dn}"])
    {
        faults.add("group_filter", why);
    }
    let domains = text(fields, "domains").to_lowercase();
    let domains = domains
        .split([',', ' ', '\n', '\r'])
        .filter(|domain| !domain.is_empty());
    Ldap {
        host,
        port,
        security,
        ca: text(fields, "ca"),
        bind: text(fields, "bind"),
        base,
        filter,
        group_base,
        group_filter,
        domains: domains
            .map(|domain| domain.trim_start_matches('@').to_owned())
            .collect(),
    }
}

/// How the connection is secured, and the port that goes with it.
fn door(fields: &Fields, faults: &mut Faults) -> (Security, u16) {
    let security = Security::named(&text(fields, "security")).unwrap_or(Security::Ldaps);
    if security == Security::Plain && !is_ticked(fields, "accepts_plain") {
        let why = "without TLS every password can be read on the way: \
            choose TLS, or tick that you accept it";
        faults.add("security", why);
    }
    let usual = if security == Security::Ldaps {
        636
    } else {
        389
    };
    let port = text(fields, "port");
    let port = if port.is_empty() {
        Ok(usual)
    } else {
        port.parse()
    };
    if !matches!(port, Ok(1..)) {
        faults.add("port", "a whole number from 1 to 65535");
    }
    (security, port.unwrap_or_default())
}

/// The fields of the form, filled with what is kept. Never the secret.
pub(super) fn fields(method: &Method) -> Fields {
    let mut all = vec![("name", method.name.clone())];
    let mut tick = |name, is_on: bool| {
        if is_on {
            all.push((name, "on".to_owned()));
        }
    };
    tick("makes_accounts", method.makes_accounts);
    tick("links_by_email", method.links_by_email);
    match &method.settings {
        Settings::Oidc(oidc) => {
            tick("vouches_for_email", oidc.vouches_for_email);
            tick("counts_factor", oidc.counts_factor);
            let texts = [
                ("issuer", &oidc.issuer),
                ("client", &oidc.client),
                ("scopes", &oidc.scopes),
                ("groups", &oidc.groups),
                ("ca", &oidc.ca),
            ];
            all.extend(texts.map(|(name, text)| (name, text.clone())));
        }
        Settings::Ldap(ldap) => {
            tick("accepts_plain", ldap.security == Security::Plain);
            let texts = [
                ("host", ldap.host.clone()),
                ("port", ldap.port.to_string()),
                ("security", ldap.security.name().to_owned()),
                ("ca", ldap.ca.clone()),
                ("bind", ldap.bind.clone()),
                ("base", ldap.base.clone()),
                ("filter", ldap.filter.clone()),
                ("group_base", ldap.group_base.clone()),
                ("group_filter", ldap.group_filter.clone()),
                ("domains", ldap.domains.join(", ")),
            ];
            all.extend(texts);
        }
    }
    all.iter().fold(Fields::default(), |fields, (name, value)| {
        fields.with(name, Some(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LDAP: &str = "name=Corp&host=ldap.corp&port=&security=ldaps&base=dc%3Dcorp&filter=(mail%3D%7Bemail%7D)&domains=corp.example,+%40b.example";

    fn parse(kind: &str, form: &str) -> Result<Draft, String> {
        Draft::parse(kind, &Fields::parse(form)).map_err(|faults| {
            let told = faults
                .iter()
                .map(|(field, fault)| format!("{field}: {fault}"));
            told.collect::<Vec<_>>().join("\n")
        })
    }

    #[test]
    fn a_directory_is_read_with_its_usual_port() {
        let draft = parse("ldap", LDAP).unwrap();
        let Settings::Ldap(ldap) = draft.settings else {
            panic!("an LDAP form")
        };
        assert_eq!((ldap.port, ldap.security), (636, Security::Ldaps));
        assert_eq!(ldap.domains, ["corp.example", "b.example"]);
        assert!(draft.secret.is_none());
    }

    #[test]
    fn what_is_wrong_is_told_at_its_field() {
        for (change, field) in [
            ("host=", "host"),
            ("host=127.1", "host"),
            ("port=0", "port"),
            ("port=x", "port"),
            ("security=plain", "security"),
            ("filter=(mail%3Dada)", "filter"),
            ("filter=(mail%3D%7Bemail%7D", "filter"),
            ("base=", "base"),
            ("name=", "name"),
            ("ca=nonsense", "ca"),
        ] {
            // The first value of a field counts.
            let told = parse("ldap", &format!("{change}&{LDAP}")).unwrap_err();
            assert!(told.starts_with(&format!("{field}: ")), "{change}: {told}");
        }
        for issuer in [
            "http://idp.corp",
            "https://good@evil.example",
            "https://idp.corp/?x=1",
            "idp",
        ] {
            let told = parse("oidc", &format!("name=x&client=y&issuer={issuer}")).unwrap_err();
            assert!(told.starts_with("issuer: "), "{told}");
        }
    }

    #[test]
    fn every_change_of_where_the_secret_goes_is_another_destination() {
        let of = |change: &str| {
            parse("ldap", &format!("{change}&{LDAP}"))
                .unwrap()
                .settings
                .destination()
        };
        let before = of("");
        for change in [
            "host=evil.example",
            "port=637",
            "security=starttls",
            "bind=cn%3Dx",
            "security=plain&accepts_plain=on",
        ] {
            assert_ne!(of(change), before, "{change}");
        }
        assert_eq!(of("filter=(uid%3D%7Bname%7D)"), before);
    }
}
