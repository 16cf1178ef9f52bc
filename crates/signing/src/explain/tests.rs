//! Every mistake is made here, by hand, and has to be found.

use super::*;
use crate::{Lifetime, Nonce, Terms, sign_v1, sign_v2};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};

const SECRET: &str = "cgs_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const EMAIL: &str = "Ann.O'Neil+it@Example.com";
const NOW_MS: i64 = 1_790_000_000_000;
const NOW_S: u64 = 1_790_000_000;

fn secret() -> Secret {
    Secret::from_text(SECRET).expect("valid")
}

fn mac(key: impl AsRef<[u8]>, message: impl AsRef<[u8]>) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_ref()).expect("any length");
    mac.update(message.as_ref());
    mac.finalize().into_bytes().to_vec()
}

fn hex_mac(key: impl AsRef<[u8]>, message: impl AsRef<[u8]>) -> String {
    hex::encode(mac(key, message))
}

struct World {
    secret: Secret,
    lapsed: Secret,
    revoked: Secret,
    others: Secret,
    other_app: AppId,
    app: AppId,
    requires_v2: bool,
    used_at_ms: Option<i64>,
}

impl World {
    fn new() -> Self {
        Self {
            secret: secret(),
            lapsed: Secret::generate(),
            revoked: Secret::generate(),
            others: Secret::generate(),
            other_app: AppId::from("app_other"),
            app: AppId::from("app_1"),
            requires_v2: false,
            used_at_ms: None,
        }
    }

    fn explain(&self, email: &str, key: &str) -> Explanation {
        let candidates = [
            Candidate { secret: &self.secret, id: "sec_1", standing: Standing::InForce },
            Candidate { secret: &self.lapsed, id: "sec_0", standing: Standing::Lapsed },
            Candidate { secret: &self.revoked, id: "sec_x", standing: Standing::Revoked },
            Candidate { secret: &self.others, id: "sec_o", standing: Standing::OfOtherApp(&self.other_app) },
        ];
        explain(&Case {
            app_id: &self.app,
            email,
            key,
            requires_v2: self.requires_v2,
            now_ms: NOW_MS,
            candidates: &candidates,
            other_apps: std::slice::from_ref(&self.other_app),
            used_at_ms: self.used_at_ms,
        })
    }
}

#[track_caller]
fn finds(email: &str, key: &str, mistakes: &[Mistake]) {
    assert_eq!(World::new().explain(email, key), Explanation::Mistakes(mistakes.to_vec()), "{key}");
}

#[track_caller]
fn suggests(key: &str, mistake: Mistake) {
    assert_eq!(World::new().explain(EMAIL, key), Explanation::Unexplained(vec![mistake]), "{key}");
}

#[test]
fn a_valid_key_of_either_version_and_case_is_said_to_be_valid() {
    let world = World::new();
    let valid = Explanation::Valid { secret_id: "sec_1".into() };
    let v1 = sign_v1(&world.secret, EMAIL);
    assert_eq!(world.explain(EMAIL, &v1), valid);
    assert_eq!(world.explain(EMAIL, &v1.to_uppercase()), valid);
    let v2 = sign_v2(&world.secret, &world.app, EMAIL, &Terms::new(NOW_S, Lifetime::default()));
    assert_eq!(world.explain(EMAIL, &v2), valid);
    assert!(valid.mistakes().is_empty());
}

#[test]
fn what_is_no_key_at_all_is_named() {
    for key in ["", " ", "undefined", "null", "None"] {
        finds(EMAIL, key, &[Mistake::NoKey]);
    }
    finds(EMAIL, SECRET, &[Mistake::SecretAsKey]);
    finds(EMAIL, Secret::generate().expose(), &[Mistake::SecretAsKey]);
    finds(EMAIL, "XXXXXXXX", &[Mistake::Placeholder]);
    finds(EMAIL, EMAIL, &[Mistake::EmailAsKey]);
    finds("ann", &hex_mac(SECRET, "ann"), &[Mistake::NotAnEmail("does not have the shape name@domain")]);
}

#[test]
fn secret_and_message_swapped() {
    finds(EMAIL, &hex_mac(EMAIL, SECRET), &[Mistake::Swapped]);
}

#[test]
fn plain_hashes() {
    let sha256 = |text: String| hex::encode(Sha256::digest(text));
    for text in [
        format!("{EMAIL}:{SECRET}"),
        format!("{SECRET}:{EMAIL}"),
        format!("{EMAIL}{SECRET}"),
        format!("{SECRET}{EMAIL}"),
    ] {
        finds(EMAIL, &sha256(text), &[Mistake::PlainHash]);
    }
    finds(EMAIL, &sha256(EMAIL.to_owned()), &[Mistake::NoSecret]);
}

