//! The PIN's mail: text and HTML, the app's name, six digits together, no links.

use super::address::MailAddress;
use super::transport::MailError;
use crate::crypto::random_bytes;
use crate::pin::Pin;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

/// Makes the mail. The app's name is encoded by the headers' rules and escaped in HTML.
pub(super) fn pin_mail(
    sender: &Mailbox,
    to: &MailAddress,
    app_name: &str,
    pin: &Pin,
) -> Result<Message, MailError> {
    let pin = pin.expose();
    let app_name = one_line(app_name);
    // Mailboxes without a name of their own show the app's.
    let from = Mailbox::new(sender.name.clone().or_else(|| Some(app_name.clone())), sender.email.clone());
    let text = format!(
        "{pin} is your PIN to sign in to the support of {app_name}.\n\nIt is valid for 10 minutes and can be used once. \
         Nobody of {app_name} will ask you for it.\n\nIf you did not ask for it, ignore this mail.\n"
    );
    let name = escape(&app_name);
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><title>{pin}</title></head>\
         <body style=\"font:16px/1.5 system-ui,sans-serif;margin:0;padding:24px\"><p>Your PIN to sign in to the support of \
         <strong>{name}</strong>:</p><p style=\"font:600 32px/1.2 ui-monospace,monospace;letter-spacing:0.15em;margin:24px 0\">\
         {pin}</p><p>It is valid for 10 minutes and can be used once. Nobody of {name} will ask you for it.</p>\
         <p>If you did not ask for it, ignore this mail.</p></body></html>"
    );
    let message = Message::builder()
        .from(from)
        .to(Mailbox::new(None, to.as_address().clone()))
        .subject(format!("{pin} is your PIN for {app_name}"))
        .message_id(Some(format!("<{}@{}>", hex::encode(random_bytes::<16>()), sender.email.domain())))
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(MultiPart::alternative_plain_html(text, html))?;
    Ok(message)
}

/// Names are checked when they are stored; a control character that slipped through must not end a header.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(app_name: &str) -> String {
        let sender = "support@shop.example".parse().expect("an address");
        let to = MailAddress::from_identity("ann@shop.example").expect("an address");
        let pin = Pin::parse("012345").expect("a PIN");
        let message = pin_mail(&sender, &to, app_name, &pin).expect("made");
        String::from_utf8(message.formatted()).expect("ASCII")
    }

    #[test]
    fn subject_and_both_bodies_have_the_digits_together_and_no_link() {
        let mail = mail("Shop");
        assert!(mail.contains("Subject: 012345 is your PIN for Shop\r\n"), "{mail}");
        assert!(mail.contains("To: ann@shop.example\r\n"), "{mail}");
        assert_eq!(mail.matches("012345").count(), 4, "subject, text, HTML's title and body");
        assert!(mail.contains("text/plain") && mail.contains("text/html"));
        assert!(!mail.contains("http") && !mail.contains("href"), "{mail}");
    }

    #[test]
    fn a_name_cannot_add_headers_or_markup() {
        let mail = mail("Sh\"op\r\nBcc: eve@x.example\r\n\r\n<script>alert(1)</script> Ünï");
        let headers = mail.split("\r\n\r\n").next().expect("headers");
        let is_bcc = |line: &str| line.to_ascii_lowercase().starts_with("bcc");
        assert!(!headers.lines().any(is_bcc), "{headers}");
        assert_eq!(headers.matches("To: ").count(), 1);
        let html = mail.split("text/html").nth(1).expect("an HTML part");
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{mail}");
    }
}
