//! Mail: addresses that are safe to write to, the PIN's mail, the ways out, and the queue.

mod address;
mod message;
mod queue;
mod transport;

pub use address::{MailAddress, MailAddressError};
pub use queue::{MailQueue, work};
pub use transport::{MailError, MailTarget, Mailer};

use lettre::message::Mailbox;

/// The sender on the command line: `support@shop.example`, or `Shop <support@shop.example>`.
///
/// # Errors
/// A sentence that explains.
pub fn parse_sender(text: &str) -> Result<Mailbox, String> {
    if text.chars().any(char::is_control) {
        return Err("must be on one line".to_owned());
    }
    text.parse().map_err(|_| "must be an address, like support@shop.example".to_owned())
}
