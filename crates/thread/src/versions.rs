//! Versions of the widget: each under an address of its own that never changes its content, so that a page may pin it
//! by its hash (Subresource Integrity).
//!
//! A Thread keeps the versions of the Threads before it in a folder: an update must not take away what a page has pinned.

use crate::assets::{Asset, Assets};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The file that a page includes.
const WIDGET: &str = "widget.js";

/// `--widget-versions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionsTarget {
    /// Only what is built in.
    Off,
    /// In this folder.
    Folder(PathBuf),
}

impl VersionsTarget {
    /// `off`, or a folder.
    ///
    /// # Errors
    /// A sentence that explains.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "" => Err("must be a folder, or off".to_owned()),
            "off" => Ok(Self::Off),
            folder => Ok(Self::Folder(folder.into())),
        }
    }
}

/// One version: `widget.js`, and what it fetches from beside it.
#[derive(Clone, Debug)]
pub struct WidgetVersion {
    id: String,
    files: BTreeMap<String, Asset>,
}

impl WidgetVersion {
    /// Its name in addresses: this Thread's version, and the beginning of the file's hash.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `widget.js`.
    pub fn widget(&self) -> &Asset {
        &self.files[WIDGET]
    }

    /// The file of this name.
    pub fn file(&self, name: &str) -> Option<&Asset> {
        self.files.get(name)
    }

    /// All files by name, `widget.js` first.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Asset)> {
        let others = self.files.iter().filter(|(name, _)| name.as_str() != WIDGET);
        std::iter::once((WIDGET, self.widget())).chain(others.map(|(name, file)| (name.as_str(), file)))
    }

    /// Of files by name, if `widget.js` is among them.
    fn new(id: String, files: BTreeMap<String, Asset>) -> Option<Self> {
        files.contains_key(WIDGET).then_some(Self { id, files })
    }
}

/// All versions that are served.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    current: Option<String>,
    all: BTreeMap<String, WidgetVersion>,
}

impl Versions {
    /// The version of these browser files alone.
    pub fn of(assets: &Assets) -> Self {
        let Some(widget) = assets.find(WIDGET) else { return Self::default() };
        let id = format!("{}-{}", env!("CARGO_PKG_VERSION"), &widget.digest()[..8]);
        let is_part = |path: &str| path == WIDGET || (path.starts_with("engine-") && !path.contains('/'));
        let files = assets.all().filter(|(path, _)| is_part(path));
        let files = files.map(|(path, asset)| (path.to_owned(), asset.clone())).collect();
        let version = WidgetVersion::new(id.clone(), files);
        Self { all: version.map(|version| (id.clone(), version)).into_iter().collect(), current: Some(id) }
    }

    /// That version, which is put into the folder, and those that are there from before.
    ///
    /// # Errors
    /// If the folder cannot be read or written.
    pub fn keep(assets: &Assets, folder: &Path) -> io::Result<Self> {
        let mut versions = Self::of(assets);
        fs::create_dir_all(folder)?;
        if let Some(current) = versions.current() {
            store(current, folder)?;
        }
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(id) = entry.file_name().into_string() else { continue };
            if is_id(&id) && !versions.all.contains_key(&id) {
                if let Some(version) = load(id.clone(), &entry.path())? {
                    versions.all.insert(id, version);
                } else {
                    tracing::warn!(path = %entry.path().display(), "no widget.js: not a version, left out");
                }
            }
        }
        Ok(versions)
    }

    /// The one that `/widget.js` is.
    pub fn current(&self) -> Option<&WidgetVersion> {
        self.find(self.current.as_deref()?)
    }

    /// The one of this name.
    pub fn find(&self, id: &str) -> Option<&WidgetVersion> {
        self.all.get(id)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &WidgetVersion> {
        self.all.values()
    }
}

/// Whether a name can be that of a version: no dot first, so neither `..` nor a folder that is being written.
fn is_id(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+'))
}

/// Writes a version's folder, whole or not at all.
fn store(version: &WidgetVersion, folder: &Path) -> io::Result<()> {
    let place = folder.join(version.id());
    if place.exists() {
        return Ok(());
    }
    let part = folder.join(format!(".{}.{}", version.id(), std::process::id()));
    fs::create_dir_all(&part)?;
    for (name, asset) in version.files() {
        for (suffix, bytes) in asset.forms() {
            fs::write(part.join(format!("{name}{suffix}")), bytes)?;
        }
    }
    match fs::rename(&part, &place) {
        // Another node of the same version was faster.
        Err(_) if place.exists() => fs::remove_dir_all(&part),
        result => result,
    }
}

fn load(id: String, folder: &Path) -> io::Result<Option<WidgetVersion>> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "js") {
            continue;
        }
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let variant = |suffix: &str| fs::read(folder.join(format!("{name}{suffix}"))).ok();
        files.insert(name.to_owned(), Asset::new(name, fs::read(&path)?, variant(".br"), variant(".gz")));
    }
    Ok(WidgetVersion::new(id, files))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::File;

    const OLD: &[File] = &[
        File { path: "widget.js", identity: b"old();", br: Some(b"BR"), gzip: None },
        File { path: "engine-0a1b2c3d.js", identity: b"old engine();", br: None, gzip: None },
        File { path: "messenger/index.html", identity: b"", br: None, gzip: None },
    ];
    const NEW: &[File] = &[File { path: "widget.js", identity: b"new();", br: None, gzip: None }];

    #[test]
    fn an_update_keeps_what_was_there() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let old = Versions::keep(&Assets::from_files(OLD), folder.path())?;
        let old_id = old.current().expect("there").id().to_owned();
        let new = Versions::keep(&Assets::from_files(NEW), folder.path())?;
        assert_eq!(new.all().count(), 2);
        assert_ne!(new.current().expect("there").id(), old_id);
        let kept = new.find(&old_id).expect("kept");
        assert_eq!(
            kept.files().map(|(name, _)| name).collect::<Vec<_>>(),
            ["widget.js", "engine-0a1b2c3d.js"]
        );
        assert_eq!(kept.widget().integrity(), old.current().expect("there").widget().integrity());
        let forms: Vec<_> = kept.widget().forms().map(|(suffix, bytes)| (suffix, bytes.to_vec())).collect();
        assert_eq!(forms, [("", b"old();".to_vec()), (".br", b"BR".to_vec())]);
        assert_eq!(Versions::keep(&Assets::from_files(OLD), folder.path())?.all().count(), 2, "and again");
        Ok(())
    }

    #[test]
    fn what_is_no_version_is_left_out() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        fs::create_dir_all(folder.path().join("0.0.1-empty"))?;
        fs::create_dir_all(folder.path().join(".0.0.1-part"))?;
        fs::write(folder.path().join("README"), "mine")?;
        assert_eq!(Versions::keep(&Assets::from_files(NEW), folder.path())?.all().count(), 1);
        assert_eq!(Versions::of(&Assets::from_files(&[])).all().count(), 0);
        Ok(())
    }
}
