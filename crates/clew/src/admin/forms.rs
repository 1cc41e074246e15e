//! Making, changing and deleting forms and their fields.

use super::acting::{Acting, Done};
use super::changes::Changes;
use crate::clock;
use clew_core::model::SiteId;
use clew_core::model::id::RowId;
use clew_store::relational::form_fields::{self, FieldChange, FormField, NewField};
use clew_store::relational::forms::{self, Form, FormChange, NewForm};
use clew_store::relational::{Db, Result};

/// The caller vouches for the site.
pub async fn create(db: &Db, by: Acting, site: SiteId, new: NewForm) -> Result<Form> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            let form = forms::create(tx, site, new, now).await?;
            let detail = form_changes(None, &form).detail();
            by.note_with(tx, done("form.create", site, form.id), detail, now);
            Ok(form)
        })
    })
    .await
}

pub async fn update(
    db: &Db,
    by: Acting,
    site: SiteId,
    id: RowId,
    change: FormChange,
) -> Result<Form> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            let old = forms::get(tx, site, id).await?;
            let form = forms::update(tx, site, id, change, now).await?;
            let detail = form_changes(Some(&old), &form).detail();
            by.note_with(tx, done("form.update", site, id), detail, now);
            Ok(form)
        })
    })
    .await
}

/// With its fields.
pub async fn delete(db: &Db, by: Acting, site: SiteId, id: RowId) -> Result<()> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            forms::delete(tx, site, id).await?;
            by.note(tx, done("form.delete", site, id), now).await
        })
    })
    .await
}

/// The caller vouches for the form, and that it is the site's.
pub async fn create_field(
    db: &Db,
    by: Acting,
    (site, form): (SiteId, RowId),
    new: NewField,
) -> Result<FormField> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            // It may have been deleted since the caller looked.
            forms::get(tx, site, form).await?;
            let field = form_fields::create(tx, form, new, now).await?;
            let detail = field_changes(None, &field).detail();
            by.note_with(tx, done("field.create", site, field.id), detail, now);
            Ok(field)
        })
    })
    .await
}

pub async fn update_field(
    db: &Db,
    by: Acting,
    (site, form): (SiteId, RowId),
    id: RowId,
    change: FieldChange,
) -> Result<FormField> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            let old = form_fields::get(tx, form, id).await?;
            let field = form_fields::update(tx, form, id, change, now).await?;
            let detail = field_changes(Some(&old), &field).detail();
            by.note_with(tx, done("field.update", site, id), detail, now);
            Ok(field)
        })
    })
    .await
}

pub async fn delete_field(
    db: &Db,
    by: Acting,
    (site, form): (SiteId, RowId),
    id: RowId,
) -> Result<()> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            form_fields::delete(tx, form, id).await?;
            by.note(tx, done("field.delete", site, id), now).await
        })
    })
    .await
}

fn form_changes(old: Option<&Form>, new: &Form) -> Changes {
    let mut changes = Changes::default();
    changes.field("formName", old.map(|form| &form.name), &new.name);
    changes.field("pageUrl", old.map(|form| &form.page_url), &new.page_url);
    let selector = old.map(|form| &form.selector);
    changes.field("formSelector", selector, &new.selector);
    let selectors = old.map(|form| &form.alternative_selectors);
    changes.field(
        "alternativeSelectors",
        selectors,
        &new.alternative_selectors,
    );
    changes.field("isActive", old.map(|form| form.is_active), new.is_active);
    changes.field("metadata", old.map(|form| &form.metadata), &new.metadata);
    changes
}

fn field_changes(old: Option<&FormField>, new: &FormField) -> Changes {
    let mut changes = Changes::default();
    changes.field("fieldName", old.map(|field| &field.name), &new.name);
    let selector = old.map(|field| &field.selector);
    changes.field("fieldSelector", selector, &new.selector);
    changes.field("fieldType", old.map(|field| &field.kind), &new.kind);
    changes.field("label", old.map(|field| &field.label), &new.label);
    let required = old.map(|field| field.is_required);
    changes.field("isRequired", required, new.is_required);
    let rules = old.map(|field| &field.validation_rules);
    changes.field("validationRules", rules, &new.validation_rules);
    changes.field("order", old.map(|field| field.order), new.order);
    changes
}

fn done(action: &'static str, site: SiteId, subject: RowId) -> Done {
    Done {
        action,
        site: Some(site),
        subject: subject.to_string(),
    }
}
