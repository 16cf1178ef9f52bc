//! Identifiers, each a type of its own so that none is taken for another.

use core::fmt;
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// An app: one workspace of one service provider. Public.
    AppId
}
id! {
    /// A service request.
    ServiceRequestId
}
id! {
    /// A message of a service request.
    MessageId
}
id! {
    /// Chosen by whoever sends a message, 1 to 64 characters: the same one again is the same message.
    ClientId
}
id! {
    /// Chosen by the widget for each key and load: lets a retry use a v2 key again.
    AttemptId
}
id! {
    /// A file that was uploaded for a message.
    AttachmentId
}
