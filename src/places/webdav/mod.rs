//! A folder that speaks `WebDAV`, over HTTPS: `davs://user@host/path`. A file goes there under
//! another name and is moved when it is whole.

mod listing;

use std::io::Write;

use bytes::Bytes;
use data_encoding::BASE64;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_LENGTH, HOST, HeaderValue, USER_AGENT};
use hyper::http::request::Builder;
use hyper::{Request, Response};

use super::https::{Body, Server, authority, escape, nothing, streamed};
use super::{Contents, Error, Kind, Place, Step, Way, at, no_address, wait};
use crate::base::Secret;
use crate::egress::{Egress, Trust};

const LARGEST_ANSWER: usize = 8 << 20;
/// Folders in folders that are looked into.
const DEEPEST: usize = 10;

pub(super) static KIND: WebDav = WebDav;

pub(super) struct WebDav;

impl Kind for WebDav {
    fn title(&self) -> &'static str {
        "A folder that speaks WebDAV, as Nextcloud does, with a password"
    }

    fn example(&self) -> &'static str {
        "davs://ada@cloud.example/remote.php/dav/files/ada/onsight"
    }

    fn fits(&self, address: &str) -> bool {
        address.starts_with("davs://")
    }

    fn account(&self, address: &str) -> Option<String> {
        let Address {
            user, host, port, ..
        } = Address::parse(address)?;
        Some(format!("davs://{user}@{host}:{port}"))
    }

    fn open(&self, address: &str, way: &Way) -> Result<Box<dyn Place>, Error> {
        let address = Address::parse(address).ok_or_else(|| no_address(self, address))?;
        let word = way.secret(&address.shown())?;
        let word = word.trim_end_matches(['\r', '\n']);
        let words = BASE64.encode(format!("{}:{word}", address.user).as_bytes());
        Ok(Box::new(Open {
            server: Server {
                egress: way.egress.clone(),
                purpose: way.purpose,
                client: Trust::new(&way.pin)?.client()?,
                host: address.host.clone(),
                port: address.port,
                shown: address.shown(),
            },
            words: Secret::from(format!("Basic {words}")),
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
    /// With a slash before it and none behind it; empty: the server's root.
    folder: String,
}

impl Address {
    fn parse(text: &str) -> Option<Address> {
        let (user, rest) = text.strip_prefix("davs://")?.split_once('@')?;
        let (machine, path) = rest.split_once('/')?;
        let (host, port) = Egress::place(&format!("https://{machine}")).ok()?;
        let path = path.trim_end_matches('/');
        let is_word = |part: &str| {
            let is_odd = |c: char| c.is_control() || "?#%\\@".contains(c);
            !part.is_empty() && part != "." && part != ".." && !part.contains(is_odd)
        };
        let is_fine = !user.is_empty()
            && user
                .chars()
                .all(|c| c.is_ascii_graphic() && !"/:%".contains(c))
            && (path.is_empty() || path.split('/').all(is_word));
        is_fine.then(|| Address {
            user: user.to_owned(),
            host,
            port,
            folder: match path {
                "" => String::new(),
                path => format!("/{path}"),
            },
        })
    }

    fn shown(&self) -> String {
        let machine = authority(&self.host, self.port);
        format!("davs://{}@{machine}{}", self.user, self.folder)
    }
}

struct Open {
    server: Server,
    /// What stands after `Authorization:`.
    words: Secret,
    runtime: tokio::runtime::Handle,
    address: Address,
}

impl Open {
    /// As requests carry it.
    fn path(&self, path: &str) -> String {
        escape(&format!("{}/{path}", self.address.folder), true)
    }

    fn request(&self, method: &str, path: &str) -> Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, authority(&self.address.host, self.address.port))
            .header(USER_AGENT, "Onsight");
        if let Ok(mut words) = HeaderValue::from_str(self.words.reveal()) {
            words.set_sensitive(true);
            request = request.header(AUTHORIZATION, words);
        }
        request
    }

    async fn ask(&self, request: Builder, body: Body) -> Result<Response<Incoming>, Error> {
        let request = request.body(body);
        self.server
            .send(request.map_err(|error| self.broke(&error))?)
            .await
    }

    fn broke(&self, error: &dyn std::fmt::Display) -> Error {
        at(Step::Write, &self.address.shown(), error)
    }

    /// The whole of an answer that must be small, with what it says of how it went.
    async fn answer(&self, request: Builder, body: Body) -> Result<(u16, Bytes), Error> {
        let answer = self.ask(request, body).await?;
        let status = answer.status().as_u16();
        let body = Limited::new(answer.into_body(), LARGEST_ANSWER);
        let body = body.collect().await.map_err(|error| self.broke(&error))?;
        Ok((status, body.to_bytes()))
    }

    /// The same, where one of these answers is wanted.
    async fn small(
        &self,
        (request, body): (Builder, Body),
        wanted: &[u16],
    ) -> Result<Bytes, Error> {
        let (status, body) = self.answer(request, body).await?;
        if wanted.contains(&status) {
            return Ok(body);
        }
        Err(self.refused(status))
    }

    fn refused(&self, status: u16) -> Error {
        let (step, why) = match status {
            401 => (
                Step::SignIn,
                "it does not let that user in with that password",
            ),
            404 | 409 => (Step::Folder, "this folder is not there"),
            403 => (Step::Write, "it does not let that user write there"),
            507 => (Step::Write, "it has no room left"),
            300..=399 => (
                Step::Folder,
                "it sends elsewhere; enter the address it means",
            ),
            _ => (Step::Write, "it did not do what it was asked"),
        };
        let why = format!("it answered {status}: {why}");
        at(step, &self.address.shown(), why)
    }

    async fn send(&self, path: &str, from: &dyn Contents) -> Result<(), Error> {
        self.make_folders(path).await?;
        let (half, whole) = (self.path(&format!("{path}.part")), self.path(path));
        let body = streamed(from.open()?);
        let request = self.request("PUT", &half);
        // Not every server takes a body of unknown length.
        let wish = (request.header(CONTENT_LENGTH, from.bytes()?), body);
        let sent = match self.small(wish, &[200, 201, 204]).await {
            Ok(_) => {
                let machine = authority(&self.address.host, self.address.port);
                let moving = self
                    .request("MOVE", &half)
                    .header("destination", format!("https://{machine}{whole}"))
                    .header("overwrite", "T");
                self.small((moving, nothing()), &[201, 204]).await.map(drop)
            }
            Err(error) => Err(error),
        };
        if matches!(&sent, Err(error) if error.step() == Step::Write) {
            // What came to nothing shall not take room there; the error says why.
            let _ = self.answer(self.request("DELETE", &half), nothing()).await;
        }
        sent
    }

    /// The folders above a file, those of ours only.
    async fn make_folders(&self, path: &str) -> Result<(), Error> {
        for (end, _) in path.match_indices('/') {
            let folder = self.path(&path[..end]);
            // 405 says that something is there.
            let wish = (self.request("MKCOL", &folder), nothing());
            self.small(wish, &[201, 405]).await?;
        }
        Ok(())
    }

    async fn fetch(&self, path: &str, to: &mut dyn Write) -> Result<(), Error> {
        let request = self.request("GET", &self.path(path));
        let answer = self.ask(request, nothing()).await?;
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(self.refused(status));
        }
        let mut body = answer.into_body();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| self.broke(&error))?;
            if let Ok(bytes) = frame.into_data() {
                to.write_all(&bytes)?;
            }
        }
        Ok(())
    }

    /// Every file whose path begins like that, those half brought too.
    async fn listed(&self, under: &str) -> Result<Vec<String>, Error> {
        let first = under.rfind('/').map_or("", |end| &under[..end]);
        let (mut found, mut folders) = (Vec::new(), vec![(first.to_owned(), 0)]);
        while let Some((folder, depth)) = folders.pop() {
            let base = match folder.as_str() {
                "" => format!("{}/", escape(&self.address.folder, true)),
                folder => format!("{}/", self.path(folder)),
            };
            let asked = self.request("PROPFIND", &base).header("depth", "1");
            let (status, body) = self.answer(asked, nothing()).await?;
            match status {
                207 => {}
                404 => continue,
                status => return Err(self.refused(status)),
            }
            for entry in listing::entries(&body) {
                let Some(name) = listing::below(&base, &entry.path) else {
                    continue;
                };
                let path = match folder.as_str() {
                    "" => name,
                    folder => format!("{folder}/{name}"),
                };
                if !entry.is_folder {
                    found.push(path);
                } else if depth < DEEPEST {
                    folders.push((path, depth + 1));
                }
            }
        }
        found.retain(|path| path.starts_with(under));
        found.sort();
        Ok(found)
    }

    async fn take_away(&self, path: &str) -> Result<(), Error> {
        let wish = (self.request("DELETE", &self.path(path)), nothing());
        self.small(wish, &[200, 204, 404]).await.map(drop)
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        wait(&self.runtime, &self.address.shown(), work)
    }
}

