//! Accounts, users, sites, keys and the audit log.

use super::columns::{belongs_to, big, big_null, flag, id, id_null, index, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            accounts(),
            users(),
            memberships(),
            sites(),
            domains(),
            site_settings(),
            secret_keys(),
            secret_key_sites(),
            audit_log(),
            revisions(),
        ] {
            schema.create_table(table).await?;
        }
        for index in [
            index("memberships_user", "memberships", &["user_id"]),
            index("sites_account", "sites", &["account_id"]),
            index("domains_site", "domains", &["site_id"]),
            index("secret_keys_prefix", "secret_keys", &["prefix"]),
            index("secret_keys_account", "secret_keys", &["account_id"]),
            index("secret_key_sites_site", "secret_key_sites", &["site_id"]),
            index("audit_log_account", "audit_log", &["account_id", "id"]),
        ] {
            schema.create_index(index).await?;
        }
        Ok(())
    }
}

fn accounts() -> TableCreateStatement {
    Table::create()
        .table("accounts")
        .col(id("id").primary_key())
        .col(text("name"))
        .col(big("created_at"))
        .col(big("updated_at"))
        .to_owned()
}

fn users() -> TableCreateStatement {
    Table::create()
        .table("users")
        .col(id("id").primary_key())
        .col(text("email").unique_key())
        .col(text("name"))
        .col(text_null("password_hash"))
        .col(big("token_epoch"))
        .col(flag("is_active"))
        .col(big("created_at"))
        .col(big("updated_at"))
        .to_owned()
}

fn memberships() -> TableCreateStatement {
    Table::create()
        .table("memberships")
        .col(id("account_id"))
        .col(id("user_id"))
        .col(text("role"))
        .col(big("created_at"))
        .primary_key(Index::create().col("account_id").col("user_id"))
        .foreign_key(&mut belongs_to("memberships", "account_id", "accounts"))
        .foreign_key(&mut belongs_to("memberships", "user_id", "users"))
        .to_owned()
}

fn sites() -> TableCreateStatement {
    Table::create()
        .table("sites")
        .col(id("id").primary_key())
        .col(id("account_id"))
        .col(text_null("slug").unique_key())
        .col(text("name"))
        .col(text("time_zone"))
        .col(text("profile"))
        .col(text("ip_policy"))
        .col(text("write_key").unique_key())
        .col(flag("is_active"))
        .col(big("created_at"))
        .col(big("updated_at"))
        .col(big_null("deleted_at"))
        .foreign_key(&mut belongs_to("sites", "account_id", "accounts"))
        .to_owned()
}

fn domains() -> TableCreateStatement {
    Table::create()
        .table("domains")
        .col(text("host").primary_key())
        .col(id("site_id"))
        .col(big("created_at"))
        .foreign_key(&mut belongs_to("domains", "site_id", "sites"))
        .to_owned()
}

fn site_settings() -> TableCreateStatement {
    Table::create()
        .table("site_settings")
        .col(id("site_id").primary_key())
        .col(text("value"))
        .col(big("updated_at"))
        .foreign_key(&mut belongs_to("site_settings", "site_id", "sites"))
        .to_owned()
}

fn secret_keys() -> TableCreateStatement {
    Table::create()
        .table("secret_keys")
        .col(id("id").primary_key())
        .col(id("account_id"))
        .col(text("name"))
        .col(text("prefix"))
        .col(text("hash").unique_key())
        .col(text("role"))
        .col(text("scopes"))
        .col(flag("all_sites"))
        .col(big("created_at"))
        .col(big_null("expires_at"))
        .col(big_null("revoked_at"))
        .col(big_null("last_used_at"))
        .foreign_key(&mut belongs_to("secret_keys", "account_id", "accounts"))
        .to_owned()
}

fn secret_key_sites() -> TableCreateStatement {
    Table::create()
        .table("secret_key_sites")
        .col(id("key_id"))
        .col(id("site_id"))
        .primary_key(Index::create().col("key_id").col("site_id"))
        .foreign_key(&mut belongs_to("secret_key_sites", "key_id", "secret_keys"))
        .foreign_key(&mut belongs_to("secret_key_sites", "site_id", "sites"))
        .to_owned()
}

/// No foreign keys: what happened stays on record after its subject is gone.
fn audit_log() -> TableCreateStatement {
    Table::create()
        .table("audit_log")
        .col(id("id").primary_key())
        .col(id_null("account_id"))
        .col(id_null("site_id"))
        .col(text("actor_kind"))
        .col(id_null("actor_id"))
        .col(text("action"))
        .col(text("subject_kind"))
        .col(text("subject_id"))
        .col(text_null("detail"))
        .col(text_null("request_id"))
        .col(big("at"))
        .to_owned()
}

fn revisions() -> TableCreateStatement {
    Table::create()
        .table("revisions")
        .col(text("name").primary_key())
        .col(big("value"))
        .to_owned()
}
