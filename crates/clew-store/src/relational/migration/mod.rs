//! The schema and its history: one set of migrations for SQLite and PostgreSQL.
//!
//! Rules: a landed migration never changes; one ALTER option per statement (SQLite knows no more);
//! times are i64 epoch milliseconds and 128-bit ids are UUIDs (a 16-byte blob on SQLite), never
//! zoned types or database-made ids. There is no way down: restore a backup instead.
//!
//! All pending migrations run in one transaction, so a killed upgrade leaves the old schema whole.
//! A database that is newer than the program is refused.

mod columns;
mod m0001_tenants;
mod m0002_jobs;
mod m0003_projections;
mod m0004_sign_in;
mod m0005_imports;
mod m0006_touches;
mod m0007_audit;
mod m0008_erasures;
mod m0010_retention;
mod m0011_forms;

use super::error::Result;
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// Any constant will do; all Clew processes must use the same.
const ADVISORY_LOCK: &str = "SELECT pg_advisory_xact_lock(4994721190)";

#[derive(Debug)]
struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_tenants::Migration),
            Box::new(m0002_jobs::Migration),
            Box::new(m0003_projections::Migration),
            Box::new(m0004_sign_in::Migration),
            Box::new(m0005_imports::Migration),
            Box::new(m0006_touches::Migration),
            Box::new(m0007_audit::Migration),
            Box::new(m0008_erasures::Migration),
            Box::new(m0010_retention::Migration),
            Box::new(m0011_forms::Migration),
        ]
    }
}

/// Brings the schema up to date; does nothing when it is.
pub(super) async fn run(connection: &DatabaseConnection) -> Result<()> {
    run_steps(connection, None).await
}

/// `steps` limits how many pending migrations are applied (tests build old databases that way).
pub(super) async fn run_steps(connection: &DatabaseConnection, steps: Option<u32>) -> Result<()> {
    let transaction = begin(connection).await?;
    Migrator::up(&transaction, steps).await?;
    Ok(transaction.commit().await?)
}

/// Holds off other processes that start at the same moment.
async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let transaction = connection.begin_with_options(options).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(ADVISORY_LOCK).await?;
    }
    Ok(transaction)
}
