//! Tries a method one step after the other and says which one failed, and why.

use super::Error;
use super::actions::{back_to, secret_of};
use super::ldap::{Directory, Found};
use super::model::{Method, Placement, places};
use super::oidc::Provider;
use super::settings::{Ldap, Oidc, Security, Settings};
use crate::base::Secret;
use crate::egress::{Client, Egress, Presented, Purpose};
use crate::people::model::Email;
use crate::people::pages::People;

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Went {
    Well,
    /// It goes on, but somebody should know.
    Oddly,
    Wrong,
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) title: &'static str,
    pub(super) went: Went,
    pub(super) text: String,
}

/// The steps so far; an error ends them.
#[derive(Default)]
struct Steps(Vec<Step>);

impl Steps {
    fn say(&mut self, title: &'static str, went: Went, text: impl Into<String>) {
        let text = text.into();
        self.0.push(Step { title, went, text });
    }

    /// Notes an error under that title.
    fn take<T>(&mut self, title: &'static str, tried: Result<T, Error>) -> Option<T> {
        tried
            .map_err(|error| self.say(title, Went::Wrong, error.to_string()))
            .ok()
    }

    fn certificate(&mut self, shown: Option<&Presented>, went: Went) {
        if let Some(shown) = shown {
            let text = format!(
                "{}, signed by {}, good until {}, SHA-256 {}",
                shown.subject,
                shown.issuer,
                &shown.until.rfc3339()[..10],
                shown.fingerprint
            );
            self.say("Certificate", went, text);
        }
    }
}

/// `somebody`: an address to search a directory for.
pub(super) async fn run(
    people: &People,
    method: &Method,
    placements: &[Placement],
    somebody: &str,
) -> Vec<Step> {
    let mut steps = Steps::default();
    let secret = match secret_of(people, method) {
        Ok(secret) => secret,
        Err(error) => {
            steps.say("Secret", Went::Wrong, error.to_string());
            return steps.0;
        }
    };
    // A step that fails has said so; there is nothing after it.
    let _ = match &method.settings {
        Settings::Oidc(oidc) => provider(people, method, oidc, secret, &mut steps).await,
        Settings::Ldap(ldap) => {
            let seeker = Seeker {
                ldap,
                secret,
                placements,
                somebody,
            };
            directory(&people.site.egress, &seeker, &mut steps).await
        }
    };
    steps.0
}

async fn route(egress: &Egress, host: &str, port: u16, steps: &mut Steps) -> Option<()> {
    let found = egress.route(host, port, Purpose::SignIn).await;
    let found = steps.take("Name and route", found.map_err(Error::from))?;
    let all: Vec<String> = found.iter().map(ToString::to_string).collect();
    steps.say(
        "Name and route",
        Went::Well,
        format!("{host} is {}", all.join(", ")),
    );
    Some(())
}

async fn provider(
    people: &People,
    method: &Method,
    oidc: &Oidc,
    secret: Option<Secret>,
    steps: &mut Steps,
) -> Option<()> {
    let egress = &people.site.egress;
    let url = steps.take(
        "Address of this site",
        people.site.config.edges.url.as_ref().ok_or(Error::NoUrl),
    )?;
    let back = back_to(url, method.id);
    steps.say(
        "Address of this site",
        Went::Well,
        format!("the provider must allow exactly this redirect address: {back}"),
    );
    let (host, port) = steps.take("Issuer", Egress::place(&oidc.issuer).map_err(Error::from))?;
    route(egress, &host, port, steps).await?;
    let provider = steps.take("Certificate", Provider::new(egress, oidc))?;
    let found = provider.discover().await;
    let is_trusted = !matches!(&found, Err(Error::Egress(_)));
    steps.certificate(
        provider.presented().as_ref(),
        if is_trusted { Went::Well } else { Went::Wrong },
    );
    let endpoints = steps.take("Discovery", found)?;
    steps.say(
        "Discovery",
        Went::Well,
        format!("{} describes itself", oidc.issuer),
    );
    if endpoints.says_pkce() {
        steps.say("PKCE", Went::Well, "the provider checks it");
    } else {
        steps.say(
            "PKCE",
            Went::Oddly,
            "the provider does not say that it checks it; it is sent all the same",
        );
    }
    let keys = steps.take("Keys", provider.count_keys(&endpoints).await)?;
    let went = if keys == 0 { Went::Wrong } else { Went::Well };
    steps.say("Keys", went, format!("{keys} published"));
    match secret {
        Some(_) => steps.say(
            "Secret",
            Went::Well,
            "kept, sealed for this issuer and client; only a sign-in can try it",
        ),
        None => steps.say(
            "Secret",
            Went::Oddly,
            "none: right only for a public client",
        ),
    }
    Some(())
}

