//! Frames of the WebSocket, of both sides.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::conversation::{ClientFrame, ServerFrame};
use serde_json::{Value, from_str, from_value, to_value};

fn round_trip<T: serde::Serialize + serde::de::DeserializeOwned>(text: &str) {
    if let Ok(read) = from_str::<T>(text) {
        let written: Value = to_value(&read).expect("what was read can be written");
        let again: T = from_value(written.clone()).expect("what was written can be read");
        assert_eq!(to_value(&again).expect("written"), written);
    }
}

fuzz_target!(|text: &str| {
    round_trip::<ClientFrame>(text);
    round_trip::<ServerFrame>(text);
});
