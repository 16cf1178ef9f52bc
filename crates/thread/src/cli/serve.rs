//! `thread serve`.

use super::{CliError, Context, output};
use crate::assets::Assets;
use crate::config::ServeConfig;
use crate::logging;
use crate::mail::MailTarget;
use crate::origin::Origin;
use crate::server;
use crate::state::AppState;
use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;

pub(super) async fn run(context: &Context, config: ServeConfig) -> Result<(), CliError> {
    let _logging = logging::start(config.log_format);
    let store = context.store_or_new().await?;
    if store.master_key().has_former() {
        let number = store.reseal().await?;
        tracing::info!(number, "values are sealed under the present master key now");
    }
    let cannot_listen = |error| cannot_bind(config.listen, "--listen", error);
    let listener = TcpListener::bind(config.listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let public_origin = match &config.public_url {
        Some(origin) => origin.clone(),
        None => Origin::parse(&format!("http://{address}"))
            .map_err(|error| CliError::NotFound(error.to_string()))?,
    };
    let assets = Assets::embedded();
    if assets.is_empty() {
        tracing::warn!("built without its browser files: /widget.js and /messenger/ answer 503");
    }
    if matches!(config.mail, MailTarget::Log) {
        tracing::warn!(
            "--mail log prints PINs and sends nothing: for development alone; see --mail smtp://…"
        );
    }
    let stop = stop_signal().map_err(|error| CliError::Io("cannot wait for signals".to_owned(), error))?;
    let metrics_listener = match config.metrics_listen {
        Some(address) => Some(
            TcpListener::bind(address)
                .await
                .map_err(|error| cannot_bind(address, "--metrics-listen", error))?,
        ),
        None => None,
    };
    let state = AppState::load(store, &config, public_origin.clone(), assets, context.clock.clone()).await?;
    tracing::info!(%address, public_url = %public_origin, version = env!("CARGO_PKG_VERSION"), "serving");
    if let Some(listener) = metrics_listener {
        state.tasks().spawn(server::serve_metrics(listener, state.clone()));
    }
    // For scripts: connections are taken from here on.
    output::line(&format!("listening on http://{address}"))?;
    server::serve(listener, state, stop)
        .await
        .map_err(|error| CliError::Io("the service failed".to_owned(), error))
}

fn cannot_bind(address: SocketAddr, flag: &'static str, error: io::Error) -> CliError {
    if error.kind() == io::ErrorKind::AddrInUse {
        CliError::Taken(address, flag)
    } else {
        CliError::Io(format!("cannot listen on {address}"), error)
    }
}

/// Done at SIGTERM or Ctrl-C.
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut terminate, mut interrupt) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
