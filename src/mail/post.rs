//! Letters that wait elsewhere, such as a survey's in the file of its answers: handed to
//! the server for mail one by one. Whoever sends them keeps what became of each.

use crate::base::Time;
use crate::site::Site;
use crate::store::Error;

use super::actions::{called, key};
use super::message;
use super::server::Server;
use super::smtp::{Session, Trouble};
use super::sql;

/// How the server for mail does.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Letters of surveys that may leave in an hour.
    pub per_hour: u32,
    /// Why the last letter did not leave.
    pub fault: Option<String>,
}

/// How it does; none is set up: `None`.
pub async fn facts(site: &Site) -> Result<Option<Facts>, Error> {
    let kept = site.system.read(sql::server).await?;
    Ok(kept.map(|kept| Facts {
        per_hour: kept.server.per_hour,
        fault: kept.fault,
    }))
}

/// A letter of plain text.
pub struct Sheet<'a> {
    /// The same each time it is tried, so that a reader's program knows it again.
    pub id: &'a str,
    pub at: Time,
    pub to: &'a str,
    pub name: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    /// Where answers go; empty: to the sender.
    pub reply_to: &'a str,
    /// The address that stops further letters.
    pub stop: &'a str,
}

/// Why a letter did not leave.
#[derive(Clone, Debug)]
pub struct Undelivered {
    /// What the server said: it may name the address.
    pub why: String,
    /// It will not be taken at another time either.
    pub is_final: bool,
    /// Other letters over this connection do not leave either.
    pub is_general: bool,
}

/// Why no letter can leave.
#[derive(Debug, thiserror::Error)]
pub enum NoPost {
    #[error("no server for mail is set up")]
    Off,
    #[error("{0}")]
    Trouble(String),
    #[error(transparent)]
    Store(#[from] Error),
}

/// A connection to the server for mail.
pub struct Post {
    site: Site,
    server: Server,
    session: Session,
    /// Letters it took.
    taken: usize,
}

impl Post {
    /// What goes wrong is kept beside the server, where operators read it.
    pub async fn open(site: &Site) -> Result<Post, NoPost> {
        let kept = site.system.read(sql::server).await?.ok_or(NoPost::Off)?;
        let password = kept.password(&key(site)?)?;
        let name = called(site);
        let session = Session::open(&site.egress, &kept.server, password.as_ref(), &name);
        match session.await {
            Ok(session) => Ok(Post {
                site: site.clone(),
                server: kept.server,
                session,
                taken: 0,
            }),
            Err(trouble) => {
                note(site, Some(&trouble)).await?;
                Err(NoPost::Trouble(trouble.to_string()))
            }
        }
    }

    /// Hands one letter over.
    pub async fn send(&mut self, sheet: &Sheet<'_>) -> Result<(), Undelivered> {
        let bytes = message::plain(&self.server, sheet).map_err(|why| Undelivered {
            why,
            is_final: true,
            is_general: false,
        })?;
        match self.session.send(sheet.to, &bytes).await {
            Ok(()) => {
                self.taken += 1;
                Ok(())
            }
            Err(trouble) => {
                let is_general = trouble.is_general();
                if is_general && let Err(error) = note(&self.site, Some(&trouble)).await {
                    tracing::error!("how the server for mail does could not be kept: {error}");
                }
                Err(Undelivered {
                    why: trouble.to_string(),
                    is_final: trouble.is_final,
                    is_general,
                })
            }
        }
    }

    /// Takes leave.
    pub async fn close(self) -> Result<(), Error> {
        if self.taken > 0 {
            note(&self.site, None).await?;
        }
        self.session.close().await;
        Ok(())
    }
}

/// How it went lately, beside the server: a note of the work itself.
async fn note(site: &Site, trouble: Option<&Trouble>) -> Result<(), Error> {
    let (now, why) = (site.clock.now(), trouble.map(ToString::to_string));
    site.system
        .write(move |tx| sql::note(tx, why.as_deref(), now))
        .await
}
