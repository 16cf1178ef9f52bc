//! Makes the functions of `text` from the Fluent files in `locales/`; fails where a translation is wrong.

#[path = "build/locales.rs"]
mod locales;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    // Cargo runs this in the crate's folder. The folder counts as changed when a file comes, goes or changes.
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build");
    let made = locales::read(Path::new("locales"))
        .and_then(|files| locales::check(&files))
        .map(|texts| locales::generate(&texts));
    match made {
        Ok(code) => {
            let out = env::var_os("OUT_DIR").expect("cargo names a folder for what is made");
            fs::write(Path::new(&out).join("texts.rs"), code).expect("cargo's folder can be written to");
            ExitCode::SUCCESS
        }
        Err(problems) => {
            for problem in problems {
                println!("cargo::error={problem}");
            }
            ExitCode::FAILURE
        }
    }
}
