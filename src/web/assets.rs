//! What the browser loads: embedded, under an address that changes with the
//! content, compressed once and kept.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

use aws_lc_rs::digest;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::EmbeddedFile;

use super::Error;

// A folder each, because beside them lie the sources of the vendored bundles.
#[derive(rust_embed::RustEmbed)]
#[folder = "assets/css"]
#[prefix = "css/"]
struct Css;

#[derive(rust_embed::RustEmbed)]
#[folder = "assets/js"]
#[prefix = "js/"]
struct Js;

#[derive(rust_embed::RustEmbed)]
#[folder = "assets/icons"]
#[prefix = "icons/"]
struct Icons;

#[derive(rust_embed::RustEmbed)]
#[folder = "assets/vendor/dist"]
#[prefix = "vendor/dist/"]
struct Vendor;

fn find(path: &str) -> Option<EmbeddedFile> {
    Css::get(path)
        .or_else(|| Js::get(path))
        .or_else(|| Icons::get(path))
        .or_else(|| Vendor::get(path))
}

fn paths() -> impl Iterator<Item = Cow<'static, str>> {
    Css::iter()
        .chain(Js::iter())
        .chain(Icons::iter())
        .chain(Vendor::iter())
}

// Facts of the binary, worked out once: not state.
static PREFIX: LazyLock<String> = LazyLock::new(|| {
    let mut context = digest::Context::new(&digest::SHA256);
    for path in paths() {
        if let Some(file) = find(&path) {
            context.update(path.as_bytes());
            context.update(&file.metadata.sha256_hash());
        }
    }
    let hash = context.finish();
    let short = hash.as_ref()[..6]
        .iter()
        .fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    format!("/assets/{short:012x}")
});
static COMPRESSED: LazyLock<Mutex<HashMap<String, Bytes>>> = LazyLock::new(Mutex::default);

/// Where this build's files lie: `/assets/1a2b3c4d5e6f`.
pub fn prefix() -> &'static str {
    &PREFIX
}

/// One of the files. An address of another build still finds it, but is not
/// kept by the browser.
pub async fn asset(
    Path((build, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let file = find(&path).ok_or(Error::NotFound)?;
    let keep = if PREFIX.ends_with(&build) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let takes_gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|taken| taken.to_str().ok())
        .is_some_and(|taken| taken.contains("gzip"));
    let mut response = if takes_gzip && is_text(&path) {
        let packed = compressed(&path, &file.data)?;
        let gzip = HeaderValue::from_static("gzip");
        ([(header::CONTENT_ENCODING, gzip)], Body::from(packed)).into_response()
    } else {
        match file.data {
            Cow::Borrowed(bytes) => Body::from(bytes).into_response(),
            Cow::Owned(bytes) => Body::from(bytes).into_response(),
        }
    };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(&path)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

fn compressed(path: &str, bytes: &[u8]) -> Result<Bytes, Error> {
    let kept = COMPRESSED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(path)
        .cloned();
    if let Some(packed) = kept {
        return Ok(packed);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(7));
    encoder.write_all(bytes)?;
    let packed = Bytes::from(encoder.finish()?);
    COMPRESSED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(path.to_owned(), packed.clone());
    Ok(packed)
}

fn is_text(path: &str) -> bool {
    kind(path) != "application/octet-stream"
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        Some((_, "txt")) => "text/plain; charset=utf-8",
        Some((_, "json")) => "application/json",
        _ => "application/octet-stream",
    }
}
