//! Calls that cannot be without their checks.
//!
//! A handler of `/v1` takes the state and, right after it, its caller: one of the extractors of `auth`, each of which
//! has checked origin and bearer before the handler runs. One that takes no caller does not fit [`get`] and its like, so
//! it does not compile. What is nobody's in particular says so by [`AnyCaller`].

use crate::auth::{AgentCaller, AnyCaller, ContactCaller, LiveCaller, PublicCaller};
use crate::state::AppState;
use axum::Router;
use axum::extract::State;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter};

/// What a caller has to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Nothing, from wherever: the answer is the same for everybody.
    Anybody,
    /// Nothing, but for an app its origin.
    Public,
    /// A contact's session.
    Contact,
    /// An app's API key.
    Agent,
    /// Either, in a socket's first frame.
    Socket,
}

/// An extractor that has checked who calls.
pub(crate) trait Caller {
    const ACCESS: Access;
}

impl Caller for AnyCaller {
    const ACCESS: Access = Access::Anybody;
}

impl Caller for PublicCaller {
    const ACCESS: Access = Access::Public;
}

impl Caller for ContactCaller {
    const ACCESS: Access = Access::Contact;
}

impl Caller for AgentCaller {
    const ACCESS: Access = Access::Agent;
}

impl Caller for LiveCaller {
    const ACCESS: Access = Access::Socket;
}

/// The arguments of a handler that takes its caller. `M` is axum's own marker.
pub(crate) trait Checked {
    const ACCESS: Access;
}

macro_rules! checked {
    ($($argument:ident),*) => {
        impl<M, C: Caller, $($argument),*> Checked for (M, State<AppState>, C, $($argument),*) {
            const ACCESS: Access = C::ACCESS;
        }
    };
}
checked!();
checked!(A);
checked!(A, B);
checked!(A, B, D);

/// What one address answers to.
pub(super) struct Call {
    router: MethodRouter<AppState>,
    methods: Vec<(Method, Access)>,
}

macro_rules! methods {
    ($($function:ident $method:ident),*) => {
        $(
            #[doc = concat!("Answers ", stringify!($method), ".")]
            pub(super) fn $function<H, T>(handler: H) -> Call
            where
                H: Handler<T, AppState>,
                T: Checked + 'static,
            {
                Call { router: MethodRouter::new(), methods: Vec::new() }.$function(handler)
            }
        )*

        impl Call {
            $(
                #[doc = concat!("Also answers ", stringify!($method), ".")]
                pub(super) fn $function<H, T>(mut self, handler: H) -> Self
                where
                    H: Handler<T, AppState>,
                    T: Checked + 'static,
                {
                    self.router = self.router.on(MethodFilter::$method, handler);
                    self.methods.push((Method::$method, T::ACCESS));
                    self
                }
            )*
        }
    };
}
methods!(get GET, post POST, patch PATCH, delete DELETE);

/// Calls with their addresses.
pub(super) struct Calls {
    prefix: &'static str,
    router: Router<AppState>,
    list: Vec<(&'static str, Method, Access)>,
}

impl Calls {
    /// None yet. Their addresses begin with `prefix`. (Not by `Router::nest`: taking it off again would cost every call as
    /// much as finding its route.)
    pub(super) fn under(prefix: &'static str) -> Self {
        Self { prefix, router: Router::new(), list: Vec::new() }
    }

    /// Adds an address.
    pub(super) fn at(mut self, path: &'static str, call: Call) -> Self {
        self.list.extend(call.methods.into_iter().map(|(method, access)| (path, method, access)));
        self.router = self.router.route(&[self.prefix, path].concat(), call.router);
        self
    }

    /// Adds all of `others`.
    pub(super) fn and(mut self, others: Self) -> Self {
        self.list.extend(others.list);
        self.router = self.router.merge(others.router);
        self
    }

    /// Wraps what was added so far, as by `Router::layer`.
    pub(super) fn wrapped(mut self, wrap: impl FnOnce(Router<AppState>) -> Router<AppState>) -> Self {
        self.router = wrap(self.router);
        self
    }

    /// The router.
    pub(super) fn into_router(self) -> Router<AppState> {
        self.router
    }

    /// Every address, without the prefix, with its methods, and what callers have to bring.
    #[cfg(test)]
    pub(super) fn list(&self) -> &[(&'static str, Method, Access)] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn public(_: State<AppState>, _: PublicCaller) {}
    async fn of_contacts(_: State<AppState>, _: ContactCaller, _: String) {}

    #[test]
    fn an_address_knows_its_methods_and_what_callers_bring() {
        let calls = Calls::under("/v1").at("/a", get(public).post(of_contacts));
        let more = calls.and(Calls::under("/v1").at("/b", delete(of_contacts)));
        assert_eq!(
            more.list(),
            [
                ("/a", Method::GET, Access::Public),
                ("/a", Method::POST, Access::Contact),
                ("/b", Method::DELETE, Access::Contact),
            ]
        );
    }
}
