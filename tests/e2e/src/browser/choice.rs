//! What the tests run in, chosen by the environment.

use crate::Result;
use anyhow::{Context as _, bail};
use std::env::{VarError, var};

/// The browser that [`crate::Browser::start`] starts: `E2E_BROWSER`, one of `chromium`, `firefox`, `webkit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrowserKind {
    /// Google's engine, Blink; with it Chrome, Edge and Opera.
    Chromium,
    /// Mozilla's engine, Gecko.
    Firefox,
    /// Apple's engine, as GTK's browser has it.
    Webkit,
}

impl BrowserKind {
    /// The one that the environment asks for; Chromium if it says nothing.
    ///
    /// # Errors
    /// If it asks for one that there is not.
    pub fn chosen() -> Result<Self> {
        choose(
            "E2E_BROWSER",
            &[("chromium", Self::Chromium), ("firefox", Self::Firefox), ("webkit", Self::Webkit)],
        )
    }
}

/// The form of the widget's engine that pages without a policy of their own let run: `E2E_ENGINE`, one of `wasm`,
/// `plain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// Inlined in `widget.js`.
    Wasm,
    /// Plain JavaScript, a file of its own, fetched since the page's policy forbids WebAssembly.
    Plain,
}

impl EngineKind {
    /// The one that the environment asks for; WebAssembly if it says nothing.
    ///
    /// # Errors
    /// If it asks for one that there is not.
    pub fn chosen() -> Result<Self> {
        choose("E2E_ENGINE", &[("wasm", Self::Wasm), ("plain", Self::Plain)])
    }
}

/// The first is what counts if the variable is not set.
fn choose<T: Copy>(variable: &str, choices: &[(&str, T)]) -> Result<T> {
    let value = match var(variable) {
        Err(VarError::NotPresent) => choices.first().map(|(name, _)| (*name).to_owned()),
        value => Some(value.with_context(|| format!("reading {variable}"))?),
    };
    let found = choices.iter().find(|(name, _)| Some(*name) == value.as_deref());
    let Some((_, choice)) = found else {
        let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
        bail!("{variable} is {value:?}; it takes {}", names.join(", "));
    };
    Ok(*choice)
}
