#![doc = include_str!("../README.md")]

mod secret;
mod v1;

pub use secret::{Secret, SecretError, digest_hex};
pub use v1::{sign_v1, verify_v1};
