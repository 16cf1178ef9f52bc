#![doc = include_str!("../README.md")]

pub mod assets;
pub mod attachments;
pub mod auth;
pub mod cli;
pub mod client_ip;
pub mod clock;
pub mod config;
pub mod connections;
pub mod crypto;
pub mod directory;
pub mod error;
mod http_client;
pub mod limits;
pub mod live;
pub mod mail;
pub mod metrics;
pub mod observe;
pub mod office_hours;
pub mod origin;
pub mod pin;
mod routes;
pub mod server;
pub mod state;
pub mod store;
mod upkeep;
pub mod webhooks;
