//! The relational suite: every case runs on SQLite and on PostgreSQL, each on a fresh database.
//!
//! One test per backend runs all cases, because starting a PostgreSQL server costs more than the
//! cases do; a failure names its case.

mod audit;
mod erasures;
mod forms;
mod imports;
mod jobs;
mod keys;
mod migrations;
mod projections;
mod retention;
mod schedules;
mod sign_in;
mod sites;
mod touches;
mod users;
mod writing;

use super::postgres::Postgres;
use crate::relational::{Db, Result, StoreError, Tx, accounts, sites as repository};
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use std::panic::AssertUnwindSafe;

type Case = (&'static str, fn(Db) -> BoxFuture<'static, ()>);

/// Turns `module::function` into a named case.
macro_rules! cases {
    ($($module:ident :: $name:ident),* $(,)?) => {
        &[$((concat!(stringify!($module), "_", stringify!($name)), |db| Box::pin($module::$name(db)))),*]
    };
}

const CASES: &[Case] = cases![
    audit::a_broken_seal_stays_broken_while_the_log_goes_on,
    audit::an_entry_exists_exactly_if_its_cause_does,
    audit::a_thousand_concurrent_entries_form_one_chain,
    audit::every_kind_of_tampering_is_found_and_located,
    erasures::a_merge_by_hand_leads_to_the_other_browsers_and_a_shared_device_does_not,
    erasures::an_erasure_goes_on_until_it_is_done,
    erasures::erased_persons_leave_every_table_up_to_where_the_erasure_stands,
    erasures::erasures_of_other_sites_are_out_of_reach,
    erasures::what_the_journal_tells_again_is_put_on_the_list_once,
    forms::a_change_leaves_alone_what_it_does_not_name,
    forms::a_form_comes_back_with_its_fields_in_order,
    forms::a_form_takes_its_fields_along_and_a_site_its_forms,
    forms::forms_of_other_sites_are_out_of_reach,
    forms::names_and_selectors_have_a_longest_length,
    forms::policies_know_every_form_and_hear_of_changes,
    imports::a_site_has_sample_data_once,
    imports::imports_of_other_sites_are_out_of_reach,
    imports::progress_leaves_the_state_alone,
    imports::what_is_under_way_is_found_after_a_restart,
    jobs::a_dead_job_does_not_come_back_beside_a_pending_one,
    jobs::a_failing_job_is_retried_until_it_is_dead,
    jobs::a_heartbeat_keeps_the_lease,
    jobs::a_job_exists_exactly_if_its_cause_does,
    jobs::a_job_that_kills_its_worker_is_buried,
    jobs::a_pending_job_absorbs_newer_ones_of_its_key,
    jobs::a_released_job_keeps_its_attempts,
    jobs::a_retry_gives_way_to_a_newer_job,
    jobs::an_expired_lease_is_claimable_and_the_old_holder_is_refused,
    jobs::finished_jobs_are_pruned_by_age,
    jobs::jobs_of_one_key_run_one_after_another,
    jobs::jobs_of_other_sites_are_out_of_reach,
    jobs::jobs_wait_for_their_time_and_go_by_priority,
    jobs::two_workers_never_hold_one_job,
    keys::a_key_is_recognised_until_it_is_revoked_or_expires,
    keys::a_key_is_stored_as_a_hash_only,
    keys::a_key_of_one_site_covers_no_other,
    keys::a_key_sees_the_pages_that_it_was_made_for,
    keys::keys_of_other_accounts_are_out_of_reach,
    keys::last_use_is_written_once_a_minute,
    projections::a_cursor_moves_only_from_where_it_stands,
    projections::activity_widens_in_any_order,
    projections::audit_entries_come_newest_first_and_per_account,
    projections::erased_visitors_leave_no_link,
    projections::links_can_be_taken_back_and_projected_twice,
    projections::links_of_an_import_go_with_it,
    projections::many_links_fit_one_call,
    projections::members_are_who_the_person_is_now,
    projections::rows_and_cursor_are_there_together_or_not_at_all,
    retention::a_mark_only_rises_and_a_run_counts_once,
    retention::an_export_ends_and_forgets_whom_it_was_about,
    retention::deleted_rows_are_counted_until_the_file_is_written_anew,
    retention::exports_of_other_sites_are_out_of_reach,
    retention::touches_of_an_import_leave_with_the_import,
    schedules::a_restart_keeps_the_next_tick_and_a_change_moves_it,
    schedules::a_tick_makes_one_job_however_many_runners_look,
    schedules::missed_ticks_come_as_one,
    sign_in::a_link_is_good_once_and_not_for_ever,
    sign_in::a_newer_link_replaces_the_older_one,
    sign_in::a_session_ends_by_idling_by_age_and_by_being_revoked,
    sign_in::an_account_keeps_an_active_owner,
    sign_in::roles_on_single_sites_stay_inside_the_account,
    sign_in::tokens_are_stored_as_hashes_only,
    sites::a_tombstone_that_cannot_be_read_does_not_hide_the_others,
    sites::what_is_submitted_behind_the_erasure_of_a_deleted_site_is_erased_anew,
    sites::a_deleted_site_frees_its_hosts_and_slug,
    sites::a_host_belongs_to_one_site,
    sites::a_site_comes_back_as_it_was_made,
    sites::an_update_changes_what_it_names,
    sites::bad_values_are_refused_before_they_are_stored,
    sites::changes_of_settings_at_once_all_land,
    sites::policies_hold_every_site_with_its_settings,
    sites::sites_of_other_accounts_are_out_of_reach,
    sites::the_policy_revision_rises_with_every_change,
    touches::a_direct_visit_is_kept_only_where_nothing_precedes_it,
    touches::a_revoked_import_takes_its_touches_and_uncovers_none_of_others,
    touches::many_touches_fit_one_call_and_reading_is_bounded,
    touches::sites_never_meet_and_erasure_is_exact,
    touches::the_first_touch_does_not_depend_on_the_order_of_projection,
    touches::touches_come_back_whole_and_can_be_projected_twice,
    touches::what_led_to_a_lead_ends_at_its_time,
    users::a_role_can_be_replaced_and_is_per_account,
    users::a_user_comes_back_by_address_in_any_case,
    users::an_address_belongs_to_one_user,
    users::an_address_that_cannot_be_one_is_nobodys,
    users::another_role_and_a_pause_revoke_tokens,
    users::setting_a_password_revokes_tokens,
    writing::a_failed_closure_leaves_nothing_and_harms_no_neighbour,
    writing::a_panic_rolls_back_and_the_next_write_works,
    writing::a_transaction_reads_its_own_writes,
    writing::concurrent_writers_all_commit,
    writing::ids_and_large_numbers_survive_storage,
    writing::readers_cannot_write,
    writing::work_of_an_impatient_caller_is_still_done,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn relational_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let mut failures = Vec::new();
    for (name, case) in CASES {
        let path = folder.path().join(format!("{name}.db"));
        let db = Db::open(path.to_str().unwrap()).await.unwrap();
        failures.extend(run(name, *case, db).await);
    }
    failures.extend(migrations::on_sqlite(folder.path()).await);
    assert!(failures.is_empty(), "failed on SQLite: {failures:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn relational_on_postgres() {
    let server = Postgres::start();
    let mut failures = Vec::new();
    for (number, (name, case)) in CASES.iter().enumerate() {
        let url = server.database(&format!("case_{number}")).await;
        let db = Db::open(&url).await.unwrap();
        failures.extend(run(name, *case, db).await);
    }
    failures.extend(migrations::on_postgres(&server).await);
    assert!(failures.is_empty(), "failed on PostgreSQL: {failures:#?}");
}

async fn run(name: &str, case: fn(Db) -> BoxFuture<'static, ()>, db: Db) -> Option<String> {
    let outcome = AssertUnwindSafe(case(db.clone())).catch_unwind().await;
    db.close().await.unwrap();
    let panic = outcome.err()?;
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
    Some(format!("{name}: {}", text.unwrap_or_default()))
}

const NOW: EpochMs = EpochMs(1_790_000_000_000);

/// Shortens `write_tx` for cases that write one thing.
async fn write<T, F>(db: &Db, work: F) -> Result<T>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + 'static,
{
    db.write_tx(work).await
}

async fn account(db: &Db, name: &'static str) -> RowId {
    let made = write(db, move |tx| {
        Box::pin(async move { accounts::create(tx, name, NOW).await })
    });
    made.await.unwrap().id
}

async fn site(db: &Db, account: RowId, new: repository::NewSite) -> Result<repository::Site> {
    write(db, move |tx| {
        Box::pin(async move { repository::create(tx, account, new, NOW).await })
    })
    .await
}

fn is_conflict<T>(result: &Result<T>, subject: &str) -> bool {
    matches!(result, Err(StoreError::Conflict { what }) if *what == subject)
}

fn is_missing<T>(result: &Result<T>) -> bool {
    matches!(result, Err(StoreError::NotFound { .. }))
}

fn is_invalid<T>(result: &Result<T>) -> bool {
    matches!(result, Err(StoreError::Invalid { .. }))
}
