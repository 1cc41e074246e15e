//! Forms of a site: which form on which page is watched.
//!
//! A form belongs to one site and goes with it; its fields ([`super::form_fields`]) go with the
//! form. Every change counts the policy revision up, because scripts and ingest know the forms.

use super::entity::{form, site};
use super::error::{Result, corrupt, invalid, missing};
use super::tx::Tx;
use super::{form_fields, revisions};
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

/// Forms of one site; all of them stand in its script.
const MOST_FORMS: u64 = 500;
const MOST_SELECTORS: usize = 20;
/// Of names and addresses, and of CSS selectors, in characters.
const LONGEST_TEXT: usize = 255;
const LONGEST_SELECTOR: usize = 500;
/// All forms of one site with their fields, which every node keeps in memory and sends to pages.
const MOST_SITE_BYTES: usize = 256 << 10;
/// What a form or a field takes besides its texts.
const ROW_BYTES: usize = 100;
/// Of an object that a client thinks up, as JSON.
const MOST_OBJECT_BYTES: usize = 16 << 10;

/// An open object: its members are the client's affair.
pub type Object = Map<String, Value>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub id: RowId,
    pub site: SiteId,
    pub name: String,
    /// Address, path or pattern of the pages it stands on.
    pub page_url: String,
    /// CSS.
    pub selector: String,
    /// Tried in order where `selector` finds nothing.
    pub alternative_selectors: Vec<String>,
    pub is_active: bool,
    pub metadata: Object,
    pub created_at: EpochMs,
    pub updated_at: EpochMs,
}

#[derive(Clone, Debug)]
pub struct NewForm {
    pub name: String,
    pub page_url: String,
    pub selector: String,
    pub alternative_selectors: Vec<String>,
    pub is_active: bool,
    pub metadata: Object,
}

/// What to change; `None` leaves a member as it is.
#[derive(Clone, Debug, Default)]
pub struct FormChange {
    pub name: Option<String>,
    pub page_url: Option<String>,
    pub selector: Option<String>,
    pub alternative_selectors: Option<Vec<String>>,
    pub is_active: Option<bool>,
    pub metadata: Option<Object>,
}

/// A part of a list.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    pub limit: u64,
    pub offset: u64,
}

/// Some rows, and how many there are in all.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub total: u64,
}

/// A form as scripts and ingest know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientForm {
    pub form_id: RowId,
    pub form_name: String,
    pub page_url: String,
    pub form_selector: String,
    pub alternative_selectors: Vec<String>,
    pub is_active: bool,
    /// In order.
    pub fields: Vec<ClientField>,
}

/// A field of a [`ClientForm`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientField {
    pub field_id: RowId,
    pub field_selector: String,
    pub field_name: String,
    pub field_type: String,
    pub label: Option<String>,
    pub is_required: bool,
    pub validation_rules: Object,
    pub order: i32,
}

/// Adds a form to a site. The caller vouches for the site.
pub async fn create(tx: &Tx, site: SiteId, new: NewForm, now: EpochMs) -> Result<Form> {
    let known = form::Entity::find().filter(form::Column::SiteId.eq(site.to_uuid()));
    if known.count(tx).await? >= MOST_FORMS {
        return Err(invalid("form", "a site has at most 500"));
    }
    let before = bytes(tx, site).await?;
    let row = form::ActiveModel {
        id: Set(Uuid::now_v7()),
        site_id: Set(site.to_uuid()),
        name: Set(checked_text("formName", &new.name)?),
        page_url: Set(checked_text("pageUrl", &new.page_url)?),
        selector: Set(checked_selector("formSelector", &new.selector)?),
        alternative_selectors: Set(checked_selectors(&new.alternative_selectors)?),
        is_active: Set(new.is_active),
        metadata: Set(checked_object("metadata", &new.metadata)?),
        created_at: Set(now.0),
        updated_at: Set(now.0),
    };
    let row = form::Entity::insert(row).exec_with_returning(tx).await?;
    refuse_excess(tx, site, before).await?;
    revisions::policies_changed(tx).await?;
    from_row(row)
}

