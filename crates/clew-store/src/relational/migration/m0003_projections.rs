//! What is projected from the journal: cursors, person links, site activity.

use super::columns::{big, big_null, flag, id, index, int, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for table in [cursors(), person_link(), site_activity()] {
            schema.create_table(table).await?;
        }
        for index in [
            index(
                "person_link_visitor",
                "person_link",
                &["site_id", "visitor_id"],
            ),
            index("person_link_user", "person_link", &["site_id", "user_key"]),
        ] {
            schema.create_index(index).await?;
        }
        Ok(())
    }
}

fn cursors() -> TableCreateStatement {
    Table::create()
        .table("cursors")
        .col(text("name").primary_key())
        .col(big("lsn"))
        .col(big("updated_at"))
        .to_owned()
}

/// Identified by its place in the journal, so that projecting a record twice changes nothing.
fn person_link() -> TableCreateStatement {
    Table::create()
        .table("person_link")
        .col(big("node"))
        .col(big("lsn"))
        .col(int("seq"))
        .col(id("site_id"))
        .col(id("visitor_id"))
        .col(id("user_key"))
        .col(flag("linked"))
        .col(big("at"))
        .primary_key(Index::create().col("node").col("lsn").col("seq"))
        .to_owned()
}

/// No foreign key: a projector must not fail over a site that is gone.
fn site_activity() -> TableCreateStatement {
    Table::create()
        .table("site_activity")
        .col(id("site_id").primary_key())
        .col(big("first_event_at"))
        .col(big("last_event_at"))
        .col(big_null("last_quarantined_at"))
        .col(big("updated_at"))
        .to_owned()
}
