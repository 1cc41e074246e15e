//! Forms and fields as the API shows them.

use clew_core::model::EpochMs;
use clew_store::relational::form_fields::FormField;
use clew_store::relational::forms::{Form, Object};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct FormList {
    /// Oldest first.
    pub forms: Vec<FormView>,
    /// On all pages.
    pub total: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormView {
    pub form_id: String,
    pub client_id: String,
    pub form_name: String,
    pub page_url: String,
    pub form_selector: String,
    pub alternative_selectors: Vec<String>,
    pub is_active: bool,
    #[schema(value_type = Object)]
    pub metadata: Object,
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FieldList {
    /// By `order`.
    pub fields: Vec<FieldView>,
    /// On all pages.
    pub total: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    pub field_id: String,
    pub form_id: String,
    pub field_selector: String,
    pub field_name: String,
    /// As in HTML: `text`, `email`, `tel` …
    pub field_type: String,
    pub label: Option<String>,
    pub is_required: bool,
    #[schema(value_type = Object)]
    pub validation_rules: Object,
    pub order: i32,
    pub created_at: String,
    pub updated_at: String,
}

impl From<Form> for FormView {
    fn from(form: Form) -> Self {
        Self {
            form_id: form.id.to_string(),
            client_id: form.site.to_string(),
            form_name: form.name,
            page_url: form.page_url,
            form_selector: form.selector,
            alternative_selectors: form.alternative_selectors,
            is_active: form.is_active,
            metadata: form.metadata,
            created_at: rfc3339(form.created_at),
            updated_at: rfc3339(form.updated_at),
        }
    }
}

impl From<FormField> for FieldView {
    fn from(field: FormField) -> Self {
        Self {
            field_id: field.id.to_string(),
            form_id: field.form.to_string(),
            field_selector: field.selector,
            field_name: field.name,
            field_type: field.kind,
            label: field.label,
            is_required: field.is_required,
            validation_rules: field.validation_rules,
            order: field.order,
            created_at: rfc3339(field.created_at),
            updated_at: rfc3339(field.updated_at),
        }
    }
}

fn rfc3339(time: EpochMs) -> String {
    time.to_timestamp().to_string()
}
