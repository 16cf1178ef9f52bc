//! The example portal's server.

use clap::Parser as _;
use portal::Portal;
use portal::config::{Args, SECRET_VARIABLE, load_secret};
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("portal: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), Box<dyn std::error::Error>> {
    let secret = load_secret(std::env::var(SECRET_VARIABLE).ok(), args.secret_file.as_deref())?;
    let portal = Portal::new(args.app_id, args.thread_url, secret).with_secure_cookies(args.secure_cookies);
    let listener = TcpListener::bind(args.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", args.listen))?;
    let stop = stop_signal()?;
    announce(&listener)?;
    axum::serve(listener, portal::router(portal)).with_graceful_shutdown(stop).await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "whoever started the portal waits for this line")]
fn announce(listener: &TcpListener) -> std::io::Result<()> {
    println!("portal: listening on http://{}", listener.local_addr()?);
    Ok(())
}

/// Completes at Ctrl-C or SIGTERM. The handlers are there before the first request is.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
