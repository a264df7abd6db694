//! The edge: what every answer wears on its way out, and how a failure looks
//! to whoever asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use askama::Template;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::base::text;
use crate::log;
use crate::site::Site;

use super::access::Peer;
use super::assets;
use super::error::Failure;
use super::{seen, toast};

/// Scripts, styles, pictures and calls from here and nowhere else. What becomes
/// HTML in the browser passes `assets/js/trust.js`, which owns both policies.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types onsight default";

const HEADERS: [(HeaderName, &str); 9] = [
    (header::CONTENT_SECURITY_POLICY, CSP),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        "require-corp",
    ),
    (HeaderName::from_static("origin-agent-cluster"), "?1"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(), bluetooth=(), browsing-topics=(), camera=(), \
         display-capture=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), \
         local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), \
         usb=(), xr-spatial-tracking=()",
    ),
];

/// The same for a page whose form may lead, in the end, to these machines: browsers
/// hold a form to its policy through every redirect. The sites `around` may show it in
/// a frame; `is_ours`: pages of ours may.
pub fn leading_to(hosts: &[String], around: &[String], is_ours: bool) -> Option<HeaderValue> {
    let (own, alone) = ("form-action 'self'", "frame-ancestors 'none'");
    let mut policy = CSP.replace(own, [own, &hosts.join(" ")].join(" ").trim_end());
    if !around.is_empty() || is_ours {
        let allowed = ["frame-ancestors 'self'", &around.join(" ")].join(" ");
        policy = policy.replace(alone, allowed.trim_end());
    }
    HeaderValue::from_str(&policy).ok()
}

/// The same for a page of ours that shows another one of ours in a frame.
pub fn framing() -> HeaderValue {
    let own = "form-action 'self'; frame-src 'self'";
    let policy = CSP.replace("form-action 'self'", own);
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(CSP))
}

/// The same for a page that shows pictures and pages of these origins.
pub fn showing(pictures: &[String], frames: &[String]) -> Option<HeaderValue> {
    let mut policy = CSP.to_owned();
    if !pictures.is_empty() {
        let own = "img-src 'self' data: blob:";
        policy = policy.replace(own, &[own, &pictures.join(" ")].join(" "));
    }
    if !frames.is_empty() {
        let own = "form-action 'self'";
        policy = policy.replace(own, &[own, &frames.join(" ")].join("; frame-src "));
    }
    HeaderValue::from_str(&policy).ok()
}

/// A page with a policy of its own may be framed by those whom that names; the older
/// header could only forbid it to them.
fn is_framed(headers: &HeaderMap) -> bool {
    let policy = headers.get(header::CONTENT_SECURITY_POLICY);
    let policy = policy.and_then(|policy| policy.to_str().ok());
    policy.is_some_and(|policy| policy.contains("frame-ancestors 'self'"))
}

/// What the edge has to know.
#[derive(Clone)]
pub struct Dress {
    site: Site,
    /// Numbers the requests of this process, so that a person can name one to
    /// whoever reads the log.
    numbers: Arc<AtomicU64>,
}

impl Dress {
    pub fn new(site: &Site) -> Dress {
        Dress {
            site: site.clone(),
            numbers: Arc::default(),
        }
    }