/// A form of any site of the account that is not deleted.
pub async fn find(c: &impl ConnectionTrait, account: RowId, id: RowId) -> Result<Form> {
    let row = form::Entity::find_by_id(id.to_uuid()).one(c).await?;
    let row = row.ok_or_else(missing("form"))?;
    let site = site::Entity::find_by_id(row.site_id)
        .filter(site::Column::AccountId.eq(account.to_uuid()))
        .filter(site::Column::DeletedAt.is_null())
        .one(c)
        .await?;
    site.ok_or_else(missing("form"))?;
    from_row(row)
}

/// A form of this site.
pub async fn get(c: &impl ConnectionTrait, site: SiteId, id: RowId) -> Result<Form> {
    let row = form::Entity::find_by_id(id.to_uuid())
        .filter(form::Column::SiteId.eq(site.to_uuid()))
        .one(c)
        .await?;
    from_row(row.ok_or_else(missing("form"))?)
}

/// The site's forms, oldest first.
pub async fn list(c: &impl ConnectionTrait, site: SiteId, page: Page) -> Result<Listed<Form>> {
    let own = form::Entity::find().filter(form::Column::SiteId.eq(site.to_uuid()));
    let total = own.clone().count(c).await?;
    let rows = own
        .order_by_asc(form::Column::Id)
        .limit(page.limit)
        .offset(page.offset)
        .all(c)
        .await?;
    let rows = rows.into_iter().map(from_row).collect::<Result<_>>()?;
    Ok(Listed { rows, total })
}

/// Every site's forms with their fields, for those who keep them in memory.
pub(super) async fn of_all_sites(c: &impl ConnectionTrait) -> Result<Vec<(SiteId, ClientForm)>> {
    let mut fields = form_fields::of_all_forms(c).await?;
    let rows = form::Entity::find().order_by_asc(form::Column::Id);
    let mut forms = Vec::new();
    for row in rows.all(c).await? {
        let form = from_row(row)?;
        let client_form = ClientForm {
            form_id: form.id,
            form_name: form.name,
            page_url: form.page_url,
            form_selector: form.selector,
            alternative_selectors: form.alternative_selectors,
            is_active: form.is_active,
            fields: fields.remove(&form.id).unwrap_or_default(),
        };
        forms.push((form.site, client_form));
    }
    Ok(forms)
}

pub async fn update(
    tx: &Tx,
    site: SiteId,
    id: RowId,
    change: FormChange,
    now: EpochMs,
) -> Result<Form> {
    get(tx, site, id).await?;
    let before = bytes(tx, site).await?;
    let mut row = form::ActiveModel {
        id: Set(id.to_uuid()),
        updated_at: Set(now.0),
        ..Default::default()
    };
    if let Some(name) = &change.name {
        row.name = Set(checked_text("formName", name)?);
    }
    if let Some(page) = &change.page_url {
        row.page_url = Set(checked_text("pageUrl", page)?);
    }
    if let Some(selector) = &change.selector {
        row.selector = Set(checked_selector("formSelector", selector)?);
    }
    if let Some(selectors) = &change.alternative_selectors {
        row.alternative_selectors = Set(checked_selectors(selectors)?);
    }
    if let Some(is_active) = change.is_active {
        row.is_active = Set(is_active);
    }
    if let Some(metadata) = &change.metadata {
        row.metadata = Set(checked_object("metadata", metadata)?);
    }
    form::Entity::update(row).exec(tx).await?;
    refuse_excess(tx, site, before).await?;
    revisions::policies_changed(tx).await?;
    get(tx, site, id).await
}

/// Removes a form and its fields. Events keep their name for it, which then leads nowhere.
pub async fn delete(tx: &Tx, site: SiteId, id: RowId) -> Result<()> {
    get(tx, site, id).await?;
    form_fields::delete_of(tx, &[id.to_uuid()]).await?;
    form::Entity::delete_by_id(id.to_uuid()).exec(tx).await?;
    revisions::policies_changed(tx).await
}

