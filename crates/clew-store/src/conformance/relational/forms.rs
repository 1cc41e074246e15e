//! Forms and their fields.

use super::{NOW, account, is_invalid, is_missing, site, write};
use crate::relational::form_fields::{self, FieldChange, FormField, NewField};
use crate::relational::forms::{self, Form, FormChange, NewForm, Object, Page};
use crate::relational::sites::{self, NewSite};
use crate::relational::{Db, Result, policies};
use clew_core::model::SiteId;
use clew_core::model::id::RowId;
use serde_json::json;

const WHOLE: Page = Page {
    limit: 100,
    offset: 0,
};

fn contact() -> NewForm {
    NewForm {
        name: " Contact ".into(),
        page_url: "/contact".into(),
        selector: "#contact".into(),
        alternative_selectors: vec!["form.contact".into()],
        is_active: true,
        metadata: object(&json!({ "team": "sales" })),
    }
}

fn field(name: &str, order: Option<i32>) -> NewField {
    NewField {
        selector: format!("[name={name}]"),
        name: name.into(),
        kind: "text".into(),
        label: Some("Label".into()),
        is_required: true,
        validation_rules: object(&json!({ "minLength": 2 })),
        order,
    }
}

fn object(value: &serde_json::Value) -> Object {
    value.as_object().cloned().unwrap()
}

async fn form(db: &Db, site: SiteId, new: NewForm) -> Result<Form> {
    write(db, move |tx| {
        Box::pin(async move { forms::create(tx, site, new, NOW).await })
    })
    .await
}

async fn add(db: &Db, form: RowId, new: NewField) -> Result<FormField> {
    write(db, move |tx| {
        Box::pin(async move { form_fields::create(tx, form, new, NOW).await })
    })
    .await
}

async fn own_site(db: &Db) -> (RowId, SiteId) {
    let owner = account(db, "a").await;
    (
        owner,
        site(db, owner, NewSite::named("shop")).await.unwrap().id,
    )
}

pub(super) async fn a_form_comes_back_with_its_fields_in_order(db: Db) {
    let (owner, site) = own_site(&db).await;
    let made = form(&db, site, contact()).await.unwrap();
    assert_eq!((made.name.as_str(), made.site), ("Contact", site));
    assert_eq!(forms::find(db.read(), owner, made.id).await.unwrap(), made);
    for (name, order) in [("second", None), ("third", None), ("first", Some(-1))] {
        add(&db, made.id, field(name, order)).await.unwrap();
    }
    let fields = form_fields::list(db.read(), made.id, WHOLE).await.unwrap();
    let names: Vec<_> = fields
        .rows
        .iter()
        .map(|f| (f.name.as_str(), f.order))
        .collect();
    assert_eq!(names, [("first", -1), ("second", 0), ("third", 1)]);
    let second = Page {
        limit: 1,
        offset: 1,
    };
    let page = form_fields::list(db.read(), made.id, second).await.unwrap();
    assert_eq!((page.rows.len(), page.total), (1, 3));
    assert_eq!(page.rows[0], fields.rows[1]);
    let (of, found) = form_fields::find(db.read(), owner, fields.rows[0].id)
        .await
        .unwrap();
    assert_eq!((of, found), (made, fields.rows[0].clone()));
}

pub(super) async fn a_change_leaves_alone_what_it_does_not_name(db: Db) {
    let (_, site) = own_site(&db).await;
    let made = form(&db, site, contact()).await.unwrap();
    let id = made.id;
    let changed = write(&db, move |tx| {
        Box::pin(async move {
            let change = FormChange {
                is_active: Some(false),
                ..FormChange::default()
            };
            forms::update(tx, site, id, change, NOW.plus(5)).await
        })
    });
    let expected = Form {
        is_active: false,
        updated_at: NOW.plus(5),
        ..made
    };
    assert_eq!(changed.await.unwrap(), expected);
    let first = add(&db, id, field("mail", None)).await.unwrap();
    let field = first.id;
    let changed = write(&db, move |tx| {
        Box::pin(async move {
            let change = FieldChange {
                label: Some(None),
                kind: Some("email".into()),
                ..FieldChange::default()
            };
            form_fields::update(tx, id, field, change, NOW.plus(6)).await
        })
    });
    let expected = FormField {
        label: None,
        kind: "email".into(),
        updated_at: NOW.plus(6),
        ..first
    };
    assert_eq!(changed.await.unwrap(), expected);
}

