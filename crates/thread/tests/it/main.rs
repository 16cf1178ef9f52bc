//! Thread over real HTTP and sockets, with a real SQLite file: a module a route.

mod agent;
mod apps;
mod assets;
mod attachments;
mod cli;
mod connection_keys;
mod connections;
mod cors;
mod health;
mod leaked_secrets;
mod limits;
mod live;
mod mail;
mod mail_server;
mod metrics;
mod operating;
mod pages;
mod pins;
mod reading;
mod receiver;
mod running;
mod service_requests;
mod sessions;
mod support;
mod versions;
mod webhooks;
