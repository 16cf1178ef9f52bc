//! Counters that alarms look at, each with a label from a closed list.

use super::names;
use metrics::counter;

/// What one of these counters is told apart by.
pub trait Label: Copy + 'static {
    /// The counter.
    const METRIC: &'static str;
    /// The label's name.
    const NAME: &'static str;
    /// All values.
    const ALL: &'static [Self];

    /// The value.
    fn value(self) -> &'static str;
}

/// Counts so many.
pub(crate) fn count<L: Label>(label: L, number: u64) {
    counter!(L::METRIC, L::NAME => label.value()).increment(number);
}

/// A counter that appears with its first event has no increase in Prometheus' eyes: an alarm would miss that one.
pub(super) fn begin_at_zero() {
    fn begin<L: Label>() {
        for label in L::ALL {
            count(*label, 0);
        }
    }
    counter!(names::LEAKED_SECRETS).increment(0);
    begin::<TurnedAway>();
    begin::<WebhookAttempt>();
    begin::<Pruned>();
    begin::<Limit>();
}

macro_rules! labels {
    ($(#[$about:meta])* $type:ident of $metric:ident by $name:literal {
        $($(#[$doc:meta])* $variant:ident = $value:literal,)*
    }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $type {
            $($(#[$doc])* $variant,)*
        }

        impl Label for $type {
            const METRIC: &'static str = names::$metric;
            const NAME: &'static str = $name;
            const ALL: &'static [Self] = &[$(Self::$variant,)*];

            fn value(self) -> &'static str {
                match self {
                    $(Self::$variant => $value,)*
                }
            }
        }
    };
}

labels! {
    /// Why a connection is turned away.
    TurnedAway of CONNECTIONS_REFUSED by "reason" {
        /// Too many are open.
        Full = "connections",
        /// This client has too many.
        Client = "connections_per_ip",
    }
}

labels! {
    /// What a try of a webhook came to.
    WebhookAttempt of WEBHOOKS by "result" {
        /// The receiver has it.
        Delivered = "delivered",
        /// It is tried again.
        Failed = "failed",
        /// It was tried for long enough.
        GivenUp = "given_up",
        /// The receiver wants no more.
        Gone = "gone",
    }
}

labels! {
    /// What was kept for long enough.
    Pruned of PRUNED by "what" {
        /// Closed service requests.
        ServiceRequests = "service_requests",
        /// Contacts without any.
        Contacts = "contacts",
        /// Events for sockets that catch up.
        Events = "events",
    }
}

labels! {
    /// A limit that a request was over.
    Limit of LIMITED by "limit" {
        /// Sign-ins by key that failed.
        SignInFailures = "sign_in_failures",
        /// Tries of PINs that failed.
        PinFailures = "pin_failures_per_ip",
        /// Reports of leaked secrets.
        LeakedSecrets = "leaked_secrets",
        /// Messages of a contact.
        Messages = "messages",
        /// Files of a contact.
        Uploads = "uploads",
        /// Signs of typing.
        Typing = "typing",
        /// The time of a request.
        RequestTime = "request_time",
        /// Files on their way at a time.
        UploadsInFlight = "uploads_in_flight",
    }
}
