//! Every way a request can fail.

use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::base::Bound;
use crate::store;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every way a request can fail, said in HTTP. Slices translate into this and
/// only this type becomes a failed response, so nothing internal can leak.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("sign in first")]
    SignIn,
    #[error("this session is locked because nobody used it for a while; unlock it")]
    Locked,
    #[error("set up a second factor first")]
    OwesFactor,
    #[error("confirm that it is you first")]
    Unsure,
    #[error("send a key that is valid: Authorization: Bearer …")]
    NoKey,
    #[error("that is not yours to do; ask an admin of your workspace")]
    Forbidden,
    /// Signed in, and in no workspace.
    #[error("you are in no workspace now; open /workspace to choose one")]
    Outside,
    #[error("this key is for other apps; make one that names this app or survey too")]
    OtherApps,
    #[error("there is nothing here")]
    NotFound,
    /// A host that is none of ours.
    #[error(
        "this server does not go by that name; use its own address, or have its operator add the name to `names`"
    )]
    NotOurs,
    #[error("that address is too long; send a form instead")]
    LongAddress,
    /// The person can fix it: the text is for them.
    #[error("{0}")]
    Invalid(String),
    /// What the text describes stands in the way.
    #[error("{0}")]
    Conflict(String),
    #[error("that is more than fits in one request: {0}")]
    TooLarge(String),
    /// Holds the seconds to wait.
    #[error("too many tries; wait {0} seconds")]
    TooMany(i64),
    #[error("try again in a moment")]
    Busy,
    #[error(
        "nothing was saved: the server's disk is full, or this workspace has used up the storage it may have; delete what nobody needs, or ask the operator of this server"
    )]
    Full,
    /// We have to fix it: the text is for the log.
    #[error(transparent)]
    Broken(anyhow::Error),
}

/// What the edge makes a page, a part or JSON of: see `dress`.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) text: String,
    pub(super) cause: Option<String>,
    /// The page that has to come first.
    pub(super) detour: Option<&'static str>,
    /// What was sent, to go on with after the detour.
    pub(super) kept: Option<String>,
}

impl Failure {
    /// What axum's own extractors refuse, in words for people: theirs name
    /// types and are plain text.
    pub(super) fn of_extractor(refused: &Response) -> Option<Failure> {
        let is_plain = refused
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
        let text = match refused.status() {
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
                "a part of the address or of the form cannot be read; go back, load the page again and send it once more"
            }
            StatusCode::PAYLOAD_TOO_LARGE => "that is more than fits in one request",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "what was sent is no form",
            _ => return None,
        };
        is_plain.then(|| Failure {
            text: text.to_owned(),
            cause: None,
            detour: None,
            kept: None,
        })
    }
}

impl Error {
    pub fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Error {
        Error::Broken(error.into())
    }

    fn status(&self) -> StatusCode {
        match self {
            Error::SignIn | Error::NoKey | Error::Locked | Error::Unsure => {
                StatusCode::UNAUTHORIZED
            }
            Error::Forbidden | Error::Outside | Error::OtherApps | Error::OwesFactor => {
                StatusCode::FORBIDDEN
            }
            Error::NotOurs => StatusCode::MISDIRECTED_REQUEST,
            Error::LongAddress => StatusCode::URI_TOO_LONG,
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Error::Full => StatusCode::INSUFFICIENT_STORAGE,
            Error::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        match error {
            store::Error::NotFound => Error::NotFound,
            store::Error::Busy | store::Error::Closed => Error::Busy,
            store::Error::Full => Error::Full,
            store::Error::Limit {
                bound: Bound::AtOnce | Bound::Storage,
                ..
            } => Error::Conflict(error.to_string()),
            store::Error::TooSlow
            | store::Error::Limit { .. }
            | store::Error::NoMemory
            | store::Error::Cancelled
            | store::Error::TooMuch(_)
            | store::Error::Denied(_)
            | store::Error::Outside(_)
            | store::Error::BadSql { .. } => Error::Invalid(error.to_string()),
            store::Error::Taken(_)
            | store::Error::WrongKey(_)
            | store::Error::TooNew(_)
            | store::Error::NoRandomness
            | store::Error::Sqlite(_)
            | store::Error::Io(_) => Error::broken(error),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Error::Full,
            _ => Error::broken(error),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let failure = Failure {
            detour: match &self {
                Error::SignIn => Some("/sign-in"),
                Error::Locked => Some("/locked"),
                Error::OwesFactor => Some("/account/factors"),
                Error::Unsure => Some("/confirm-it-is-you"),
                _ => None,
            },
            kept: None,
            cause: match &self {
                Error::Broken(cause) => Some(format!("{cause:#}")),
                _ => None,
            },
            text: match &self {
                Error::Broken(_) => "something broke on our side; it is in the log".to_owned(),
                other => other.to_string(),
            },
        };
        let mut response = self.status().into_response();
        if matches!(self, Error::NoKey) {
            let bearer = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
        }
        if let Error::TooMany(seconds) = self {
            response
                .headers_mut()
                .insert(axum::http::header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(failure);
        response
    }
}
