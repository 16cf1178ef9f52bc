//! Embeds the browser files: writes a table of every file below `dist/web` (or `CHATGENIE_WEB_DIR`).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=CHATGENIE_WEB_DIR");
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let root = match env::var_os("CHATGENIE_WEB_DIR") {
        Some(dir) => PathBuf::from(dir),
        None => manifest.join("../../dist/web"),
    };
    println!("cargo:rerun-if-changed={}", root.display());

    let mut files = Vec::new();
    if root.is_dir() {
        collect(&root.canonicalize()?, &mut files)?;
        files.sort();
    }
    let root = root.canonicalize().unwrap_or(root);
    let mut table = String::from("&[\n");
    for file in files.iter().filter(|file| !is_variant(file)) {
        let path = text(file.strip_prefix(&root).expect("below the root"));
        let file = text(file);
        let variant = |suffix: &str| {
            let variant = format!("{file}.{suffix}");
            if Path::new(&variant).is_file() {
                format!("Some(include_bytes!({variant:?}))")
            } else {
                "None".to_owned()
            }
        };
        let (br, gz) = (variant("br"), variant("gz"));
        writeln!(
            table,
            "    File {{ path: {path:?}, identity: include_bytes!({file:?}), br: {br}, gzip: {gz} }},"
        )
        .expect("a String takes everything");
    }
    table.push(']');
    fs::write(PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("web_files.rs"), table)
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn text(path: &Path) -> &str {
    path.to_str().expect("names are UTF-8")
}

fn is_variant(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "br" || extension == "gz")
}
