//! The rules.

use super::raw::{RawParam, RawValue};
use super::spelling::{self, ARTICLE_MISSPELLINGS};
use super::{FoundSecret, InitParams, KeySource, ParamsError, SignIn, Target, ThemeChoice};
use crate::wire::MESSENGER_AUTH;
use crate::{AppId, ConnectionKeyShape, Email, ErrorCode, secret_scan};

/// Placeholder of the article's snippet.
const APP_ID_PLACEHOLDER: &str = "YOUR_APP_ID";

/// What became of a page's parameters.
#[derive(Clone)]
pub struct Parsed {
    /// Fit to act on, or why not.
    pub result: Result<InitParams, ParamsError>,
    /// For `console.warn`, one call each.
    pub warnings: Vec<String>,
    /// A secret that was found: its digest is to be reported.
    pub found_secret: Option<FoundSecret>,
    /// The app, if one was named: to be reported with it.
    pub app_id: Option<AppId>,
}

impl InitParams {
    /// Judges the properties of the object that the page gave to `initialize`.
    pub fn parse(raw: &[RawParam]) -> Parsed {
        let params = Params(raw);
        let mut warnings = Vec::new();
        let found = params.find_secret();
        let app_id = params.text("appId").filter(|id| secret_scan::find_secret(id).is_none());
        let result = match &found {
            Some((field, _)) => Err(secret_in_page(field)),
            None => params.parse(&mut warnings),
        };
        Parsed {
            result,
            warnings,
            found_secret: found.map(|(_, secret)| secret),
            app_id: app_id.map(AppId::from),
        }
    }

    /// What is wrong with a page that gave no object at all.
    pub fn not_an_object(found: &str) -> ParamsError {
        ParamsError {
            code: ErrorCode::InvalidParams,
            field: None,
            message: ["initialize takes an object, such as { appId: \"…\" }; found ", found, "."].concat(),
        }
    }
}

/// Judges a connection key, whether it came as a value or from the page's function.
///
/// # Errors
/// `invalid_params` if it has the shape of no key, `secret_in_page` (with the secret) if it is one.
pub fn check_key(key: &RawValue) -> Result<String, (ParamsError, Option<FoundSecret>)> {
    const FIELD: &str = "connectionKey";
    let RawValue::Text(key) = key else {
        return Err((invalid(FIELD, &[" must be a string; found ", key.describe(), ". ", KEY_CURE]), None));
    };
    if let Some(secret) = secret_scan::find_secret(key) {
        return Err((secret_in_page(FIELD), Some(FoundSecret(secret.into()))));
    }
    if ConnectionKeyShape::parse(key).is_some() {
        return Ok(key.clone());
    }
    let found = if key.trim().is_empty() {
        "is empty"
    } else if key.bytes().all(|b| b == b'X' || b == b'x') {
        "is still the placeholder"
    } else if key.starts_with(crate::key::V2_PREFIX) {
        "starts like a v2 key but is not `v2.<expires>.<nonce>.<64 hex digits>`"
    } else if key.trim().len() == crate::key::MAC_HEX_LEN && ConnectionKeyShape::parse(key.trim()).is_some() {
        "has white space around it"
    } else if key.len() == 44 && key.ends_with('=') {
        "looks like base64; it has to be hexadecimal"
    } else if key.bytes().any(|b| b == b'@') {
        "looks like an email address"
    } else {
        "is not 64 hexadecimal digits"
    };
    Err((invalid(FIELD, &[" ", found, ". ", KEY_CURE]), None))
}

const KEY_CURE: &str =
    "Make it on your server: hash_hmac('sha256', email, secret), as 64 hexadecimal digits.";

/// The page's properties, looked up by name.
struct Params<'a>(&'a [RawParam]);

