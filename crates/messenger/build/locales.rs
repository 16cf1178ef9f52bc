//! Reads the translations, checks them against each other, and writes them as Rust and as tables.
//!
//! Used by the build script and by `tests/locales.rs`.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement, VariantKey};
use fluent_syntax::parser;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A language that panel and agents' page speak.
pub struct Language {
    /// Tag, and name of its file.
    pub tag: &'static str,
    /// Whether one reads it from right to left.
    pub is_rtl: bool,
    /// Its plural forms, as Unicode's CLDR has them for cardinals.
    pub forms: &'static [&'static str],
}

/// All languages. The first is the one that the others are checked against, and the one of last resort.
pub const LANGUAGES: [Language; 8] = [
    Language { tag: "en", is_rtl: false, forms: &["one", "other"] },
    Language { tag: "es", is_rtl: false, forms: &["one", "many", "other"] },
    Language { tag: "fr", is_rtl: false, forms: &["one", "many", "other"] },
    Language { tag: "de", is_rtl: false, forms: &["one", "other"] },
    Language { tag: "pt-BR", is_rtl: false, forms: &["one", "many", "other"] },
    Language { tag: "ar", is_rtl: true, forms: &["zero", "one", "two", "few", "many", "other"] },
    Language { tag: "he", is_rtl: true, forms: &["one", "two", "other"] },
    Language { tag: "ja", is_rtl: false, forms: &["other"] },
];

/// All plural forms, in the order in which they stand in the made code; `src/language.rs` knows it too.
pub const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// Arguments stand in the made texts as the characters 1 to 8; 10 parts the texts.
const MAX_ARGUMENTS: usize = 8;

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text, drawn as it is.
    String,
    /// A number, written as the language writes it.
    Number,
}

/// One piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Argument(String),
}

/// A text in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Plain(Vec<Piece>),
    /// By plural form.
    Plural {
        selector: String,
        forms: BTreeMap<String, Vec<Piece>>,
    },
}

impl Value {
    fn patterns(&self) -> Vec<&[Piece]> {
        match self {
            Self::Plain(pieces) => vec![pieces],
            Self::Plural { forms, .. } => forms.values().map(Vec::as_slice).collect(),
        }
    }

    fn selector(&self) -> Option<&str> {
        match self {
            Self::Plain(_) => None,
            Self::Plural { selector, .. } => Some(selector),
        }
    }

    fn arguments(&self) -> BTreeSet<&str> {
        self.patterns().into_iter().flat_map(arguments).chain(self.selector()).collect()
    }
}

fn arguments(pieces: &[Piece]) -> impl Iterator<Item = &str> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Argument(name) => Some(name.as_str()),
        Piece::Text(_) => None,
    })
}

/// A message of one file.
struct Entered {
    value: Value,
    /// What its comment declares; only the first language's does.
    declared: Vec<(String, Kind)>,
}

/// A message in all languages.
pub struct Text {
    id: String,
    arguments: Vec<(String, Kind)>,
    /// The argument whose number decides on the form, in any language.
    selector: Option<String>,
    values: Vec<Value>,
}

impl Text {
    /// How many places it has in a table.
    fn size(&self) -> usize {
        if self.selector.is_some() { FORMS.len() } else { 1 }
    }
}

/// Reads the files of a folder: name and content.
pub fn read(folder: &Path) -> Result<Vec<(String, String)>, Vec<String>> {
    let fail = |error: std::io::Error| vec![format!("{}: {error}", folder.display())];
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.extension().is_some_and(|ending| ending == "ftl") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, fs::read_to_string(&path).map_err(fail)?));
        }
    }
    files.sort();
    Ok(files)
}

