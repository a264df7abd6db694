//! A folder of another machine, over SSH: `sftp://user@host/path`. The host key
//! is known beforehand; a connection of the one dialer carries it.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use russh::client::{self, Handler};
use russh::keys::{HashAlg, PrivateKeyWithHashAlg, PublicKeyOrCertificate, decode_secret_key};
use russh_sftp::client::SftpSession;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::{Contents, Error, Kind, Place, Step, Way, at, no_address, wait};
use crate::egress::Egress;

/// How long it may take until one is signed in.
const ENTRY: Duration = Duration::from_secs(30);
/// Bytes that are handed over at once.
const PIECE: usize = 128 << 10;

pub(super) static KIND: Sftp = Sftp;

pub(super) struct Sftp;

impl Kind for Sftp {
    fn title(&self) -> &'static str {
        "Another machine over SSH (SFTP), with a password or an Ed25519 or ECDSA key"
    }

    fn example(&self) -> &'static str {
        "sftp://backup@nas.corp:22/srv/onsight"
    }

    fn fits(&self, address: &str) -> bool {
        address.starts_with("sftp://")
    }

    fn account(&self, address: &str) -> Option<String> {
        Address::parse(address).map(|address| address.shown())
    }

    fn open(&self, address: &str, way: &Way) -> Result<Box<dyn Place>, Error> {
        let address = Address::parse(address).ok_or_else(|| no_address(self, address))?;
        let shown = address.shown();
        let entered = way
            .runtime
            .block_on(async { timeout(ENTRY, enter(&address, way)).await });
        let (session, sftp) =
            entered.map_err(|_elapsed| {
                at(Step::SignIn, &shown, "it did not let us in within 30 seconds")
            })??;
        Ok(Box::new(Open {
            _session: session,
            sftp,
            runtime: way.runtime.clone(),
            address,
        }))
    }
}

/// The parts of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Address {
    user: String,
    host: String,
    port: u16,
    /// Absolute, or below the user's home.
    folder: String,
}

impl Address {
    fn parse(text: &str) -> Option<Address> {
        let (user, rest) = text.strip_prefix("sftp://")?.split_once('@')?;
        let (authority, path) = rest.split_once('/')?;
        let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let authority = if has_port { authority.to_owned() } else { format!("{authority}:22") };
        let (host, port) = Egress::place(&format!("https://{authority}")).ok()?;
        let path = path.trim_end_matches('/');
        let folder = match path.strip_prefix("~/") {
            Some(below) => below.to_owned(),
            None => format!("/{path}"),
        };
        let is_word = |part: &str| {
            !part.is_empty() && part != "." && part != ".." && !part.contains(char::is_control)
        };
        let is_fine = !user.is_empty()
            && user.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            && folder.trim_start_matches('/').split('/').all(is_word);
        is_fine.then(|| Address {
            user: user.to_owned(),
            host,
            port,
            folder,
        })
    }

    fn shown(&self) -> String {
        format!("sftp://{}@{}:{}", self.user, self.host, self.port)
    }
}

/// Believes one host key, and remembers which one was shown.
struct Believer {
    pin: String,
    shown: Arc<Mutex<String>>,
}

impl Handler for Believer {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        key: &PublicKeyOrCertificate,
    ) -> Result<bool, russh::Error> {
        let print = key.public_key().fingerprint(HashAlg::Sha256).to_string();
        let is_known = print == self.pin;
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = print;
        Ok(is_known)
    }
}

type Session = client::Handle<Believer>;

async fn enter(address: &Address, way: &Way) -> Result<(Session, SftpSession), Error> {
    let shown = address.shown();
    let stream = { &way.egress }.connect(&address.host, address.port, way.purpose);
    let stream = stream.await?;
    let print = Arc::new(Mutex::new(String::new()));
    let believer = Believer {
        pin: way.pin.trim().to_owned(),
        shown: Arc::clone(&print),
    };
    let config = client::Config {
        keepalive_interval: Some(Duration::from_secs(30)),
        ..client::Config::default()
    };
    let connected = client::connect_stream(Arc::new(config), stream, believer).await;
    let mut session = connected.map_err(|error| {
        let print = print.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match error {
            russh::Error::UnknownKey => at(Step::Trust, &shown, format!(
                "it shows the host key {print}. If its administrator confirms that, enter it as whom to believe"
            )),
            error => at(Step::Trust, &shown, error),
        }
    })?;
    let broke = |error: &dyn std::fmt::Display| at(Step::SignIn, &shown, error);
    let secret = way.secret(&shown)?;
    let entry = if secret.contains("PRIVATE KEY") {
        let key = decode_secret_key(secret, None).map_err(|error| broke(&error))?;
        let key = PrivateKeyWithHashAlg::new(Arc::new(key), None);
        session.authenticate_publickey(&address.user, key).await
    } else {
        let word = secret.trim_end_matches(['\r', '\n']);
        session.authenticate_password(&address.user, word).await
    };
    if !entry.map_err(|error| broke(&error))?.success() {
        return Err(broke(&"it does not let that user in with that password or key"));
    }
    let channel = session.channel_open_session().await;
    let channel = channel.map_err(|error| broke(&error))?;
    let asked = channel.request_subsystem(true, "sftp").await;
    asked.map_err(|error| broke(&error))?;
    let sftp = SftpSession::new(channel.into_stream()).await;
    Ok((session, sftp.map_err(|error| broke(&error))?))
}

struct Open {
    /// The connection lasts as long as this.
    _session: Session,
    sftp: SftpSession,
    runtime: tokio::runtime::Handle,
    address: Address,
}

impl Open {
    fn path(&self, path: &str) -> String {
        format!("{}/{path}", self.address.folder)
    }

