//! The translations are whole, and a wrong one is found: what `build.rs` refuses to build, tried out.

#[path = "../build/locales.rs"]
mod locales;

use locales::{FORMS, LANGUAGES, check, generate, languages_json, read, size, table};
use std::path::Path;

const EN: &str = "\
bye = Bye
# $name (String) - who
hello = Hello, { $name }
# $count (Number) - how many
files =
    { $count ->
        [one] { $count } file
       *[other] { $count } files
    }
";

/// A whole set of files: English as above, the others like it with the forms that they have.
fn set() -> Vec<(String, String)> {
    let file = |language: &locales::Language| {
        let source = if language.tag == "en" { EN.into() } else { translated(language.forms) };
        (format!("{}.ftl", language.tag), source)
    };
    LANGUAGES.iter().map(file).collect()
}

fn translated(forms: &[&str]) -> String {
    let mut source = String::from("hello = { $name } hello\nbye = bye\nfiles =\n    { $count ->\n");
    for form in forms {
        let default = "       *[other] { $count }\n";
        let line =
            if *form == "other" { default } else { &format!("        [{form}] {form} {{ $count }}\n") };
        source.push_str(line);
    }
    source + "    }\n"
}

/// The problems after a change of one file.
fn problems(file: &str, change: impl Fn(&str) -> String) -> Vec<String> {
    let mut files = set();
    let (_, source) = files.iter_mut().find(|(name, _)| name == file).expect("a file of the set");
    let changed = change(source);
    assert_ne!(*source, changed, "nothing was changed");
    *source = changed;
    check(&files).err().unwrap_or_default()
}

fn replaced(file: &str, from: &str, to: &str) -> Vec<String> {
    problems(file, |source| source.replace(from, to))
}

#[test]
fn all_translations_are_whole() {
    for folder in ["locales", "locales/agent"] {
        let files = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("the files can be read");
        assert_eq!(files.len(), LANGUAGES.len(), "{folder}");
        let texts = check(&files).unwrap_or_else(|problems| panic!("{folder}: {}", problems.join("\n")));
        assert!(!texts.is_empty(), "{folder}");
    }
}

/// The page speaks before the engine is there, from a table of its own.
#[test]
fn the_languages_have_the_plural_forms_of_cldr() {
    let forms = |tag| LANGUAGES.iter().find(|language| language.tag == tag).map(|language| language.forms);
    assert_eq!(forms("ar"), Some(&FORMS[..]));
    assert_eq!(forms("he"), Some(&["one", "two", "other"][..]));
    assert_eq!(forms("ja"), Some(&["other"][..]));
    for language in &LANGUAGES {
        let mut ordered = FORMS.iter().filter(|form| language.forms.contains(form));
        assert!(language.forms.iter().all(|form| ordered.next() == Some(form)), "{}", language.tag);
        assert!(language.forms.ends_with(&["other"]), "{}", language.tag);
    }
}

#[test]
fn whole_files_become_tables_and_functions() {
    let texts = check(&set()).unwrap_or_else(|problems| panic!("{}", problems.join("\n")));
    // By id: bye, files in six forms, hello. A form that says the same as the last is left out.
    assert_eq!(table(&texts, 0), "Bye\n\n\u{1} file\n\n\n\n\u{1} files\nHello, \u{1}");
    let arabic = LANGUAGES.iter().position(|language| language.tag == "ar").expect("a language");
    let expected = "bye\nzero \u{1}\none \u{1}\ntwo \u{1}\nfew \u{1}\nmany \u{1}\n\u{1}\n\u{1} hello";
    assert_eq!(table(&texts, arabic), expected);
    let code = generate(&texts, 0);
    for function in [
        "fn bye() -> &'static str {\n    speech::plain(0)",
        "fn files(count: u32) -> String {\n    speech::counted(1, count, &[Argument::Number(count)])",
        "fn hello(name: &str) -> String {\n    speech::filled(7, &[Argument::Text(name)])",
    ] {
        assert!(code.contains(function), "{function}\n{code}");
    }
    // Behind others in the same table.
    assert!(generate(&texts, size(&texts)).contains("fn bye() -> &'static str {\n    speech::plain(8)"));
}

