//! The router, the background work, and an orderly end.

use crate::connections::{self, Gate};
use crate::listening;
use crate::live::Listener;
use crate::mail;
use crate::metrics;
use crate::observe;
use crate::retention;
use crate::routes;
use crate::state::AppState;
use crate::upkeep;
use crate::webhooks;
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::X_CONTENT_TYPE_OPTIONS;
use std::io;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// How often a change by another process is looked for. A change is in force within a second.
const REFRESH_EVERY: Duration = Duration::from_millis(300);
/// How long requests and sockets have to end once the service is to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// All routes, with what every answer shares.
pub fn router(state: AppState) -> Router {
    // One layer of three, the first outermost: each of a router's own costs every request two allocations.
    let shared = (
        axum::middleware::from_fn_with_state(state.clone(), observe::request),
        SetResponseHeaderLayer::overriding(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        CatchPanicLayer::custom(observe::panicked),
    );
    routes::all(&state).layer(shared).with_state(state)
}

/// Serves until `stop` is done, then says goodbye to sockets and ends what is on its way.
///
/// # Errors
/// If the listener fails.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    metrics::start();
    let refresher = tokio::spawn(keep_fresh(state.clone()));
    state.tasks().spawn(mail::work(state.clone()));
    state.tasks().spawn(listening::work(state.clone()));
    state.tasks().spawn(upkeep::sweep_attachments(state.clone()));
    state.tasks().spawn(metrics::keep_up(state.shutdown().clone()));
    state.tasks().spawn(upkeep::work(state.clone()));
    state.tasks().spawn(retention::work(state.clone()));
    state.tasks().spawn(webhooks::work(state.clone()));
    let shutdown = state.shutdown().clone();
    let gate = Gate::new(state.settings().connections.clone());
    let serving = tokio::spawn(connections::serve(listener, router(state.clone()), gate, shutdown.clone()));
    stop.await;
    tracing::info!("stopping");
    shutdown.cancel();
    state.tasks().close();
    let drained = timeout(DRAIN, async {
        let served = serving.await;
        state.tasks().wait().await;
        served
    })
    .await;
    refresher.abort();
    upkeep::last(&state).await;
    state.store().close().await;
    let Ok(served) = drained else {
        tracing::warn!("some connections did not end in time");
        return Ok(());
    };
    served.map_err(io::Error::other)
}

/// Serves `/metrics` at an address of its own until the service stops.
pub async fn serve_metrics(listener: TcpListener, state: AppState) {
    let gate = Gate::new(state.settings().connections.clone());
    let stop = state.shutdown().clone();
    connections::serve(listener, routes::metrics::alone(state), gate, stop).await;
}

/// Takes over what another process changed, and ends the sockets whose session is over.
async fn keep_fresh(state: AppState) {
    let mut ticks = interval(REFRESH_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut was_away = false;
    loop {
        ticks.tick().await;
        let now_ms = state.clock().now_ms();
        match state.directory().refresh(state.store(), now_ms).await {
            Ok(()) if was_away => {
                tracing::info!("the database answers again");
                was_away = false;
            }
            Ok(()) => {}
            Err(error) => {
                if !was_away {
                    tracing::error!(%error, "cannot read changes; going on with what is known");
                }
                was_away = true;
            }
        }
        state.hub().sweep(|listener| match listener {
            Listener::Contact(claims) => claims.check(state.directory(), now_ms).is_ok(),
            Listener::Agent(key) => state.directory().api_key(&key.sha256).is_some(),
        });
    }
}
