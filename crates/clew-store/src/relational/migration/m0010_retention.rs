//! What has left for good, per site, and exports of what is stored about somebody.

use super::columns::{belongs_to, big, big_null, flag, id, id_null, index, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_table(retention()).await?;
        schema.create_table(exports()).await?;
        schema
            .create_index(index("exports_site", "exports", &["site_id", "id"]))
            .await
    }
}

fn retention() -> TableCreateStatement {
    Table::create()
        .table("retention")
        .col(id("site_id").primary_key())
        .col(big("before_ms"))
        .col(big("through_lsn"))
        .col(big("runs"))
        .col(flag("pending"))
        .col(big("removed"))
        .col(big("archived_rows"))
        .col(big("archived_files"))
        .col(big("uncompacted"))
        .col(big_null("uncompacted_since"))
        .col(big_null("last_run_at"))
        .col(big("updated_at"))
        .foreign_key(&mut belongs_to("retention", "site_id", "sites"))
        .to_owned()
}

fn exports() -> TableCreateStatement {
    Table::create()
        .table("exports")
        .col(id("id").primary_key())
        .col(id("site_id"))
        .col(text("subject_kind"))
        .col(id_null("subject"))
        .col(text("state"))
        .col(text_null("problem"))
        .col(big("events"))
        .col(big_null("json_bytes"))
        .col(big_null("csv_bytes"))
        .col(big("requested_at"))
        .col(big_null("finished_at"))
        .col(big("expires_at"))
        .foreign_key(&mut belongs_to("exports", "site_id", "sites"))
        .to_owned()
}
