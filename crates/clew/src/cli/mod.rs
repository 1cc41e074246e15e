//! The command line. With `config`, the only place that reads the environment.
//!
//! Prints human text on stdout, or JSON with `--json`; failures go to stderr, say what to do next
//! and end with status 1.

mod admin;
mod args;
mod audit;
mod demo;
mod doctor;
mod geo;
mod output;
mod privacy;
mod rebuild;
mod serve;

use args::{Arguments, AuditTask, Task};
use clap::Parser;
use std::process::ExitCode;

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match run_task(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("clew: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run_task(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { task, shared } = arguments;
    match task {
        Task::Openapi => output::print(&crate::routes::openapi::document_text()?)?,
        Task::Config => output::print(crate::config::DEFAULT_FILE)?,
        Task::Serve { listen } => return serve::run(&shared, listen),
        Task::Demo { listen, events } => return demo::run(&shared, listen, events),
        Task::Site(task) => admin::run(&shared, task.into())?,
        Task::Key(task) => admin::run(&shared, task.into())?,
        Task::User(task) => admin::run(&shared, task.into_command()?)?,
        Task::Geo(task) => geo::run(&shared, task)?,
        Task::Audit(AuditTask::Verify) => return audit::verify(&shared),
        Task::Privacy(task) => return privacy::run(&shared, task),
        Task::Doctor => return doctor::run(&shared),
        Task::Rebuild => rebuild::run(&shared)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A runtime for commands that need no parallelism.
fn small_runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?)
}
