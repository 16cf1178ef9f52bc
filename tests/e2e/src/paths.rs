//! Where the built things are.

use crate::Result;
use anyhow::bail;
use std::path::{Path, PathBuf};

/// What to do when something is not there.
const CURE: &str = "run ./build.sh build";

/// The repository.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What the build leaves for the world.
///
/// # Errors
/// If nothing was built yet.
pub fn dist() -> Result<PathBuf> {
    let dist = workspace().join("dist");
    if !dist.is_dir() {
        bail!("there is no {}: {CURE}", dist.display());
    }
    Ok(dist)
}

/// A binary of the release: the one that `variable` names, else the one in `dist/`.
///
/// # Errors
/// If it is not there.
pub fn binary(variable: &str, name: &str) -> Result<PathBuf> {
    let path = std::env::var_os(variable).map_or_else(|| workspace().join("dist").join(name), PathBuf::from);
    if !path.is_file() {
        bail!("there is no {}: {CURE}", path.display());
    }
    Ok(path)
}

/// A program on `PATH`.
///
/// # Errors
/// If it is not there.
pub fn program(name: &str) -> Result<PathBuf> {
    find_program(name).ok_or_else(|| anyhow::anyhow!("there is no {name} on PATH: {CURE}"))
}

/// A program on `PATH`, if it is there.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
