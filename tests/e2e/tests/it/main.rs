//! The whole way, test by test. Each has its own Thread, database and browser.

mod accessibility;
mod bundles;
mod chromium;
mod examples;
mod guest;
mod harness;
mod keyboard;
mod leaks;
mod lifecycle;
mod order;
mod panel_files;
mod panel_inert;
mod panel_kept;
mod panel_places;
mod partner;
mod pin;
mod playground;
mod policies;
mod portal_app;
mod portal_home;
mod privacy;
mod refusals;
mod restart;
mod snippet;
mod spa;
mod tour;