/// Removes all forms of a site that is being deleted.
pub(super) async fn delete_of_site(tx: &Tx, site: SiteId) -> Result<()> {
    let own = form::Entity::find().filter(form::Column::SiteId.eq(site.to_uuid()));
    let ids: Vec<Uuid> = own.all(tx).await?.into_iter().map(|row| row.id).collect();
    form_fields::delete_of(tx, &ids).await?;
    form::Entity::delete_many()
        .filter(form::Column::SiteId.eq(site.to_uuid()))
        .exec(tx)
        .await?;
    Ok(())
}

/// How much the site's forms and their fields take.
pub(super) async fn bytes(c: &impl ConnectionTrait, site: SiteId) -> Result<usize> {
    let own = form::Entity::find().filter(form::Column::SiteId.eq(site.to_uuid()));
    let rows = own.all(c).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let forms = rows.iter().map(|row| {
        let texts = [&row.name, &row.page_url, &row.selector, &row.metadata];
        let texts = texts.into_iter().chain([&row.alternative_selectors]);
        ROW_BYTES + texts.map(String::len).sum::<usize>()
    });
    let forms: usize = forms.sum();
    Ok(forms + form_fields::bytes_of(c, &ids, ROW_BYTES).await?)
}

/// Ends the caller's transaction when a change took more than there is room for. `before` is what
/// [`bytes`] said ahead of it: whoever has too much may still make it less.
pub(super) async fn refuse_excess(tx: &Tx, site: SiteId, before: usize) -> Result<()> {
    let now = bytes(tx, site).await?;
    if now > MOST_SITE_BYTES.max(before) {
        let reason = "all forms of a site with their fields have at most 256 KiB";
        return Err(invalid("form", reason));
    }
    Ok(())
}

/// The site of a form.
pub(super) async fn site_of(c: &impl ConnectionTrait, id: RowId) -> Result<SiteId> {
    let row = form::Entity::find_by_id(id.to_uuid()).one(c).await?;
    Ok(row.ok_or_else(missing("form"))?.site_id.into())
}

fn from_row(row: form::Model) -> Result<Form> {
    let selectors = serde_json::from_str(&row.alternative_selectors);
    Ok(Form {
        id: row.id.into(),
        site: row.site_id.into(),
        name: row.name,
        page_url: row.page_url,
        selector: row.selector,
        alternative_selectors: selectors.map_err(|e| corrupt("alternative selectors", &e))?,
        is_active: row.is_active,
        metadata: stored_object("form metadata", &row.metadata)?,
        created_at: EpochMs(row.created_at),
        updated_at: EpochMs(row.updated_at),
    })
}

/// Trimmed, 1 to 255 characters, none of them a control character.
pub(super) fn checked_text(what: &'static str, text: &str) -> Result<String> {
    checked(what, text, LONGEST_TEXT)
}

/// As [`checked_text`], up to 500 characters.
pub(super) fn checked_selector(what: &'static str, text: &str) -> Result<String> {
    checked(what, text, LONGEST_SELECTOR)
}

fn checked(what: &'static str, text: &str, longest: usize) -> Result<String> {
    let text = text.trim();
    if !(1..=longest).contains(&text.chars().count()) {
        let reason = format!("1 to {longest} characters are needed");
        return Err(invalid(what, &reason));
    }
    if text.chars().any(char::is_control) {
        return Err(invalid(what, "control characters are not allowed"));
    }
    Ok(text.to_owned())
}

fn checked_selectors(selectors: &[String]) -> Result<String> {
    let what = "alternativeSelectors";
    if selectors.len() > MOST_SELECTORS {
        return Err(invalid(what, "a form has at most 20"));
    }
    let checked = selectors.iter().map(|s| checked_selector(what, s));
    let checked: Vec<String> = checked.collect::<Result<_>>()?;
    serde_json::to_string(&checked).map_err(|e| corrupt(what, &e))
}

/// The object as text, if it is not too large.
pub(super) fn checked_object(what: &'static str, object: &Object) -> Result<String> {
    let text = serde_json::to_string(object).map_err(|e| corrupt(what, &e))?;
    if text.len() > MOST_OBJECT_BYTES {
        return Err(invalid(what, "an object has at most 16 KiB"));
    }
    Ok(text)
}

pub(super) fn stored_object(what: &'static str, text: &str) -> Result<Object> {
    serde_json::from_str(text).map_err(|e| corrupt(what, &e))
}
