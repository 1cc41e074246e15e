//! For which events sessions must be cut again, in SQL.

use crate::reports::{DuckDb, column, source};
use clew_core::report::{Dimension, Scope};
use clew_core::session::{ENGAGEMENT, TIMEOUT_MS};

/// `live`, `dirty` and `behind`. Places: `$1` site, `$2` and `$3` the seal's `lsn` and
/// `closed_ms`, `$4` the last LSN to look at; only keys count whose first pending event lies
/// between `$5` and `$6`.
pub(super) fn cuts() -> String {
    let key = "client_session IS NULL AS by_visitor, coalesce(client_session, visitor_id) AS skey";
    let pending = format!(
        "SELECT {key}, time_ms, event_id, event_type <> '{ENGAGEMENT}' AS interaction \
         FROM events WHERE site = $1::UUID AND bot = '' AND set_apart = 0"
    );
    format!(
        "pending AS (
  {pending} AND lsn > $2 AND lsn <= $4
  UNION ALL {pending} AND lsn <= $2 AND time_ms >= $3),
touched AS (
  SELECT by_visitor, skey, min(time_ms) AS pending_ms,
    arg_min(interaction, (time_ms, event_id)) AS opens
  FROM pending GROUP BY by_visitor, skey HAVING min(time_ms) >= $5 AND min(time_ms) < $6),
live AS (
  SELECT sessions.* FROM sessions ANTI JOIN voided
    ON voided.site = sessions.site AND voided.session = sessions.session
  WHERE sessions.site = $1::UUID),
previous AS (
  SELECT by_visitor, skey,
    arg_max({{'start_ms': start_ms, 'first_event': first_event, 'alive_ms': alive_ms,
      'last_ms': last_ms, 'last_event': last_event}}, (start_ms, first_event)) AS s
  FROM live JOIN touched USING (by_visitor, skey)
  WHERE start_ms < pending_ms GROUP BY by_visitor, skey),
judged AS (
  SELECT by_visitor, skey, pending_ms, s,
    coalesce(opens AND s.last_ms < pending_ms AND s.alive_ms + {TIMEOUT_MS} < pending_ms, FALSE) AS holds
  FROM touched LEFT JOIN previous USING (by_visitor, skey)),
dirty AS (
  SELECT by_visitor, skey, holds,
    CASE WHEN s IS NULL THEN {min} WHEN holds THEN s.last_ms ELSE s.start_ms END AS cut_ms,
    CASE WHEN s IS NULL THEN '{nil}'::UUID WHEN holds THEN s.last_event ELSE s.first_event END AS cut_event,
    CASE WHEN s IS NULL OR holds THEN pending_ms ELSE s.start_ms END AS reach_ms
  FROM judged),
behind AS (
  SELECT live.* FROM live JOIN dirty USING (by_visitor, skey) WHERE {later})",
        min = i64::MIN,
        nil = uuid::Uuid::nil(),
        later = later("live.start_ms", "live.first_event"),
    )
}

/// Whether a place in a dirty key's events lies behind its cut. The session before the cut either
/// holds whole, or is cut again from its first event on.
fn later(time: &str, event: &str) -> String {
    format!(
        "({time} > cut_ms OR ({time} = cut_ms AND ({event} > cut_event \
         OR ({event} = cut_event AND NOT holds))))"
    )
}

/// Events of dirty keys behind their cuts.
fn behind_cuts() -> String {
    format!(
        "own JOIN dirty USING (by_visitor, skey) WHERE lsn <= $4 AND time_ms >= $7 AND {}",
        later("time_ms", "event_id")
    )
}

/// The time of the first event of a dirty key behind its cut; places up to `$7`.
pub(super) fn first_behind() -> String {
    let own = source::keyed(&DuckDb);
    format!(
        "WITH {}, {own} SELECT min(time_ms) FROM {}",
        cuts(),
        behind_cuts()
    )
}

/// `fresh`: the events of dirty keys behind their cuts, each with its session, as rows of `facts`
/// with what `sessions` says of it. `number` counts the sessions by start, those first that end
/// before `$8`. Place `$7` bounds their time below.
///
/// Engagement reports that no session precedes make up a run of their own: numbered like a
/// session, so that it can be void like one, but without `start_ms`.
pub(super) fn fresh(dimensions: &[Dimension]) -> String {
    let own = source::keyed(&DuckDb);
    let from = behind_cuts();
    let cut = source::cut(&DuckDb, dimensions, &from);
    let carry: String = dimensions
        .iter()
        .map(|d| match (d.scope(), column::carried(*d)) {
            // A report on an open page is no interaction, so it is never the first of any.
            (Scope::Event, name) => format!(
                ", {name}, interaction AND row_number() OVER (PARTITION BY running.first_event, interaction, {name} \
                 ORDER BY time_ms, event_id) = 1 AS {}",
                column::new(*d)
            ),
            (_, name) => format!(", coalesce(visit.{name}, '') AS {name}"),
        })
        .collect();
    let of_event: String = dimensions
        .iter()
        .filter(|d| d.scope() == Scope::Event)
        .map(|d| format!(", {}", column::carried(*d)))
        .collect();
    format!(
        "{own}, {cut},
running AS (
  SELECT by_visitor, skey, time_ms, event_id, visitor_id, identity_method, interaction, is_view,
    engaged_ms, scroll_percent, sid{of_event},
    coalesce(sid, first_value(event_id) OVER (PARTITION BY by_visitor, skey ORDER BY time_ms, event_id)) AS first_event
  FROM member),
runs AS (
  SELECT first_event, min(time_ms) AS first_ms, max(time_ms) AS last_ms,
    arg_max(event_id, (time_ms, event_id)) AS last_event,
    row_number() OVER (ORDER BY max(time_ms) >= $8, min(time_ms), first_event)::INTEGER AS number
  FROM running GROUP BY first_event),
fresh AS (
  SELECT number, first_event, by_visitor, skey, first_ms, last_ms, last_event,
    coalesce(visit.start_ms + visit.duration_ms, last_ms) AS alive_ms,
    visit.start_ms AS start_ms, coalesce(visit.duration_ms, 0) AS duration_ms,
    coalesce(visit.views, 0) AS views, coalesce(visit.bounce, FALSE) AS bounce,
    coalesce(event_id = running.sid, FALSE) AS opens, time_ms, event_id, visitor_id,
    identity_method, interaction, is_view, engaged_ms, scroll_percent{carry}
  FROM running JOIN runs USING (first_event) LEFT JOIN visit ON visit.sid = running.sid)"
    )
}
