//! The few column kinds that the schema is made of, the same on both databases.

use sea_orm_migration::prelude::{
    ColumnDef, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index, IndexCreateStatement,
};

/// A 128-bit id.
pub(super) fn id(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.uuid().not_null();
    column
}

pub(super) fn id_null(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.uuid().null();
    column
}

pub(super) fn text(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.text().not_null();
    column
}

pub(super) fn text_null(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.text().null();
    column
}

/// A 64-bit number: a time in epoch milliseconds, an LSN, a counter.
pub(super) fn big(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.big_integer().not_null();
    column
}

pub(super) fn big_null(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.big_integer().null();
    column
}

pub(super) fn int(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.integer().not_null();
    column
}

pub(super) fn flag(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.boolean().not_null();
    column
}

/// `column` points at `table.id`; its rows go when that row goes.
pub(super) fn belongs_to(
    from: &'static str,
    column: &'static str,
    table: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(from, column)
        .to(table, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

pub(super) fn index(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}
