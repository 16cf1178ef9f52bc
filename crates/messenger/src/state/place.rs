//! Where the user is in the panel.

use protocol::ServiceRequestId;

/// Where one writes: to a service request, or to the one that the first message will raise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A service request that is not yet raised.
    New,
    /// A service request.
    Request(ServiceRequestId),
}

impl Place {
    /// The place that [`Place::name`] names.
    pub(crate) fn named(name: &str) -> Self {
        if name.is_empty() { Self::New } else { Self::Request(name.into()) }
    }

    /// Tells it from others, in what the browser keeps.
    pub(crate) fn name(&self) -> &str {
        self.id().map(ServiceRequestId::as_str).unwrap_or_default()
    }

    /// The service request, once there is one.
    pub(crate) fn id(&self) -> Option<&ServiceRequestId> {
        match self {
            Self::New => None,
            Self::Request(id) => Some(id),
        }
    }
}

/// What the panel shows of a signed-in user's things.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Route {
    /// All service requests.
    #[default]
    List,
    /// One conversation with its composer.
    At(Place),
}

impl Route {
    /// The service request that is shown.
    pub(crate) fn id(&self) -> Option<&ServiceRequestId> {
        match self {
            Self::List => None,
            Self::At(place) => place.id(),
        }
    }
}
