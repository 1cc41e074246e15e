//! Imports: what is being loaded, how far it is, and which person links came with it.

use super::columns::{belongs_to, big, id, id_null, index, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_table(imports()).await?;
        schema
            .create_index(index("imports_site", "imports", &["site_id", "kind"]))
            .await?;
        let mut links = Table::alter();
        links.table("person_link").add_column(id_null("import_id"));
        schema.alter_table(links).await
    }
}

fn imports() -> TableCreateStatement {
    Table::create()
        .table("imports")
        .col(id("id").primary_key())
        .col(id("site_id"))
        .col(text("kind"))
        .col(text("state"))
        .col(text("spec"))
        .col(big("total"))
        .col(big("done"))
        .col(text_null("message"))
        .col(big("created_at"))
        .col(big("updated_at"))
        .foreign_key(&mut belongs_to("imports", "site_id", "sites"))
        .to_owned()
}
