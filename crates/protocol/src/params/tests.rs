use super::*;
use proptest::prelude::*;

const KEY: &str = "a984b8a6a95175da1e4b06800d4af74547abea6912d3193a3d39f8b18428b88c";
const SECRET: &str = "cgs_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

fn text(value: &str) -> RawValue {
    RawValue::Text(value.into())
}

fn raw<const N: usize>(params: [(&str, RawValue); N]) -> Vec<RawParam> {
    params.into_iter().map(|(name, value)| RawParam { name: name.into(), value }).collect()
}

fn parse<const N: usize>(params: [(&str, RawValue); N]) -> Parsed {
    InitParams::parse(&raw(params))
}

/// The article's parameters, with some replaced.
fn article<const N: usize>(replaced: [(&str, RawValue); N]) -> Parsed {
    let mut params = raw([
        ("appId", text("app")),
        ("connectionType", text("messenger_auth")),
        ("connectionEmail", text("foo@bar.com")),
        ("connectionKey", text(KEY)),
    ]);
    for (name, value) in replaced {
        params.retain(|param| param.name != name);
        params.push(RawParam { name: name.into(), value });
    }
    InitParams::parse(&params)
}

#[track_caller]
fn ok(parsed: Parsed) -> InitParams {
    parsed.result.unwrap_or_else(|error| panic!("refused: {}", error.message))
}

#[track_caller]
fn refused(parsed: Parsed, field: &str, part: &str) {
    let Err(error) = parsed.result else { panic!("accepted") };
    assert_eq!(error.code, ErrorCode::InvalidParams);
    assert_eq!(error.field.as_deref(), Some(field));
    assert!(error.message.starts_with(field), "{}", error.message);
    assert!(error.message.contains(part), "{} does not contain {part}", error.message);
}

#[track_caller]
fn email_of(params: &InitParams) -> &str {
    let SignIn::Key { email, .. } = &params.sign_in else { panic!("no key") };
    email.as_str()
}

#[test]
fn the_articles_parameters_are_accepted() {
    let parsed = article([]);
    assert!(parsed.warnings.is_empty());
    let params = ok(parsed);
    assert_eq!(params.app_id.as_str(), "app");
    assert_eq!(email_of(&params), "foo@bar.com");
    assert!(matches!(&params.sign_in, SignIn::Key { key: KeySource::Value(key), .. } if key == KEY));
}

#[test]
fn without_a_connection_type_the_visit_is_passwordless() {
    let parsed = parse([("appId", text("app"))]);
    assert!(parsed.warnings.is_empty());
    assert!(ok(parsed).sign_in == SignIn::Passwordless);
}

#[test]
fn null_and_undefined_count_as_absent() {
    let parsed = parse([
        ("appId", text("app")),
        ("connectionType", RawValue::Absent),
        ("connectionEmail", RawValue::Absent),
        ("connectionKey", RawValue::Absent),
        ("locale", RawValue::Absent),
        ("theme", RawValue::Absent),
        ("target", RawValue::Absent),
    ]);
    assert!(parsed.warnings.is_empty());
    assert!(ok(parsed).sign_in == SignIn::Passwordless);
}

#[test]
fn the_app_id_is_required_and_no_placeholder() {
    refused(parse([]), "appId", "is missing");
    refused(parse([("appId", text(""))]), "appId", "an empty string");
    refused(parse([("appId", text("  "))]), "appId", "non-empty");
    refused(parse([("appId", RawValue::Other("a number"))]), "appId", "a number");
    refused(parse([("appId", text("YOUR_APP_ID"))]), "appId", "placeholder");
}

#[test]
fn only_messenger_auth_is_supported() {
    refused(article([("connectionType", text("oauth"))]), "connectionType", "Supported: \"messenger_auth\"");
    refused(article([("connectionType", text("Messenger_Auth"))]), "connectionType", "not supported");
    refused(article([("connectionType", text(""))]), "connectionType", "not supported");
    refused(article([("connectionType", RawValue::Other("a boolean"))]), "connectionType", "a boolean");
}

