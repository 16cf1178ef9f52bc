//! The database of a test: a SQLite file in its folder; or, where `THREAD_TEST_POSTGRES` has an address, a schema of
//! its own there.

use std::path::Path;
use std::process::Command;

/// A master key: PostgreSQL has no file beside it that could hold one.
pub const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

#[derive(Clone, Debug)]
pub struct Database {
    /// For `--database`.
    pub address: String,
    pub master_key: Option<&'static str>,
}

impl Database {
    /// An empty one.
    pub fn new(folder: &Path) -> Self {
        match std::env::var("THREAD_TEST_POSTGRES") {
            Ok(server) if !server.is_empty() => Self::schema_of(&server),
            _ => Self { address: format!("sqlite:{}", folder.join("thread.db").display()), master_key: None },
        }
    }

    /// A new schema on this server.
    pub fn schema_of(server: &str) -> Self {
        let schema = format!("test_{}", hex::encode(thread::crypto::random_bytes::<8>()));
        psql(server, &format!("CREATE SCHEMA {schema}"));
        Self { address: format!("{server}&options=-csearch_path%3D{schema}"), master_key: Some(MASTER_KEY) }
    }

    /// All that stands in it.
    pub fn dump(&self) -> Vec<u8> {
        if let Some(file) = self.address.strip_prefix("sqlite:") {
            let files =
                ["", "-wal"].iter().filter_map(|suffix| std::fs::read(format!("{file}{suffix}")).ok());
            return files.flatten().collect();
        }
        let schema = self.address.rsplit("%3D").next().expect("a schema");
        let dumped = Command::new("pg_dump")
            .args(["--data-only", "--inserts", "--schema", schema, &self.address])
            .output()
            .expect("pg_dump is there");
        assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
        dumped.stdout
    }

    pub fn is_postgres(&self) -> bool {
        self.address.starts_with("postgres")
    }
}

/// Runs SQL as another program; what it prints.
pub fn psql(address: &str, sql: &str) -> String {
    let output = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"])
        .args(["--command", sql, address])
        .output()
        .expect("psql is there");
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}