/// Brings the files together. Every language has to have every message, with the same arguments, and with the
/// plural forms that the language has. Each problem names file and message.
pub fn check(files: &[(String, String)]) -> Result<Vec<Text>, Vec<String>> {
    let mut problems = Vec::new();
    for (name, _) in files {
        if !LANGUAGES.iter().any(|language| *name == file_of(language)) {
            problems.push(format!("{name}: no such language in build/locales.rs"));
        }
    }
    let mut tables = Vec::new();
    for language in &LANGUAGES {
        let name = file_of(language);
        match files.iter().find(|(file, _)| *file == name) {
            Some((_, source)) => tables.push(enter(&name, source, &mut problems)),
            None => problems.push(format!("{name}: this file is missing")),
        }
    }
    if tables.len() < LANGUAGES.len() {
        return Err(problems);
    }
    let texts = compare(&tables, &mut problems);
    if problems.is_empty() { Ok(texts) } else { Err(problems) }
}

fn file_of(language: &Language) -> String {
    format!("{}.ftl", language.tag)
}

type Table = BTreeMap<String, Entered>;

fn enter(file: &str, source: &str, problems: &mut Vec<String>) -> Table {
    let mut table = Table::new();
    let parsed = parser::parse(source).unwrap_or_else(|(parsed, errors)| {
        for error in errors {
            let line = source.get(..error.pos.start).unwrap_or_default().lines().count().max(1);
            problems.push(format!("{file}: line {line}: {error}"));
        }
        parsed
    });
    for entry in parsed.body {
        match entry {
            Entry::Message(message) => {
                let id = message.id.name;
                match message_of(&message) {
                    Ok(entered) => {
                        if table.insert(id.to_owned(), entered).is_some() {
                            problems.push(format!("{file}: {id}: is there twice"));
                        }
                    }
                    Err(problem) => problems.push(format!("{file}: {id}: {problem}")),
                }
            }
            Entry::Term(term) => {
                problems.push(format!("{file}: -{}: terms are not supported", term.id.name));
            }
            // What the parser could not read is among its errors.
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) | Entry::Junk { .. } => {}
        }
    }
    table
}

fn message_of(message: &Message<&str>) -> Result<Entered, String> {
    if !message.attributes.is_empty() {
        return Err("attributes are not supported".into());
    }
    if message.id.name.contains('_') || message.id.name.contains(char::is_uppercase) {
        return Err("an id has small letters and dashes".into());
    }
    let value = value(message.value.as_ref().ok_or("has no text")?)?;
    let lines = message.comment.iter().flat_map(|comment| &comment.content);
    let declared = lines.filter_map(|line| declaration(line)).collect::<Result<_, _>>()?;
    Ok(Entered { value, declared })
}

/// `$name (String) - what it is`
fn declaration(line: &str) -> Option<Result<(String, Kind), String>> {
    let (name, rest) = line.trim().strip_prefix('$')?.split_once(' ')?;
    let kind = match rest.trim_start().split([' ', '-']).next()? {
        "(String)" => Kind::String,
        "(Number)" => Kind::Number,
        other => {
            return Some(Err(format!("${name} is declared as {other}: only (String) and (Number) exist")));
        }
    };
    Some(Ok((name.to_owned(), kind)))
}

fn value(pattern: &Pattern<&str>) -> Result<Value, String> {
    let [PatternElement::Placeable { expression: Expression::Select { selector, variants } }] =
        pattern.elements.as_slice()
    else {
        return pieces(pattern).map(Value::Plain);
    };
    let InlineExpression::VariableReference { id: selector } = selector else {
        return Err("a choice has to be by an argument".into());
    };
    let mut forms = BTreeMap::new();
    for variant in variants {
        let VariantKey::Identifier { name } = variant.key else {
            return Err("a choice by an exact number is not supported".into());
        };
        if variant.default != (name == "other") {
            return Err("the form that stands for all others is *[other]".into());
        }
        if forms.insert(name.to_owned(), pieces(&variant.value)?).is_some() {
            return Err(format!("[{name}] is there twice"));
        }
    }
    Ok(Value::Plural { selector: selector.name.to_owned(), forms })
}

