//! Is the log what it was? Reads the whole chain and says where it breaks first.

use super::chain::{Columns, Link, SealKey};
use super::head::{Head, read};
use crate::relational::entity::audit_entry::{Column, Entity, Model};
use crate::relational::error::Result;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

const PAGE: u64 = 1_000;

/// What a reading of the whole chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Entries that hold, from the first on.
    pub entries: u64,
    pub head: Link,
    /// The first place that does not hold.
    pub broken: Option<Break>,
}

/// Where and how the chain breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// Number of the first entry that does not hold.
    pub seq: u64,
    pub kind: BreakKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakKind {
    /// This entry says something else than when it was written, or stands in another place.
    Altered,
    /// An entry of this number is not there.
    Missing,
    /// The log ends before the entry that its head names.
    Truncated,
    /// There are entries that the server did not chain.
    Foreign,
    /// The head was not written by this server: everything may have been written anew.
    Unsealed,
    /// The log is older than the server has seen it before.
    RolledBack,
}

impl BreakKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Altered => "altered",
            Self::Missing => "missing",
            Self::Truncated => "truncated",
            Self::Foreign => "foreign",
            Self::Unsealed => "unsealed",
            Self::RolledBack => "rolled_back",
        }
    }
}

/// Reads every entry. Without a key the seal is not looked at; `anchor` is the last head that was
/// noted outside the database. Entries that are written meanwhile do no harm.
pub async fn verify(
    c: &impl ConnectionTrait,
    key: Option<&SealKey>,
    anchor: Option<Link>,
) -> Result<Verification> {
    // In this order: the head only moves up, together with the entries.
    let last = last_seq(c).await?;
    let Some(head) = read(c).await? else {
        let broken = (last > 0 || anchor.is_some() || key.is_some()).then_some(Break {
            seq: last.max(1),
            kind: BreakKind::Unsealed,
        });
        return Ok(Verification {
            entries: 0,
            head: Link::default(),
            broken,
        });
    };
    let walked = walk(c, &head.link, anchor).await?;
    let broken = match walked.broken {
        Some(found) => Some(found),
        None if last > head.link.seq || unchained(c).await? => Some(Break {
            seq: head.link.seq + 1,
            kind: BreakKind::Foreign,
        }),
        None => of_head(&head, key, anchor),
    };
    Ok(Verification {
        entries: walked.at.seq,
        head: head.link,
        broken,
    })
}

/// The head's seal, and whether the log was longer once.
fn of_head(head: &Head, key: Option<&SealKey>, anchor: Option<Link>) -> Option<Break> {
    if let Some(anchor) = anchor.filter(|anchor| anchor.seq > head.link.seq) {
        let seq = (head.link.seq + 1).min(anchor.seq);
        let kind = BreakKind::RolledBack;
        return Some(Break { seq, kind });
    }
    let seal = head.seal.as_deref().unwrap_or_default();
    let sealed = key.is_none_or(|key| key.verifies(&head.link, seal));
    (!sealed).then_some(Break {
        seq: head.link.seq,
        kind: BreakKind::Unsealed,
    })
}

struct Walk {
    /// The last entry that holds.
    at: Link,
    broken: Option<Break>,
}

async fn walk(c: &impl ConnectionTrait, head: &Link, anchor: Option<Link>) -> Result<Walk> {
    let mut at = Link::default();
    loop {
        let rows = page(c, at.seq, head.seq).await?;
        let done = rows.is_empty();
        for row in rows {
            match step(&row, &at, anchor) {
                Ok(link) => at = link,
                Err(kind) => return Ok(broken(at, kind)),
            }
        }
        if done {
            break;
        }
    }
    if at.seq < head.seq {
        return Ok(broken(at, BreakKind::Truncated));
    }
    if at.hash != head.hash {
        let broken = Some(Break {
            seq: at.seq,
            kind: BreakKind::Altered,
        });
        return Ok(Walk { at, broken });
    }
    Ok(Walk { at, broken: None })
}

fn broken(at: Link, kind: BreakKind) -> Walk {
    let seq = at.seq + 1;
    Walk {
        at,
        broken: Some(Break { seq, kind }),
    }
}

/// The row behind `at`, if it is what it should be.
fn step(row: &Model, at: &Link, anchor: Option<Link>) -> Result<Link, BreakKind> {
    let seq = row.seq.and_then(|seq| u64::try_from(seq).ok());
    if seq != Some(at.seq + 1) {
        return Err(BreakKind::Missing);
    }
    let link = Columns::of(row).link_behind(at);
    let as_stored =
        row.hash.as_deref() == Some(&link.hash) && row.prev_hash.as_deref() == Some(&at.hash);
    let as_anchored = anchor.is_none_or(|anchor| anchor.seq != link.seq || anchor == link);
    if as_stored && as_anchored {
        Ok(link)
    } else {
        Err(BreakKind::Altered)
    }
}

async fn page(c: &impl ConnectionTrait, after: u64, up_to: u64) -> Result<Vec<Model>> {
    let bound = |seq: u64| i64::try_from(seq).unwrap_or(i64::MAX);
    let rows = Entity::find()
        .filter(Column::Seq.gt(bound(after)))
        .filter(Column::Seq.lte(bound(up_to)))
        .order_by_asc(Column::Seq)
        .limit(PAGE);
    Ok(rows.all(c).await?)
}

async fn last_seq(c: &impl ConnectionTrait) -> Result<u64> {
    let last = Entity::find()
        .filter(Column::Seq.is_not_null())
        .order_by_desc(Column::Seq)
        .one(c)
        .await?;
    let seq = last.and_then(|row| row.seq).unwrap_or(0);
    Ok(u64::try_from(seq).unwrap_or(0))
}

/// Rows beside the chain: without a number, or with one below the first.
async fn unchained(c: &impl ConnectionTrait) -> Result<bool> {
    let beside = Condition::any()
        .add(Column::Seq.is_null())
        .add(Column::Seq.lt(1));
    Ok(Entity::find().filter(beside).count(c).await? > 0)
}