#[test]
fn a_key_without_a_type_is_ignored_with_a_warning() {
    let parsed = article([("connectionType", RawValue::Absent)]);
    assert_eq!(parsed.warnings.len(), 1);
    assert!(parsed.warnings[0].contains("connectionType is missing"));
    assert!(ok(parsed).sign_in == SignIn::Passwordless);
}

#[test]
fn messenger_auth_needs_email_and_key() {
    refused(article([("connectionEmail", RawValue::Absent)]), "connectionEmail", "is missing");
    refused(article([("connectionEmail", RawValue::Other("an object"))]), "connectionEmail", "an object");
    refused(article([("connectionEmail", text("foo"))]), "connectionEmail", "name@domain");
    refused(article([("connectionKey", RawValue::Absent)]), "connectionKey", "is missing");
    refused(article([("connectionKey", RawValue::Other("a number"))]), "connectionKey", "a number");
}

#[test]
fn a_malformed_key_is_explained_and_never_repeated() {
    for (key, part) in [
        ("", "is empty"),
        ("XXXXXXXX", "placeholder"),
        ("qYS4pqlRddoeSwaADUr3RUer6mkS0xk6PTn4sYQouIw=", "base64"),
        ("foo@bar.com", "email"),
        ("v2.nonsense-value", "v2.<expires>"),
        (" a984b8a6a95175da1e4b06800d4af74547abea6912d3193a3d39f8b18428b88c\n", "white space"),
        ("deadbeef", "not 64 hexadecimal digits"),
    ] {
        let parsed = article([("connectionKey", text(key))]);
        let Err(error) = parsed.result.as_ref() else { panic!("accepted") };
        let message = error.message.clone();
        assert!(key.trim().len() < 4 || !message.contains(key.trim()), "{message}");
        refused(parsed, "connectionKey", part);
    }
}

#[test]
fn a_key_may_come_from_a_function() {
    let params = ok(article([("connectionKey", RawValue::Function)]));
    assert!(matches!(params.sign_in, SignIn::Key { key: KeySource::Function, .. }));
}

#[test]
fn the_articles_misspellings_are_accepted_with_one_warning_each() {
    for misspelt in ["conenctionEmail", "connectoinEmail"] {
        let parsed = article([("connectionEmail", RawValue::Absent), (misspelt, text("ann@bar.com"))]);
        assert_eq!(parsed.warnings.len(), 1, "{misspelt}");
        assert!(parsed.warnings[0].contains(misspelt) && parsed.warnings[0].contains("connectionEmail"));
        assert_eq!(email_of(&ok(parsed)), "ann@bar.com");
    }
}

#[test]
fn the_right_spelling_wins() {
    let parsed =
        article([("conenctionEmail", text("other@bar.com")), ("connectoinEmail", text("third@bar.com"))]);
    assert_eq!(parsed.warnings.len(), 2);
    assert_eq!(email_of(&ok(parsed)), "foo@bar.com");
}

#[test]
fn an_unknown_name_near_a_known_one_gets_a_suggestion() {
    let parsed = article([("conectionKey", text("x")), ("onReady", RawValue::Function)]);
    assert_eq!(parsed.warnings, ["Unknown parameter conectionKey: did you mean connectionKey?"]);
    assert!(parsed.result.is_ok());

    let parsed = parse([("appid", text("app"))]);
    assert_eq!(parsed.warnings, ["Unknown parameter appid: did you mean appId?"]);
    refused(parsed, "appId", "is missing");
}

#[test]
fn a_getter_that_throws_is_an_error() {
    refused(article([("connectionEmail", RawValue::Threw)]), "connectionEmail", "getter threw");
    refused(article([("locale", RawValue::Threw)]), "locale", "getter threw");
}