#[test]
fn notations_of_the_digest() {
    let digest = mac(SECRET, EMAIL);
    let hexadecimal = hex::encode(&digest);
    finds(EMAIL, &STANDARD.encode(&digest), &[Mistake::Base64]);
    finds(EMAIL, &URL_SAFE_NO_PAD.encode(&digest), &[Mistake::Base64]);
    finds(EMAIL, &STANDARD.encode(&hexadecimal), &[Mistake::EncodedTwice]);
    finds(EMAIL, &hex::encode(&hexadecimal), &[Mistake::EncodedTwice]);
    let latin1: String = digest.iter().map(|&b| char::from(b)).collect();
    finds(EMAIL, &latin1, &[Mistake::Raw]);
    finds(EMAIL, &String::from_utf8_lossy(&digest), &[Mistake::Raw]);
    let pairs: Vec<String> = digest.iter().map(|b| format!("{b:02X}")).collect();
    for decorated in [
        format!(" {hexadecimal}\n"),
        format!("\"{hexadecimal}\""),
        format!("0x{hexadecimal}"),
        pairs.join(":"),
        pairs.join("-"),
        format!("sha256={hexadecimal}"),
    ] {
        finds(EMAIL, &decorated, &[Mistake::Decorated]);
    }
}

#[test]
fn what_became_of_the_email() {
    let signed = |text: &str| hex_mac(SECRET, text);
    finds(EMAIL, &signed(&EMAIL.to_lowercase()), &[Mistake::EmailLowerCased]);
    finds(EMAIL, &signed(&EMAIL.to_uppercase()), &[Mistake::EmailUpperCased]);
    finds(" foo@bar.com", &signed("foo@bar.com"), &[Mistake::EmailTrimmed]);
    finds(" Foo@bar.com", &signed("foo@bar.com"), &[Mistake::EmailTrimmed, Mistake::EmailLowerCased]);
    for end in ["\n", "\r\n", " "] {
        finds(EMAIL, &signed(&format!("{EMAIL}{end}")), &[Mistake::EmailLineEnd]);
    }
    finds(EMAIL, &signed(&format!("\"{EMAIL}\"")), &[Mistake::EmailQuoted]);
    for apostrophe in ["&#039;", "&#39;", "&#x27;"] {
        finds(EMAIL, &signed(&EMAIL.replace('\'', apostrophe)), &[Mistake::EmailHtmlEncoded]);
    }
    let go = EMAIL.replace('\'', "&#39;").replace('+', "&#43;");
    finds(EMAIL, &signed(&go), &[Mistake::EmailHtmlEncoded]);
    finds(&go, &signed(EMAIL), &[Mistake::EmailHtmlEncoded]);
    finds(EMAIL, &signed("Ann.O'Neil%2Bit%40Example.com"), &[Mistake::EmailUrlEncoded]);
    finds(EMAIL, &signed("Ann.O%27Neil%2Bit%40Example.com"), &[Mistake::EmailUrlEncoded]);
    finds(EMAIL, &signed("Ann.O'Neil it@Example.com"), &[Mistake::EmailUrlEncoded]);
    finds("ann%2Bit@x.com", &signed("ann+it@x.com"), &[Mistake::EmailUrlEncoded]);
    finds("ann%20it@x.com", &signed("ann it@x.com"), &[Mistake::EmailUrlEncoded]);
    for nothing in ["", "undefined", "null"] {
        finds(EMAIL, &signed(nothing), &[Mistake::EmailMissing]);
    }
    let utf16: Vec<u8> = EMAIL.encode_utf16().flat_map(u16::to_le_bytes).collect();
    finds(EMAIL, &hex_mac(SECRET, utf16), &[Mistake::Utf16]);
    finds("josé@x.com", &hex_mac(SECRET, b"jos\xe9@x.com"), &[Mistake::Latin1]);
}

#[test]
fn what_became_of_the_secret() {
    for end in ["\n", "\r\n"] {
        finds(EMAIL, &hex_mac(format!("{SECRET}{end}"), EMAIL), &[Mistake::SecretLineEnd]);
    }
    for decorated in [format!(" {SECRET}"), format!("\"{SECRET}\""), format!("\u{feff}{SECRET}")] {
        finds(EMAIL, &hex_mac(decorated, EMAIL), &[Mistake::SecretDecorated]);
    }
    finds(EMAIL, &hex_mac(&SECRET[4..], EMAIL), &[Mistake::SecretWithoutPrefix]);
    let decoded: Vec<u8> = (0..32).collect();
    finds(EMAIL, &hex_mac(decoded, EMAIL), &[Mistake::SecretDecoded]);
    finds(EMAIL, &hex_mac("", EMAIL), &[Mistake::SecretMissing]);
}

