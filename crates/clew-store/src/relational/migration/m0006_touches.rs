//! Touches, and who says that a visitor is some person.

use super::columns::{big, id, id_null, index, int, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_table(touches()).await?;
        let by_visitor = ["site_id", "visitor_id", "at"];
        schema
            .create_index(index("touches_visitor", "touches", &by_visitor))
            .await?;
        let mut links = Table::alter();
        links
            .table("person_link")
            .add_column(int("source").default(0));
        schema.alter_table(links).await?;
        // What was projected before knows no touches: it is read again, and all of it is known by
        // its place in the journal, so nothing is there twice.
        let again = Query::delete()
            .from_table("cursors")
            .and_where(Expr::col("name").eq("relational"))
            .to_owned();
        schema.exec_stmt(again).await
    }
}

/// Identified by its place in the journal, so that projecting a record twice changes nothing.
fn touches() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("touches");
    for column in [big("node"), big("lsn"), int("seq")] {
        table.col(column);
    }
    for column in [id("site_id"), id("visitor_id"), id("event_id")] {
        table.col(column);
    }
    table.col(big("at"));
    for column in TEXTS {
        table.col(text(column));
    }
    table
        .col(id_null("import_id"))
        .primary_key(Index::create().col("node").col("lsn").col("seq"))
        .to_owned()
}

const TEXTS: [&str; 10] = [
    "source",
    "medium",
    "campaign",
    "content",
    "term",
    "channel",
    "click_id_kind",
    "click_id",
    "referrer_host",
    "landing_path",
];
