//! Rows of `person_link`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub node: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub lsn: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i32,
    pub site_id: Uuid,
    pub visitor_id: Uuid,
    pub user_key: Uuid,
    pub linked: bool,
    pub at: i64,
    pub import_id: Option<Uuid>,
    pub source: i32,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
