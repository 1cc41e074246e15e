//! Developer tasks that need a real server: crashes, faults and benchmarks.
//!
//! Owns the oracle that compares what clients were told with what is stored. Touches a server only
//! as an outsider would: through its command line, its HTTP doors and `kill -9`.

mod bench;
mod client;
mod crash;
mod server;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// kill -9, power cuts, a full disk and failing fsyncs, under load.
    Crash {
        #[arg(long)]
        bin: PathBuf,
        /// How often the server is killed at a random moment.
        #[arg(long, default_value_t = 25)]
        kills: u32,
        /// How often the power is cut (needs root and loop devices).
        #[arg(long, default_value_t = 5)]
        power_cuts: u32,
        #[arg(long, default_value_t = 20_260_101)]
        seed: u64,
    },
    /// Print the performance table.
    Bench {
        #[arg(long)]
        bin: PathBuf,
        /// Seconds of load per measurement.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        /// Only these lines of it.
        #[arg(long, value_enum, default_value = "all")]
        part: bench::Part,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Args::parse().task {
        Task::Crash {
            bin,
            kills,
            power_cuts,
            seed,
        } => {
            crash::run(
                &bin,
                &crash::Plan {
                    kills,
                    power_cuts,
                    seed,
                },
            )
            .await
        }
        Task::Bench { bin, seconds, part } => bench::run(&bin, seconds, part).await,
    }
}
