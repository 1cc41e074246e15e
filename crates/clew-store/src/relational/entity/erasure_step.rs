//! Rows of `erasure_steps`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erasure_steps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub erasure_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub store: String,
    pub state: String,
    pub found: i64,
    pub remaining: Option<i64>,
    pub finished_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
