//! Encryption at rest, and random values.

use arc_swap::ArcSwap;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit as _, Nonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::cell::RefCell;
use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Bytes of the master key.
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// Encrypts what must not stand in the database in clear. From the environment, or a file beside the database.
///
/// While it is being changed there are several keys: the first seals, each opens. A file is read again when nothing
/// opens a value, so a running service follows a change of it.
#[derive(Clone)]
pub struct MasterKey {
    keys: Arc<ArcSwap<Keys>>,
    file: Option<PathBuf>,
}

/// The present key, and former ones.
struct Keys {
    present: Key32,
    former: Vec<Key32>,
}

type Key32 = Zeroizing<[u8; KEY_BYTES]>;

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
    /// PostgreSQL has no file beside it that could hold the key.
    #[error(
        "THREAD_MASTER_KEY is missing: with PostgreSQL it must be set, to the same 32 bytes in base64 on every node \
         (make them once with `openssl rand -base64 32`)"
    )]
    NoMasterKey,
    /// Sealed with another key, or damaged.
    #[error(
        "the database was encrypted with another master key (THREAD_MASTER_KEY, or the .key file beside it)"
    )]
    WrongKey,
}

impl MasterKey {
    /// Takes keys from their base64 form, with white space or commas between them, the present one first. `source`
    /// names where they came from, for the error.
    ///
    /// # Errors
    /// If one is not 32 bytes in base64.
    pub fn from_base64(text: &str, source: &str) -> Result<Self, CryptoError> {
        Ok(Self::new(Keys::parse(text, source)?, None))
    }

    /// Reads the key file.
    ///
    /// # Errors
    /// If the file cannot be read, or holds something else.
    pub fn from_file(path: &Path) -> Result<Self, CryptoError> {
        Ok(Self::new(Keys::read(path)?, Some(path.to_owned())))
    }

    fn new(keys: Keys, file: Option<PathBuf>) -> Self {
        Self { keys: Arc::new(ArcSwap::from_pointee(keys)), file }
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
        let keys = Keys { present: Zeroizing::new(random_bytes()), former: Vec::new() };
        let draft = draft_beside(path);
        let made =
            write_private(&draft, keys.to_text().as_bytes()).and_then(|()| fs::hard_link(&draft, path));
        let _ = fs::remove_file(&draft);
        match made {
            Ok(()) => Ok(Self::new(keys, Some(path.to_owned()))),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::from_file(path),
            Err(source) => Err(CryptoError::KeyFile { path: path.to_owned(), source }),
        }
    }

    /// Puts a new key in front of those in the key file; they still open. `false` if the key is not from a file.
    ///
    /// # Errors
    /// If the file cannot be read or written.
    pub fn add_to_file(&self) -> Result<bool, CryptoError> {
        let Some(path) = &self.file else { return Ok(false) };
        let Keys { present, mut former } = Keys::read(path)?;
        former.insert(0, present);
        self.replace(path, Keys { present: Zeroizing::new(random_bytes()), former })?;
        Ok(true)
    }

    /// Takes all but the present key out of the key file: what is not sealed under it can be opened no more.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn drop_former_from_file(&self) -> Result<(), CryptoError> {
        let Some(path) = &self.file else { return Ok(()) };
        let present = self.keys.load().present.clone();
        self.replace(path, Keys { present, former: Vec::new() })
    }

    fn replace(&self, path: &Path, keys: Keys) -> Result<(), CryptoError> {
        let draft = draft_beside(path);
        let written =
            write_private(&draft, keys.to_text().as_bytes()).and_then(|()| fs::rename(&draft, path));
        if let Err(source) = written {
            let _ = fs::remove_file(&draft);
            return Err(CryptoError::KeyFile { path: path.to_owned(), source });
        }
        self.keys.store(Arc::new(keys));
        Ok(())
    }

    /// Whether former keys are at hand: then something may be sealed under them.
    pub fn has_former(&self) -> bool {
        !self.keys.load().former.is_empty()
    }

    /// Whether a value is sealed under the present key.
    pub fn is_present(&self, purpose: &str, sealed: &str) -> bool {
        open_with(&self.keys.load().present, purpose, sealed).is_ok()
    }

    /// A key of another purpose, which `secret` alone determines.
    pub fn derived(secret: &[u8], label: &str) -> Self {
        Self::new(Keys { present: Zeroizing::new(derived_bytes(secret, label)), former: Vec::new() }, None)
    }

    /// Encrypts; `purpose` binds the result to its place, so that a sealed value moved elsewhere does not open.
    pub fn seal(&self, purpose: &str, clear: &[u8]) -> String {
        let nonce = random_bytes::<NONCE_BYTES>();
        let sealed = cipher(&self.keys.load().present)
            .encrypt(&Nonce::from(nonce), Payload { msg: clear, aad: purpose.as_bytes() })
            .expect("short values always encrypt");
        STANDARD.encode([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`MasterKey::seal`] made for the same purpose.
    ///
    /// # Errors
    /// If it was made with another key or for another purpose, or is damaged.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let opened = self.keys.load().open(purpose, sealed);
        match (&opened, &self.file) {
            (Err(CryptoError::WrongKey), Some(path)) => {
                // Somebody may have changed the key meanwhile.
                self.keys.store(Arc::new(Keys::read(path)?));
                self.keys.load().open(purpose, sealed)
            }
            _ => opened,
        }
    }
}

