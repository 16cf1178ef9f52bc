//! The fewest mistakes that lead to a key.

use super::encoding::{digests, is_raw_utf8};
use super::input::{Variant, emails, secrets};
use super::recipe::{RECIPES, Recipe};
use super::{Candidate, Case, Mistake, Standing, time_mistake};
use crate::v2::message;
use protocol::ConnectionKeyShape;

/// Mistakes that make up `case.key`; `None` if no known way leads there.
pub(super) fn fewest_mistakes(case: &Case<'_>) -> Option<Vec<Mistake>> {
    let mut best: Option<Vec<Mistake>> = None;
    let mut offer = |mistakes: Vec<Mistake>| {
        let is_better = best.as_ref().is_none_or(|known| mistakes.len() < known.len());
        if is_better && !mistakes.is_empty() {
            best = Some(mistakes);
        }
    };
    let trimmed = case.key.trim();
    if let Some(ConnectionKeyShape::V2 { expires, nonce, mac_hex }) = ConnectionKeyShape::parse(trimmed) {
        let mut given = [0; 32];
        if hex::decode_to_slice(mac_hex, &mut given).is_ok() {
            let decorated = (trimmed != case.key).then_some(Mistake::Decorated);
            let key = V2 { expires, nonce, given };
            v2(case, &key, |mut mistakes| {
                mistakes.splice(0..0, decorated.clone());
                offer(mistakes);
            });
        }
    } else {
        v1(case, &mut offer);
    }
    best
}

fn v1(case: &Case<'_>, offer: &mut impl FnMut(Vec<Mistake>)) {
    let digests = digests(case.key);
    let requires_v2 = case.requires_v2.then_some(Mistake::V1WhereV2IsRequired);
    for_each_way(case, &emails(case.email), |digest, mistakes| {
        for (notation, _) in digests.iter().filter(|(_, given)| *given == digest) {
            offer([notation.as_slice(), &mistakes(), requires_v2.as_slice()].concat());
        }
        if is_raw_utf8(case.key, &digest) {
            offer([&[Mistake::Raw], mistakes().as_slice(), requires_v2.as_slice()].concat());
        }
    });
}

struct V2<'a> {
    expires: u64,
    nonce: &'a str,
    given: [u8; 32],
}

fn v2(case: &Case<'_>, key: &V2<'_>, mut offer: impl FnMut(Vec<Mistake>)) {
    let mut later: Vec<Mistake> = time_mistake(key.expires, case.now_ms).into_iter().collect();
    if let Some(at_ms) = case.used_at_ms
        && later.is_empty()
    {
        later.push(Mistake::Used { at_ms });
    }
    let signed = |app_id: &str, email: &str| message(app_id, email, key.expires, key.nonce);
    let right = signed(case.app_id.as_str(), case.email);
    let mut messages: Vec<Variant> = Vec::new();
    for (mistakes, email) in emails(case.email) {
        if let Ok(email) = String::from_utf8(email) {
            messages.push((mistakes, signed(case.app_id.as_str(), &email).into()));
        }
    }
    for wrong in [
        right.replacen("chatgenie-v2\n", "", 1),
        right.replace('\n', "\r\n"),
        right.replace('\n', "."),
        right.replace('\n', ":"),
        right.replace('\n', "\\n"),
        format!("{right}\n"),
        case.email.to_owned(),
        format!("v2.{}.{}", key.expires, key.nonce),
    ] {
        messages.push((vec![Mistake::V2Message], wrong.into()));
    }
    for app in case.other_apps.iter().filter(|app| *app != case.app_id) {
        let mistake = Mistake::OtherApp(app.as_str().to_owned());
        messages.push((vec![mistake], signed(app.as_str(), case.email).into()));
    }
    for_each_way(case, &messages, |digest, mistakes| {
        if digest == key.given {
            offer([mistakes(), later.clone()].concat());
        }
    });
}

/// Called with a digest, and with what tells the mistakes that led to it.
type Found<'a> = &'a mut dyn FnMut([u8; 32], &dyn Fn() -> Vec<Mistake>);

/// Calls back with every digest that may have been made of these messages.
fn for_each_way(
    case: &Case<'_>,
    messages: &[Variant],
    mut found: impl FnMut([u8; 32], &dyn Fn() -> Vec<Mistake>),
) {
    for candidate in case.candidates {
        with_secret(candidate, messages, &mut found);
    }
    // They are shown beside the secret, and get copied in its place.
    let own = case.candidates.iter().filter(|one| !matches!(one.standing, Standing::OfOtherApp(_)));
    for id in own.map(|one| one.id).chain([case.app_id.as_str()]) {
        with_another_text(id, &Mistake::IdentifierAsSecret(id.to_owned()), messages, &mut found);
    }
    for placeholder in PLACEHOLDERS {
        with_another_text(placeholder, &Mistake::PlaceholderAsSecret, messages, &mut found);
    }
}

/// What stands for the secret in documentation: of this product, and of others.
const PLACEHOLDERS: [&str; 7] =
    ["YOUR_SECRET", "YOUR_SECRET_KEY", "your-secret", "your_secret", "SECRET", "secret", "XXXXXXXX"];

/// In the secret's place.
fn with_another_text(text: &str, mistake: &Mistake, messages: &[Variant], found: Found<'_>) {
    let [right, ..] = &RECIPES;
    for (of_message, message) in messages {
        found(right.digest(text.as_bytes(), message), &|| {
            [std::slice::from_ref(mistake), of_message.as_slice()].concat()
        });
    }
}

/// With a foreign app's secret, only what is right but for the message is tried.
fn with_secret(candidate: &Candidate<'_>, messages: &[Variant], found: Found<'_>) {
    let id = || candidate.id.to_owned();
    let (standing, is_own) = match candidate.standing {
        Standing::InForce => (None, true),
        Standing::Lapsed => (Some(Mistake::LapsedSecret(id())), true),
        Standing::Revoked => (Some(Mistake::RevokedSecret(id())), true),
        Standing::OfOtherApp(app) => {
            let app_id = app.as_str().to_owned();
            (Some(Mistake::OtherAppsSecret { app_id, secret_id: id() }), false)
        }
    };
    let mut secrets = secrets(candidate.secret.expose());
    let mut recipes: &[Recipe] = &RECIPES;
    if !is_own {
        secrets.truncate(1);
        recipes = &RECIPES[..1];
    }
    for (of_secret, secret) in &secrets {
        for recipe in recipes {
            let of_recipe = recipe.mistake.map(|mistake| mistake());
            for (of_message, message) in messages {
                // Who computed something else did not change both inputs besides.
                if of_recipe.is_some() && of_secret.len() + of_message.len() > 1 {
                    continue;
                }
                found(recipe.digest(secret, message), &|| {
                    [of_recipe.as_slice(), of_secret, of_message, standing.as_slice()].concat()
                });
            }
        }
    }
}
