use super::*;
use crate::{Nonce, Terms, sign_v1, sign_v2};
use core::time::Duration;
use proptest::prelude::*;

const NOW_MS: i64 = 1_790_000_000_000;
const NOW_S: u64 = 1_790_000_000;

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    secret: String,
    app_id: AppId,
    email: String,
    expires: u64,
    nonce: String,
    connection_key: String,
}

#[derive(serde::Deserialize)]
struct Vectors {
    v2: Vec<Vector>,
}

fn vectors() -> Vec<Vector> {
    let text = include_str!("../../../../tests/vectors/connection-keys.json");
    serde_json::from_str::<Vectors>(text).expect("valid vectors").v2
}

fn app() -> AppId {
    AppId::from("app_1")
}

fn check(
    secret: &Secret,
    app_id: &AppId,
    email: &str,
    key: &str,
    now_ms: i64,
) -> Result<GenuineKey, Refused> {
    let shape = ConnectionKeyShape::parse(key).expect("a key's shape");
    verify(secret, Subject { app_id, email }, shape, now_ms)
}

fn is_genuine(secret: &Secret, app_id: &AppId, email: &str, key: &str) -> bool {
    check(secret, app_id, email, key, NOW_MS).is_ok()
}

#[test]
fn every_v2_vector_is_made_and_verified_a_minute_before_its_end() {
    let vectors = vectors();
    assert!(vectors.len() >= 2);
    for vector in vectors {
        let secret = Secret::from_text(&vector.secret).expect("valid secret");
        let nonce = Nonce::parse(&vector.nonce).expect("valid nonce");
        let terms = Terms::from_parts(vector.expires, nonce);
        assert_eq!(sign_v2(&secret, &vector.app_id, &vector.email, &terms), vector.connection_key);
        let end_ms = i64::try_from(vector.expires).expect("in range") * 1_000;
        let at = |now_ms| check(&secret, &vector.app_id, &vector.email, &vector.connection_key, now_ms);
        let key = at(end_ms - 60_000).expect("genuine");
        assert_eq!(key.one_time().expect("v2").expires_s(), vector.expires);
        assert_eq!(at(end_ms + 1_000).err(), Some(Refused::Expired));
    }
}

#[test]
fn a_v2_key_lives_from_ten_minutes_before_its_end_to_the_end_of_its_second() {
    let secret = Secret::generate();
    let key = sign_v2(&secret, &app(), "a@b.c", &Terms::new(NOW_S, Lifetime::MAX));
    let at = |offset_ms: i64| check(&secret, &app(), "a@b.c", &key, NOW_MS + offset_ms).map(drop);
    assert_eq!(at(-1), Err(Refused::LivesTooLong));
    assert_eq!(at(0), Ok(()));
    assert_eq!(at(600_999), Ok(()));
    assert_eq!(at(601_000), Err(Refused::Expired));
    assert_eq!(check(&secret, &app(), "a@b.c", &key, i64::MIN).err(), Some(Refused::LivesTooLong));
}

#[test]
fn a_key_of_either_version_is_named_by_its_mac_in_any_case() {
    let secret = Secret::generate();
    let v1 = sign_v1(&secret, "a@b.c");
    assert!(check(&secret, &app(), "a@b.c", &v1, NOW_MS).expect("genuine").one_time().is_none());
    let key = sign_v2(&secret, &app(), "a@b.c", &Terms::new(NOW_S, Lifetime::default()));
    let (head, mac) = key.rsplit_once('.').expect("dots");
    let upper = format!("{head}.{}", mac.to_uppercase());
    let names: Vec<String> = [&key, &upper]
        .map(|key| check(&secret, &app(), "a@b.c", key, NOW_MS).expect("genuine"))
        .map(|key| key.one_time().expect("v2").digest_hex().to_owned())
        .into();
    assert_eq!(names[0], names[1], "another spelling is not another key");
    assert!(!key.contains(&names[0]));
}

#[test]
fn lifetimes_and_nonces_out_of_range_cannot_be_made() {
    assert!(Lifetime::new(Duration::ZERO).is_err());
    assert!(Lifetime::new(Duration::from_secs(601)).is_err());
    assert_eq!(Lifetime::new(Duration::from_millis(1)).map(Lifetime::as_secs), Ok(1));
    assert_eq!(Lifetime::new(Duration::from_mins(10)), Ok(Lifetime::MAX));
    for text in ["", "fifteen-chars-x", &"n".repeat(65), "sixteen chars...", "sixteen.chars.xx"] {
        assert!(Nonce::parse(text).is_err(), "{text}");
    }
    assert!(Nonce::generate() != Nonce::generate());
    assert!(Nonce::parse(Nonce::generate().as_str()).is_ok());
    let far = Terms::from_parts(u64::MAX, Nonce::generate());
    let key = sign_v2(&Secret::generate(), &app(), "a@b.c", &far);
    assert!(ConnectionKeyShape::parse(&key).is_some(), "whatever is signed has the shape: {key}");
}

proptest! {
    #[test]
    fn only_the_exact_subject_verifies(
        email in "\\PC{0,40}", other in "[\\n\\PC]{0,40}", app in "[a-z_0-9]{1,20}", other_app in "[a-z_0-9]{1,20}",
    ) {
        let secret = Secret::generate();
        let (app, other_app) = (AppId::from(app), AppId::from(other_app));
        let key = sign_v2(&secret, &app, &email, &Terms::new(NOW_S, Lifetime::default()));
        prop_assert!(is_genuine(&secret, &app, &email, &key));
        prop_assert_eq!(is_genuine(&secret, &app, &other, &key), email == other);
        prop_assert_eq!(is_genuine(&secret, &other_app, &email, &key), app == other_app);
        prop_assert!(!is_genuine(&Secret::generate(), &app, &email, &key));
    }

    #[test]
    fn no_changed_character_verifies(at in 0usize..120, to in "[0-9a-zA-Z_.-]") {
        let secret = Secret::generate();
        let mut key = sign_v2(&secret, &app(), "a@b.c", &Terms::new(NOW_S, Lifetime::default()));
        let at = at % key.len();
        prop_assume!(!key[at..=at].eq_ignore_ascii_case(&to));
        key.replace_range(at..=at, &to);
        if let Some(shape) = ConnectionKeyShape::parse(&key) {
            let subject = Subject { app_id: &app(), email: "a@b.c" };
            let verified = verify(&secret, subject, shape, NOW_MS);
            prop_assert_eq!(verified.err(), Some(Refused::NotGenuine));
        }
    }
}
