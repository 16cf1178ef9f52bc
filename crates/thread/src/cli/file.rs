//! `--config FILE`: what flags and environment variables say, in a file. A flag wins over its environment variable, and
//! that over the file.
//!
//! The file's values become the defaults of the flags with their names, so they are read and checked exactly as flags.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

const FLAG: &str = "config";
const VARIABLE: &str = "THREAD_CONFIG";
/// Names nearer than this are offered for a misspelt one.
const NEAR: f64 = 0.75;

/// Why a configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    #[error("cannot read the configuration file {0}: {1}")]
    Read(PathBuf, std::io::Error),
    #[error("{0}: {1}")]
    Syntax(PathBuf, toml::de::Error),
    #[error("{0}: there is no setting `{1}`{2}")]
    Unknown(PathBuf, String, String),
    #[error("{0}: `{1}` must be {2}")]
    Kind(PathBuf, String, &'static str),
}

/// A file's settings: names of flags, and their values as texts.
#[derive(Debug, Default)]
pub(super) struct Settings {
    path: PathBuf,
    values: BTreeMap<String, Vec<String>>,
}

/// The file that the command line or the environment names.
pub(super) fn named_in(arguments: &[OsString], environment: Option<OsString>) -> Option<PathBuf> {
    let mut arguments = arguments.iter().skip(1).take_while(|argument| *argument != "--");
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        match text.strip_prefix("--config") {
            Some("") => return arguments.next().map(PathBuf::from),
            Some(value) => {
                if let Some(path) = value.strip_prefix('=') {
                    return Some(PathBuf::from(path));
                }
            }
            None => {}
        }
    }
    environment.filter(|path| !path.is_empty()).map(PathBuf::from)
}

pub(super) fn environment() -> Option<OsString> {
    std::env::var_os(VARIABLE)
}

/// Reads a file whose settings must be flags of `command`.
pub(super) fn read(path: &Path, command: &Command) -> Result<Settings, FileError> {
    let text = std::fs::read_to_string(path).map_err(|error| FileError::Read(path.to_owned(), error))?;
    parse(path, &text, command)
}

fn parse(path: &Path, text: &str, command: &Command) -> Result<Settings, FileError> {
    let table: Table = text.parse().map_err(|error| FileError::Syntax(path.to_owned(), error))?;
    let mut known = Vec::new();
    collect_names(command, &mut known);
    let mut values = BTreeMap::new();
    for (name, value) in table {
        if !known.contains(&name) {
            return Err(FileError::Unknown(path.to_owned(), name.clone(), hint(&name, &value, &known)));
        }
        let texts = match value {
            Value::Array(items) => items.iter().map(scalar).collect::<Option<Vec<_>>>(),
            one => scalar(&one).map(|text| vec![text]),
        };
        let wanted = "a text, a number, or a list of these";
        let texts = texts.ok_or_else(|| FileError::Kind(path.to_owned(), name.clone(), wanted))?;
        values.insert(name, texts);
    }
    Ok(Settings { path: path.to_owned(), values })
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(yes) => Some(yes.to_string()),
        Value::Float(_) | Value::Datetime(_) | Value::Array(_) | Value::Table(_) => None,
    }
}

fn hint(name: &str, value: &Value, known: &[String]) -> String {
    if let Value::Table(table) = value
        && let Some((key, _)) = table.iter().next()
    {
        return format!(": settings have no sections; write `{name}-{key} = …`");
    }
    let dashed = name.replace('_', "-");
    let nearest = known
        .iter()
        .map(|known| (strsim::jaro_winkler(known, &dashed), known))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    match nearest {
        Some((near, known)) if near > NEAR => format!("; did you mean `{known}`?"),
        _ => "; settings have the names of flags: see `thread serve --help`".to_owned(),
    }
}

/// Flags that are environment variables too, of `command` and all below it: what is configuration.
fn collect_names(command: &Command, names: &mut Vec<String>) {
    for argument in command.get_arguments() {
        if let Some(name) = argument.get_long().filter(|name| is_setting(argument) && *name != FLAG)
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    for inner in command.get_subcommands() {
        collect_names(inner, names);
    }
}

fn is_setting(argument: &Arg) -> bool {
    let takes_one = matches!(argument.get_action(), ArgAction::Set | ArgAction::Append | ArgAction::SetTrue);
    argument.get_env().is_some() && takes_one
}

impl Settings {
    /// Makes the settings the defaults of their flags.
    pub(super) fn apply_to(&self, command: Command) -> Command {
        let mut command = command.mut_args(|argument| {
            let name = argument.get_long().filter(|_| is_setting(&argument));
            let values = name.and_then(|name| self.values.get(name));
            // What the environment hides, help does not show either.
            let hidden = argument.is_hide_env_values_set() || argument.is_hide_default_value_set();
            let argument = argument.hide_default_value(hidden);
            match values {
                None => argument,
                Some(values) if matches!(argument.get_action(), ArgAction::Append) => {
                    argument.default_values(values)
                }
                Some(values) => argument.default_values(values.iter().take(1)),
            }
        });
        let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
        for name in names {
            command = command.mut_subcommand(name, |inner| self.apply_to(inner));
        }
        command
    }

    /// Says where a refused value stands, if it is the file's.
    pub(super) fn place_of(&self, error: &clap::Error) -> Option<String> {
        if error.kind() != ErrorKind::ValueValidation && error.kind() != ErrorKind::InvalidValue {
            return None;
        }
        let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else { return None };
        let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else { return None };
        let name = flag.trim_start_matches('-').split([' ', '=']).next()?;
        let is_here = self
            .values
            .get(name)?
            .iter()
            .any(|here| here == value || here.split(',').any(|part| part == value));
        is_here.then(|| format!("`{name}` stands in {}", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    fn named(arguments: &[&str], environment: Option<&str>) -> Option<PathBuf> {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        named_in(&arguments, environment.map(OsString::from))
    }

    #[test]
    fn the_file_is_named_by_flag_or_environment() {
        assert_eq!(named(&["thread", "serve", "--config", "a.toml"], Some("b")), Some("a.toml".into()));
        assert_eq!(named(&["thread", "--config=a.toml", "serve"], None), Some("a.toml".into()));
        assert_eq!(named(&["thread", "serve", "--", "--config", "a"], Some("b")), Some("b".into()));
        assert_eq!(named(&["thread", "serve", "--configuration"], Some("")), None);
    }

    #[test]
    fn what_is_no_setting_is_explained() {
        let command = crate::cli::Cli::command();
        let said = |text: &str| parse(Path::new("t.toml"), text, &command).expect_err(text).to_string();
        assert!(said("lisen = 'x'").contains("did you mean `listen`?"));
        assert!(said("public_url = 'x'").contains("did you mean `public-url`?"));
        assert!(said("[limit]\nmessages = 1").contains("`limit-messages = …`"));
        assert!(said("qqqqq = 1").contains("thread serve --help"));
        assert!(said("listen = 1.5").contains("a text, a number"));
        assert!(said("listen = ").starts_with("t.toml: "));
        for flag in ["json = true", "help = true", "config = 'x'", "name = 'x'"] {
            assert!(said(flag).contains("no setting"), "{flag}");
        }
    }
}
