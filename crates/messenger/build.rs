//! Makes the functions of `text` and a table of texts a language from the Fluent files in `locales/`; fails where a
//! translation is wrong.

#[path = "build/locales.rs"]
mod locales;

use locales::{LANGUAGES, Text};
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

fn main() -> ExitCode {
    // Cargo runs this in the crate's folder. The folder counts as changed when a file comes, goes or changes.
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build");
    match locales::read(Path::new("locales")).and_then(|files| locales::check(&files)) {
        Ok(texts) => {
            let out = env::var_os("OUT_DIR").expect("cargo names a folder for what is made");
            write(Path::new(&out), &texts).expect("cargo's folder can be written to");
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

fn write(out: &Path, texts: &[Text]) -> io::Result<()> {
    fs::write(out.join("texts.rs"), locales::generate(texts))?;
    // `www/build/panel.mjs` takes these.
    fs::write(out.join("languages.json"), locales::languages_json())?;
    for (n, language) in LANGUAGES.iter().enumerate() {
        fs::write(out.join(format!("{}.txt", language.tag)), locales::table(texts, n))?;
    }
    Ok(())
}
