//! What every report reads: a site's events, cut into sessions. The only file that names a table.
//!
//! `own` holds the site's events without bots; `member` gives each event its session, `visit` has
//! one row a session. This is `clew_core::session` in window functions, exact for sessions that
//! began before the range or end after it: it looks at the whole history of every session key
//! seen in the range, never at a fixed stretch of time before it.

use super::column::{carried, stored};
use super::dialect::{Dialect, is_passive};
use clew_core::report::{BotsBy, Dimension, Scope};
use clew_core::session::{ENGAGEMENT, PAGEVIEW, TIMEOUT_MS};

/// Columns that tell one campaign click from another, as in `clew_core::session::touch`.
const TOUCH: &[&str] = &[
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_term",
    "click_id_kind",
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "msclkid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "sc_click_id",
    "rdt_cid",
    "epik",
];

/// `own AS (…)`: the events of the bound site that count.
pub(super) fn own(dialect: &dyn Dialect, extra: &[String]) -> String {
    let extra: String = extra.iter().map(|column| format!(", {column}")).collect();
    format!(
        "own AS {inline}(
  SELECT *, event_type <> '{ENGAGEMENT}' AS interaction, event_type = '{PAGEVIEW}' AS is_view{extra}
  FROM events WHERE site = {site} AND bot = '' AND set_apart = 0)",
        inline = dialect.inline(),
        site = dialect.id("$1"),
    )
}

/// Counts what the site's numbers leave out: `(why, code, n)`; why is `bots`, `blocked_ip`,
/// `testing_ip`, `silent` or `quarantined`, and only the last has codes.
pub(super) fn excluded(dialect: &dyn Dialect) -> String {
    format!(
        "SELECT CASE WHEN bot <> '' THEN 'bots' WHEN set_apart = 1 THEN 'blocked_ip'
    WHEN set_apart = 2 THEN 'testing_ip' ELSE 'silent' END AS why,
  '' AS code, count(*) FROM events
WHERE site = {site} AND (bot <> '' OR set_apart <> 0) AND time_ms >= $2 AND time_ms < $3
GROUP BY 1
UNION ALL
SELECT 'quarantined', code, count(*) FROM quarantined
WHERE site = {site} AND coalesce(time_ms, received_ms) >= $2 AND coalesce(time_ms, received_ms) < $3
GROUP BY code",
        site = dialect.id("$1"),
    )
}

/// Programs by `column`: `(value, kind, events, page views, last time, values in all)`, one page
/// of them; `$4` rows from `$5` on.
pub(super) fn bots(dialect: &dyn Dialect, by: BotsBy) -> String {
    // Events of before there were families have none.
    let kind = "CASE WHEN bot_kind = '' THEN 'other' ELSE bot_kind END";
    let value = match by {
        BotsBy::Name => "bot",
        BotsBy::Kind => kind,
    };
    format!(
        "SELECT {value} AS value, max({kind}) AS kind, count(*) AS n,
  count(*) FILTER (WHERE event_type = '{PAGEVIEW}'), max(time_ms), count(*) OVER ()
FROM events
WHERE site = {site} AND bot <> '' AND time_ms >= $2 AND time_ms < $3
GROUP BY 1 ORDER BY n DESC, value LIMIT $4 OFFSET $5",
        site = dialect.id("$1"),
    )
}

/// Counts events by the terms on which they came: all, analytics granted, denied, unknown, privacy
/// signal, unverified.
pub(super) fn terms(dialect: &dyn Dialect) -> String {
    format!(
        "SELECT count(*), count(*) FILTER (WHERE consent_analytics = 2),
  count(*) FILTER (WHERE consent_analytics IN (1, 3)), count(*) FILTER (WHERE consent_analytics = 0),
  count(*) FILTER (WHERE gpc), count(*) FILTER (WHERE unverified_origin)
FROM events WHERE site = {site} AND bot = '' AND set_apart = 0 AND time_ms >= $2 AND time_ms < $3",
        site = dialect.id("$1"),
    )
}

/// The time of the site's first event.
pub(super) fn first_event(dialect: &dyn Dialect) -> String {
    let site = dialect.id("$1");
    format!(
        "SELECT min(time_ms) FROM events WHERE site = {site} AND bot = '' AND set_apart = 0 AND $2 <= $3"
    )
}

/// `own`, `member` and `visit`, with the given dimensions carried along.
pub(crate) fn sessions(dialect: &dyn Dialect, dimensions: &[Dimension]) -> String {
    let own = keyed(dialect);
    let cut = cut(
        dialect,
        dimensions,
        "own SEMI JOIN seen USING (by_visitor, skey)",
    );
    format!(
        "{own},
seen AS (SELECT DISTINCT by_visitor, skey FROM own WHERE time_ms >= $2 AND time_ms < $3),
{cut}"
    )
}

