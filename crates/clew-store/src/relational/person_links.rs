//! Which visitors are which person: a projection of what pages and people said in the journal.
//!
//! Append-only, but for imports that are taken back and erasure; a link is undone by a later
//! unlink. Rows are known by their place in the journal, so projecting a record again changes
//! nothing. Meaning is decided when reading (`clew_core::identity`), so a merge reaches past events
//! and can be taken back.

use super::entity::person_link::{ActiveModel, Column, Entity, Model};
use super::error::{Result, corrupt, invalid};
use super::persons::Held;
use super::tx::Tx;
use clew_core::identity::{Link, Persons};
use clew_core::model::{EpochMs, ErasedPersons, ImportId, LinkSource, SiteId, UserKey, VisitorId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Parameters of one statement stay far below what either database allows.
const IDS_PER_QUERY: usize = 500;
const LINKS_PER_INSERT: usize = 500;

/// One link or unlink, as the journal has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonLink {
    pub site: SiteId,
    pub visitor: VisitorId,
    pub user: UserKey,
    /// False: the link is taken back.
    pub linked: bool,
    /// Who says so.
    pub source: LinkSource,
    pub node: u32,
    pub lsn: u64,
    /// Position within its record.
    pub seq: u32,
    /// When the server received it.
    pub at: EpochMs,
    /// The import that brought it.
    pub import: Option<ImportId>,
}