impl Place for Open {
    fn put(&mut self, path: &str, from: &dyn Contents) -> Result<(), Error> {
        self.wait(self.send(path, from))
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
    fn an_address_names_user_host_and_folder_and_no_password() {
        let full = Address::parse("davs://ada@cloud.corp:8443/dav/my files/").unwrap();
        assert_eq!((full.user.as_str(), full.port), ("ada", 8443));
        assert_eq!(
            (&*full.host, &*full.folder),
            ("cloud.corp", "/dav/my files")
        );
        let short = Address::parse("davs://ada@cloud.corp/").unwrap();
        assert_eq!((short.port, short.folder.as_str()), (443, ""));
        for wrong in [
            "davs://cloud.corp/x",
            "davs://ada@cloud.corp",
            "davs://ada:word@cloud.corp/x",
            "davs://@cloud.corp/x",
            "davs://ada@cloud.corp/../x",
            "davs://ada@cloud.corp/a//b",
            "davs://ada@cloud.corp/x?y=1",
            "davs://ada@cloud.corp/%2e%2e/x",
            "davs://ada@eve@cloud.corp/x",
            "dav://ada@cloud.corp/x",
            "https://ada@cloud.corp/x",
        ] {
            assert!(Address::parse(wrong).is_none(), "{wrong}");
        }
    }
}
