//! The audit log becomes a chain: numbers, hashes, and a head. What was there before is chained as
//! it stands, in the order in which it was written; the chain vouches for it from here on.

use super::columns::{big_null, index};
use crate::relational::audit::{Columns, Link};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::QueryResult;
use uuid::Uuid;

const PAGE: u64 = 500;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for column in [big_null("seq"), bytes_null("prev_hash"), bytes_null("hash")] {
            let mut alter = Table::alter();
            schema
                .alter_table(alter.table("audit_log").add_column(column).take())
                .await?;
        }
        schema.create_table(head()).await?;
        let end = chain_existing(schema).await?;
        insert_head(schema, &end).await?;
        let mut unique = index("audit_log_seq", "audit_log", &["seq"]);
        schema.create_index(unique.unique().take()).await
    }
}

fn bytes_null(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.blob().null();
    column
}

fn head() -> TableCreateStatement {
    let mut id = ColumnDef::new("id");
    id.integer().not_null().primary_key();
    let mut seq = ColumnDef::new("seq");
    seq.big_integer().not_null();
    let mut hash = ColumnDef::new("hash");
    hash.blob().not_null();
    Table::create()
        .table("audit_head")
        .col(id)
        .col(seq)
        .col(hash)
        .col(bytes_null("seal"))
        .to_owned()
}

async fn insert_head(schema: &SchemaManager<'_>, end: &Link) -> Result<(), DbErr> {
    let insert = Query::insert()
        .into_table("audit_head")
        .columns(["id", "seq", "hash"])
        .values_panic([1.into(), (end.seq as i64).into(), end.hash.to_vec().into()])
        .take();
    schema.get_connection().execute(&insert).await.map(drop)
}

async fn chain_existing(schema: &SchemaManager<'_>) -> Result<Link, DbErr> {
    let (mut end, mut after) = (Link::default(), None);
    loop {
        let rows = page(schema, after).await?;
        let done = (rows.len() as u64) < PAGE;
        for row in rows {
            after = Some(chain(schema, &row, &mut end).await?);
        }
        if done {
            return Ok(end);
        }
    }
}

async fn page(schema: &SchemaManager<'_>, after: Option<Uuid>) -> Result<Vec<QueryResult>, DbErr> {
    let mut select = Query::select();
    select
        .columns([
            "id",
            "account_id",
            "site_id",
            "actor_kind",
            "actor_id",
            "action",
            "subject_kind",
            "subject_id",
            "detail",
            "request_id",
            "at",
        ])
        .from("audit_log")
        .order_by("id", Order::Asc)
        .limit(PAGE);
    if let Some(after) = after {
        select.and_where(Expr::col("id").gt(after));
    }
    schema.get_connection().query_all(&select).await
}

async fn chain(
    schema: &SchemaManager<'_>,
    row: &QueryResult,
    end: &mut Link,
) -> Result<Uuid, DbErr> {
    let id: Uuid = row.try_get("", "id")?;
    let texts: [String; 4] = [
        row.try_get("", "actor_kind")?,
        row.try_get("", "action")?,
        row.try_get("", "subject_kind")?,
        row.try_get("", "subject_id")?,
    ];
    let [actor_kind, action, subject_kind, subject_id] = &texts;
    let detail: Option<String> = row.try_get("", "detail")?;
    let request_id: Option<String> = row.try_get("", "request_id")?;
    let columns = Columns {
        id,
        account_id: row.try_get("", "account_id")?,
        site_id: row.try_get("", "site_id")?,
        actor_kind,
        actor_id: row.try_get("", "actor_id")?,
        action,
        subject_kind,
        subject_id,
        detail: detail.as_deref(),
        request_id: request_id.as_deref(),
        at: row.try_get("", "at")?,
    };
    let link = columns.link_behind(end);
    let update = Query::update()
        .table("audit_log")
        .value("seq", link.seq as i64)
        .value("prev_hash", end.hash.to_vec())
        .value("hash", link.hash.to_vec())
        .and_where(Expr::col("id").eq(id))
        .take();
    schema.get_connection().execute(&update).await?;
    *end = link;
    Ok(id)
}
