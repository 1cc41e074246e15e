//! Erasures: who asked for one, how far each is, and what it left to show.

use super::columns::{big, big_null, id, index, int, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_table(erasures()).await?;
        schema.create_table(steps()).await?;
        for index in [
            index("erasures_site", "erasures", &["site_id", "requested_at"]),
            index("erasures_state", "erasures", &["state"]),
        ] {
            schema.create_index(index).await?;
        }
        Ok(())
    }
}

/// No foreign key: what was promised holds although the site is gone.
fn erasures() -> TableCreateStatement {
    Table::create()
        .table("erasures")
        .col(id("id").primary_key())
        .col(id("site_id"))
        .col(text("subject"))
        .col(text_null("reason"))
        .col(text("state"))
        .col(text("persons"))
        .col(big_null("record_lsn"))
        .col(int("attempts"))
        .col(text_null("message"))
        .col(big("requested_at"))
        .col(big_null("started_at"))
        .col(big_null("finished_at"))
        .col(big("due_at"))
        .col(text_null("certificate"))
        .to_owned()
}

fn steps() -> TableCreateStatement {
    Table::create()
        .table("erasure_steps")
        .col(id("erasure_id"))
        .col(text("store"))
        .col(text("state"))
        .col(big("found"))
        .col(big_null("remaining"))
        .col(big_null("finished_at"))
        .primary_key(Index::create().col("erasure_id").col("store"))
        .to_owned()
}
