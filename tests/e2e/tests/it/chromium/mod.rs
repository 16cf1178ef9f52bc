//! What only Chromium can be asked: its settings and its own counters. These tests run in Chromium, whatever the
//! others run in; `build.sh` leaves them out where it tests other browsers.

mod cost;
mod looks;
mod tab;
