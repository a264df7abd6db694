//! Object storage that speaks S3, over HTTPS: `s3://key@host/bucket/path?region=name`.

mod sign;

use std::io::Write;

use bytes::Bytes;
use http_body_util::{BodyExt, Collected, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_LENGTH, HOST, HeaderValue};
use hyper::{Request, Response};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::https::{Body, Server, authority, escape, nothing, streamed};
use super::{Contents, Error, Kind, Place, Step, Way, at, no_address, wait};
use crate::base::{Clock, Secret, Weight};
use crate::egress::{Egress, Trust};
use sign::{Asked, NOTHING, Signing, authorization, stamp};

const LARGEST_ANSWER: usize = 8 << 20;

pub(super) static KIND: S3 = S3;

pub(super) struct S3;

impl Kind for S3 {
    fn title(&self) -> &'static str {
        "Object storage that speaks S3"
    }

    fn example(&self) -> &'static str {
        "s3://KEY-ID@s3.example.org/bucket/onsight?region=eu-central-1"
    }

    fn fits(&self, address: &str) -> bool {
        address.starts_with("s3://")
    }

    fn account(&self, address: &str) -> Option<String> {
        let Address { key, host, port, .. } = Address::parse(address)?;
        Some(format!("s3://{key}@{host}:{port}"))
    }

    fn open(&self, address: &str, way: &Way) -> Result<Box<dyn Place>, Error> {
        let address = Address::parse(address).ok_or_else(|| no_address(self, address))?;
        let secret = Secret::from(way.secret(&address.shown())?.trim().to_owned());
        Ok(Box::new(Open {
            server: Server {
                egress: way.egress.clone(),
                purpose: way.purpose,
                client: Trust::new(&way.pin)?.client()?,
                host: address.host.clone(),
                port: address.port,
                shown: address.shown(),
            },
            runtime: way.runtime.clone(),
            address,
            secret,
        }))
    }
}

/// The parts of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Address {
    key: String,
    host: String,
    port: u16,
    bucket: String,
    /// Empty, or with a slash at its end.
    folder: String,
    region: String,
}

impl Address {
    fn parse(text: &str) -> Option<Address> {
        let (key, rest) = text.strip_prefix("s3://")?.split_once('@')?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/')?;
        let (host, port) = Egress::place(&format!("https://{authority}")).ok()?;
        let (bucket, folder) = path.split_once('/').unwrap_or((path, ""));
        let region = match query {
            "" => "us-east-1",
            query => query.strip_prefix("region=")?,
        };
        let is_word = |text: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !text.is_empty() && text != "." && text != ".." && text.chars().all(fits)
        };
        let folder = folder.trim_end_matches('/');
        let is_fine = is_word(bucket)
            && is_word(region)
            && !key.is_empty()
            && key.chars().all(|c| c.is_ascii_graphic() && c != '/')
            && (folder.is_empty() || folder.split('/').all(is_word));
        is_fine.then(|| Address {
            key: key.to_owned(),
            host,
            port,
            bucket: bucket.to_owned(),
            folder: match folder {
                "" => String::new(),
                folder => format!("{folder}/"),
            },
            region: region.to_owned(),
        })
    }

    fn shown(&self) -> String {
        format!("s3://{}/{}/{}", self.host, self.bucket, self.folder)
    }
}

struct Open {
    server: Server,
    runtime: tokio::runtime::Handle,
    address: Address,
    secret: Secret,
}

/// A request before it is signed.
struct Wish<'a> {
    method: &'a str,
    path: String,
    query: String,
    sum: &'a str,
    length: u64,
    body: Body,
}

impl Open {
    fn path(&self, path: &str) -> String {
        let Address { bucket, folder, .. } = &self.address;
        escape(&format!("/{bucket}/{folder}{path}"), true)
    }

    async fn ask(&self, wish: Wish<'_>) -> Result<Response<Incoming>, Error> {
        let request = self.request(wish);
        let request = request.map_err(|error| at(Step::Write, &self.address.shown(), error))?;
        self.server.send(request).await
    }

    fn request(&self, wish: Wish<'_>) -> Result<Request<Body>, hyper::http::Error> {
        let now = Clock::system().now();
        let host = authority(&self.address.host, self.address.port);
        let who = Signing {
            key: &self.address.key,
            secret: self.secret.reveal(),
            region: &self.address.region,
        };
        let words = authorization(
            &who,
            &Asked {
                method: wish.method,
                host: &host,
                path: &wish.path,
                query: &wish.query,
                body: wish.sum,
                at: now,
            },
        );
        let mut words = HeaderValue::from_str(&words)?;
        words.set_sensitive(true);
        let uri = match wish.query.as_str() {
            "" => wish.path,
            query => format!("{}?{query}", wish.path),
        };
        Request::builder()
            .method(wish.method)
            .uri(uri)
            .header(HOST, host)
            .header(CONTENT_LENGTH, wish.length)
            .header("x-amz-content-sha256", wish.sum)
            .header("x-amz-date", stamp(now))
            .header(AUTHORIZATION, words)
            .body(wish.body)
    }

