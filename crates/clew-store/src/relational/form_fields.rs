//! Fields of a form, in the order in which they are shown.

use super::entity::form_field;
use super::error::{Result, invalid, missing};
use super::forms::{
    self, ClientField, Form, Listed, Object, Page, checked_object, checked_selector, checked_text,
    stored_object,
};
use super::revisions;
use super::tx::Tx;
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Fields of one form.
const MOST_FIELDS: u64 = 200;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    pub id: RowId,
    pub form: RowId,
    /// CSS, within the form.
    pub selector: String,
    pub name: String,
    /// As in HTML: `text`, `email`, `tel` …
    pub kind: String,
    pub label: Option<String>,
    pub is_required: bool,
    pub validation_rules: Object,
    /// Place in the form; ties in the order of making.
    pub order: i32,
    pub created_at: EpochMs,
    pub updated_at: EpochMs,
}

#[derive(Clone, Debug)]
pub struct NewField {
    pub selector: String,
    pub name: String,
    pub kind: String,
    pub label: Option<String>,
    pub is_required: bool,
    pub validation_rules: Object,
    /// `None`: behind the last one.
    pub order: Option<i32>,
}

/// What to change; `None` leaves a member as it is.
#[derive(Clone, Debug, Default)]
pub struct FieldChange {
    pub selector: Option<String>,
    pub name: Option<String>,
    pub kind: Option<String>,
    pub label: Option<Option<String>>,
    pub is_required: Option<bool>,
    pub validation_rules: Option<Object>,
    pub order: Option<i32>,
}

/// Adds a field to a form. The caller vouches for the form.
pub async fn create(tx: &Tx, form: RowId, new: NewField, now: EpochMs) -> Result<FormField> {
    let own = form_field::Entity::find().filter(form_field::Column::FormId.eq(form.to_uuid()));
    if own.clone().count(tx).await? >= MOST_FIELDS {
        return Err(invalid("field", "a form has at most 200"));
    }
    let site = forms::site_of(tx, form).await?;
    let before = forms::bytes(tx, site).await?;
    let order = if let Some(order) = new.order {
        order
    } else {
        let last = own.order_by_desc(form_field::Column::Position);
        let last = last.one(tx).await?;
        last.map_or(0, |last| last.position.saturating_add(1))
    };
    let row = form_field::ActiveModel {
        id: Set(Uuid::now_v7()),
        form_id: Set(form.to_uuid()),
        selector: Set(checked_selector("fieldSelector", &new.selector)?),
        name: Set(checked_text("fieldName", &new.name)?),
        kind: Set(checked_text("fieldType", &new.kind)?),
        label: Set(checked_label(new.label.as_deref())?),
        is_required: Set(new.is_required),
        validation_rules: Set(checked_object("validationRules", &new.validation_rules)?),
        position: Set(order),
        created_at: Set(now.0),
        updated_at: Set(now.0),
    };
    let row = form_field::Entity::insert(row)
        .exec_with_returning(tx)
        .await?;
    forms::refuse_excess(tx, site, before).await?;
    revisions::policies_changed(tx).await?;
    from_row(row)
}

/// A field of any form of the account, and its form.
pub async fn find(
    c: &impl ConnectionTrait,
    account: RowId,
    id: RowId,
) -> Result<(Form, FormField)> {
    let row = form_field::Entity::find_by_id(id.to_uuid()).one(c).await?;
    let field = from_row(row.ok_or_else(missing("field"))?)?;
    match forms::find(c, account, field.form).await {
        Ok(form) => Ok((form, field)),
        Err(super::StoreError::NotFound { .. }) => Err(missing("field")()),
        Err(error) => Err(error),
    }
}

/// A field of this form.
pub async fn get(c: &impl ConnectionTrait, form: RowId, id: RowId) -> Result<FormField> {
    let row = form_field::Entity::find_by_id(id.to_uuid())
        .filter(form_field::Column::FormId.eq(form.to_uuid()))
        .one(c)
        .await?;
    from_row(row.ok_or_else(missing("field"))?)
}

/// The form's fields in order.
pub async fn list(c: &impl ConnectionTrait, form: RowId, page: Page) -> Result<Listed<FormField>> {
    let own = form_field::Entity::find().filter(form_field::Column::FormId.eq(form.to_uuid()));
    let total = own.clone().count(c).await?;
    let rows = own
        .order_by_asc(form_field::Column::Position)
        .order_by_asc(form_field::Column::Id)
        .limit(page.limit)
        .offset(page.offset)
        .all(c)
        .await?;
    let rows = rows.into_iter().map(from_row).collect::<Result<_>>()?;
    Ok(Listed { rows, total })
}

