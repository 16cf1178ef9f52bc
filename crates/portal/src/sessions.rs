//! Who is signed in to the portal itself. In memory: a restart signs everybody out.

use crate::users::User;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a session lasts.
pub(crate) const LIFETIME: Duration = Duration::from_hours(8);

/// Bytes of a session's name, from the system's random source.
const TOKEN_BYTES: usize = 32;

/// Sessions by their token.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Session>>);

struct Session {
    user: &'static User,
    expires: Instant,
}

impl Sessions {
    /// Signs a user in; the token that names the session is for the cookie alone.
    pub(crate) fn create(&self, user: &'static User, now: Instant) -> String {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).expect("the system's random source works");
        let token = URL_SAFE_NO_PAD.encode(bytes);
        let mut sessions = self.lock();
        sessions.retain(|_, session| session.expires > now);
        sessions.insert(token.clone(), Session { user, expires: now + LIFETIME });
        token
    }

    /// Who is signed in by this token.
    pub(crate) fn user(&self, token: &str, now: Instant) -> Option<&'static User> {
        self.lock().get(token).filter(|session| session.expires > now).map(|session| session.user)
    }

    /// Ends a session.
    pub(crate) fn end(&self, token: &str) {
        self.lock().remove(token);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        // No code panics while it holds the lock, and a map is whole after each call.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The cookie's name. With `__Host-` a browser takes it only with `Secure`, from this very host.
pub(crate) const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-portal_session" } else { "portal_session" }
}

/// `Set-Cookie` that keeps `token`: out of reach of scripts, and not sent along by other sites' POSTs.
pub(crate) fn set_cookie(token: &str, secure: bool) -> String {
    cookie(token, LIFETIME.as_secs(), secure)
}

/// `Set-Cookie` that takes the token away.
pub(crate) fn clear_cookie(secure: bool) -> String {
    cookie("", 0, secure)
}

fn cookie(value: &str, max_age_s: u64, secure: bool) -> String {
    let name = cookie_name(secure);
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}")
}

/// The token in a request's cookies.
pub(crate) fn token(headers: &HeaderMap, secure: bool) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == cookie_name(secure)).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::USERS;

    #[test]
    fn a_session_lasts_until_it_expires_or_ends() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        let (ann, ben) = (sessions.create(&USERS[0], now), sessions.create(&USERS[1], now));
        assert_ne!(ann, ben);
        assert_eq!(ann.len(), 43, "32 bytes in base64url");
        assert_eq!(sessions.user(&ann, now), Some(&USERS[0]));
        assert_eq!(
            sessions.user(&ben, now + LIFETIME.saturating_sub(Duration::from_millis(1))),
            Some(&USERS[1])
        );
        assert_eq!(sessions.user(&ben, now + LIFETIME), None);
        sessions.end(&ann);
        assert_eq!(sessions.user(&ann, now), None);
        assert_eq!(sessions.user("", now), None);
    }

    #[test]
    fn expired_sessions_are_not_kept() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        for _ in 0..3 {
            sessions.create(&USERS[0], now);
        }
        sessions.create(&USERS[0], now + LIFETIME);
        assert_eq!(sessions.lock().len(), 1);
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        assert_eq!(token(&headers, false), None);
        headers.append(COOKIE, "a=b; xportal_session=no; portal_session=yes; c".parse().expect("a header"));
        assert_eq!(token(&headers, false), Some("yes"));
        assert_eq!(token(&headers, true), None);
    }

    #[test]
    fn cookies_are_kept_from_scripts_and_from_other_sites() {
        assert_eq!(
            set_cookie("t", true),
            "__Host-portal_session=t; Path=/; Max-Age=28800; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(clear_cookie(false), "portal_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }
}
