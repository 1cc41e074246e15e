//! Forms of a site with their fields, and keys that see some pages only.

use super::columns::{belongs_to, big, flag, id, index, int, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_table(forms()).await?;
        schema.create_table(form_fields()).await?;
        schema
            .create_index(index("forms_site", "forms", &["site_id", "id"]))
            .await?;
        let order = ["form_id", "position", "id"];
        schema
            .create_index(index("form_fields_form", "form_fields", &order))
            .await?;
        let keys = Table::alter()
            .table("secret_keys")
            .add_column(text_null("visible_pages"))
            .to_owned();
        schema.alter_table(keys).await
    }
}

fn forms() -> TableCreateStatement {
    Table::create()
        .table("forms")
        .col(id("id").primary_key())
        .col(id("site_id"))
        .col(text("name"))
        .col(text("page_url"))
        .col(text("selector"))
        .col(text("alternative_selectors"))
        .col(flag("is_active"))
        .col(text("metadata"))
        .col(big("created_at"))
        .col(big("updated_at"))
        .foreign_key(&mut belongs_to("forms", "site_id", "sites"))
        .to_owned()
}

fn form_fields() -> TableCreateStatement {
    Table::create()
        .table("form_fields")
        .col(id("id").primary_key())
        .col(id("form_id"))
        .col(text("selector"))
        .col(text("name"))
        .col(text("kind"))
        .col(text_null("label"))
        .col(flag("is_required"))
        .col(text("validation_rules"))
        .col(int("position"))
        .col(big("created_at"))
        .col(big("updated_at"))
        .foreign_key(&mut belongs_to("form_fields", "form_id", "forms"))
        .to_owned()
}