/// Appends links; those already there are left as they are.
pub async fn append(tx: &Tx, links: &[PersonLink]) -> Result<()> {
    for chunk in links.chunks(LINKS_PER_INSERT) {
        let rows = chunk.iter().map(row).collect::<Result<Vec<_>>>()?;
        let place = OnConflict::columns([Column::Node, Column::Lsn, Column::Seq]);
        Entity::insert_many(rows)
            .on_conflict(place.clone().do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// An import is taken back: its links go, those from elsewhere stay.
pub async fn revoke(tx: &Tx, site: SiteId, import: ImportId) -> Result<()> {
    Entity::delete_many()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::ImportId.eq(import.to_uuid()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Links of these persons from before `before`, an LSN, and whom else they name.
pub(crate) async fn survey(
    c: &impl ConnectionTrait,
    site: SiteId,
    persons: &ErasedPersons,
    before: u64,
    held: &mut Held,
) -> Result<()> {
    let mut own = Vec::new();
    for (visitor, user) in pairs(c, site, before).await? {
        let is_user = persons.has_user(user);
        if is_user || persons.has_visitor(visitor) {
            held.rows += 1;
            own.push(visitor);
        }
        if is_user {
            held.also.insert(persons.hash_of_visitor(visitor));
        }
    }
    // Merged by hand, they are somebody who has other browsers. What pages say leads no further: a
    // device that two users share does not make them one.
    own.sort_unstable();
    own.dedup();
    for (_, word) in self::persons(c, site, &own).await?.all() {
        if word.source != LinkSource::Page {
            held.also.insert(persons.hash_of_user(word.person));
        }
    }
    held.also.retain(|hash| !persons.hashes().contains(hash));
    Ok(())
}

/// Deletes the links of these persons from before `before`, an LSN.
pub(crate) async fn erase(
    tx: &Tx,
    site: SiteId,
    persons: &ErasedPersons,
    before: u64,
) -> Result<u64> {
    let mut pairs = pairs(tx, site, before).await?;
    pairs.retain(|(visitor, user)| persons.has_user(*user) || persons.has_visitor(*visitor));
    let mut rows = 0;
    for (visitor, user) in pairs {
        let deleted = Entity::delete_many()
            .filter(Column::SiteId.eq(site.to_uuid()))
            .filter(Column::VisitorId.eq(visitor.to_uuid()))
            .filter(Column::UserKey.eq(user.to_uuid()))
            .filter(Column::Lsn.lt(place(before)?))
            .exec(tx)
            .await?;
        rows += deleted.rows_affected;
    }
    Ok(rows)
}

/// Who was ever linked with whom, before this LSN. Hashes are compared here: the database has none.
async fn pairs(
    c: &impl ConnectionTrait,
    site: SiteId,
    before: u64,
) -> Result<Vec<(VisitorId, UserKey)>> {
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .column(Column::VisitorId)
        .column(Column::UserKey)
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::Lsn.lt(place(before)?))
        .distinct()
        .into_tuple()
        .all(c)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(visitor, user)| (visitor.into(), user.into()))
        .collect())
}

fn place(lsn: u64) -> Result<i64> {
    i64::try_from(lsn).map_err(|e| invalid("person link", &e))
}

/// What holds of these visitors.
pub async fn persons(
    c: &impl ConnectionTrait,
    site: SiteId,
    visitors: &[VisitorId],
) -> Result<Persons> {
    let mut links = Vec::new();
    for chunk in visitors.chunks(IDS_PER_QUERY) {
        let rows = ordered(site)
            .filter(Column::VisitorId.is_in(chunk.iter().map(|v| v.to_uuid())))
            .all(c)
            .await?;
        for row in rows {
            links.push(link(&row)?);
        }
    }
    Ok(Persons::after(links))
}

/// The person of each visitor that has one.
pub async fn resolve(
    c: &impl ConnectionTrait,
    site: SiteId,
    visitors: &[VisitorId],
) -> Result<HashMap<VisitorId, UserKey>> {
    let persons = persons(c, site, visitors).await?;
    Ok(persons.all().map(|(v, word)| (v, word.person)).collect())
}

/// The visitors that are these persons now.
pub async fn members(
    c: &impl ConnectionTrait,
    site: SiteId,
    users: &[UserKey],
) -> Result<HashMap<UserKey, Vec<VisitorId>>> {
    let mut visitors = Vec::new();
    for chunk in users.chunks(IDS_PER_QUERY) {
        let found: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::VisitorId)
            .distinct()
            .filter(Column::SiteId.eq(site.to_uuid()))
            .filter(Column::UserKey.is_in(chunk.iter().map(|u| u.to_uuid())))
            .into_tuple()
            .all(c)
            .await?;
        visitors.extend(found.into_iter().map(VisitorId::from));
    }
    visitors.sort_unstable();
    visitors.dedup();
    let persons = persons(c, site, &visitors).await?;
    let mut members: HashMap<UserKey, Vec<VisitorId>> =
        users.iter().map(|user| (*user, Vec::new())).collect();
    for visitor in visitors {
        let person = persons.of(visitor).map(|word| word.person);
        if let Some(of) = person.and_then(|person| members.get_mut(&person)) {
            of.push(visitor);
        }
    }
    Ok(members)
}

/// Every visitor that is, or ever was, linked to this user: what an erasure must reach.
pub async fn visitors_ever(
    c: &impl ConnectionTrait,
    site: SiteId,
    user: UserKey,
) -> Result<Vec<VisitorId>> {
    let rows = Entity::find()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::UserKey.eq(user.to_uuid()))
        .order_by_asc(Column::VisitorId)
        .all(c)
        .await?;
    let mut visitors: Vec<VisitorId> = rows.into_iter().map(|r| r.visitor_id.into()).collect();
    visitors.dedup();
    Ok(visitors)
}

