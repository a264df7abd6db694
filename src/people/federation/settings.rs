//! What an operator enters about a method, read from its form and checked.

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

use super::ldap;
use super::model::LONGEST_NAME;
use crate::base::Secret;
use crate::egress::{Egress, Host, Trust};
use crate::web::{Faults, Fields};

/// What the method speaks, and what it takes to speak with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Settings {
    Oidc(Oidc),
    Ldap(Ldap),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Oidc {
    /// Exactly as the provider calls itself.
    pub(super) issuer: String,
    pub(super) client: String,
    /// Asked for besides `openid email profile`.
    pub(super) scopes: String,
    /// The claim that lists groups.
    pub(super) groups: String,
    pub(super) ca: String,
    /// Nobody outside the company can register there, so addresses are theirs.
    pub(super) vouches_for_email: bool,
    /// What `amr` and `acr` say counts as a second factor.
    pub(super) counts_factor: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ldap {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) ca: String,
    /// Whoever searches; empty: nobody in particular.
    pub(super) bind: String,
    pub(super) base: String,
    /// With `{email}` or `{name}` where the typed address goes.
    pub(super) filter: String,
    /// Where groups are searched; empty: only what `memberOf` says.
    pub(super) group_base: String,
    /// With `{dn}` where the person goes.
    pub(super) group_filter: String,
    /// Addresses that are tried here; empty: all.
    pub(super) domains: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Security {
    Ldaps,
    StartTls,
    /// Everything is readable on the way, passwords too.
    Plain,
}

impl Security {
    pub(super) fn name(self) -> &'static str {
        match self {
            Security::Ldaps => "ldaps",
            Security::StartTls => "starttls",
            Security::Plain => "plain",
        }
    }

    fn named(name: &str) -> Option<Security> {
        let all = [Security::Ldaps, Security::StartTls, Security::Plain];
        all.into_iter().find(|one| one.name() == name)
    }
}

impl Settings {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Settings::Oidc(_) => "oidc",
            Settings::Ldap(_) => "ldap",
        }
    }

    /// Where the secret goes and under which guard: what it is sealed for.
    pub(super) fn destination(&self) -> String {
        let parts = match self {
            Settings::Oidc(oidc) => vec!["oidc", &oidc.issuer, &oidc.client, &oidc.ca],
            Settings::Ldap(ldap) => {
                vec![
                    "ldap",
                    &ldap.host,
                    ldap.security.name(),
                    &ldap.bind,
                    &ldap.ca,
                ]
            }
        };
        let port = match self {
            Settings::Oidc(_) => 443,
            Settings::Ldap(ldap) => ldap.port,
        };
        // Lengths keep the parts apart, whatever is in them.
        let said: String = parts
            .iter()
            .map(|part| format!("{}:{part};", part.len()))
            .collect();
        let hash = digest::digest(&digest::SHA256, format!("{said}{port}").as_bytes());
        hash.as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// As the audit trail may show it.
    pub(super) fn summary(&self) -> String {
        match self {
            Settings::Oidc(oidc) => oidc.issuer.clone(),
            Settings::Ldap(ldap) => {
                format!("{}:{} ({})", ldap.host, ldap.port, ldap.security.name())
            }
        }
    }
}

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
    let security = Security::named(&text(fields, "security")).unwrap_or(Security::Ldaps);
    if security == Security::Plain && !is_ticked(fields, "accepts_plain") {
        faults.add("security", "without TLS every password can be read on the way: choose TLS, or tick that you accept it");
    }
    let port = text(fields, "port");
    let port = if port.is_empty() {
        Ok(if security == Security::Ldaps {
            636
        } else {
            389
        })
    } else {
        port.parse()
    };
    if !matches!(port, Ok(1..)) {
        faults.add("port", "a whole number from 1 to 65535");
    }
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
        port: port.unwrap_or_default(),
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

/// The fields of the form, filled with what is kept. Never the secret.
pub(super) fn fields(method: &super::model::Method) -> Fields {
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
