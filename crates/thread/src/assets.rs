//! The browser files: embedded by `build.rs`, negotiated here.

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha384};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A file and its compressed variants.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Below the web folder, with `/`: `messenger/index.html`.
    pub path: &'static str,
    /// As it is.
    pub identity: &'static [u8],
    /// Brotli.
    pub br: Option<&'static [u8]>,
    /// Gzip.
    pub gzip: Option<&'static [u8]>,
}

/// What this binary was built with.
static EMBEDDED: &[File] = include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// The files, found by path.
#[derive(Clone, Debug, Default)]
pub struct Assets(HashMap<&'static str, Asset>);

/// A file, ready to serve.
#[derive(Clone, Debug)]
pub struct Asset {
    path: String,
    identity: Bytes,
    br: Option<Bytes>,
    gzip: Option<Bytes>,
    digest: String,
    integrity: OnceLock<String>,
}

/// One form of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The bytes to send.
    pub bytes: Bytes,
    /// `Content-Encoding`; none for the file as it is.
    pub encoding: Option<&'static str>,
    /// Strong: differs for each form of each content.
    pub etag: String,
}

impl Assets {
    /// The files that this binary was built with; none if it was built without.
    pub fn embedded() -> Self {
        Self::from_files(EMBEDDED)
    }

    /// These files.
    pub fn from_files(files: &[File]) -> Self {
        let bytes = |bytes: Option<&'static [u8]>| bytes.map(Bytes::from_static);
        let asset = |file: &File| {
            Asset::of(file.path, Bytes::from_static(file.identity), bytes(file.br), bytes(file.gzip))
        };
        Self(files.iter().map(|file| (file.path, asset(file))).collect())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The file at this path.
    pub fn find(&self, path: &str) -> Option<&Asset> {
        self.0.get(path)
    }

    /// All files, with their paths.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.0.iter().map(|(path, asset)| (*path, asset))
    }
}

impl Asset {
    /// A file, and its compressed variants.
    pub fn new(path: &str, identity: Vec<u8>, br: Option<Vec<u8>>, gzip: Option<Vec<u8>>) -> Self {
        Self::of(path, identity.into(), br.map(Bytes::from), gzip.map(Bytes::from))
    }

    fn of(path: &str, identity: Bytes, br: Option<Bytes>, gzip: Option<Bytes>) -> Self {
        let digest = hex::encode(&Sha256::digest(&identity)[..16]);
        Self { path: path.to_owned(), identity, br, gzip, digest, integrity: OnceLock::new() }
    }

    /// First half of the content's SHA-256, in hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What a page's `integrity` attribute has to be: `sha384-…`.
    pub fn integrity(&self) -> &str {
        let digest = || STANDARD.encode(Sha384::digest(&self.identity));
        self.integrity.get_or_init(|| format!("sha384-{}", digest()))
    }

    /// Its forms, each with what follows the name of its file: nothing, `.br`, `.gz`.
    pub fn forms(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        let compressed = [(".br", &self.br), (".gz", &self.gzip)];
        let compressed = compressed.into_iter().filter_map(|(suffix, form)| Some((suffix, form.as_deref()?)));
        std::iter::once(("", self.identity.as_ref())).chain(compressed)
    }

    /// The smallest form that the client accepts.
    pub fn negotiate(&self, headers: &HeaderMap) -> Variant {
        let accepted = Accepted::parse(headers);
        let candidates = [("br", self.br.clone()), ("gzip", self.gzip.clone())];
        let best = candidates
            .into_iter()
            .filter_map(|(encoding, bytes)| Some((encoding, bytes?, accepted.quality(encoding))))
            .filter(|(_, _, quality)| *quality > 0 && *quality >= accepted.identity())
            .reduce(|best, other| if other.2 > best.2 { other } else { best });
        match best {
            Some((encoding, bytes, _)) => {
                Variant { bytes, encoding: Some(encoding), etag: format!("\"{}-{encoding}\"", self.digest) }
            }
            None => {
                Variant { bytes: self.identity.clone(), encoding: None, etag: format!("\"{}\"", self.digest) }
            }
        }
    }

    /// `Content-Type`, by the name's ending.
    pub fn content_type(&self) -> &'static str {
        match self.path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("js" | "mjs") => "text/javascript; charset=utf-8",
            Some("wasm") => "application/wasm",
            Some("css") => "text/css; charset=utf-8",
            Some("html") => "text/html; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("txt") => "text/plain; charset=utf-8",
            Some("woff2") => "font/woff2",
            Some("json" | "map") => "application/json",
            _ => "application/octet-stream",
        }
    }
}

/// `Accept-Encoding`, with qualities in thousandths.
struct Accepted(Vec<(String, u16)>);

impl Accepted {
    fn parse(headers: &HeaderMap) -> Self {
        let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        Self(
            values
                .flat_map(|value| value.split(','))
                .filter_map(|item| {
                    let mut parts = item.split(';');
                    let name = parts.next()?.trim().to_ascii_lowercase();
                    let quality = parts.find_map(|part| part.trim().strip_prefix("q=").map(thousandths));
                    (!name.is_empty()).then(|| (name, quality.unwrap_or(1_000)))
                })
                .collect(),
        )
    }

    fn named(&self, name: &str) -> Option<u16> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, quality)| *quality)
    }

    fn quality(&self, encoding: &str) -> u16 {
        self.named(encoding).or_else(|| self.named("*")).unwrap_or(0)
    }

    /// Identity is acceptable unless it is refused by name; only a named one competes with the others.
    fn identity(&self) -> u16 {
        self.named("identity").unwrap_or(0)
    }
}

/// `0.8` is 800. What cannot be read is 0: not acceptable.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse::<u16>()) {
        ("1", Ok(0)) => 1_000,
        ("0", Ok(thousandths)) => thousandths,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    const FILE: File = File { path: "widget.js", identity: b"plain", br: Some(b"br"), gzip: Some(b"gz") };

    fn encoding(accept: &'static str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accept));
        Assets::from_files(&[FILE]).find("widget.js").expect("there").negotiate(&headers).encoding
    }

    #[test]
    fn the_client_gets_the_best_form_that_it_accepts() {
        for (accept, expected) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip", Some("gzip")),
            ("br;q=0.5, gzip;q=0.8", Some("gzip")),
            ("gzip;q=0.8, br;q=0.8", Some("br")),
            ("*", Some("br")),
            ("br;q=0, *;q=0.1", Some("gzip")),
            ("identity", None),
            ("identity, br;q=0.5", None),
            ("identity;q=0.5, br;q=0.7", Some("br")),
            ("deflate", None),
            ("", None),
            ("br;q=nonsense", None),
            ("BR", Some("br")),
        ] {
            assert_eq!(encoding(accept), expected, "{accept}");
        }
    }

    #[test]
    fn etags_differ_for_each_form() {
        let assets = Assets::from_files(&[FILE]);
        let asset = assets.find("widget.js").expect("there");
        let plain = asset.negotiate(&HeaderMap::new()).etag;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("br"));
        assert_ne!(plain, asset.negotiate(&headers).etag);
    }
}
