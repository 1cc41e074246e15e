//! Rows of `retention`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "retention")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub site_id: Uuid,
    pub before_ms: i64,
    pub through_lsn: i64,
    pub runs: i64,
    pub pending: bool,
    pub removed: i64,
    pub archived_rows: i64,
    pub archived_files: i64,
    pub uncompacted: i64,
    pub uncompacted_since: Option<i64>,
    pub last_run_at: Option<i64>,
    pub updated_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