    /// The whole of an answer that must be small, if it says that all is well.
    async fn small(&self, wish: Wish<'_>) -> Result<Bytes, Error> {
        let answer = self.ask(wish).await?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), LARGEST_ANSWER).collect().await;
        let body = body.map_err(|error| self.broke(&error))?.to_bytes();
        if status.is_success() {
            return Ok(body);
        }
        Err(self.refused(status.as_u16(), &body))
    }

    fn refused(&self, status: u16, body: &[u8]) -> Error {
        let code = texts(body, "Code").into_iter().next().unwrap_or_default();
        let step = match &*code {
            "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "RequestTimeTooSkewed" => Step::SignIn,
            "NoSuchBucket" | "PermanentRedirect" => Step::Folder,
            _ => Step::Write,
        };
        at(step, &self.address.shown(), format!("it answered {status} {code}"))
    }

    fn broke(&self, error: &dyn std::fmt::Display) -> Error {
        at(Step::Write, &self.address.shown(), error)
    }

    async fn fetch(&self, path: &str, to: &mut dyn Write) -> Result<(), Error> {
        let answer = self.ask(Self::plain("GET", path, String::new())).await?;
        let status = answer.status();
        let mut body = answer.into_body();
        if !status.is_success() {
            let text = Limited::new(body, LARGEST_ANSWER).collect().await;
            let text = text.map(Collected::to_bytes).unwrap_or_default();
            return Err(self.refused(status.as_u16(), &text));
        }
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| self.broke(&error))?;
            if let Ok(bytes) = frame.into_data() {
                to.write_all(&bytes)?;
            }
        }
        Ok(())
    }

    fn plain<'a>(method: &'a str, path: &str, query: String) -> Wish<'a> {
        Wish {
            method,
            path: path.to_owned(),
            query,
            sum: NOTHING,
            length: 0,
            body: nothing(),
        }
    }

    async fn listed(&self, under: &str) -> Result<Vec<String>, Error> {
        let Address { bucket, folder, .. } = &self.address;
        let prefix = escape(&format!("{folder}{under}"), false);
        let (mut found, mut more) = (Vec::new(), String::new());
        loop {
            let query = format!("{more}list-type=2&prefix={prefix}");
            let wish = Self::plain("GET", &escape(&format!("/{bucket}"), true), query);
            let answer = self.small(wish).await?;
            let keys = texts(&answer, "Key");
            found.extend(keys.iter().filter_map(|key| key.strip_prefix(folder.as_str())).map(str::to_owned));
            match texts(&answer, "NextContinuationToken").first() {
                Some(token) => more = format!("continuation-token={}&", escape(token, false)),
                None => break,
            }
        }
        found.sort();
        Ok(found)
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        wait(&self.runtime, &self.address.shown(), work)
    }
}

impl Place for Open {
    fn put(&mut self, path: &str, from: &dyn Contents) -> Result<(), Error> {
        // Both are said before the first byte.
        let weight = Weight::of(from.open()?)?;
        let sum = weight.hex();
        let (path, source) = (self.path(path), from.open()?);
        let wish = Wish {
            method: "PUT",
            path,
            query: String::new(),
            sum: &sum,
            length: weight.bytes,
            body: streamed(source),
        };
        self.wait(self.small(wish)).map(drop)
    }

    fn get(&mut self, path: &str, to: &mut dyn Write) -> Result<(), Error> {
        let path = self.path(path);
        self.wait(self.fetch(&path, to))
    }

    fn all(&mut self, under: &str) -> Result<Vec<String>, Error> {
        self.wait(self.listed(under))
    }

    fn remove(&mut self, path: &str) -> Result<(), Error> {
        let wish = Self::plain("DELETE", &self.path(path), String::new());
        self.wait(self.small(wish)).map(drop)
    }
}

/// What stands in every element of that name.
fn texts(xml: &[u8], element: &str) -> Vec<String> {
    let mut reader = Reader::from_reader(xml);
    let (mut found, mut inside) = (Vec::new(), None::<String>);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == element => {
                inside = Some(String::new());
            }
            Ok(Event::Text(text)) => {
                if let Some(inside) = &mut inside {
                    inside.push_str(&text);
                }
            }
            Ok(Event::End(tag)) if tag.local_name().as_ref() == element => {
                found.extend(inside.take());
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_key_host_bucket_folder_and_region() {
        let full = Address::parse("s3://AK@s3.corp:9000/box/on/sight/?region=eu-1").unwrap();
        assert_eq!((full.host.as_str(), full.port), ("s3.corp", 9000));
        assert_eq!((full.bucket.as_str(), full.folder.as_str()), ("box", "on/sight/"));
        assert_eq!((full.key.as_str(), full.region.as_str()), ("AK", "eu-1"));
        let short = Address::parse("s3://AK@s3.corp/box").unwrap();
        assert_eq!((short.port, short.folder.as_str()), (443, ""));
        for wrong in [
            "s3://s3.corp/box",
            "s3://@s3.corp/box",
            "s3://AK@s3.corp",
            "s3://AK@s3.corp/",
            "s3://AK@s3.corp/box/../other",
            "s3://AK@s3.corp/box?region=eu 1",
            "s3://AK@user@s3.corp/box",
            "https://AK@s3.corp/box",
        ] {
            assert!(Address::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn lists_are_read_from_xml() {
        let xml = b"<?xml version=\"1.0\"?><ListBucketResult><Contents><Key>a/b</Key></Contents><Contents><Key>c</Key></Contents><Code>x</Code></ListBucketResult>";
        assert_eq!(texts(xml, "Key"), ["a/b", "c"]);
        assert!(texts(b"<Key>", "Key").is_empty() && texts(b"", "Key").is_empty());
    }
}
