//! Certificates for tests, by openssl.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A certificate for `localhost`, its key, and the authority that signed it.
pub struct Certificate {
    pub authority: PathBuf,
    pub chain: PathBuf,
    pub key: PathBuf,
}

pub fn certificate(dir: &Path) -> Certificate {
    let openssl = |args: &[&str]| {
        let output = Command::new("openssl").args(args).current_dir(dir).output().expect("openssl is there");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    fs::write(dir.join("names"), "subjectAltName=DNS:localhost").expect("written");
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl(
        &[
            &["req", "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test"],
            &key[..],
        ]
        .concat(),
    );
    openssl(
        &[&["req", "-keyout", "key.pem", "-out", "csr.pem", "-subj", "/CN=localhost"], &key[..]].concat(),
    );
    let sign =
        "x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -out cert.pem -days 2 -extfile names";
    openssl(&sign.split(' ').collect::<Vec<_>>());
    Certificate { authority: dir.join("ca.pem"), chain: dir.join("cert.pem"), key: dir.join("key.pem") }
}
