//! The extractors.

use super::token::{Claims, SessionError};
use crate::client_ip::{ClientKey, client_key};
use crate::directory::AppEntry;
use crate::error::ApiError;
use crate::origin::Origin;
use crate::state::AppState;
use crate::store::{AgentScope, ContactScope, StoredApiKey};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{AUTHORIZATION, ORIGIN};
use axum::http::request::Parts;
use protocol::{AppId, ErrorCode};
use signing::digest_hex;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// A longer origin is not repeated in an answer.
const MAX_NAMED_ORIGIN_BYTES: usize = 120;

/// Where the calling page comes from.
#[derive(Clone, Debug)]
enum CallerOrigin {
    /// No page (tools send no `Origin`), or Thread's own: the panel.
    Trusted,
    /// A page of this origin; accepted if the app lists it.
    Page(String),
}

impl CallerOrigin {
    fn of(parts: &Parts, state: &AppState) -> Self {
        let mut given = parts.headers.get_all(ORIGIN).iter();
        match (given.next(), given.next()) {
            (None, _) => Self::Trusted,
            (Some(value), None) if value.as_bytes() == state.public_origin().as_str().as_bytes() => {
                Self::Trusted
            }
            // What is not text is in no list.
            (Some(value), None) => Self::Page(value.to_str().unwrap_or_default().to_owned()),
            // No browser sends two: whichever were read, somebody on the way might have read the other.
            (Some(_), Some(_)) => Self::Page(String::new()),
        }
    }

    fn check(&self, app: &AppEntry) -> Result<(), ApiError> {
        match self {
            Self::Trusted => Ok(()),
            Self::Page(origin) if app.origins.contains(origin) => Ok(()),
            Self::Page(origin) => Err(origin_not_allowed(origin, Some(&app.public.app_id))),
        }
    }
}

/// Names the page's origin, if that is one: it is the caller's text, and meant to be copied into a shell.
fn origin_not_allowed(origin: &str, app_id: Option<&AppId>) -> ApiError {
    let named = Some(origin)
        .filter(|origin| origin.len() <= MAX_NAMED_ORIGIN_BYTES)
        .and_then(|origin| Origin::parse(origin).ok());
    let (page, origin) = match &named {
        Some(origin) => (format!("This page's origin, {origin},"), origin.as_str()),
        None => ("This page's origin".to_owned(), "ORIGIN"),
    };
    let app_id = app_id.map_or("APP_ID", AppId::as_str);
    let detail = format!(
        "{page} is not in the app's list. Add it with `thread app update {app_id} --origin {origin}`."
    );
    ApiError::new(ErrorCode::OriginNotAllowed, detail)
}

/// A call that needs no sign-in. The only way from it to an app checks the origin.
#[derive(Clone, Debug)]
pub struct PublicCaller {
    origin: CallerOrigin,
    client: ClientKey,
    state: AppState,
}

impl PublicCaller {
    /// The app, if it is there and accepts the calling page.
    ///
    /// # Errors
    /// `unknown_app` or `origin_not_allowed`.
    pub fn app(&self, id: &AppId) -> Result<Arc<AppEntry>, ApiError> {
        let app = self.state.directory().app(id).ok_or_else(|| {
            ApiError::new(
                ErrorCode::UnknownApp,
                "No app has this appId here. Copy it from `thread app list`, and load widget.js from the same Thread.",
            )
        })?;
        self.origin.check(&app)?;
        Ok(app)
    }

    /// What per-address limits count by.
    pub fn client(&self) -> ClientKey {
        self.client
    }
}

impl FromRequestParts<AppState> for PublicCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        let client = client_key(peer, &parts.headers, state.trusted_proxies());
        Ok(Self { origin: CallerOrigin::of(parts, state), client, state: state.clone() })
    }
}

/// A call whose answer is the same for everybody, as a public file's: no origin is checked, since there is nothing to keep
/// from any. No way leads from it to an app, a contact or the store.
#[derive(Clone, Copy, Debug)]
pub struct AnyCaller;

