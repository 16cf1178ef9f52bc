//! What may be attached, what it is served as, and where its bytes are.

mod s3;

use self::s3::S3Target;
use crate::crypto::random_id;
use crate::store::Store;
use axum::body::Bytes;
use futures_util::StreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt as _};
use protocol::conversation::MAX_ATTACHMENT_NAME_CHARS;
use protocol::wire::AttachmentLimits;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// An object without a row may be an upload on its way; after so long it is not.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// `--attachments`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttachmentTarget {
    /// Nothing can be attached.
    Off,
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket.
    S3(S3Target),
}

impl AttachmentTarget {
    /// `file:DIR`, `s3://BUCKET…` or `off`.
    ///
    /// # Errors
    /// A sentence that explains.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self::Off);
        }
        if text.starts_with("s3:") {
            return S3Target::parse(text).map(Self::S3);
        }
        match text.strip_prefix("file:").map(|folder| folder.strip_prefix("//").unwrap_or(folder)) {
            Some(folder) if !folder.is_empty() => Ok(Self::Folder(PathBuf::from(folder))),
            _ => Err("must be file:DIR, s3://BUCKET?endpoint=URL or off".to_owned()),
        }
    }
}

/// As on the command line.
impl fmt::Display for AttachmentTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Folder(folder) => write!(f, "file:{}", folder.display()),
            Self::S3(target) => target.fmt(f),
        }
    }
}

/// The bytes of attachments could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum AttachmentError {
    /// The folder cannot be made.
    #[error("the attachments' folder {0}: {1}")]
    Folder(PathBuf, std::io::Error),
    /// The object store failed.
    #[error("attachments: {0}")]
    Store(#[from] object_store::Error),
}

/// Where the bytes of attachments are, and what is taken.
#[derive(Clone, Debug)]
pub struct Attachments {
    objects: Arc<dyn ObjectStore>,
    limits: AttachmentLimits,
}

