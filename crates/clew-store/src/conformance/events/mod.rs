//! What every [`EventStore`] must do.
//!
//! `event_store_suite!(open)` makes one test of each function here; `open` is an async function
//! that returns an empty store and a guard that keeps its files alive.

pub(crate) mod appending;
pub(crate) mod erasing;
pub(crate) mod importing;
pub(crate) mod keeping;
pub(crate) mod leaving;
pub(crate) mod listing;
pub(crate) mod persons;
pub(crate) mod sessions;

use crate::events::{EventQuery, EventRow, EventStore, ProjectedRecord, Projection};
use clew_core::model::{
    EpochMs, EventId, ImportId, SiteId, StoredBatch, StoredEvent, VisitorId, Watermark,
};

macro_rules! event_store_suite {
    ($open:path) => {
        $crate::conformance::events::event_store_suite!($open:
            appending {
                a_batch_and_its_cursor_arrive_together
                redelivered_records_count_once
                an_overlapping_projection_adds_only_what_is_new
                a_gap_is_refused_and_changes_nothing
                records_beyond_the_cursor_are_not_taken
                a_cursor_moves_over_records_that_hold_no_events
                quarantined_events_are_apart
            }
            erasing {
                erased_persons_leave_and_nobody_else_does
                an_erasure_record_reaches_back_from_where_it_stands
                sessions_of_others_stay_sealed
                a_session_that_is_not_theirs_alone_is_cut_anew
            }
            importing {
                a_revoked_import_leaves_as_one_and_nothing_else_does
                an_import_revoked_in_the_run_that_brought_it_never_shows
            }
            listing {
                rows_come_back_as_they_went_in
                sites_never_meet
                a_query_without_sites_sees_nothing
                pages_join_without_gap_or_overlap
                paging_is_stable_while_events_arrive
                filters_narrow_the_list
                hostile_text_is_only_text
            }
            persons {
                visitors_are_counted_one_by_one
                the_latest_visitors_are_people_who_may_be_recognised
                neighbours_share_what_may_be_shared
                conversions_are_goals_or_revenue_of_people
            }
            sessions {
                the_list_of_sessions_equals_the_pure_function
                a_site_without_events_has_no_sessions
            }
            leaving {
                exactly_what_the_mark_covers_leaves_and_is_scanned
                a_scan_joins_its_pages_and_refuses_an_incomplete_store
                what_has_left_does_not_come_back
                a_subject_is_found_under_every_id
            }
            keeping {
                deletion_takes_exactly_what_was_named
                compaction_keeps_every_answer
                sessions_are_sealed_once_and_stay_sealed
                reports_stay_the_same_while_sessions_are_sealed
                what_was_cut_for_one_question_serves_the_next_only_while_it_holds
                a_closed_store_refuses
            }
        );
    };
    ($open:path: $($subject:ident { $($name:ident)* })*) => {$($(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let (store, _guard) = $open().await;
            $crate::conformance::events::$subject::$name(&store).await;
        }
    )*)*};
}
pub(crate) use event_store_suite;

pub(crate) const SITE: SiteId = SiteId::from_u128(0xA);
pub(crate) const OTHER: SiteId = SiteId::from_u128(0xB);
pub(crate) const IMPORT: ImportId = ImportId::from_u128(0x1);
/// 2026-03-01T00:00:00Z.
pub(crate) const START: i64 = 1_772_323_200_000;

/// A plain page view, `n` seconds after [`START`].
pub(crate) fn pageview(n: u64) -> StoredEvent {
    StoredEvent {
        event_id: EventId::from_u128(u128::from(n) + 1),
        visitor_id: VisitorId::from_u128(u128::from(n % 7) + 100),
        time_ms: START + n as i64 * 1_000,
        event_type: "pageview".to_owned(),
        path: format!("/{}", n % 5),
        url: format!("https://example.com/{}", n % 5),
        ..StoredEvent::default()
    }
}

pub(crate) fn record(lsn: u64, site: SiteId, events: Vec<StoredEvent>) -> ProjectedRecord {
    ProjectedRecord {
        lsn,
        kind: 1,
        site,
        received_ms: START + lsn as i64,
        batch: StoredBatch {
            events,
            ..StoredBatch::default()
        },
    }
}

/// Records `after + 1 ..` with one page view each.
pub(crate) fn projection(after: u64, count: u64) -> Projection {
    let records = (after + 1..=after + count)
        .map(|lsn| record(lsn, SITE, vec![pageview(lsn)]))
        .collect();
    Projection {
        after,
        cursor: after + count,
        records,
        ..Projection::default()
    }
}

pub(crate) fn mark(before: i64, through: u64) -> Watermark {
    Watermark {
        before: EpochMs(before),
        through,
    }
}

pub(crate) async fn all(store: &impl EventStore, site: SiteId) -> Vec<EventRow> {
    let query = EventQuery {
        sites: vec![site],
        limit: 1_000,
        ..EventQuery::default()
    };
    store.list(&query).await.unwrap().events
}
