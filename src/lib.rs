//! The widget: what `widget.js` runs in a portal's page, compiled to WebAssembly.
//!
//! `www/widget/` is the hand-written part: it puts `window.chatgenie` in place, starts this engine and keeps
//! the page's promises and handlers. Here is everything else, from the parameters to the iframe.
//! `docs/ARCHITECTURE.md` follows one visit through both.

mod allocator;
mod answer;
pub mod api;
mod dom;
mod error;
mod frame;
mod instance;
mod json;
mod launcher;
mod lifecycle;
mod page;
mod params;
mod retry;
mod text;
mod thread;