/// Who is searched for, where, and by whom.
struct Seeker<'a> {
    ldap: &'a Ldap,
    secret: Option<Secret>,
    placements: &'a [Placement],
    somebody: &'a str,
}

async fn directory(egress: &Egress, seeker: &Seeker<'_>, steps: &mut Steps) -> Option<()> {
    let ldap = seeker.ldap;
    route(egress, &ldap.host, ldap.port, steps).await?;
    let client = steps.take("Certificate", Directory::client(ldap))?;
    let opened = Directory::open(egress, ldap, &client).await;
    secured(ldap, &client, opened.is_ok(), steps);
    let mut directory = steps.take("Connection", opened)?;
    let bound = directory.bind(seeker.secret.as_ref()).await;
    steps.take("Bind", bound)?;
    let whom = if ldap.bind.is_empty() {
        "nobody in particular"
    } else {
        &ldap.bind
    };
    steps.say("Bind", Went::Well, format!("as {whom}"));
    let nobody = "nobody-of-that-name@onsight.invalid";
    let somebody = if seeker.somebody.is_empty() {
        nobody
    } else {
        seeker.somebody
    };
    let found = steps.take("Search", directory.find(&somebody.to_lowercase()).await);
    directory.close().await;
    let Some(found) = found? else {
        let (went, text) = if seeker.somebody.is_empty() {
            (
                Went::Well,
                format!(
                    "{} can be searched; write an address above to see what is found",
                    ldap.base
                ),
            )
        } else {
            (
                Went::Wrong,
                format!("the filter finds nobody for {somebody} in {}", ldap.base),
            )
        };
        steps.say("Search", went, text);
        return Some(());
    };
    told(&found, seeker.placements, steps);
    Some(())
}

/// What the directory says of somebody, and what becomes of it here.
fn told(found: &Found, placements: &[Placement], steps: &mut Steps) {
    let email = found
        .known
        .email
        .as_ref()
        .map_or("no address", Email::as_str);
    steps.say(
        "Search",
        Went::Well,
        format!("{} ({}, {email})", found.dn, found.known.name),
    );
    if found.is_shut {
        steps.say(
            "Account",
            Went::Oddly,
            "disabled in the directory: refused when it signs in",
        );
    }
    steps.say(
        "Groups",
        Went::Well,
        match found.known.groups.as_slice() {
            [] => "none".to_owned(),
            groups => groups.join(" · "),
        },
    );
    let meant = places(placements, &found.known);
    let names = placements.iter().filter_map(|one| {
        let is_meant = meant.roles.contains(&(one.workspace, one.role));
        is_meant.then(|| format!("{} in {}", one.role.name(), one.workspace_name))
    });
    let mut names: Vec<String> = names.collect();
    names.dedup();
    match names.as_slice() {
        [] => steps.say("Places", Went::Oddly, "none of these groups has a place here: without a membership made by hand they stay outside"),
        names => steps.say("Places", Went::Well, names.join(" · ")),
    }
}

fn secured(ldap: &Ldap, client: &Client, is_open: bool, steps: &mut Steps) {
    let went = if is_open { Went::Well } else { Went::Wrong };
    match ldap.security {
        Security::Plain => steps.say(
            "Certificate",
            Went::Oddly,
            "no TLS: every password can be read on the way",
        ),
        Security::Ldaps | Security::StartTls => {
            steps.certificate(client.presented().as_ref(), went);
        }
    }
}
