//! Content-Security-Policy: what a page that carries the messenger has to allow, and what a given policy lacks.
//!
//! Pure: it reads a policy's text and fetches nothing.

mod advice;
mod check;
mod policy;
mod source;

pub use advice::{Way, ways};
pub use check::{Engine, Finding, Level, Loading, Page, Report, check};
pub use policy::{Directive, Policy, TooMuch, parse};
