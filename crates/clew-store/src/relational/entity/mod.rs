//! The tables as SeaORM sees them, one file each. Private to this module: repositories translate
//! rows into the types that the rest of Clew uses.

pub(super) mod account;
pub(super) mod audit_entry;
pub(super) mod audit_head;
pub(super) mod cursor;
pub(super) mod domain;
pub(super) mod erasure;
pub(super) mod erasure_step;
pub(super) mod export;
pub(super) mod form;
pub(super) mod form_field;
pub(super) mod import;
pub(super) mod job;
pub(super) mod login_link;
pub(super) mod membership;
pub(super) mod person_link;
pub(super) mod retention;
pub(super) mod revision;
pub(super) mod schedule;
pub(super) mod secret_key;
pub(super) mod secret_key_site;
pub(super) mod site;
pub(super) mod site_activity;
pub(super) mod site_role;
pub(super) mod site_setting;
pub(super) mod touch;
pub(super) mod user;
pub(super) mod user_session;
