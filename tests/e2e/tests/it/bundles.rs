//! What goes to browsers has nothing of what makes keys.

use anyhow::{Context as _, ensure};
use e2e::{Result, paths};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Packages that hold a secret or can make a key.
const FORBIDDEN_PACKAGES: &[&str] = &["chatgenie-signing", "hmac", "sha2"];

/// The first of SHA-256's round constants, as they lie in the memory of a program that computes it. Every HMAC of
/// a key needs them, whatever became of the names when the program was optimised.
const SHA_256_TABLE: [u8; 16] =
    [0x98, 0x2f, 0x8a, 0x42, 0x91, 0x44, 0x37, 0x71, 0xcf, 0xfb, 0xc0, 0xb5, 0xa5, 0xdb, 0xb5, 0xe9];

/// Four of the round constants, in case the table was unrolled into instructions.
const SHA_256_CONSTANTS: [u32; 4] = [0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5];

fn packages_of(package: &str, target: &[&str]) -> Result<Vec<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        // Not what macros use while they run in the compiler.
        .args(["tree", "-p", package, "-e", "normal,no-proc-macro", "--prefix", "none"])
        .args(target)
        .current_dir(paths::workspace())
        .output()?;
    ensure!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect())
}

#[test]
fn neither_widget_nor_panel_can_name_what_makes_keys() -> Result {
    for package in ["chatgenie", "chatgenie-messenger"] {
        let packages = packages_of(package, &["--target", "wasm32-unknown-unknown"])?;
        assert!(packages.iter().any(|name| name == "chatgenie-protocol"), "{package}: {packages:?}");
        for forbidden in FORBIDDEN_PACKAGES {
            assert!(!packages.iter().any(|name| name == forbidden), "{package} depends on {forbidden}");
        }
    }
    Ok(())
}

#[test]
fn the_search_for_packages_finds_them_where_they_are() -> Result {
    let packages = packages_of("chatgenie-portal", &[])?;
    for forbidden in FORBIDDEN_PACKAGES {
        assert!(packages.iter().any(|name| name == forbidden), "{forbidden} is not in {packages:?}");
    }
    Ok(())
}

/// Why a file for browsers could compute an HMAC; none if it cannot.
fn key_making(bytes: &[u8]) -> Option<&'static str> {
    let contains = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    // The inlined engine is a string of one character a byte, in UTF-8.
    let inlined: String = SHA_256_TABLE.iter().map(|&byte| char::from(byte)).collect();
    if contains(&SHA_256_TABLE) || contains(inlined.as_bytes()) {
        return Some("SHA-256's table");
    }
    let as_instructions =
        |encode: fn(u32) -> Vec<u8>| SHA_256_CONSTANTS.iter().all(|&k| contains(&encode(k)));
    if as_instructions(i32_const) || as_instructions(|k| utf8_of(&i32_const(k))) {
        return Some("SHA-256's constants as instructions");
    }
    let as_decimal = |k: u32| k.cast_signed().to_string().into_bytes();
    let as_hex = |k: u32| format!("{k:x}").into_bytes();
    if as_instructions(as_decimal) || as_instructions(as_hex) {
        return Some("SHA-256's constants in JavaScript");
    }
    [&b"hmac-0."[..], b"sha2-0.", b"crates/signing", b"chatgenie-signing", b"chatgenie_signing"]
        .into_iter()
        .any(contains)
        .then_some("the name of a crate that makes keys")
}

/// `i32.const` of WebAssembly: signed LEB128.
fn i32_const(value: u32) -> Vec<u8> {
    let mut rest = i64::from(value.cast_signed());
    let mut encoded = vec![0x41];
    loop {
        let byte = u8::try_from(rest & 0x7f).expect("seven bits");
        rest >>= 7;
        if (rest == 0 && byte & 0x40 == 0) || (rest == -1 && byte & 0x40 != 0) {
            encoded.push(byte);
            return encoded;
        }
        encoded.push(byte | 0x80);
    }
}

fn utf8_of(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into_bytes()
}

/// Every file for browsers below `folder`: not the programs of the server side, and no compressed twins.
fn browser_files(folder: &Path, found: &mut Vec<PathBuf>) -> Result {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            browser_files(&path, found)?;
        } else if path
            .extension()
            .is_some_and(|kind| ["js", "mjs", "wasm", "html", "css", "ts", "map"].iter().any(|k| kind == *k))
        {
            found.push(path);
        }
    }
    Ok(())
}

#[test]
fn no_file_for_browsers_can_make_a_key() -> Result {
    let mut files = Vec::new();
    browser_files(&paths::dist()?.join("web"), &mut files)?;
    let has = |end: &str| files.iter().any(|file| file.to_string_lossy().ends_with(end));
    assert!(has("widget.js") && has(".wasm") && has(".html"), "not everything was built: {files:?}");
    for file in &files {
        let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
        assert_eq!(key_making(&bytes), None, "{}", file.display());
    }
    Ok(())
}

#[test]
fn what_can_make_a_key_is_recognised_in_every_form() -> Result {
    let portal = std::fs::read(paths::binary("CHATGENIE_PORTAL_BIN", "portal")?)?;
    assert!(key_making(&portal).is_some(), "the portal's own program makes keys");
    let concat =
        |encode: fn(u32) -> Vec<u8>| SHA_256_CONSTANTS.iter().flat_map(|&k| encode(k)).collect::<Vec<_>>();
    for bytes in [
        SHA_256_TABLE.to_vec(),
        utf8_of(&SHA_256_TABLE),
        concat(i32_const),
        concat(|k| utf8_of(&i32_const(k))),
        concat(|k| format!("{}|0,", k.cast_signed()).into_bytes()),
        concat(|k| format!("0x{k:x},").into_bytes()),
        b"/hmac-0.13.0/src/lib.rs".to_vec(),
    ] {
        assert!(key_making(&bytes).is_some());
    }
    assert_eq!(key_making(b"hash_hmac('sha256', email, secret)"), None, "an error message may say how");
    assert_eq!(i32_const(0x428a_2f98), [0x41, 0x98, 0xdf, 0xa8, 0x94, 0x04]);
    assert_eq!(i32_const(u32::MAX), [0x41, 0x7f]);
    Ok(())
}
