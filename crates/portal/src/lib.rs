#![doc = include_str!("../README.md")]

pub mod config;
mod dashboard;
mod headers;
mod routes;
mod same_origin;
mod script_value;
mod sessions;
mod users;

pub use routes::router;

use config::ThreadOrigin;
use sessions::Sessions;
use signing::Secret;

/// All that the portal knows while it runs.
pub struct Portal {
    app_id: String,
    thread: ThreadOrigin,
    secret: Secret,
    secure_cookies: bool,
    sessions: Sessions,
}

impl Portal {
    /// A portal that nobody is signed in to.
    ///
    /// `app_id` and `secret` are what Thread gave out; `thread` is where `widget.js` comes from.
    pub fn new(app_id: impl Into<String>, thread: ThreadOrigin, secret: Secret) -> Self {
        Self { app_id: app_id.into(), thread, secret, secure_cookies: false, sessions: Sessions::default() }
    }

    /// Cookies for a portal that is reached by https alone: marked `Secure`, under a `__Host-` name.
    #[must_use]
    pub fn with_secure_cookies(mut self, secure: bool) -> Self {
        self.secure_cookies = secure;
        self
    }

    /// The connection key of a user who is signed in: step 2 of the article, and all there is to it.
    ///
    /// The email comes from the portal's own records, never from a request: whoever can choose it can be anyone.
    fn connection_key(&self, user: &users::User) -> String {
        signing::sign_v1(&self.secret, user.email)
    }
}