#[test]
fn locale_theme_and_target_are_checked() {
    let params = ok(article([("locale", text("pt-BR")), ("theme", text("dark")), ("target", text("#help"))]));
    assert_eq!(params.locale.as_deref(), Some("pt-BR"));
    assert_eq!(params.theme, ThemeChoice::Dark);
    assert_eq!(params.target, Some(Target::Selector("#help".into())));
    assert_eq!(ok(article([("target", RawValue::Element)])).target, Some(Target::Element));

    refused(article([("locale", RawValue::Other("a number"))]), "locale", "a number");
    refused(article([("theme", text("blue"))]), "theme", "\"light\", \"dark\" or \"auto\"");
    refused(article([("target", RawValue::Other("an array"))]), "target", "an array");
}

#[test]
fn a_secret_is_refused_wherever_it_stands() {
    for name in ["appId", "connectionEmail", "connectionKey", "locale", "note", "connectionType"] {
        let parsed = article([(name, text(SECRET))]);
        let Err(error) = parsed.result else { panic!("accepted") };
        assert_eq!(error.code, ErrorCode::SecretInPage, "{name}");
        assert_eq!(error.field.as_deref(), Some(name));
        assert!(error.message.contains("rotate"));
        assert!(!error.message.contains(SECRET) && !error.message.contains(&SECRET[4..]));
        assert!(parsed.found_secret == Some(FoundSecret(SECRET.into())));
    }
}

#[test]
fn a_parameter_named_for_a_secret_is_refused() {
    let parsed = article([("portalSecret", text(" hunter2 "))]);
    assert!(parsed.found_secret == Some(FoundSecret("hunter2".into())));
    assert_eq!(parsed.app_id.as_ref().map(AppId::as_str), Some("app"));
    let Err(error) = parsed.result else { panic!("accepted") };
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::SecretInPage, Some("portalSecret")));
    assert!(!error.message.contains("hunter2"));
    assert!(article([("secretary", RawValue::Absent)]).result.is_ok());
}

#[test]
fn a_secret_is_never_reported_as_the_app() {
    assert!(article([("appId", text(SECRET))]).app_id.is_none());
}

#[test]
fn a_key_from_a_function_is_held_to_the_same_rules() {
    assert_eq!(check_key(&text(KEY)).ok().as_deref(), Some(KEY));
    assert_eq!(check_key(&RawValue::Absent).expect_err("refused").0.code, ErrorCode::InvalidParams);
    let (error, secret) = check_key(&text(SECRET)).expect_err("refused");
    assert_eq!(error.code, ErrorCode::SecretInPage);
    assert!(secret == Some(FoundSecret(SECRET.into())));
}

fn any_value() -> impl Strategy<Value = RawValue> {
    prop_oneof![
        Just(RawValue::Absent),
        ".{0,80}".prop_map(RawValue::Text),
        Just(text(KEY)),
        Just(text(SECRET)),
        Just(text("messenger_auth")),
        Just(text("foo@bar.com")),
        Just(RawValue::Function),
        Just(RawValue::Element),
        Just(RawValue::Other("a number")),
        Just(RawValue::Threw),
    ]
}

proptest! {
    #[test]
    fn any_object_is_judged_without_panic_and_without_leak(
        params in proptest::collection::vec(
            (prop_oneof![
                Just("appId".to_owned()), Just("connectionType".into()), Just("connectionEmail".into()),
                Just("connectionKey".into()), Just("conenctionEmail".into()), Just("target".into()), ".{0,20}"
            ], any_value()),
            0..8,
        )
    ) {
        let params: Vec<RawParam> = params.into_iter().map(|(name, value)| RawParam { name, value }).collect();
        let holds_secret = params.iter().any(|p| p.value == text(SECRET));
        let parsed = InitParams::parse(&params);
        prop_assert_eq!(holds_secret, parsed.found_secret.is_some() && holds_secret);
        match parsed.result {
            Ok(_) => prop_assert!(!holds_secret),
            Err(error) => {
                prop_assert!(!error.message.contains(KEY) && !error.message.contains(SECRET));
                prop_assert!(error.code == ErrorCode::InvalidParams || error.code == ErrorCode::SecretInPage);
            }
        }
    }
}