impl Keys {
    fn parse(text: &str, source: &str) -> Result<Self, CryptoError> {
        let bad = || CryptoError::BadMasterKey(source.to_owned());
        let mut keys = Vec::new();
        for word in text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty()) {
            let bytes = Zeroizing::new(STANDARD.decode(word).map_err(|_| bad())?);
            keys.push(Zeroizing::new(bytes.as_slice().try_into().map_err(|_| bad())?));
        }
        if keys.is_empty() {
            return Err(bad());
        }
        let present = keys.remove(0);
        Ok(Self { present, former: keys })
    }

    fn read(path: &Path) -> Result<Self, CryptoError> {
        let text = fs::read_to_string(path)
            .map_err(|source| CryptoError::KeyFile { path: path.to_owned(), source })?;
        Self::parse(&Zeroizing::new(text), &path.display().to_string())
    }

    /// A line each.
    fn to_text(&self) -> Zeroizing<String> {
        let keys = std::iter::once(&self.present).chain(&self.former);
        Zeroizing::new(keys.map(|key| STANDARD.encode(key.as_slice())).collect::<Vec<_>>().join("\n"))
    }

    fn open(&self, purpose: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let mut keys = std::iter::once(&self.present).chain(&self.former);
        keys.find_map(|key| open_with(key, purpose, sealed).ok()).ok_or(CryptoError::WrongKey)
    }
}

/// Bytes that only who has `secret` can tell, another 32 for each label.
pub fn derived_bytes(secret: &[u8], label: &str) -> [u8; KEY_BYTES] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(label.as_bytes());
    mac.finalize().into_bytes().into()
}

fn open_with(key: &Key32, purpose: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let bytes = STANDARD.decode(sealed).map_err(|_| CryptoError::WrongKey)?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(CryptoError::WrongKey)?;
    cipher(key)
        .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: purpose.as_bytes() })
        .map(Zeroizing::new)
        .map_err(|_| CryptoError::WrongKey)
}

fn cipher(key: &Key32) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(**key))
}

/// A name beside `path` that nobody else uses.
fn draft_beside(path: &Path) -> PathBuf {
    path.with_extension(format!("key-{}", hex::encode(random_bytes::<8>())))
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

/// A UUID v7: sorts by the time it was made. Its random part makes it unlike all others; nothing is safe because nobody
/// can guess it.
pub fn uuid_v7(now_ms: i64) -> String {
    let millis = u64::try_from(now_ms).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &ID_BYTES.with_borrow_mut(IdBytes::take))
        .into_uuid()
        .to_string()
}

thread_local! {
    static ID_BYTES: RefCell<IdBytes> = const { RefCell::new(IdBytes { bytes: [0; 320], left: 0 }) };
}

/// Random bytes for identifiers: the system is asked once for thirty-two of them. Each request has one.
struct IdBytes {
    bytes: [u8; 320],
    left: usize,
}

impl IdBytes {
    fn take(&mut self) -> [u8; 10] {
        if self.left == 0 {
            self.bytes = random_bytes();
            self.left = self.bytes.len() / 10;
        }
        self.left -= 1;
        let mut taken = [0; 10];
        taken.copy_from_slice(&self.bytes[self.left * 10..][..10]);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn identifiers_of_one_moment_are_all_different_on_all_threads() {
        let make = || (0..1_000).map(|_| uuid_v7(1)).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(make)).collect();
        let ids: HashSet<_> = threads.into_iter().flat_map(|thread| thread.join().expect("ends")).collect();
        assert_eq!(ids.len(), 4_000);
    }

    fn key_of(bytes: &[u8]) -> MasterKey {
        let text: Vec<String> = bytes.iter().map(|byte| STANDARD.encode([*byte; KEY_BYTES])).collect();
        MasterKey::from_base64(&text.join(","), "test").expect("valid keys")
    }

    fn key() -> MasterKey {
        key_of(&[7])
    }

    #[test]
    fn a_sealed_value_opens_with_the_same_key_and_purpose_only() {
        let sealed = key().seal("secret:a", b"hunter2");
        assert_eq!(key().open("secret:a", &sealed).expect("opens").as_slice(), b"hunter2");
        assert!(matches!(key().open("secret:b", &sealed), Err(CryptoError::WrongKey)));
        let other = key_of(&[8]);
        assert!(matches!(other.open("secret:a", &sealed), Err(CryptoError::WrongKey)));
        assert!(matches!(key().open("secret:a", "AAAA"), Err(CryptoError::WrongKey)));
    }

    #[test]
    fn former_keys_open_and_the_present_one_seals() {
        let both = key_of(&[8, 7]);
        assert!(both.has_former() && !key().has_former());
        let old = key().seal("p", b"x");
        assert_eq!(both.open("p", &old).expect("opens").as_slice(), b"x");
        assert!(!both.is_present("p", &old));
        let new = both.seal("p", b"x");
        assert!(both.is_present("p", &new) && key_of(&[8]).open("p", &new).is_ok());
        assert!(key().open("p", &new).is_err());
    }

    #[test]
    fn a_running_service_follows_a_change_of_its_key_file() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let path = dir.path().join("thread.db.key");
        let operator = MasterKey::from_file_or_new(&path).expect("made");
        let service = MasterKey::from_file(&path).expect("read");
        let old = service.seal("p", b"x");
        assert!(operator.add_to_file().expect("written"));
        let new = operator.seal("p", b"x");
        assert!(operator.open("p", &old).is_ok(), "while values are sealed anew, both open");
        assert!(service.open("p", &new).is_ok());
        operator.drop_former_from_file().expect("written");
        assert!(matches!(
            MasterKey::from_file(&path).expect("read").open("p", &old),
            Err(CryptoError::WrongKey)
        ));
        assert!(service.open("p", &new).is_ok());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(dir.path()).expect("readable").count(), 1, "no draft stays");
        assert!(!key().add_to_file().expect("nothing to do"));
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