    fn told(&self, path: &str) -> impl Fn(russh_sftp::client::error::Error) -> Error {
        let place = format!("{} {}", self.address.shown(), self.path(path));
        move |error| at(Step::Write, &place, error)
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        wait(&self.runtime, &self.address.shown(), work)
    }

    async fn send(&self, path: &str, from: &dyn Contents) -> Result<(), Error> {
        let (to, told) = (self.path(path), self.told(path));
        self.find_folder().await?;
        self.make_folders(path).await?;
        let half = format!("{to}.part");
        let mut file = self.sftp.create(half.as_str()).await.map_err(&told)?;
        // Read on this thread, which waits for nothing else.
        let mut source = from.open()?;
        let mut piece = vec![0; PIECE];
        loop {
            let read = source.read(&mut piece)?;
            if read == 0 {
                break;
            }
            file.write_all(&piece[..read]).await.map_err(|error| told(error.into()))?;
        }
        file.shutdown().await.map_err(|error| told(error.into()))?;
        // Rename refuses where there is something already.
        if self.sftp.try_exists(to.as_str()).await.map_err(&told)? {
            self.sftp.remove_file(to.as_str()).await.map_err(&told)?;
        }
        self.sftp.rename(half, to).await.map_err(&told)
    }

    /// The folder of the address is somebody's to make.
    async fn find_folder(&self) -> Result<(), Error> {
        let folder = self.address.folder.as_str();
        let place = format!("{} {folder}", self.address.shown());
        match self.sftp.try_exists(folder).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(at(Step::Folder, &place, "this folder is not there")),
            Err(error) => Err(at(Step::Folder, &place, error)),
        }
    }

    /// The folders above a file, those of ours only.
    async fn make_folders(&self, path: &str) -> Result<(), Error> {
        for (end, _) in path.match_indices('/') {
            let folder = self.path(&path[..end]);
            let told = self.told(&path[..end]);
            if !self.sftp.try_exists(folder.as_str()).await.map_err(&told)? {
                self.sftp.create_dir(folder).await.map_err(&told)?;
            }
        }
        Ok(())
    }

    async fn fetch(&self, path: &str, to: &mut dyn Write) -> Result<(), Error> {
        let told = self.told(path);
        let mut file = self.sftp.open(self.path(path)).await.map_err(&told)?;
        let mut piece = vec![0; PIECE];
        loop {
            let read = file.read(&mut piece).await.map_err(|error| told(error.into()))?;
            if read == 0 {
                return Ok(());
            }
            to.write_all(&piece[..read])?;
        }
    }

    /// Every file whose path begins like that, those half brought too.
    async fn listed(&self, under: &str) -> Result<Vec<String>, Error> {
        let first = under.rfind('/').map_or("", |end| &under[..end]);
        let (mut found, mut folders) = (Vec::new(), vec![first.to_owned()]);
        while let Some(folder) = folders.pop() {
            let told = self.told(&folder);
            let path = match folder.as_str() {
                "" => self.address.folder.clone(),
                folder => self.path(folder),
            };
            if !self.sftp.try_exists(path.as_str()).await.map_err(&told)? {
                continue;
            }
            for entry in self.sftp.read_dir(path).await.map_err(&told)? {
                let name = match folder.as_str() {
                    "" => entry.file_name(),
                    folder => format!("{folder}/{}", entry.file_name()),
                };
                if entry.file_type().is_dir() {
                    folders.push(name);
                } else {
                    found.push(name);
                }
            }
        }
        found.retain(|path| path.starts_with(under));
        found.sort();
        Ok(found)
    }

    async fn take_away(&self, path: &str) -> Result<(), Error> {
        let (at, told) = (self.path(path), self.told(path));
        if self.sftp.try_exists(at.as_str()).await.map_err(&told)? {
            self.sftp.remove_file(at).await.map_err(&told)?;
        }
        if let Some(end) = path.rfind('/') {
            // The folder goes with its last file; before that this is refused.
            let _ = self.sftp.remove_dir(self.path(&path[..end])).await;
        }
        Ok(())
    }
}

impl Place for Open {
    fn put(&mut self, path: &str, from: &dyn Contents) -> Result<(), Error> {
        let sent = self.wait(self.send(path, from));
        if sent.is_err() {
            // What came to nothing shall not take room there; the error says why.
            let half = self.sftp.remove_file(format!("{}.part", self.path(path)));
            let _ = self.runtime.block_on(async { timeout(ENTRY, half).await });
        }
        sent
    }

    fn get(&mut self, path: &str, to: &mut dyn Write) -> Result<(), Error> {
        self.wait(self.fetch(path, to))
    }

    fn all(&mut self, under: &str) -> Result<Vec<String>, Error> {
        self.wait(self.listed(under))
    }

    fn remove(&mut self, path: &str) -> Result<(), Error> {
        self.wait(self.take_away(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_user_host_and_folder() {
        let full = Address::parse("sftp://onsight@nas.corp:2222/srv/onsight/").unwrap();
        assert_eq!((full.user.as_str(), full.host.as_str(), full.port), ("onsight", "nas.corp", 2222));
        assert_eq!(full.folder, "/srv/onsight");
        let home = Address::parse("sftp://onsight@nas.corp/~/copies").unwrap();
        assert_eq!((home.port, home.folder.as_str()), (22, "copies"));
        for wrong in [
            "sftp://nas.corp/srv",
            "sftp://a@nas.corp",
            "sftp://a@nas.corp/",
            "sftp://a@nas.corp/../etc",
            "sftp://a b@nas.corp/x",
            "sftp://a@b@nas.corp/x",
            "ssh://a@nas.corp/x",
        ] {
            assert!(Address::parse(wrong).is_none(), "{wrong}");
        }
    }
}
