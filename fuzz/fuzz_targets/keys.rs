//! Connection keys: whatever comes in place of one is taken apart, verified, and explained without a panic, and nothing
//! that was not signed opens anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::{AppId, ConnectionKeyShape, Email};
use signing::explain::{Candidate, Case, Standing, explain, one_time_name};
use signing::{Secret, Subject, verify, verify_v1};

const NOW_MS: i64 = 1_790_000_000_000;

fuzz_target!(|input: (&str, &str)| {
    let (email, key) = input;
    let secret = Secret::from_text("cgs_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").expect("valid");
    let app_id = AppId::from("app_1");
    if let Some(shape) = ConnectionKeyShape::parse(key) {
        // A fuzzer cannot make a MAC: what verifies was not signed by anybody.
        assert!(verify(&secret, Subject { app_id: &app_id, email }, shape, NOW_MS).is_err());
    }
    assert!(!verify_v1(&secret, email, key));
    let _ = one_time_name(key);
    if let Ok(parsed) = Email::parse(email) {
        let identity = parsed.identity();
        if let Ok(again) = Email::parse(&identity) {
            assert_eq!(again.identity(), identity, "folding twice changes nothing");
        }
    }
    let candidates = [Candidate { secret: &secret, id: "sec_1", standing: Standing::InForce }];
    let explanation = explain(&Case {
        app_id: &app_id,
        email,
        key,
        requires_v2: false,
        now_ms: NOW_MS,
        candidates: &candidates,
        other_apps: &[],
        used_at_ms: None,
    });
    for mistake in explanation.mistakes() {
        assert!(!mistake.cause().is_empty() && !mistake.cure(&app_id).is_empty());
    }
});
