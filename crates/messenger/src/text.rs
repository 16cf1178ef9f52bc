//! Every text that the user reads, in one place.
//!
//! Views call these functions and hold no words of their own, so that translations come in here alone.

use crate::failure::Failure;
use protocol::ErrorCode;
use protocol::wire::Status;

macro_rules! texts {
    ($($name:ident = $text:literal;)*) => {
        $(
            #[doc = $text]
            pub(crate) const fn $name() -> &'static str { $text }
        )*
    };
}

texts! {
    support = "Support";
    close = "Close";
    back = "Back to all requests";
    connecting = "Connecting…";
    signing_in_again = "Signing you in again… What you have typed stays here.";
    try_again = "Try again";
    reconnecting = "No connection. Trying to reconnect…";
    reconnect_now = "Try now";
    loading = "Loading…";
    requests_title = "Your requests";
    new_request = "New request";
    new_request_title = "How can we help?";
    new_request_hint = "Describe your question or problem. You get the answer right here.";
    conversation = "Conversation";
    composer_label = "Your message";
    composer_placeholder = "Write a message…";
    composer_disabled = "You can send as soon as you are signed in again.";
    send = "Send message";
    you = "You";
    sending = "Sending…";
    sent = "Sent";
    seen = "Seen";
    away = "We are away at the moment. Write to us, we answer as soon as we are back.";
    office_hours = "Office hours:";
    not_sent = "Not sent.";
    new_messages = "New messages";
    unread = "unread";
    reopens = "This request is closed. A new message opens it again.";
    visitor_title = "Please sign in";
    sign_in_title = "Sign in with your email";
    sign_in_text = "We send you a code of six digits. No password needed.";
    email_label = "Email address";
    send_code = "Send code";
    sending_code = "Sending the code…";
    pin_title = "Check your email";
    pin_label = "Code of six digits";
    sign_in = "Sign in";
    signing_in = "Signing in…";
    send_again = "Send again";
    sent_again = "A new code is on its way. The earlier one no longer counts.";
    other_address = "Use another address";
    sign_out = "Sign out";
    no_address = "Please enter an email address, like name@example.com.";
    no_pin = "The code has six digits. Please look at the mail again.";
    wrong_pin = "This code is wrong or no longer valid. Look for the newest mail, or have a new code sent.";
    signed_out_note = "You are signed out.";
    expired_note = "Your sign-in has ended. Please sign in again: what you have typed is kept.";
    signed_out_title = "You are signed out";
    signed_out_text = "Sign in again at the website to go on with your requests.";
    unknown_app_title = "Support is not available here";
    unknown_app_text = "This page names a support desk that does not exist. Please tell the website's operator.";
}

/// Who is signed in.
pub(crate) fn signed_in_as(email: &str) -> String {
    ["Signed in as ", email].concat()
}

/// Where the code was sent.
pub(crate) fn pin_text(address: &str) -> String {
    ["We have sent a code to ", address, ". It is valid for 10 minutes."].concat()
}

/// When another code may be asked for.
pub(crate) fn send_again_in(seconds: u32) -> String {
    ["Send again in ", &seconds.to_string(), " s"].concat()
}

/// What a visitor without a valid key has to do.
pub(crate) fn visitor_text(app: &str) -> String {
    ["To write to ", app, ", sign in at the website that brought you here. Then open this window again."]
        .concat()
}

/// Somebody is writing an answer.
pub(crate) fn is_typing(name: &str) -> String {
    [name, " is typing…"].concat()
}

/// An agent's message, for screen readers.
pub(crate) fn announcement(app: &str, body: &str) -> String {
    [app, ": ", body].concat()
}

/// How many characters of a message are left; too many if negative.
pub(crate) fn characters_left(left: isize) -> String {
    if left < 0 {
        [&left.unsigned_abs().to_string(), " characters too many. Please shorten your message."].concat()
    } else {
        [&left.to_string(), " characters left"].concat()
    }
}

/// Where a service request stands.
pub(crate) const fn status(status: Status) -> &'static str {
    match status {
        Status::Open => "Open",
        Status::Closed => "Closed",
    }
}

/// What went wrong and what to do; a button "Try again" stands beside it.
pub(crate) const fn failure(failure: Failure) -> &'static str {
    match failure {
        Failure::Network => "We could not be reached. Check your connection.",
        Failure::Timeout => "The answer took too long. Check your connection.",
        Failure::Unreadable => "We got an answer that makes no sense. Please try again in a moment.",
        Failure::Refused(code) => match code {
            ErrorCode::RateLimited => "That was a lot at once. Please wait a moment.",
            ErrorCode::Unauthorized | ErrorCode::SessionExpired => "Your sign-in has ended.",
            ErrorCode::NotFound => "This request is no longer there.",
            ErrorCode::PayloadTooLarge => "The message is too long.",
            ErrorCode::InvalidParams => "The message was not accepted.",
            _ => "Something went wrong on our side. Please try again in a moment.",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words() {
        for &code in ErrorCode::ALL {
            assert!(failure(Failure::Refused(code)).ends_with('.'), "{}", code.as_str());
        }
    }

    #[test]
    fn the_rest_of_a_message_is_told() {
        assert_eq!(characters_left(12), "12 characters left");
        assert_eq!(characters_left(-3), "3 characters too many. Please shorten your message.");
    }
}
