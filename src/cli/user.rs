//! `onsight user`: people, from the console.

use std::io::Write;

use anyhow::{Context, anyhow};

use crate::base::Clock;
use crate::people::{self, Email, NewUser};
use crate::site::Site;
use crate::web::Role;

use super::arguments::{Place, User};

pub(super) async fn run(place: &Place, command: User, out: &mut impl Write) -> anyhow::Result<()> {
    let site = Site::beside(place.config()?, Clock::system())?;
    match command {
        User::Add { email, name, role } => {
            let role = Role::named(&role).with_context(|| {
                format!("{role} is no role; a role is admin, builder, user or auditor")
            })?;
            let new = NewUser::parse(&email, &name, role).map_err(|faults| {
                let faults: Vec<_> = faults.iter().map(|(_, fault)| fault.to_owned()).collect();
                anyhow!("{}", faults.join("; "))
            })?;
            let email = new.email.clone();
            people::add(&site, new).await?;
            let path = people::sign_in_link(&site, &email).await?;
            writeln!(out, "{}", address(&site, &path))?;
        }
        User::List => {
            for member in people::list(&site).await? {
                let state = match (member.disabled, member.joined) {
                    (Some(_), _) => "disabled",
                    (None, false) => "invited",
                    (None, true) => "",
                };
                writeln!(
                    out,
                    "{:<32} {:<24} {:<8} {state}",
                    member.email,
                    member.name,
                    member.role.name()
                )?;
            }
        }
        User::Link { email } => {
            let path = people::sign_in_link(&site, &Email::parse(&email)?).await?;
            writeln!(out, "{}", address(&site, &path))?;
        }
        User::Disable { email } => people::disable(&site, &Email::parse(&email)?).await?,
        User::Enable { email } => people::enable(&site, &Email::parse(&email)?).await?,
        User::ForgetFactors { email } => {
            people::forget_factors_of(&site, &Email::parse(&email)?).await?;
        }
    }
    Ok(())
}

/// The path as a browser on this host reaches it.
pub(super) fn address(site: &Site, path: &str) -> String {
    let listen = site.config.listen;
    let host = if listen.ip().is_unspecified() {
        let names = site.certificates.shown().names;
        let name = names
            .iter()
            .find(|name| *name != "localhost" && name.parse::<std::net::IpAddr>().is_err());
        name.cloned().unwrap_or_else(|| "localhost".to_owned())
    } else if listen.is_ipv6() {
        format!("[{}]", listen.ip())
    } else {
        listen.ip().to_string()
    };
    let port = match listen.port() {
        443 => String::new(),
        port => format!(":{port}"),
    };
    format!("https://{host}{port}{path}")
}