pub(super) async fn forms_of_other_sites_are_out_of_reach(db: Db) {
    let (owner, site_of_a) = own_site(&db).await;
    let other = account(&db, "b").await;
    let foreign = site(&db, other, NewSite::named("foreign"))
        .await
        .unwrap()
        .id;
    let made = form(&db, foreign, contact()).await.unwrap();
    let field = add(&db, made.id, field("mail", None)).await.unwrap().id;
    let id = made.id;
    assert!(is_missing(&forms::find(db.read(), owner, id).await));
    assert!(is_missing(&forms::get(db.read(), site_of_a, id).await));
    assert!(is_missing(
        &form_fields::find(db.read(), owner, field).await
    ));
    let change = write(&db, move |tx| {
        Box::pin(async move { forms::update(tx, site_of_a, id, FormChange::default(), NOW).await })
    });
    assert!(is_missing(&change.await));
    let removal = write(&db, move |tx| {
        Box::pin(async move { forms::delete(tx, site_of_a, id).await })
    });
    assert!(is_missing(&removal.await));
    assert_eq!(
        forms::list(db.read(), site_of_a, WHOLE)
            .await
            .unwrap()
            .total,
        0
    );
    assert_eq!(
        forms::list(db.read(), foreign, WHOLE).await.unwrap().total,
        1
    );
}

pub(super) async fn a_form_takes_its_fields_along_and_a_site_its_forms(db: Db) {
    let (owner, site) = own_site(&db).await;
    let one = form(&db, site, contact()).await.unwrap().id;
    let of_one = add(&db, one, field("mail", None)).await.unwrap().id;
    let two = form(&db, site, contact()).await.unwrap().id;
    let of_two = add(&db, two, field("mail", None)).await.unwrap().id;
    write(&db, move |tx| {
        Box::pin(async move { forms::delete(tx, site, one).await })
    })
    .await
    .unwrap();
    assert!(is_missing(
        &form_fields::find(db.read(), owner, of_one).await
    ));
    assert!(form_fields::find(db.read(), owner, of_two).await.is_ok());
    write(&db, move |tx| {
        Box::pin(async move { sites::delete(tx, owner, site, NOW).await })
    })
    .await
    .unwrap();
    assert!(is_missing(&forms::find(db.read(), owner, two).await));
    assert!(is_missing(&form_fields::get(db.read(), two, of_two).await));
    let dead = sites::tombstones(db.read(), owner).await.unwrap();
    assert_eq!(dead.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [site]);
    let other = account(&db, "b").await;
    assert!(
        sites::tombstones(db.read(), other)
            .await
            .unwrap()
            .is_empty()
    );
}

pub(super) async fn policies_know_every_form_and_hear_of_changes(db: Db) {
    let (_, site) = own_site(&db).await;
    let revision = db.policy_revision();
    let before = *revision.borrow();
    let made = form(&db, site, contact()).await.unwrap();
    add(&db, made.id, field("mail", None)).await.unwrap();
    assert!(*revision.borrow() >= before + 2);
    let entries = policies::all(db.read()).await.unwrap();
    let forms = serde_json::to_value(&entries[0].forms).unwrap();
    let expected = json!([{
        "formId": made.id, "formName": "Contact", "pageUrl": "/contact",
        "formSelector": "#contact", "alternativeSelectors": ["form.contact"], "isActive": true,
        "fields": [{
            "fieldId": entries[0].forms[0].fields[0].field_id,
            "fieldSelector": "[name=mail]", "fieldName": "mail", "fieldType": "text",
            "label": "Label", "isRequired": true, "validationRules": { "minLength": 2 }, "order": 0,
        }],
    }]);
    assert_eq!(forms, expected);
}

pub(super) async fn names_and_selectors_have_a_longest_length(db: Db) {
    let (_, site) = own_site(&db).await;
    let cases: [fn(&mut NewForm); 7] = [
        |new| new.name = "x".repeat(256),
        |new| new.name = "  ".into(),
        |new| new.page_url = "x".repeat(256),
        |new| new.selector = "x".repeat(501),
        |new| new.selector = "a\u{7}".into(),
        |new| new.alternative_selectors = vec!["x".into(); 21],
        |new| new.metadata = object(&json!({ "text": "x".repeat(17_000) })),
    ];
    for break_it in cases {
        let mut new = contact();
        break_it(&mut new);
        assert!(is_invalid(&form(&db, site, new.clone()).await), "{new:?}");
    }
    let mut longest = contact();
    longest.name = "ü".repeat(255);
    longest.selector = "x".repeat(500);
    let made = form(&db, site, longest).await.unwrap().id;
    let mut new = field("mail", None);
    new.kind = "x".repeat(256);
    assert!(is_invalid(&add(&db, made, new).await));
}