pub async fn update(
    tx: &Tx,
    form: RowId,
    id: RowId,
    change: FieldChange,
    now: EpochMs,
) -> Result<FormField> {
    get(tx, form, id).await?;
    let site = forms::site_of(tx, form).await?;
    let before = forms::bytes(tx, site).await?;
    let mut row = form_field::ActiveModel {
        id: Set(id.to_uuid()),
        updated_at: Set(now.0),
        ..Default::default()
    };
    if let Some(selector) = &change.selector {
        row.selector = Set(checked_selector("fieldSelector", selector)?);
    }
    if let Some(name) = &change.name {
        row.name = Set(checked_text("fieldName", name)?);
    }
    if let Some(kind) = &change.kind {
        row.kind = Set(checked_text("fieldType", kind)?);
    }
    if let Some(label) = &change.label {
        row.label = Set(checked_label(label.as_deref())?);
    }
    if let Some(is_required) = change.is_required {
        row.is_required = Set(is_required);
    }
    if let Some(rules) = &change.validation_rules {
        row.validation_rules = Set(checked_object("validationRules", rules)?);
    }
    if let Some(order) = change.order {
        row.position = Set(order);
    }
    form_field::Entity::update(row).exec(tx).await?;
    forms::refuse_excess(tx, site, before).await?;
    revisions::policies_changed(tx).await?;
    get(tx, form, id).await
}

pub async fn delete(tx: &Tx, form: RowId, id: RowId) -> Result<()> {
    get(tx, form, id).await?;
    form_field::Entity::delete_by_id(id.to_uuid())
        .exec(tx)
        .await?;
    revisions::policies_changed(tx).await
}

/// Removes all fields of forms that are being deleted.
pub(super) async fn delete_of(tx: &Tx, forms: &[Uuid]) -> Result<()> {
    form_field::Entity::delete_many()
        .filter(form_field::Column::FormId.is_in(forms.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// How much the fields of these forms take, each `own` besides its texts.
pub(super) async fn bytes_of(
    c: &impl ConnectionTrait,
    forms: &[Uuid],
    own: usize,
) -> Result<usize> {
    let rows = form_field::Entity::find()
        .filter(form_field::Column::FormId.is_in(forms.iter().copied()))
        .all(c)
        .await?;
    let sizes = rows.iter().map(|row| {
        let label = row.label.as_ref().map_or(0, String::len);
        let texts = [&row.selector, &row.name, &row.kind, &row.validation_rules];
        own + label + texts.into_iter().map(String::len).sum::<usize>()
    });
    Ok(sizes.sum())
}

/// Every form's fields in order.
pub(super) async fn of_all_forms(
    c: &impl ConnectionTrait,
) -> Result<HashMap<RowId, Vec<ClientField>>> {
    let rows = form_field::Entity::find()
        .order_by_asc(form_field::Column::Position)
        .order_by_asc(form_field::Column::Id);
    let mut fields: HashMap<RowId, Vec<ClientField>> = HashMap::new();
    for row in rows.all(c).await? {
        let field = from_row(row)?;
        fields.entry(field.form).or_default().push(field.into());
    }
    Ok(fields)
}

impl From<FormField> for ClientField {
    fn from(field: FormField) -> Self {
        Self {
            field_id: field.id,
            field_selector: field.selector,
            field_name: field.name,
            field_type: field.kind,
            label: field.label,
            is_required: field.is_required,
            validation_rules: field.validation_rules,
            order: field.order,
        }
    }
}

fn from_row(row: form_field::Model) -> Result<FormField> {
    Ok(FormField {
        id: row.id.into(),
        form: row.form_id.into(),
        selector: row.selector,
        name: row.name,
        kind: row.kind,
        label: row.label,
        is_required: row.is_required,
        validation_rules: stored_object("validation rules", &row.validation_rules)?,
        order: row.position,
        created_at: EpochMs(row.created_at),
        updated_at: EpochMs(row.updated_at),
    })
}

fn checked_label(label: Option<&str>) -> Result<Option<String>> {
    let label = label.filter(|label| !label.trim().is_empty());
    label.map(|label| checked_text("label", label)).transpose()
}