impl Params<'_> {
    fn get(&self, name: &str) -> &RawValue {
        self.0.iter().find(|param| param.name == name).map_or(&RawValue::Absent, |param| &param.value)
    }

    fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            RawValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The first parameter whose value or name looks like a secret.
    fn find_secret(&self) -> Option<(&str, FoundSecret)> {
        self.0.iter().find_map(|RawParam { name, value }| {
            let RawValue::Text(text) = value else { return None };
            let secret = secret_scan::find_secret(text).or_else(|| {
                let text = text.trim();
                (secret_scan::names_a_secret(name) && !text.is_empty()).then_some(text)
            })?;
            Some((name.as_str(), FoundSecret(secret.into())))
        })
    }

    fn parse(&self, warnings: &mut Vec<String>) -> Result<InitParams, ParamsError> {
        for RawParam { name, value } in self.0 {
            if *value == RawValue::Threw {
                return Err(invalid(name, &[" could not be read: its getter threw an exception."]));
            }
            if let Some(known) = spelling::suggestion(name)
                && !ARTICLE_MISSPELLINGS.contains(&name.as_str())
            {
                warnings.push(["Unknown parameter ", name, ": did you mean ", known, "?"].concat());
            }
        }
        Ok(InitParams {
            app_id: self.app_id()?,
            sign_in: self.sign_in(warnings)?,
            locale: self
                .optional_text("locale", "a language tag such as \"en\" or \"pt-BR\"")?
                .map(Into::into),
            theme: self.theme()?,
            target: self.target()?,
        })
    }

    fn app_id(&self) -> Result<AppId, ParamsError> {
        let cure = "It is the App ID of your workspace.";
        match self.get("appId") {
            RawValue::Text(id) if id.trim() == APP_ID_PLACEHOLDER => {
                Err(invalid("appId", &[" is still the placeholder YOUR_APP_ID. ", cure]))
            }
            RawValue::Text(id) if !id.trim().is_empty() => Ok(AppId::from(id.trim())),
            RawValue::Absent => Err(invalid("appId", &[" is missing. ", cure])),
            other => {
                Err(invalid("appId", &[" must be a non-empty string; found ", other.describe(), ". ", cure]))
            }
        }
    }

    fn sign_in(&self, warnings: &mut Vec<String>) -> Result<SignIn, ParamsError> {
        const FIELD: &str = "connectionType";
        let email = self.email(warnings);
        let key = self.get("connectionKey");
        match self.get(FIELD) {
            RawValue::Absent => {
                if *key != RawValue::Absent {
                    warnings.push(
                        "connectionKey is ignored, because connectionType is missing: set it to \"messenger_auth\"."
                            .into(),
                    );
                }
                Ok(SignIn::Passwordless)
            }
            RawValue::Text(kind) if kind == MESSENGER_AUTH => {
                let email = match email {
                    RawValue::Text(text) => Email::parse(text).map_err(|error| {
                        invalid("connectionEmail", &[" ", error.found(), ". ", EMAIL_CURE])
                    })?,
                    RawValue::Absent => {
                        return Err(invalid("connectionEmail", &[" is missing. ", EMAIL_CURE]));
                    }
                    other => {
                        let found = other.describe();
                        return Err(invalid(
                            "connectionEmail",
                            &[" must be a string; found ", found, ". ", EMAIL_CURE],
                        ));
                    }
                };
                let key = match key {
                    RawValue::Function => KeySource::Function,
                    RawValue::Absent => return Err(invalid("connectionKey", &[" is missing. ", KEY_CURE])),
                    value => KeySource::Value(check_key(value).map_err(|(error, _)| error)?),
                };
                Ok(SignIn::Key { email, key })
            }
            RawValue::Text(kind) => {
                let shown: String = kind.chars().take(40).collect();
                Err(invalid(
                    FIELD,
                    &[
                        " \"",
                        &shown,
                        "\" is not supported. Supported: \"messenger_auth\"; leave it out for sign-in by email and PIN.",
                    ],
                ))
            }
            other => Err(invalid(
                FIELD,
                &[" must be the string \"messenger_auth\"; found ", other.describe(), "."],
            )),
        }
    }

    /// The email under its right name, else under one that the article prints; a warning for each of those.
    fn email(&self, warnings: &mut Vec<String>) -> &RawValue {
        let mut email = self.get("connectionEmail");
        for misspelt in ARTICLE_MISSPELLINGS {
            let value = self.get(misspelt);
            if *value != RawValue::Absent {
                warnings.push(
                    [misspelt, " is a misspelling: it is accepted, but write connectionEmail."].concat(),
                );
                if *email == RawValue::Absent {
                    email = value;
                }
            }
        }
        email
    }

    fn theme(&self) -> Result<ThemeChoice, ParamsError> {
        let expected = "\"light\", \"dark\" or \"auto\"";
        match self.optional_text("theme", expected)? {
            None | Some("auto") => Ok(ThemeChoice::Auto),
            Some("light") => Ok(ThemeChoice::Light),
            Some("dark") => Ok(ThemeChoice::Dark),
            Some(_) => Err(invalid("theme", &[" must be ", expected, "."])),
        }
    }

    fn target(&self) -> Result<Option<Target>, ParamsError> {
        match self.get("target") {
            RawValue::Absent => Ok(None),
            RawValue::Element => Ok(Some(Target::Element)),
            RawValue::Text(selector) if !selector.trim().is_empty() => {
                Ok(Some(Target::Selector(selector.clone())))
            }
            other => Err(invalid(
                "target",
                &[" must be a CSS selector or an element; found ", other.describe(), "."],
            )),
        }
    }

    fn optional_text(&self, name: &str, expected: &str) -> Result<Option<&str>, ParamsError> {
        match self.get(name) {
            RawValue::Absent => Ok(None),
            RawValue::Text(text) if !text.trim().is_empty() => Ok(Some(text.trim())),
            other => Err(invalid(name, &[" must be ", expected, "; found ", other.describe(), "."])),
        }
    }
}

const EMAIL_CURE: &str =
    "Give the address of the signed-in user, the same one that the connectionKey was made for.";

fn invalid(field: &str, rest: &[&str]) -> ParamsError {
    ParamsError {
        code: ErrorCode::InvalidParams,
        field: Some(field.into()),
        message: [field, &rest.concat()].concat(),
    }
}

fn secret_in_page(field: &str) -> ParamsError {
    ParamsError {
        code: ErrorCode::SecretInPage,
        field: Some(field.into()),
        message: [
            field,
            " looks like your portal's secret. Anyone who opens this page can read it, so it is void: rotate it, \
             keep the new one on your server, and hand only the connectionKey to the page.",
        ]
        .concat(),
    }
}
