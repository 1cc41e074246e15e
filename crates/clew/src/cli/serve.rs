//! `clew serve`: opens everything, says where to look, serves, drains.

use super::args::Shared;
use crate::admin::lock::DataLock;
use crate::app::App;
use crate::config::Config;
use crate::{router, server, telemetry};
use anyhow::Context;
use clew_store::relational::Token;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

pub(super) fn run(shared: &Shared, listen: Option<String>) -> anyhow::Result<ExitCode> {
    start(shared.load(listen)?, |_| {})
}

/// Serves until a signal comes; `opened` runs once the server is ready.
pub(super) fn start(config: Config, opened: impl FnOnce(&Arc<App>)) -> anyhow::Result<ExitCode> {
    telemetry::init_logs(&config.log.level)
        .context("configuration: log.level is not a filter such as info or clew=debug,warn")?;
    raise_descriptor_limit();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(serve(config, opened))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: Config, opened: impl FnOnce(&Arc<App>)) -> anyhow::Result<()> {
    let lock = DataLock::take(&config.data_dir)?;
    let address = config.server.listen;
    // Bound before the stores open, so that a taken port changes nothing on disk.
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; is another server there?"))?;
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone())?);
    let app = App::open(config, lock).await?;
    let set_up = app.sign_in.set_up_token().await?;
    banner(&app, set_up.as_ref());
    let tasks = server::start_background(&app, stop.clone()).await?;
    opened(&app);
    server::serve(listener, router::router(app.clone()), &app, stop).await;
    tasks.close();
    tasks.wait().await;
    app.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Cancels at SIGTERM or SIGINT.
fn stop_on_signal(
    stop: CancellationToken,
) -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: finishing what is under way");
        stop.cancel();
    })
}

/// Every connection is a descriptor; the usual soft limit of 1,024 is soon reached.
fn raise_descriptor_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "cannot raise the limit of open files");
    }
}

/// The set-up link goes to the terminal alone, never to the log.
fn banner(app: &Arc<App>, set_up: Option<&Token>) {
    let url = app.config.server.public_url();
    let data = app.config.data_dir.display();
    let first = match set_up {
        Some(token) => format!(
            "  Open this link to create the first user. It works once:\n\n    {url}/app/setup#{}\n",
            token.as_str()
        ),
        None => format!("  Forgot a password?  clew user reset --email … --data-dir {data}\n"),
    };
    eprintln!(
        "\n  Clew is ready.\n\n    dashboard   {url}/app/\n    demo shop   {url}/demo/\n    \
         API         {url}/docs\n    data        {data}\n\n{first}"
    );
}