/// Every visitor that is, now, the same person as one of these, these included: whom an erasure of
/// a person must reach beside those of [`visitors_ever`].
pub async fn same_persons(
    c: &impl ConnectionTrait,
    site: SiteId,
    visitors: &[VisitorId],
) -> Result<Vec<VisitorId>> {
    let persons = resolve(c, site, visitors).await?;
    let mut users: Vec<UserKey> = persons.into_values().collect();
    users.sort_unstable();
    users.dedup();
    let members = members(c, site, &users).await?;
    let mut all: Vec<_> = members
        .into_values()
        .flatten()
        .chain(visitors.iter().copied())
        .collect();
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Every user whom this visitor is, or ever was, linked to.
pub async fn users_ever(
    c: &impl ConnectionTrait,
    site: SiteId,
    visitor: VisitorId,
) -> Result<Vec<UserKey>> {
    let rows = Entity::find()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::VisitorId.eq(visitor.to_uuid()))
        .order_by_asc(Column::UserKey)
        .all(c)
        .await?;
    let mut users: Vec<UserKey> = rows.into_iter().map(|r| r.user_key.into()).collect();
    users.dedup();
    Ok(users)
}

/// Every link and unlink of these users, in the order of the journal.
pub async fn of_users(
    c: &impl ConnectionTrait,
    site: SiteId,
    users: &[UserKey],
) -> Result<Vec<PersonLink>> {
    let mut links = Vec::new();
    for chunk in users.chunks(IDS_PER_QUERY) {
        let rows = Entity::find()
            .filter(Column::SiteId.eq(site.to_uuid()))
            .filter(Column::UserKey.is_in(chunk.iter().map(|user| user.to_uuid())))
            .order_by_asc(Column::Node)
            .order_by_asc(Column::Lsn)
            .order_by_asc(Column::Seq)
            .all(c)
            .await?;
        for row in rows {
            links.push(stored(&row)?);
        }
    }
    Ok(links)
}

/// What was said about one visitor, the latest first.
pub async fn history(
    c: &impl ConnectionTrait,
    site: SiteId,
    visitor: VisitorId,
    most: u64,
) -> Result<Vec<(EpochMs, Link)>> {
    let rows = Entity::find()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::VisitorId.eq(visitor.to_uuid()))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Node)
        .order_by_desc(Column::Lsn)
        .order_by_desc(Column::Seq)
        .limit(most)
        .all(c)
        .await?;
    rows.iter()
        .map(|row| Ok((EpochMs(row.at), link(row)?)))
        .collect()
}

fn ordered(site: SiteId) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .order_by_asc(Column::At)
        .order_by_asc(Column::Node)
        .order_by_asc(Column::Lsn)
        .order_by_asc(Column::Seq)
}

fn link(row: &Model) -> Result<Link> {
    let source = LinkSource::try_from(row.source);
    Ok(Link {
        visitor: row.visitor_id.into(),
        person: row.user_key.into(),
        linked: row.linked,
        source: source.map_err(|e| corrupt("person link", &e))?,
    })
}

fn stored(row: &Model) -> Result<PersonLink> {
    let number = |n: i64| u64::try_from(n).map_err(|e| corrupt("person link", &e));
    let source = LinkSource::try_from(row.source);
    Ok(PersonLink {
        site: row.site_id.into(),
        visitor: row.visitor_id.into(),
        user: row.user_key.into(),
        linked: row.linked,
        source: source.map_err(|e| corrupt("person link", &e))?,
        node: u32::try_from(row.node).map_err(|e| corrupt("person link", &e))?,
        lsn: number(row.lsn)?,
        seq: u32::try_from(row.seq).map_err(|e| corrupt("person link", &e))?,
        at: EpochMs(row.at),
        import: row.import_id.map(ImportId::from),
    })
}

fn row(link: &PersonLink) -> Result<ActiveModel> {
    let too_large = |e| invalid("person link", &e);
    Ok(ActiveModel {
        node: Set(i64::from(link.node)),
        lsn: Set(i64::try_from(link.lsn).map_err(too_large)?),
        seq: Set(i32::try_from(link.seq).map_err(too_large)?),
        site_id: Set(link.site.to_uuid()),
        visitor_id: Set(link.visitor.to_uuid()),
        user_key: Set(link.user.to_uuid()),
        linked: Set(link.linked),
        at: Set(link.at.0),
        import_id: Set(link.import.map(ImportId::to_uuid)),
        source: Set(link.source as i32),
    })
}
