//! The server that takes the instance's mail, as an operator names it.

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::base::{Secret, Time};
use crate::store::{Error, Key};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Security {
    /// TLS from the first byte.
    Implicit,
    /// A word in the clear, then TLS; without it nothing is sent.
    StartTls,
    /// Everybody on the way reads along.
    Plain,
}

impl Security {
    pub(super) const ALL: [Security; 3] = [Security::StartTls, Security::Implicit, Security::Plain];

    pub(super) fn name(self) -> &'static str {
        match self {
            Security::Implicit => "implicit",
            Security::StartTls => "starttls",
            Security::Plain => "plain",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Security::StartTls => "StartTLS, required (usually port 587)",
            Security::Implicit => "TLS from the start (usually port 465)",
            Security::Plain => "None: readable on the way (port 25)",
        }
    }

    pub(super) fn named(name: &str) -> Option<Security> {
        Security::ALL.into_iter().find(|one| one.name() == name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    /// The authority that vouches for it, as PEM; empty for the machine's own roots.
    pub(super) ca: String,
    /// Empty: nobody signs in.
    pub(super) user: String,
    /// Whom letters are from.
    pub(super) from: String,
    pub(super) from_name: String,
    /// Why nothing is sealed on the way, where nothing is.
    pub(super) reason: String,
    /// Letters of surveys that may leave in an hour; all others are few.
    #[serde(default = "usual")]
    pub(super) per_hour: u32,
}

/// What most servers take from one sender.
pub(super) const USUAL: u32 = 500;

fn usual() -> u32 {
    USUAL
}

impl Server {
    /// Where the password goes and under which guard: what it is sealed for.
    pub(super) fn place(&self) -> String {
        let parts = [
            &*self.host,
            self.security.name(),
            &self.user,
            &self.ca,
            &self.port.to_string(),
        ];
        // Quoted, so that the parts stay apart whatever is in them.
        let said = format!("{parts:?}");
        let hash = digest::digest(&digest::SHA256, said.as_bytes());
        format!("mail server|{}", HEXLOWER.encode(hash.as_ref()))
    }

    /// As the audit trail may show it: no password.
    pub(super) fn described(&self) -> serde_json::Value {
        serde_json::json!({
            "host": self.host,
            "port": self.port,
            "security": self.security.name(),
            "own_authority": !self.ca.is_empty(),
            "user": self.user,
            "from": self.from,
            "from_name": self.from_name,
            "reason": self.reason,
            "per_hour": self.per_hour,
        })
    }
}

/// The server as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) server: Server,
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) sent: Option<Time>,
    pub(super) fault: Option<String>,
}

impl Kept {
    /// The password, for the moment it is used.
    pub(super) fn password(&self, key: &Key) -> Result<Option<Secret>, Error> {
        let Some(sealed) = &self.sealed else {
            return Ok(None);
        };
        let open = key.open(&self.server.place(), sealed)?;
        let words = String::from_utf8_lossy(&open).into_owned();
        Ok(Some(words.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> Server {
        Server {
            host: "mail.corp".to_owned(),
            port: 587,
            security: Security::StartTls,
            ca: String::new(),
            user: "onsight".to_owned(),
            from: "onsight@corp.example".to_owned(),
            from_name: "Onsight".to_owned(),
            reason: String::new(),
            per_hour: USUAL,
        }
    }

    #[test]
    fn a_password_opens_for_the_destination_it_was_given_for_and_no_other() {
        let key = Key::random().unwrap();
        let sealed = key.seal(&server().place(), b"hunter2").unwrap();
        let kept = |server| Kept {
            server,
            sealed: Some(sealed.clone()),
            sent: None,
            fault: None,
        };
        let opened = kept(server()).password(&key).unwrap().unwrap();
        assert_eq!(opened.reveal(), "hunter2");

        let elsewhere: [fn(&mut Server); 5] = [
            |server| server.host = "evil.example".to_owned(),
            |server| server.port = 25,
            |server| server.security = Security::Plain,
            |server| server.user = "root".to_owned(),
            |server| server.ca = "another".to_owned(),
        ];
        for change in elsewhere {
            let mut other = server();
            change(&mut other);
            assert!(kept(other.clone()).password(&key).is_err(), "{other:?}");
        }
        let said = server().described().to_string() + &format!("{:?}", kept(server()));
        assert!(!said.contains("hunter2"));
    }
}
