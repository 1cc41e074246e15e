//! The end of the chain, and how it moves.
//!
//! One row, locked by whoever appends: on PostgreSQL by `FOR UPDATE`, on SQLite by the single
//! writer. A head whose seal does not hold is never sealed again by appending: the chain grows on,
//! so that nobody can switch the server off by tampering, but the broken seal stays as evidence
//! for whoever reads the log next.

use super::chain::{Link, SealKey};
use super::{Entry, to_row};
use crate::relational::entity::{audit_entry, audit_head};
use crate::relational::error::{Result, corrupt};
use crate::relational::tx::Tx;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

/// The only row of its table.
pub(super) const ONLY: i32 = 1;
/// Rows of one statement: SQLite binds 32,766 values at most.
const ROWS: usize = 500;

/// The head as it is stored.
pub(super) struct Head {
    pub link: Link,
    pub seal: Option<Vec<u8>>,
}

/// Where the chain ends; the beginning when there is no head.
pub async fn head(c: &impl ConnectionTrait) -> Result<Link> {
    Ok(read(c).await?.map(|head| head.link).unwrap_or_default())
}

pub(super) async fn read(c: &impl ConnectionTrait) -> Result<Option<Head>> {
    let row = audit_head::Entity::find_by_id(ONLY).one(c).await?;
    row.map(from_row).transpose()
}

/// Writes what the transaction has queued, as the last thing that it does.
pub(in crate::relational) async fn write_queued(tx: &Tx) -> Result<()> {
    let queued = tx.take_audit();
    if queued.is_empty() {
        return Ok(());
    }
    let row = audit_head::Entity::find_by_id(ONLY).lock_exclusive();
    let head = match row.one(tx).await? {
        Some(row) => from_row(row)?,
        None => without_row(tx).await?,
    };
    let end = write_rows(tx, queued, head.link).await?;
    let sealed = tx.audit_key().and_then(|key| {
        let was_sound = key.verifies(&head.link, head.seal.as_deref()?);
        was_sound.then(|| key.seal(&end).to_vec())
    });
    store(tx, &end, sealed.or(head.seal)).await
}

async fn write_rows(tx: &Tx, queued: Vec<Entry>, mut end: Link) -> Result<Link> {
    let mut rows = Vec::with_capacity(queued.len());
    for entry in queued {
        let (row, link) = to_row(&entry, &end);
        rows.push(row);
        end = link;
    }
    for slice in rows.chunks(ROWS) {
        let insert = audit_entry::Entity::insert_many(slice.to_vec());
        insert.exec_without_returning(tx).await?;
    }
    Ok(end)
}

/// Somebody has removed the head: the chain goes on behind the last entry, without a seal, which
/// `verify` will say.
async fn without_row(tx: &Tx) -> Result<Head> {
    let last = audit_entry::Entity::find()
        .filter(audit_entry::Column::Seq.is_not_null())
        .order_by_desc(audit_entry::Column::Seq)
        .one(tx)
        .await?;
    let link = match last {
        None => Link::default(),
        Some(row) => link(row.seq.unwrap_or(0), row.hash.unwrap_or_default())?,
    };
    let row = audit_head::ActiveModel {
        id: Set(ONLY),
        seq: Set(i64::try_from(link.seq).unwrap_or(i64::MAX)),
        hash: Set(link.hash.to_vec()),
        seal: Set(None),
    };
    audit_head::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(Head { link, seal: None })
}

/// Seals a head that never was sealed: the first start with a key, after an upgrade. One that was
/// sealed before is left as it is, whatever it is worth.
pub async fn adopt(tx: &Tx, key: &SealKey) -> Result<Link> {
    let row = audit_head::Entity::find_by_id(ONLY).lock_exclusive();
    let head = match row.one(tx).await? {
        Some(row) => from_row(row)?,
        None => without_row(tx).await?,
    };
    if head.seal.is_none() {
        store(tx, &head.link, Some(key.seal(&head.link).to_vec())).await?;
    }
    Ok(head.link)
}

/// Whether the head has a seal, whatever it is worth. One that never had is not broken.
pub async fn is_sealed(c: &impl ConnectionTrait) -> Result<bool> {
    Ok(read(c).await?.is_none_or(|head| head.seal.is_some()))
}

/// A head worth noting outside the database: sealed, and behind `noted` in one and the same chain.
pub async fn head_behind(
    c: &impl ConnectionTrait,
    key: &SealKey,
    noted: &Link,
) -> Result<Option<Link>> {
    let Some(head) = read(c).await? else {
        return Ok(None);
    };
    let seal = head.seal.as_deref().unwrap_or_default();
    if head.link.seq <= noted.seq || !key.verifies(&head.link, seal) {
        return Ok(None);
    }
    if noted.seq == 0 {
        return Ok(Some(head.link));
    }
    let row = audit_entry::Entity::find()
        .filter(audit_entry::Column::Seq.eq(i64::try_from(noted.seq).unwrap_or(i64::MAX)))
        .one(c)
        .await?;
    let same = row.is_some_and(|row| row.hash.as_deref() == Some(&noted.hash));
    Ok(same.then_some(head.link))
}

async fn store(tx: &Tx, end: &Link, seal: Option<Vec<u8>>) -> Result<()> {
    let row = audit_head::ActiveModel {
        id: Set(ONLY),
        seq: Set(i64::try_from(end.seq).map_err(|e| corrupt("audit head", &e))?),
        hash: Set(end.hash.to_vec()),
        seal: Set(seal),
    };
    audit_head::Entity::update(row).exec(tx).await?;
    Ok(())
}

fn from_row(row: audit_head::Model) -> Result<Head> {
    Ok(Head {
        link: link(row.seq, row.hash)?,
        seal: row.seal,
    })
}

fn link(seq: i64, hash: Vec<u8>) -> Result<Link> {
    Ok(Link {
        seq: u64::try_from(seq).map_err(|e| corrupt("audit head", &e))?,
        hash: hash
            .try_into()
            .map_err(|_| corrupt("audit head", "a hash has 32 bytes"))?,
    })
}
