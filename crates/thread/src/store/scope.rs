//! Whose data a call may touch: every read and write of conversations takes one of these.

use protocol::AppId;
use std::fmt;

/// One contact of one app. Made only from a verified session.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ContactScope {
    app_id: AppId,
    email: String,
}

impl ContactScope {
    /// The contact with this normalised address (`Email::identity`).
    pub(crate) fn new(app_id: AppId, email: String) -> Self {
        Self { app_id, email }
    }

    /// The app.
    pub fn app_id(&self) -> &AppId {
        &self.app_id
    }

    /// The normalised address.
    pub fn email(&self) -> &str {
        &self.email
    }
}

/// Redacted: addresses stay out of logs.
impl fmt::Debug for ContactScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContactScope({}, …)", self.app_id)
    }
}

/// All contacts of one app. Made only from a verified API key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AgentScope {
    app_id: AppId,
}

impl AgentScope {
    pub(crate) fn new(app_id: AppId) -> Self {
        Self { app_id }
    }

    /// The app.
    pub fn app_id(&self) -> &AppId {
        &self.app_id
    }
}
