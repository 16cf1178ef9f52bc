//! Thread over real HTTP and sockets, with a real database: a module a route.
//!
//! The database is a SQLite file; where `THREAD_TEST_POSTGRES` has the address of a PostgreSQL, a schema there.

mod agent;
mod apps;
mod assets;
mod attachments;
mod certificate;
mod cli;
mod clock_jumps;
mod connection_keys;
mod connections;
mod cors;
mod database;
mod faults;
mod health;
mod leaked_secrets;
mod limits;
mod live;
mod mail;
mod mail_server;
mod metrics;
mod nodes;
mod odd_texts;
mod operating;
mod pages;
mod pins;
mod program;
mod proxies;
mod reading;
mod receiver;
mod routes;
mod running;
mod s3;
mod service_requests;
mod sessions;
mod statements;
mod support;
mod upkeep;
mod versions;
mod webhooks;
