//! Who calls: extractors that a handler cannot do without.
//!
//! A handler gets an app only from [`PublicCaller::app`], a contact's scope only from [`ContactCaller`], and an app's
//! scope only from [`AgentCaller`]. Each has checked the origin, and the latter two the bearer; the store takes
//! nothing but these scopes. So a route without its checks does not compile.

mod caller;
mod token;

pub use caller::{AgentCaller, AnyCaller, ContactCaller, LiveCaller, PublicCaller};
pub use token::{Claims, SessionError, TokenSigner};
