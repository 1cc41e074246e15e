//! Rows of `touches`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "touches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub node: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub lsn: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i32,
    pub site_id: Uuid,
    pub visitor_id: Uuid,
    pub event_id: Uuid,
    pub at: i64,
    pub source: String,
    pub medium: String,
    pub campaign: String,
    pub content: String,
    pub term: String,
    pub channel: String,
    pub click_id_kind: String,
    pub click_id: String,
    pub referrer_host: String,
    pub landing_path: String,
    pub import_id: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
