//! Signing in: sessions, one-time links, and roles on single sites.

use super::columns::{belongs_to, big, big_null, id, id_null, index, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for table in [user_sessions(), login_links(), site_roles()] {
            schema.create_table(table).await?;
        }
        for index in [
            index("user_sessions_user", "user_sessions", &["user_id"]),
            index("login_links_user", "login_links", &["user_id"]),
            index("site_roles_user", "site_roles", &["user_id"]),
        ] {
            schema.create_index(index).await?;
        }
        let last_seen = Table::alter()
            .table("users")
            .add_column(big_null("last_seen_at"))
            .to_owned();
        schema.alter_table(last_seen).await
    }
}

fn user_sessions() -> TableCreateStatement {
    Table::create()
        .table("user_sessions")
        .col(id("id").primary_key())
        .col(id("user_id"))
        .col(id("account_id"))
        .col(text("token_hash").unique_key())
        .col(text("user_agent"))
        .col(big("created_at"))
        .col(big("last_seen_at"))
        .col(big("expires_at"))
        .foreign_key(&mut belongs_to("user_sessions", "user_id", "users"))
        .foreign_key(&mut belongs_to("user_sessions", "account_id", "accounts"))
        .to_owned()
}

/// A set-up link belongs to nobody yet.
fn login_links() -> TableCreateStatement {
    Table::create()
        .table("login_links")
        .col(id("id").primary_key())
        .col(id_null("user_id"))
        .col(text("kind"))
        .col(text("token_hash").unique_key())
        .col(big("created_at"))
        .col(big("expires_at"))
        .col(big_null("used_at"))
        .foreign_key(&mut belongs_to("login_links", "user_id", "users"))
        .to_owned()
}

fn site_roles() -> TableCreateStatement {
    Table::create()
        .table("site_roles")
        .col(id("site_id"))
        .col(id("user_id"))
        .col(text("role"))
        .col(big("created_at"))
        .primary_key(Index::create().col("site_id").col("user_id"))
        .foreign_key(&mut belongs_to("site_roles", "site_id", "sites"))
        .foreign_key(&mut belongs_to("site_roles", "user_id", "users"))
        .to_owned()
}
