//! What is said to a directory, over a connection of the way out.

use std::time::Duration;

use ldap3::{
    Ldap as Handle, LdapConnAsync, LdapConnSettings, LdapError, Scope, SearchEntry, SearchOptions,
    StdStream,
};

use super::entry::{ATTRIBUTES, Found, add_group};
use super::filter;
use crate::base::Secret;
use crate::egress::{Client, Egress, Purpose, Trust};
use crate::people::federation::Error;
use crate::people::federation::settings::{Ldap, Security};

const ANSWER: Duration = Duration::from_secs(10);
/// Of one person; more are no person's.
const MOST_GROUPS: i32 = 1000;
/// "wrong password" in the protocol.
const INVALID_CREDENTIALS: u32 = 49;

/// A directory somebody speaks with.
pub(in crate::people::federation) struct Directory<'a> {
    settings: &'a Ldap,
    handle: Handle,
}

impl<'a> Directory<'a> {
    /// What the connection is secured with; keeps what the directory showed.
    pub(in crate::people::federation) fn client(settings: &Ldap) -> Result<Client, Error> {
        Ok(Trust::new(&settings.ca)?.client()?)
    }

    /// Connects, and secures the connection as the operator said.
    pub(in crate::people::federation) async fn open(
        egress: &Egress,
        settings: &'a Ldap,
        client: &Client,
    ) -> Result<Directory<'a>, Error> {
        let (host, port) = (settings.host.as_str(), settings.port);
        let stream = egress.connect(host, port, Purpose::SignIn).await?;
        let stream = stream
            .into_std()
            .map_err(|error| Error::Directory(error.to_string()))?;
        let scheme = match settings.security {
            Security::Ldaps => "ldaps",
            Security::StartTls | Security::Plain => "ldap",
        };
        let how = LdapConnSettings::new()
            .set_conn_timeout(ANSWER)
            .set_std_stream(StdStream::Tcp(stream))
            .set_config(std::sync::Arc::clone(&client.config))
            .set_starttls(settings.security == Security::StartTls);
        let opened = LdapConnAsync::with_settings(how, &format!("{scheme}://{host}:{port}")).await;
        let (connection, handle) = opened.map_err(|error| said("no secure connection", &error))?;
        tokio::spawn(async move {
            if let Err(error) = connection.drive().await {
                tracing::debug!("a connection to a directory ended: {error}");
            }
        });
        Ok(Directory { settings, handle })
    }

    /// Signs in as whoever searches. An empty password would be taken for
    /// nobody and let in: it is refused here.
    pub(in crate::people::federation) async fn bind(
        &mut self,
        secret: Option<&Secret>,
    ) -> Result<(), Error> {
        if self.settings.bind.is_empty() {
            return Ok(());
        }
        let secret = secret.filter(|secret| !secret.reveal().is_empty());
        let secret = secret.ok_or_else(|| {
            Error::Directory(format!(
                "the password of {} is not set; enter it",
                self.settings.bind
            ))
        })?;
        if self
            .is_password_of(&self.settings.bind.clone(), secret)
            .await?
        {
            Ok(())
        } else {
            Err(Error::Directory(format!(
                "the directory does not take the password of {}",
                self.settings.bind
            )))
        }
    }

    /// The one entry for that address, with its groups.
    pub(in crate::people::federation) async fn find(
        &mut self,
        email: &str,
    ) -> Result<Option<Found>, Error> {
        let wanted = filter::for_person(&self.settings.filter, email);
        let mut entries = self
            .search(&self.settings.base.clone(), &wanted, &ATTRIBUTES, 2)
            .await?;
        if entries.len() > 1 {
            return Err(Error::Directory(
                "the filter finds more than one entry for that address; nobody is let in"
                    .to_owned(),
            ));
        }
        let Some(entry) = entries.pop() else {
            return Ok(None);
        };
        let mut found = Found::read(&entry, email);
        if !self.settings.group_base.is_empty() {
            let wanted = filter::for_groups(&self.settings.group_filter, &found.dn);
            let base = self.settings.group_base.clone();
            for group in self.search(&base, &wanted, &["cn"], MOST_GROUPS).await? {
                let called = group.attrs.get("cn").and_then(|names| names.first());
                add_group(&mut found.known, &group.dn, called.map(String::as_str));
            }
        }
        Ok(Some(found))
    }

    /// Tries a password. What is empty is never tried: directories answer
    /// "welcome, nobody" to it.
    pub(in crate::people::federation) async fn is_password_of(
        &mut self,
        dn: &str,
        words: &Secret,
    ) -> Result<bool, Error> {
        if words.reveal().is_empty() || dn.is_empty() {
            return Ok(false);
        }
        let tried = self
            .handle
            .with_timeout(ANSWER)
            .simple_bind(dn, words.reveal())
            .await;
        let result = tried.map_err(|error| said("the directory does not answer", &error))?;
        match result.rc {
            0 => Ok(true),
            INVALID_CREDENTIALS => Ok(false),
            // A policy in the way, an entry without a password, an unwilling server.
            code => {
                tracing::info!(code, "the directory refused a password with code {code}");
                Ok(false)
            }
        }
    }

    /// Takes as long for somebody who is not there as for a wrong password.
    pub(in crate::people::federation) async fn try_nobody(
        &mut self,
        words: &Secret,
    ) -> Result<(), Error> {
        let nobody = format!("cn=onsight-nobody,{}", self.settings.base);
        self.is_password_of(&nobody, words).await?;
        Ok(())
    }

    pub(in crate::people::federation) async fn close(mut self) {
        if let Err(error) = self.handle.unbind().await {
            tracing::debug!("a directory was left without a goodbye: {error}");
        }
    }

    async fn search(
        &mut self,
        base: &str,
        filter: &str,
        attributes: &[&str],
        most: i32,
    ) -> Result<Vec<SearchEntry>, Error> {
        let options = SearchOptions::new().sizelimit(most).timelimit(10);
        let handle = self
            .handle
            .with_timeout(ANSWER)
            .with_search_options(options);
        let answer = handle
            .search(base, Scope::Subtree, filter, attributes)
            .await;
        let (entries, _) = answer
            .and_then(ldap3::SearchResult::success)
            .map_err(|error| said(&format!("the search in {base} failed"), &error))?;
        // Referrals to other directories are not followed.
        let entries = entries
            .into_iter()
            .filter(|entry| !entry.is_ref() && !entry.is_intermediate());
        Ok(entries.map(SearchEntry::construct).collect())
    }
}

fn said(what: &str, error: &LdapError) -> Error {
    Error::Directory(format!("{what}: {error}"))
}