/// `own` with the session key (`by_visitor`, `skey`) and the campaign of each event.
pub(crate) fn keyed(dialect: &dyn Dialect) -> String {
    let touch = TOUCH.join(", ");
    // Engagement reports neither open nor split a session, so their campaign does not matter.
    let extra = [
        "client_session IS NULL AS by_visitor".to_owned(),
        "coalesce(client_session, visitor_id) AS skey".to_owned(),
        format!(
            "CASE WHEN event_type = '{ENGAGEMENT}' OR concat({touch}) = '' THEN NULL ELSE concat_ws(chr(31), {touch}) END AS touch"
        ),
    ];
    own(dialect, &extra)
}

/// `member` and `visit` of the events in `from`: a relation with the columns of [`keyed`] that
/// holds every event of its keys, from some point in each key's time on at which no session runs.
pub(crate) fn cut(dialect: &dyn Dialect, dimensions: &[Dimension], from: &str) -> String {
    let of_scope = |scope: Scope| {
        dimensions
            .iter()
            .copied()
            .filter(move |d| d.scope() == scope)
    };
    let carry: String = of_scope(Scope::Event)
        .chain(of_scope(Scope::Session))
        .map(|d| format!(", {} AS {}", stored(d), carried(d)))
        .collect();
    let attributes: String = dimensions
        .iter()
        .filter_map(|d| attribute(dialect, *d))
        .map(|attribute| format!(",\n    {attribute}"))
        .collect();
    let passive = is_passive("event_type");
    let campaign = dialect.latest("touch", "earlier");
    let session = dialect.latest(
        "CASE WHEN opens THEN event_id END",
        "(PARTITION BY by_visitor, skey ORDER BY time_ms, event_id ROWS UNBOUNDED PRECEDING)",
    );
    format!(
        "paused AS (
  SELECT by_visitor, skey, time_ms, event_id, visitor_id, identity_method, event_type, interaction,
    is_view, touch, engaged_ms, scroll_percent, path{carry},
    coalesce(time_ms - lag(time_ms) OVER w > {TIMEOUT_MS}, TRUE) AS pause,
    row_number() OVER w AS pos
  FROM {from}
  WINDOW w AS (PARTITION BY by_visitor, skey ORDER BY time_ms, event_id)),
placed AS (
  SELECT *,
    max(CASE WHEN pause THEN pos END) OVER (PARTITION BY by_visitor, skey ORDER BY time_ms, event_id ROWS UNBOUNDED PRECEDING) AS since,
    max(CASE WHEN interaction THEN pos END) OVER earlier AS last_interaction,
    max(CASE WHEN touch IS NOT NULL THEN pos END) OVER earlier AS last_touch,
    {campaign} AS campaign
  FROM paused
  WINDOW earlier AS (PARTITION BY by_visitor, skey ORDER BY time_ms, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
opened AS (
  SELECT *,
    interaction AND (coalesce(last_interaction < since, TRUE)
      OR (touch IS NOT NULL AND (coalesce(last_touch < since, TRUE) OR touch <> campaign))) AS opens,
    NOT interaction AND coalesce(last_interaction < since, TRUE) AS late
  FROM placed),
member AS (SELECT *, {session} AS sid FROM opened),
visit AS (
  SELECT sid, min(time_ms) AS start_ms,
    max(time_ms) FILTER (WHERE NOT late) - min(time_ms) AS duration_ms,
    count(*) FILTER (WHERE is_view) AS views,
    count(*) FILTER (WHERE is_view) <= 1 AND count(*) FILTER (WHERE NOT is_view AND NOT {passive}) = 0 AS bounce{attributes}
  FROM member WHERE sid IS NOT NULL GROUP BY sid)"
    )
}

/// A session's own value of a dimension; events' dimensions have none.
fn attribute(dialect: &dyn Dialect, dimension: Dimension) -> Option<String> {
    let name = carried(dimension);
    let value = match (dimension.scope(), dimension) {
        (Scope::Event, _) => return None,
        (Scope::Session, _) => format!("max(CASE WHEN event_id = sid THEN {name} END)"),
        (Scope::SessionPage, Dimension::ExitPage) => dialect.last("path", "is_view"),
        (Scope::SessionPage, _) => dialect.first("path", "is_view"),
    };
    Some(format!("coalesce({value}, '') AS {name}"))
}