    fn number(&self) -> Arc<str> {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        format!("{:x}-{number}", std::process::id()).into()
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    assets: &'a str,
    status: u16,
    title: &'a str,
    text: &'a str,
    request: &'a str,
}

/// How whoever asked wants to be told.
enum Wants {
    Page,
    Part,
    Json,
}

/// Puts headers on every answer and turns a failure into a page, a part or JSON.
/// What is logged meanwhile has the request's number, and the answer is counted.
pub async fn dress(State(edge): State<Dress>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = edge.number();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let answer = dressed(&edge, &id, request, next);
    let response = log::during(Arc::clone(&id), answer).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    let route = route.as_ref().map(MatchedPath::as_str);
    let traffic = &edge.site.meters.traffic;
    traffic.answered(method.is_safe(), route, status, took);
    // The pattern, never the address: what stands in that is nobody's business.
    tracing::info!(
        target: "onsight::access",
        request = &*id,
        method = method.as_str(),
        route = route.unwrap_or("none"),
        status,
        milliseconds = took.as_secs_f64() * 1_000.0,
        "answered"
    );
    response
}

async fn dressed(edge: &Dress, id: &str, mut request: Request, next: Next) -> Response {
    let wants = wants(&request);
    let then = whence(&wants, &request);
    let address = Peer::of(request.extensions());
    let seen = seen::look(request.extensions(), request.headers(), id);
    request.extensions_mut().insert(Arc::new(seen));
    let toasted = toast::was_carried(request.headers());
    let mut response = next.run(request).await;
    let failure = response.extensions_mut().remove::<Failure>();
    if let Some(failure) = failure.or_else(|| Failure::of_extractor(&response)) {
        let status = response.status();
        if let Some(cause) = &failure.cause {
            tracing::error!(request = id, peer = %address, "request {id} failed: {cause}");
        }
        let mut extra = std::mem::take(response.headers_mut());
        extra.remove(header::CONTENT_TYPE);
        extra.remove(header::CONTENT_LENGTH);
        response = tell(&wants, status, &failure, id, then.as_deref());
        response.headers_mut().extend(extra);
    }
    let is_page = is_html(response.headers());
    let is_framed = is_framed(response.headers());
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        if is_framed && name == header::X_FRAME_OPTIONS {
            continue;
        }
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if let Some(strict) = edge.site.strict.header() {
        let strict = HeaderValue::from_static(strict);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, strict);
    }
    if toasted && is_page {
        headers.append(header::SET_COOKIE, toast::eaten());
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn wants(request: &Request) -> Wants {
    let accept = request
        .headers()
        .get(header::ACCEPT)
        .map_or(&b""[..], HeaderValue::as_bytes);
    let path = request.uri().path();
    let is_program = path == "/api" || path.starts_with("/api/");
    if is_program || accept.starts_with(b"application/json") {
        Wants::Json
    } else if request.headers().contains_key("hx-request") {
        Wants::Part
    } else {
        Wants::Page
    }
}

fn tell(
    wants: &Wants,
    status: StatusCode,
    failure: &Failure,
    id: &str,
    then: Option<&str>,
) -> Response {
    match wants {
        Wants::Json => {
            let problem = serde_json::json!({
                "type": "about:blank",
                "title": status.canonical_reason(),
                "status": status.as_u16(),
                "detail": failure.text,
                "request": id,
            });
            let kind = [(header::CONTENT_TYPE, "application/problem+json")];
            (status, kind, problem.to_string()).into_response()
        }
        Wants::Page if failure.detour.is_some() => {
            Redirect::to(&detour(failure, then)).into_response()
        }
        Wants::Part if failure.detour.is_some() => {
            let to = HeaderValue::from_str(&detour(failure, then))
                .unwrap_or(HeaderValue::from_static("/"));
            (status, [(HeaderName::from_static("hx-redirect"), to)]).into_response()
        }
        Wants::Page | Wants::Part => {
            let page = ErrorPage {
                assets: assets::prefix(),
                status: status.as_u16(),
                title: title(status),
                text: &said(status, failure),
                request: id,
            };
            match page.render() {
                Ok(html) => (status, Html(html)).into_response(),
                Err(_) => (status, failure.text.clone()).into_response(),
            }
        }
    }
}

/// The page to come back to after a detour: what was asked for, or the page
/// that asked for a part of itself or sent a form.
fn whence(wants: &Wants, request: &Request) -> Option<String> {
    let page = match (wants, request.method()) {
        (Wants::Part, _) => request.headers().get("hx-current-url")?,
        (_, &Method::GET) => return Some(request.uri().path_and_query()?.to_string()),
        _ => request.headers().get(header::REFERER)?,
    };
    let page: axum::http::Uri = page.to_str().ok()?.parse().ok()?;
    Some(page.path_and_query()?.to_string())
}

/// The page that comes first, told where to go on.
fn detour(failure: &Failure, then: Option<&str>) -> String {
    let to = failure.detour.unwrap_or("/");
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(kept) = &failure.kept {
        query.append_pair("kept", kept);
    } else if let Some(then) = then.filter(|then| *then != "/") {
        query.append_pair("then", then);
    }
    let query = query.finish();
    if query.is_empty() {
        to.to_owned()
    } else {
        format!("{to}?{query}")
    }
}

/// The failure's own words; of what is not there the title says it all.
fn said(status: StatusCode, failure: &Failure) -> String {
    if status == StatusCode::NOT_FOUND {
        return "The address may be mistyped, or what stood here was deleted or renamed."
            .to_owned();
    }
    text::sentence(&failure.text)
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "Nothing here",
        StatusCode::MISDIRECTED_REQUEST => "Another address",
        StatusCode::FORBIDDEN => "Not yours to open",
        StatusCode::TOO_MANY_REQUESTS => "Too many tries",
        StatusCode::SERVICE_UNAVAILABLE => "Busy",
        StatusCode::INSUFFICIENT_STORAGE => "The disk is full",
        status if status.is_server_error() => "Something broke",
        _ => "That did not work",
    }
}
