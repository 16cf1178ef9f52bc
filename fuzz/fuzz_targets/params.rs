//! Parameters of `initialize`: whatever a page gives is judged without a panic, and no message repeats a key.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::params::{InitParams, RawParam, RawValue, check_key, known_names};

fuzz_target!(|given: Vec<(u8, u8, String)>| {
    let names: Vec<&str> = known_names().collect();
    let raw: Vec<RawParam> = given
        .iter()
        .map(|(name, kind, text)| RawParam {
            name: names.get(usize::from(*name)).map_or_else(|| text.clone(), |name| (*name).to_owned()),
            value: match kind % 8 {
                0 => RawValue::Absent,
                1 => RawValue::Function,
                2 => RawValue::Element,
                3 => RawValue::Other("a number"),
                4 => RawValue::Threw,
                _ => RawValue::Text(text.clone()),
            },
        })
        .collect();
    let parsed = InitParams::parse(&raw);
    for param in &raw {
        if let RawValue::Text(text) = &param.value {
            // Other parameters are quoted: a text that stands in one of them as well may be repeated.
            let is_elsewhere = raw.iter().any(|other| {
                let in_value = matches!(&other.value, RawValue::Text(value) if value.contains(text.as_str()));
                other.name.contains(text.as_str()) || (other.name != "connectionKey" && in_value)
            });
            let is_key = param.name == "connectionKey" && text.len() > 20 && !is_elsewhere;
            let repeated =
                parsed.result.as_ref().err().is_some_and(|error| error.message.contains(text.as_str()));
            assert!(!(is_key && repeated), "a message repeats a key");
        }
        let _ = check_key(&param.value);
    }
});
