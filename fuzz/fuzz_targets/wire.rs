//! Bodies of requests and answers: whatever is read can be written, and is read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::Problem;
use protocol::conversation::{
    ListMessagesResponse, ListServiceRequestsResponse, MarkReadRequest, ServiceRequest, WriteMessageRequest,
};
use protocol::wire::{App, CreatePinRequest, CreateSessionRequest, LeakedSecretRequest, SessionResponse};
use serde_json::{Value, from_slice, from_value, to_value};

fn round_trip<T: serde::Serialize + serde::de::DeserializeOwned>(bytes: &[u8]) {
    if let Ok(read) = from_slice::<T>(bytes) {
        let written: Value = to_value(&read).expect("what was read can be written");
        let again: T = from_value(written.clone()).expect("what was written can be read");
        assert_eq!(to_value(&again).expect("written"), written);
    }
}

fuzz_target!(|bytes: &[u8]| {
    round_trip::<CreateSessionRequest>(bytes);
    round_trip::<CreatePinRequest>(bytes);
    round_trip::<LeakedSecretRequest>(bytes);
    round_trip::<WriteMessageRequest>(bytes);
    round_trip::<MarkReadRequest>(bytes);
    round_trip::<App>(bytes);
    round_trip::<SessionResponse>(bytes);
    round_trip::<ServiceRequest>(bytes);
    round_trip::<ListServiceRequestsResponse>(bytes);
    round_trip::<ListMessagesResponse>(bytes);
    round_trip::<Problem>(bytes);
});
