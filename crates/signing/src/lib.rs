#![doc = include_str!("../README.md")]

pub mod explain;
mod mac;
mod secret;
mod v1;
mod v2;
mod verify;

pub use secret::{Secret, SecretError, digest_hex};
pub use v1::{sign_v1, verify_v1};
pub use v2::{Lifetime, LifetimeError, Nonce, NonceError, Terms, sign_v2};
pub use verify::{GenuineKey, OneTime, Refused, Subject, verify};