#[test]
fn another_text_in_the_secrets_place() {
    let named = |id: &str| Mistake::IdentifierAsSecret(id.to_owned());
    for id in ["app_1", "sec_1", "sec_0"] {
        finds(EMAIL, &hex_mac(id, EMAIL), &[named(id)]);
    }
    let (nonce, end_s) = ("3q2-7wAAAAAAAAAAAAAAAA", NOW_S + 300);
    let message = format!("chatgenie-v2\napp_1\n{EMAIL}\n{end_s}\n{nonce}");
    finds(EMAIL, &format!("v2.{end_s}.{nonce}.{}", hex_mac("app_1", message)), &[named("app_1")]);
    let lower = STANDARD.encode(mac("app_1", EMAIL.to_lowercase()));
    finds(EMAIL, &lower, &[Mistake::Base64, named("app_1"), Mistake::EmailLowerCased]);
    suggests(&hex_mac("sec_o", EMAIL), Mistake::UnknownSecretOrEmail);
    for placeholder in ["YOUR_SECRET", "XXXXXXXX"] {
        finds(EMAIL, &hex_mac(placeholder, EMAIL), &[Mistake::PlaceholderAsSecret]);
    }
}

#[test]
fn hashed_twice() {
    let digest = mac(SECRET, EMAIL);
    let hexadecimal = hex::encode(&digest);
    for key in [
        hex::encode(Sha256::digest(&digest)),
        hex::encode(Sha256::digest(&hexadecimal)),
        hex_mac(SECRET, &digest),
        hex_mac(SECRET, &hexadecimal),
        hex_mac(SECRET, Sha256::digest(EMAIL)),
        hex_mac(SECRET, hex::encode(Sha256::digest(EMAIL))),
        hex_mac(hex::encode(Sha256::digest(SECRET)), EMAIL),
    ] {
        finds(EMAIL, &key, &[Mistake::HashedTwice]);
    }
}

#[test]
fn older_and_foreign_secrets() {
    let world = World::new();
    let explained =
        |secret: &Secret, email: &str| world.explain(EMAIL, &sign_v1(secret, email)).mistakes().to_vec();
    assert_eq!(explained(&world.lapsed, EMAIL), [Mistake::LapsedSecret("sec_0".into())]);
    assert_eq!(explained(&world.revoked, EMAIL), [Mistake::RevokedSecret("sec_x".into())]);
    let foreign = Mistake::OtherAppsSecret { app_id: "app_other".into(), secret_id: "sec_o".into() };
    assert_eq!(explained(&world.others, EMAIL), std::slice::from_ref(&foreign));
    assert_eq!(explained(&world.others, &EMAIL.to_lowercase()), [Mistake::EmailLowerCased, foreign]);
}

#[test]
fn several_mistakes_at_once_are_told_together() {
    let key = STANDARD.encode(mac(format!("{SECRET}\n"), EMAIL.to_lowercase()));
    finds(EMAIL, &key, &[Mistake::Base64, Mistake::SecretLineEnd, Mistake::EmailLowerCased]);
}

#[test]
fn v2_keys_out_of_time_used_or_required() {
    let mut world = World::new();
    let sign = |app: &AppId, end_s: u64| {
        sign_v2(&secret(), app, EMAIL, &Terms::from_parts(end_s, Nonce::generate()))
    };
    finds(EMAIL, &sign(&world.app, NOW_S - 90), &[Mistake::Expired { seconds_ago: 90 }]);
    finds(EMAIL, &sign(&world.app, NOW_S + 3_600), &[Mistake::LivesTooLong { seconds_left: 3_600 }]);
    finds(EMAIL, &sign(&world.other_app, NOW_S + 300), &[Mistake::OtherApp("app_other".into())]);
    let good = sign(&world.app, NOW_S + 300);
    let untraceable = world.explain("other@x.com", &good);
    assert_eq!(untraceable, Explanation::Unexplained(vec![Mistake::UnknownSecretOrEmail]));
    world.used_at_ms = Some(NOW_MS - 1_000);
    let used = Mistake::Used { at_ms: NOW_MS - 1_000 };
    assert_eq!(world.explain(EMAIL, &good), Explanation::Mistakes(vec![used]));
    world.used_at_ms = None;
    world.requires_v2 = true;
    assert_eq!(world.explain(EMAIL, &good).mistakes(), []);
    let v1 = sign_v1(&world.secret, EMAIL);
    assert_eq!(world.explain(EMAIL, &v1).mistakes(), [Mistake::V1WhereV2IsRequired]);
    assert!(one_time_name(&good).is_some() && one_time_name(&v1).is_none());
}

