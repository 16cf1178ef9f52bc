//! Makes the functions of `text` and tables of texts from the Fluent files in `locales/`; fails where a translation is
//! wrong. The panel has those of `locales/`; the agents' page has these and, behind them, those of `locales/agent/`.

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
    match (texts("locales"), texts("locales/agent")) {
        (Ok(shared), Ok(agent)) => {
            let out = env::var_os("OUT_DIR").expect("cargo names a folder for what is made");
            write(Path::new(&out), &shared, &agent).expect("cargo's folder can be written to");
            ExitCode::SUCCESS
        }
        (shared, agent) => {
            for problem in [shared.err(), agent.err()].into_iter().flatten().flatten() {
                println!("cargo::error={problem}");
            }
            ExitCode::FAILURE
        }
    }
}

fn texts(folder: &str) -> Result<Vec<Text>, Vec<String>> {
    let checked = locales::read(Path::new(folder)).and_then(|files| locales::check(&files));
    checked.map_err(|problems| problems.iter().map(|problem| format!("{folder}/{problem}")).collect())
}

/// `www/build/page.mjs` takes the languages and the tables.
fn write(out: &Path, shared: &[Text], agent: &[Text]) -> io::Result<()> {
    fs::write(out.join("texts.rs"), locales::generate(shared, 0))?;
    fs::write(out.join("agent_texts.rs"), locales::generate(agent, locales::size(shared)))?;
    fs::write(out.join("languages.json"), locales::languages_json())?;
    for (n, language) in LANGUAGES.iter().enumerate() {
        let (shared, agent) = (locales::table(shared, n), locales::table(agent, n));
        fs::write(out.join(format!("agent-{}.txt", language.tag)), format!("{shared}\n{agent}"))?;
        fs::write(out.join(format!("panel-{}.txt", language.tag)), shared)?;
    }
    Ok(())
}