fn pieces(pattern: &Pattern<&str>) -> Result<Vec<Piece>, String> {
    pattern.elements.iter().map(piece).collect()
}

fn piece(element: &PatternElement<&str>) -> Result<Piece, String> {
    match element {
        PatternElement::TextElement { value } if value.contains(char::is_control) => {
            Err("a text is one line".into())
        }
        PatternElement::TextElement { value } => Ok(Piece::Text((*value).to_owned())),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::VariableReference { id }),
        } => Ok(Piece::Argument(id.name.to_owned())),
        PatternElement::Placeable { expression: Expression::Select { .. } } => {
            Err("a choice has to be the whole message: write each form out".into())
        }
        PatternElement::Placeable { .. } => Err("only arguments can be put in".into()),
    }
}

fn compare(tables: &[Table], problems: &mut Vec<String>) -> Vec<Text> {
    let Some(first) = tables.first() else { return Vec::new() };
    let mut texts = Vec::new();
    for (id, entered) in first {
        let declared: BTreeSet<&str> = entered.declared.iter().map(|(name, _)| name.as_str()).collect();
        let used = entered.value.arguments();
        if declared != used {
            problems.push(format!(
                "{}: {id}: uses {}, but its comment declares {}",
                file_of(&LANGUAGES[0]),
                named(&used),
                named(&declared)
            ));
        }
        if used.len() > MAX_ARGUMENTS {
            problems.push(format!("{}: {id}: has too many arguments", file_of(&LANGUAGES[0])));
        }
        let mut values = Vec::new();
        for (language, table) in LANGUAGES.iter().zip(tables) {
            let file = file_of(language);
            let Some(translated) = table.get(id) else {
                problems.push(format!("{file}: {id}: this translation is missing"));
                continue;
            };
            for problem in differences(language, entered, &translated.value) {
                problems.push(format!("{file}: {id}: {problem}"));
            }
            values.push(translated.value.clone());
        }
        let selector = values.iter().find_map(Value::selector).map(str::to_owned);
        texts.push(Text { id: id.clone(), arguments: entered.declared.clone(), selector, values });
    }
    for (language, table) in LANGUAGES.iter().zip(tables).skip(1) {
        for id in table.keys().filter(|id| !first.contains_key(*id)) {
            problems.push(format!("{}: {id}: is not in {}", file_of(language), file_of(&LANGUAGES[0])));
        }
    }
    texts
}

/// What is wrong with a translation.
fn differences(language: &Language, first: &Entered, value: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let wanted = first.value.arguments();
    let used = value.arguments();
    if used != wanted {
        problems.push(format!("uses {}, but has to use {}", named(&used), named(&wanted)));
    }
    for pattern in value.patterns() {
        let present: BTreeSet<&str> = arguments(pattern).collect();
        // A form may say its number in a word.
        let lacks = wanted.iter().find(|name| value.selector() != Some(**name) && !present.contains(**name));
        if let (Some(name), true) = (lacks, used == wanted) {
            problems.push(format!("one of its forms lacks ${name}"));
        }
    }
    match value {
        Value::Plural { selector, forms } => {
            if !first.declared.contains(&(selector.clone(), Kind::Number)) {
                problems.push(format!("chooses by ${selector}, which is not declared as (Number)"));
            }
            if first.value.selector().is_some_and(|other| other != selector) {
                problems.push(format!("chooses by ${selector}, the first language by another"));
            }
            for form in language.forms.iter().filter(|form| !forms.contains_key(**form)) {
                problems.push(format!("lacks the plural form [{form}]"));
            }
            for form in forms.keys().filter(|form| !language.forms.contains(&form.as_str())) {
                problems.push(format!("has a plural form [{form}], which the language has not"));
            }
        }
        Value::Plain(_) if first.value.selector().is_some() && language.forms.len() > 1 => {
            problems.push("has to have plural forms".into());
        }
        Value::Plain(_) => {}
    }
    problems
}

