//! Encryption at rest, and random values.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit as _, Nonce};
use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Bytes of the master key.
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// Encrypts what must not stand in the database in clear. From `THREAD_MASTER_KEY`, or a file beside the database.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; KEY_BYTES]>);

/// Why there is no usable master key, or a sealed value cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum CryptoError {
    /// Not 32 bytes of base64.
    #[error("{0} must hold 32 bytes in base64 (make one with `openssl rand -base64 32`)")]
    BadMasterKey(String),
    /// The key file could not be read or made.
    #[error("cannot use the master key file {path} (is THREAD_MASTER_KEY missing?): {source}")]
    KeyFile {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Sealed with another key, or damaged.
    #[error(
        "the database was encrypted with another master key (THREAD_MASTER_KEY, or the .key file beside it)"
    )]
    WrongKey,
}

impl MasterKey {
    /// Takes the key from its base64 form. `source` names where it came from, for the error.
    ///
    /// # Errors
    /// If it is not 32 bytes in base64.
    pub fn from_base64(text: &str, source: &str) -> Result<Self, CryptoError> {
        let bytes = Zeroizing::new(
            STANDARD.decode(text.trim()).map_err(|_| CryptoError::BadMasterKey(source.to_owned()))?,
        );
        let key: [u8; KEY_BYTES] =
            bytes.as_slice().try_into().map_err(|_| CryptoError::BadMasterKey(source.to_owned()))?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// Reads the key file.
    ///
    /// # Errors
    /// If the file cannot be read, or holds something else.
    pub fn from_file(path: &Path) -> Result<Self, CryptoError> {
        let text = fs::read_to_string(path)
            .map_err(|source| CryptoError::KeyFile { path: path.to_owned(), source })?;
        Self::from_base64(&Zeroizing::new(text), &path.display().to_string())
    }

    /// Reads the key file, or makes one that only its owner can read.
    ///
    /// Two processes that start at once get the same key: the file appears whole, under its name, once.
    ///
    /// # Errors
    /// If the file cannot be read or made, or holds something else.
    pub fn from_file_or_new(path: &Path) -> Result<Self, CryptoError> {
        match Self::from_file(path) {
            Err(CryptoError::KeyFile { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            found => return found,
        }
        let key = Self(Zeroizing::new(random_bytes()));
        let draft = path.with_extension(format!("key-{}", hex::encode(random_bytes::<8>())));
        let made = write_private(&draft, STANDARD.encode(key.0.as_slice()).as_bytes())
            .and_then(|()| fs::hard_link(&draft, path));
        let _ = fs::remove_file(&draft);
        match made {
            Ok(()) => Ok(key),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::from_file(path),
            Err(source) => Err(CryptoError::KeyFile { path: path.to_owned(), source }),
        }
    }

    /// Encrypts; `purpose` binds the result to its place, so that a sealed value moved elsewhere does not open.
    pub fn seal(&self, purpose: &str, clear: &[u8]) -> String {
        let nonce = random_bytes::<NONCE_BYTES>();
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), Payload { msg: clear, aad: purpose.as_bytes() })
            .expect("short values always encrypt");
        STANDARD.encode([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`MasterKey::seal`] made for the same purpose.
    ///
    /// # Errors
    /// If it was made with another key or for another purpose, or is damaged.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let bytes = STANDARD.decode(sealed).map_err(|_| CryptoError::WrongKey)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(CryptoError::WrongKey)?;
        self.cipher()
            .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: purpose.as_bytes() })
            .map(Zeroizing::new)
            .map_err(|_| CryptoError::WrongKey)
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&Key::from(*self.0))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Makes a file that only its owner can read. An existing one is an error.
///
/// # Errors
/// What the system says.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Bytes from the system's random source.
///
/// # Panics
/// If the system has none: nothing here may go on without.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system's random source works");
    bytes
}

/// `prefix` and 32 random bytes in base64url: a bearer credential that cannot be guessed.
pub fn random_credential(prefix: &str) -> String {
    [prefix, &URL_SAFE_NO_PAD.encode(random_bytes::<32>())].concat()
}

/// `prefix` and 12 random bytes in hex: an identifier for operators to copy.
pub fn random_id(prefix: &str) -> String {
    [prefix, &hex::encode(random_bytes::<12>())].concat()
}

/// A UUID v7: sorts by the time it was made.
pub fn uuid_v7(now_ms: i64) -> String {
    let millis = u64::try_from(now_ms).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random_bytes::<10>()).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> MasterKey {
        MasterKey(Zeroizing::new([7; KEY_BYTES]))
    }

    #[test]
    fn a_sealed_value_opens_with_the_same_key_and_purpose_only() {
        let sealed = key().seal("secret:a", b"hunter2");
        assert_eq!(key().open("secret:a", &sealed).expect("opens").as_slice(), b"hunter2");
        assert!(matches!(key().open("secret:b", &sealed), Err(CryptoError::WrongKey)));
        let other = MasterKey(Zeroizing::new([8; KEY_BYTES]));
        assert!(matches!(other.open("secret:a", &sealed), Err(CryptoError::WrongKey)));
        assert!(matches!(key().open("secret:a", "AAAA"), Err(CryptoError::WrongKey)));
    }

    #[test]
    fn sealing_twice_gives_two_texts() {
        assert_ne!(key().seal("p", b"same"), key().seal("p", b"same"));
    }

    #[test]
    fn the_key_file_is_made_once_and_only_its_owner_can_read_it() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let path = dir.path().join("thread.db.key");
        let sealed = MasterKey::from_file_or_new(&path).expect("made").seal("p", b"x");
        assert!(MasterKey::from_file_or_new(&path).expect("read").open("p", &sealed).is_ok());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(dir.path()).expect("readable").count(), 1, "no draft stays");
    }

    #[test]
    fn a_master_key_of_another_length_is_refused() {
        for text in ["", "AAAA", "not base64!"] {
            assert!(matches!(MasterKey::from_base64(text, "X"), Err(CryptoError::BadMasterKey(_))));
        }
    }

    #[test]
    fn identifiers_sort_by_time() {
        assert!(uuid_v7(1_000) < uuid_v7(2_000));
        assert_eq!(uuid_v7(1_700_000_000_000).as_bytes()[14], b'7');
    }
}
