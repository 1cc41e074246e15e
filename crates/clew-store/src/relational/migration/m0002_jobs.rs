//! The job queue and its schedules.

use super::columns::{big, big_null, id, id_null, index, int, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_table(jobs()).await?;
        schema.create_table(schedules()).await?;
        let mut slot = index("jobs_merge_slot", "jobs", &["kind", "merge_slot"]);
        schema.create_index(slot.unique().to_owned()).await?;
        let due = index("jobs_due", "jobs", &["state", "kind", "run_at"]);
        schema.create_index(due).await?;
        let finished = index("jobs_finished", "jobs", &["finished_at"]);
        schema.create_index(finished).await?;
        schema
            .create_index(index("jobs_site", "jobs", &["site_id"]))
            .await
    }
}

/// `merge_slot` holds the merge key while the job is pending and is null otherwise: a unique index
/// over it allows one pending job per key on databases with and without partial indexes.
fn jobs() -> TableCreateStatement {
    Table::create()
        .table("jobs")
        .col(id("id").primary_key())
        .col(text("kind"))
        .col(id_null("site_id"))
        .col(text("payload"))
        .col(text_null("merge_key"))
        .col(text_null("merge_slot"))
        .col(text("state"))
        .col(int("priority"))
        .col(int("attempts"))
        .col(int("max_attempts"))
        .col(big("run_at"))
        .col(big_null("run_at_latest"))
        .col(id_null("lease"))
        .col(big_null("lease_until"))
        .col(text_null("last_error"))
        .col(big("created_at"))
        .col(big("updated_at"))
        .col(big_null("finished_at"))
        .to_owned()
}

fn schedules() -> TableCreateStatement {
    Table::create()
        .table("schedules")
        .col(text("name").primary_key())
        .col(text("kind"))
        .col(text("cron"))
        .col(text("time_zone"))
        .col(text("payload"))
        .col(big("next_at"))
        .col(big_null("last_at"))
        .to_owned()
}
