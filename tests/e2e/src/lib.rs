#![doc = include_str!("../README.md")]

mod agent;
mod agents_page;
pub mod axe;
mod browser;
mod contact;
mod example_portal;
pub mod foreign_hmac;
mod host_pages;
mod messenger;
mod page_libraries;
mod panel;
pub mod paths;
mod portal;
mod process;
mod selectors;
mod spa;
mod thread;
mod wait;
mod wire_tap;

pub use agent::Agent;
pub use agents_page::AgentsPage;
pub use browser::{Ability, Browser, BrowserKind, ConsoleEntry, EngineKind};
pub use contact::Contact;
pub use example_portal::{EXAMPLE_USERS, ExamplePortal, PageOfPortal};
pub use host_pages::{HostPages, Values, fill};
pub use messenger::{MessengerPage, OUTCOME_PENDING};
pub use panel::Panel;
pub use portal::{ANN, BEN, Portal, PortalUser};
pub use spa::{Example, KeyForm, SinglePageApp};
pub use thread::{ApiKey, App, Thread};
pub use wait::{DEADLINE, until, until_some};
pub use wire_tap::{Pace, WireTap};

/// A test's outcome: the first thing that was not as it should be.
pub type Result<T = ()> = anyhow::Result<T>;