#[test]
fn v2_keys_made_wrongly() {
    let (nonce, end_s) = ("3q2-7wAAAAAAAAAAAAAAAA", NOW_S + 300);
    let key = |message: String| format!("v2.{end_s}.{nonce}.{}", hex_mac(SECRET, message));
    for message in [
        format!("app_1\n{EMAIL}\n{end_s}\n{nonce}"),
        format!("chatgenie-v2\r\napp_1\r\n{EMAIL}\r\n{end_s}\r\n{nonce}"),
        format!("chatgenie-v2\\napp_1\\n{EMAIL}\\n{end_s}\\n{nonce}"),
        format!("chatgenie-v2\napp_1\n{EMAIL}\n{end_s}\n{nonce}\n"),
        EMAIL.to_owned(),
    ] {
        finds(EMAIL, &key(message), &[Mistake::V2Message]);
    }
    let lower = format!("chatgenie-v2\napp_1\n{}\n{end_s}\n{nonce}", EMAIL.to_lowercase());
    finds(EMAIL, &key(lower), &[Mistake::EmailLowerCased]);
    let mac = "a".repeat(64);
    suggests(&format!("v2.{}.{nonce}.{mac}", NOW_MS + 300_000), Mistake::Milliseconds);
    for (key, told) in [
        (format!("v2.{mac}"), "four parts"),
        (format!("v2.0x1.{nonce}.{mac}"), "Unix seconds"),
        (format!("v2.{end_s}.short.{mac}"), "nonce"),
        (format!("v2.{end_s}.{nonce}.{}", &mac[1..]), "64 hexadecimal digits"),
    ] {
        match World::new().explain(EMAIL, &key) {
            Explanation::Unexplained(mistakes) => assert!(mistakes[0].cause().contains(told), "{mistakes:?}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_cannot_be_traced_is_only_suggested() {
    suggests(&hex_mac("another secret", EMAIL), Mistake::UnknownSecretOrEmail);
    suggests(&hex_mac(SECRET, "somebody@else.com"), Mistake::UnknownSecretOrEmail);
    suggests(&"ab".repeat(20), Mistake::OtherHash("SHA-1"));
    suggests(&"ab".repeat(16), Mistake::OtherHash("MD5"));
    suggests(&hex::encode(Sha512::digest(EMAIL)), Mistake::OtherHash("SHA-512"));
    suggests("eyJhbGciOiJIUzI1NiJ9.eyJlIjoiYSJ9.c2ln", Mistake::Jwt);
    suggests("hello", Mistake::NotAKey { characters: 5 });
}

#[test]
fn every_mistake_has_a_name_of_its_own_a_cause_and_a_cure() {
    use Mistake::*;
    let all = [
        NoKey,
        SecretAsKey,
        Placeholder,
        EmailAsKey,
        NotAnEmail("is empty"),
        Base64,
        Raw,
        Decorated,
        EncodedTwice,
        Swapped,
        PlainHash,
        NoSecret,
        HashedTwice,
        SecretLineEnd,
        SecretDecorated,
        SecretWithoutPrefix,
        SecretDecoded,
        SecretMissing,
        PlaceholderAsSecret,
        IdentifierAsSecret("a".into()),
        EmailTrimmed,
        EmailLowerCased,
        EmailUpperCased,
        EmailHtmlEncoded,
        EmailUrlEncoded,
        EmailLineEnd,
        EmailQuoted,
        EmailMissing,
        Utf16,
        Latin1,
        LapsedSecret("s".into()),
        RevokedSecret("s".into()),
        OtherAppsSecret { app_id: "a".into(), secret_id: "s".into() },
        V1WhereV2IsRequired,
        Expired { seconds_ago: 1 },
        LivesTooLong { seconds_left: 200_000 },
        Used { at_ms: 0 },
        OtherApp("a".into()),
        V2Message,
        Milliseconds,
        MalformedV2("x"),
        OtherHash("MD5"),
        Jwt,
        UnknownSecretOrEmail,
        NotAKey { characters: 1 },
    ];
    let mut names: Vec<_> = all.iter().map(Mistake::code).collect();
    let app = AppId::from("app_1");
    assert!(all.iter().all(|one| one.cause().len() > 15 && one.cure(&app).len() > 15));
    assert!(all.iter().all(|one| !one.cure(&app).contains("APP_ID")), "commands can be run as they stand");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all.len());
}