#[test]
fn the_packing_script_is_told_which_languages_there_are() {
    let listed: serde_json::Value = serde_json::from_str(&languages_json()).expect("JSON");
    assert_eq!(listed[0], serde_json::json!({"tag": "en", "rtl": false}));
    assert!(
        listed.as_array().is_some_and(|list| list.contains(&serde_json::json!({"tag": "he", "rtl": true})))
    );
}

#[test]
fn a_missing_or_extra_text_is_named() {
    assert_eq!(replaced("fr.ftl", "bye = bye\n", ""), ["fr.ftl: bye: this translation is missing"]);
    assert_eq!(
        problems("he.ftl", |source| format!("{source}more = more\n")),
        ["he.ftl: more: is not in en.ftl"]
    );
    assert_eq!(
        problems("ja.ftl", |source| format!("{source}bye = again\n")),
        ["ja.ftl: bye: is there twice"]
    );
}

#[test]
fn a_missing_or_extra_file_is_named() {
    let mut files = set();
    files.retain(|(name, _)| name != "ar.ftl");
    files.push(("xx.ftl".into(), EN.into()));
    assert_eq!(
        check(&files).err(),
        Some(vec![
            "xx.ftl: no such language in build/locales.rs".into(),
            "ar.ftl: this file is missing".into()
        ])
    );
}

#[test]
fn other_arguments_are_named() {
    assert_eq!(replaced("de.ftl", "$name", "$nmae"), ["de.ftl: hello: uses $nmae, but has to use $name"]);
    assert_eq!(
        replaced("de.ftl", "{ $name } hello", "hello"),
        ["de.ftl: hello: uses no arguments, but has to use $name"]
    );
    assert_eq!(
        replaced("de.ftl", "bye = bye", "bye = bye { $name }"),
        ["de.ftl: bye: uses $name, but has to use no arguments"]
    );
    assert_eq!(
        replaced("en.ftl", "# $name (String) - who\n", ""),
        ["en.ftl: hello: uses $name, but its comment declares no arguments"]
    );
    assert_eq!(
        replaced("en.ftl", "(String)", "(Date)"),
        [
            "en.ftl: hello: $name is declared as (Date): only (String) and (Number) exist",
            "es.ftl: hello: is not in en.ftl",
            "fr.ftl: hello: is not in en.ftl",
            "de.ftl: hello: is not in en.ftl",
            "pt-BR.ftl: hello: is not in en.ftl",
            "ar.ftl: hello: is not in en.ftl",
            "he.ftl: hello: is not in en.ftl",
            "ja.ftl: hello: is not in en.ftl",
        ]
    );
}

#[test]
fn other_plural_forms_are_named() {
    assert_eq!(
        replaced("ar.ftl", "        [few] few { $count }\n", ""),
        ["ar.ftl: files: lacks the plural form [few]"]
    );
    assert_eq!(
        replaced("de.ftl", "[one] one", "[two] one"),
        [
            "de.ftl: files: lacks the plural form [one]",
            "de.ftl: files: has a plural form [two], which the language has not"
        ]
    );
    let plain = |source: &str| {
        let start = source.find("files").expect("is there");
        format!("{}files = {{ $count }}\n", &source[..start])
    };
    assert_eq!(problems("es.ftl", plain), ["es.ftl: files: has to have plural forms"]);
    assert!(problems("ja.ftl", plain).is_empty(), "a language with one form needs no choice");
    assert!(replaced("ar.ftl", "[one] one { $count }", "[one] one").is_empty(), "the number in a word");
}

#[test]
fn what_cannot_be_made_into_rust_is_refused() {
    for (from, to, problem) in [
        ("bye = bye", "bye = bye\n    .title = bye", "attributes are not supported"),
        ("bye = bye", "bye = bye\n    and bye", "a text is one line"),
        ("bye = bye", "bye = { hello }", "only arguments can be put in"),
        ("bye = bye", "bye = { NUMBER(5) }", "only arguments can be put in"),
        ("[one] one", "[1] one", "a choice by an exact number is not supported"),
    ] {
        let problems = replaced("fr.ftl", from, to);
        assert!(problems.iter().any(|found| found.ends_with(problem)), "{to}: {problems:?}");
    }
    let problems = problems("fr.ftl", |source| format!("{source}\nnonsense\n"));
    assert!(matches!(problems.as_slice(), [problem] if problem.starts_with("fr.ftl: line ")), "{problems:?}");
}
