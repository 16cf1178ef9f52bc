//! The whole way, test by test. Each has its own Thread, database and browser.

mod bundles;
mod examples;
mod guest;
mod harness;
mod lifecycle;
mod partner;
mod pin;
mod portal_app;
mod portal_home;
mod privacy;
mod refusals;
mod snippet;