impl FromRequestParts<AppState> for AnyCaller {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &AppState) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

/// A signed-in contact, on a page that the app accepts.
#[derive(Clone, Debug)]
pub struct ContactCaller {
    /// What the token says.
    pub claims: Claims,
    /// The app.
    pub app: Arc<AppEntry>,
    /// Whose data may be touched.
    pub scope: ContactScope,
}

impl ContactCaller {
    fn from_token(token: &str, origin: &CallerOrigin, state: &AppState) -> Result<Self, ApiError> {
        let claims = state.signer().verify(token).map_err(refused)?;
        let app = claims.check(state.directory(), state.clock().now_ms()).map_err(refused)?;
        origin.check(&app)?;
        let scope = claims.scope();
        Ok(Self { claims, app, scope })
    }
}

impl FromRequestParts<AppState> for ContactCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        Self::from_token(bearer(parts)?, &CallerOrigin::of(parts, state), state)
    }
}

/// An agents' tool with an API key.
#[derive(Clone, Debug)]
pub struct AgentCaller {
    /// The app.
    pub app: Arc<AppEntry>,
    /// Whose data may be touched.
    pub scope: AgentScope,
    /// The API key.
    pub key: Arc<StoredApiKey>,
}

impl AgentCaller {
    fn from_key(key: &str, origin: &CallerOrigin, state: &AppState) -> Result<Self, ApiError> {
        let unknown = || {
            ApiError::new(ErrorCode::Unauthorized, "This API key is not valid: see `thread apikey create`.")
        };
        let key = state.directory().api_key(&digest_hex(key)).ok_or_else(unknown)?;
        let app = state.directory().app(&key.app_id).ok_or_else(unknown)?;
        origin.check(&app)?;
        Ok(Self { app, scope: AgentScope::new(key.app_id.clone()), key })
    }

    /// The name that customers see, if the key has one.
    pub fn name(&self) -> Option<&str> {
        self.key.name.as_deref()
    }
}

impl FromRequestParts<AppState> for AgentCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        Self::from_key(bearer(parts)?, &CallerOrigin::of(parts, state), state)
    }
}

/// A socket that has yet to say who it is: its origin is one that some app accepts, its app's own is checked with
/// the token.
#[derive(Clone, Debug)]
pub struct LiveCaller {
    origin: CallerOrigin,
    state: AppState,
}

impl LiveCaller {
    /// The contact that the first frame's token names.
    ///
    /// # Errors
    /// The code that the socket is told.
    pub fn sign_in(&self, token: &str) -> Result<ContactCaller, ErrorCode> {
        ContactCaller::from_token(token, &self.origin, &self.state).map_err(|error| error.code())
    }

    /// The agent whose API key the first frame brings.
    ///
    /// # Errors
    /// The code that the socket is told.
    pub fn sign_in_agent(&self, key: &str) -> Result<AgentCaller, ErrorCode> {
        AgentCaller::from_key(key, &self.origin, &self.state).map_err(|error| error.code())
    }
}

impl FromRequestParts<AppState> for LiveCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let origin = CallerOrigin::of(parts, state);
        match &origin {
            CallerOrigin::Page(page) if !state.directory().knows_origin(page) => {
                Err(origin_not_allowed(page, None))
            }
            _ => Ok(Self { origin, state: state.clone() }),
        }
    }
}

fn bearer(parts: &Parts) -> Result<&str, ApiError> {
    let mut given = parts.headers.get_all(AUTHORIZATION).iter();
    given
        .next()
        .filter(|_| given.next().is_none())
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| ApiError::new(ErrorCode::Unauthorized, "Send `Authorization: Bearer TOKEN`."))
}

fn refused(error: SessionError) -> ApiError {
    let detail = match error {
        SessionError::Invalid => "The bearer token is not one of this service.",
        SessionError::Expired => "The session ran out or was ended: sign in again.",
    };
    ApiError::new(error.code(), detail)
}