impl Attachments {
    /// In this folder, which is made if it is not there.
    ///
    /// # Errors
    /// If the folder cannot be used.
    pub fn in_folder(folder: &PathBuf, limits: AttachmentLimits) -> Result<Self, AttachmentError> {
        create_private_folder(folder).map_err(|error| AttachmentError::Folder(folder.clone(), error))?;
        let objects = Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true));
        Ok(Self { objects, limits })
    }

    /// Where `target` says; `None` if it says nowhere.
    ///
    /// # Errors
    /// If it cannot be used.
    pub fn open(
        target: &AttachmentTarget,
        limits: AttachmentLimits,
    ) -> Result<Option<Self>, AttachmentError> {
        match target {
            AttachmentTarget::Off => Ok(None),
            AttachmentTarget::Folder(folder) => Self::in_folder(folder, limits).map(Some),
            AttachmentTarget::S3(target) => Ok(Some(Self { objects: target.open()?, limits })),
        }
    }

    /// Whether bytes can be stored, read and taken away again.
    ///
    /// # Errors
    /// If they cannot.
    pub async fn check(&self) -> Result<(), AttachmentError> {
        let object = self.put(Bytes::from_static(b"thread doctor")).await?;
        self.get(&object).await?;
        self.delete(&object).await
    }

    /// What is taken.
    pub const fn limits(&self) -> &AttachmentLimits {
        &self.limits
    }

    /// Whether files of this type are taken.
    pub fn takes(&self, content_type: &str) -> bool {
        self.limits.content_types.iter().any(|taken| match taken.strip_suffix('*') {
            Some(kind) => content_type.starts_with(kind),
            None => taken == content_type,
        })
    }

    /// Stores bytes under a random name; the name.
    ///
    /// # Errors
    /// If the object store fails.
    pub async fn put(&self, bytes: Bytes) -> Result<String, AttachmentError> {
        let object = random_id("");
        self.objects.put(&ObjectPath::from(object.as_str()), bytes.into()).await?;
        Ok(object)
    }

    /// The bytes of an object.
    ///
    /// # Errors
    /// If the object store fails, or has no such object.
    pub async fn get(&self, object: &str) -> Result<Bytes, AttachmentError> {
        Ok(self.objects.get(&ObjectPath::from(object)).await?.bytes().await?)
    }

    /// Takes an object away; one that is gone is no fault.
    ///
    /// # Errors
    /// If the object store fails.
    pub async fn delete(&self, object: &str) -> Result<(), AttachmentError> {
        match self.objects.delete(&ObjectPath::from(object)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes away uploads that waited a day for a message, and objects of a day ago that nothing refers to: of
    /// deleted apps, and of uploads that broke off.
    pub async fn sweep(&self, store: &Store, now_ms: i64) {
        match store.take_stale_attachments(now_ms).await {
            Ok(objects) => {
                for object in objects {
                    self.delete_or_log(&object).await;
                }
            }
            Err(error) => tracing::error!(%error, "stale attachments stay"),
        }
        let mut listed = self.objects.list(None);
        while let Some(found) = listed.next().await {
            let Ok(found) = found else { continue };
            let object = found.location.as_ref();
            let is_old = found.last_modified.timestamp_millis() <= now_ms - DAY_MS;
            if is_old && matches!(store.has_object(object).await, Ok(false)) {
                self.delete_or_log(object).await;
            }
        }
    }

    async fn delete_or_log(&self, object: &str) {
        if let Err(error) = self.delete(object).await {
            tracing::error!(%error, "an attachment's bytes stay");
        }
    }
}

/// A picture type that browsers show without running anything, by its first bytes.
pub fn safe_picture(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// Whether the type is one of [`safe_picture`]: an upload with it was seen to be one.
pub fn is_safe_picture(content_type: &str) -> bool {
    matches!(content_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp")
}

/// A file's name without its path, and without what would show it as another: `None` if nothing is left.
pub fn file_name(text: &str) -> Option<String> {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let base = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = base.chars().filter(|c| !is_hidden(*c)).take(MAX_ATTACHMENT_NAME_CHARS).collect();
    let name = name.trim();
    (!matches!(name, "" | "." | "..")).then(|| name.to_owned())
}

/// Makes the folder for its owner alone, as the database is.
fn create_private_folder(folder: &PathBuf) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_paths_and_disguises() {
        assert_eq!(file_name("cat.png").as_deref(), Some("cat.png"));
        assert_eq!(file_name("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(file_name("C:\\Users\\ann\\报告.pdf").as_deref(), Some("报告.pdf"));
        assert_eq!(file_name("invoice\u{202e}fdp.exe").as_deref(), Some("invoicefdp.exe"));
        assert_eq!(file_name("a\r\nX-Evil: 1\0").as_deref(), Some("aX-Evil: 1"));
        assert_eq!(file_name(&"x".repeat(500)).map(|name| name.len()), Some(200));
        for text in ["", " ", "/", "..", "a/..", "\u{202e}"] {
            assert_eq!(file_name(text), None, "{text:?}");
        }
    }

    #[test]
    fn pictures_are_known_by_their_bytes_only() {
        assert_eq!(safe_picture(b"\x89PNG\r\n\x1a\n rest"), Some("image/png"));
        assert_eq!(safe_picture(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(safe_picture(b"GIF89a"), Some("image/gif"));
        assert_eq!(safe_picture(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        for bytes in [&b"<svg onload=alert(1)>"[..], b"GIF88a", b"", b"RIFF\0\0\0\0WAVE", b"<html>"] {
            assert_eq!(safe_picture(bytes), None);
        }
    }

    #[test]
    fn targets_are_understood_or_explained() {
        assert_eq!(AttachmentTarget::parse("off"), Ok(AttachmentTarget::Off));
        assert_eq!(AttachmentTarget::parse("file:/var/x"), Ok(AttachmentTarget::Folder("/var/x".into())));
        for text in ["", "file:", "s3://", "/var/x"] {
            assert!(AttachmentTarget::parse(text).is_err(), "{text}");
        }
    }
}