fn named(names: &BTreeSet<&str>) -> String {
    if names.is_empty() {
        return "no arguments".into();
    }
    names.iter().map(|name| format!("${name}")).collect::<Vec<_>>().join(", ")
}

/// The texts of one language, parted by line feeds: what a page fetches in the language that it speaks.
///
/// A message with plural forms has six places in it, of which those that say the same as the last are empty.
pub fn table(texts: &[Text], language: usize) -> String {
    texts.iter().flat_map(|text| places(text, language)).collect::<Vec<_>>().join("\n")
}

/// The languages as JSON, for the script that packs the pages.
pub fn languages_json() -> String {
    let language = |language: &Language| format!(r#"{{"tag":"{}","rtl":{}}}"#, language.tag, language.is_rtl);
    format!("[{}]", LANGUAGES.iter().map(language).collect::<Vec<_>>().join(","))
}

/// Writes a function a message as Rust, for texts that stand in a table from the place `first` on.
pub fn generate(texts: &[Text], first: usize) -> String {
    let mut code = String::from("// Made by build.rs from the files in `locales/`.\n");
    let mut place = first;
    for text in texts {
        code.push('\n');
        code.push_str(&function(text, place));
        place += text.size();
    }
    code
}

/// How many places texts have in a table.
pub fn size(texts: &[Text]) -> usize {
    texts.iter().map(Text::size).sum()
}

fn places(text: &Text, language: usize) -> Vec<String> {
    let written = |pieces: &[Piece]| pieces.iter().map(|piece| written(text, piece)).collect::<String>();
    match (&text.values[language], &text.selector) {
        (Value::Plain(pieces), None) => vec![written(pieces)],
        (Value::Plain(pieces), Some(_)) => {
            let mut places = vec![String::new(); FORMS.len() - 1];
            places.push(written(pieces));
            places
        }
        (Value::Plural { forms, .. }, _) => {
            let other = forms.get("other").map(|pieces| written(pieces)).unwrap_or_default();
            let mut places: Vec<String> = FORMS[..FORMS.len() - 1]
                .iter()
                .map(|form| forms.get(*form).map(|pieces| written(pieces)).unwrap_or_default())
                .map(|place| if place == other { String::new() } else { place })
                .collect();
            places.push(other);
            places
        }
    }
}

fn written(text: &Text, piece: &Piece) -> String {
    match piece {
        Piece::Text(words) => words.clone(),
        Piece::Argument(name) => {
            let n = text.arguments.iter().position(|(other, _)| other == name).unwrap_or_default();
            // At most `MAX_ARGUMENTS`.
            String::from(char::from(u8::try_from(n + 1).unwrap_or_default()))
        }
    }
}

fn function(text: &Text, place: usize) -> String {
    let name = text.id.replace('-', "_");
    let doc = match text.values.first() {
        Some(value) => value.patterns().last().map(|pieces| shown(pieces)).unwrap_or_default(),
        None => String::new(),
    };
    if text.arguments.is_empty() {
        return format!(
            "/// {doc}\npub(crate) fn {name}() -> &'static str {{\n    speech::plain({place})\n}}\n"
        );
    }
    let of = |f: fn(&(String, Kind)) -> String| text.arguments.iter().map(f).collect::<Vec<_>>().join(", ");
    let parameters = of(|(name, kind)| match kind {
        Kind::String => format!("{name}: &str"),
        Kind::Number => format!("{name}: u32"),
    });
    let values = of(|(name, kind)| match kind {
        Kind::String => format!("Argument::Text({name})"),
        Kind::Number => format!("Argument::Number({name})"),
    });
    let call = match &text.selector {
        None => format!("speech::filled({place}, &[{values}])"),
        Some(selector) => format!("speech::counted({place}, {selector}, &[{values}])"),
    };
    format!("/// {doc}\npub(crate) fn {name}({parameters}) -> String {{\n    {call}\n}}\n")
}

fn shown(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(words) => words.clone(),
            Piece::Argument(name) => format!("`{name}`"),
        })
        .collect()
}
