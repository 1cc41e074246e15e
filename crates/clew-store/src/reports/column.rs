//! Where each dimension lies in the tables, and what a filter is in SQL.

use super::dialect::Dialect;
use super::statement::{Arg, Statement};
use clew_core::report::{Condition, Dimension, Filter, Scope};

/// The expression over the columns of `events`. For entry and exit page, the path of the view.
pub(crate) const fn stored(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Page | Dimension::EntryPage | Dimension::ExitPage => "path",
        Dimension::Event => "CASE WHEN name = '' THEN event_type ELSE name END",
        Dimension::Hostname => "hostname",
        Dimension::Source => "source",
        Dimension::Medium => "medium",
        Dimension::Campaign => "utm_campaign",
        Dimension::Content => "utm_content",
        Dimension::Term => "utm_term",
        Dimension::Channel => "channel",
        Dimension::Referrer => "referrer",
        Dimension::ReferrerHost => "referrer_host",
        Dimension::ClickId => "click_id_kind",
        Dimension::Browser => "browser",
        Dimension::BrowserVersion => "browser_version",
        Dimension::Os => "os",
        Dimension::OsVersion => "os_version",
        Dimension::Device => "device",
        Dimension::Screen => "screen",
        Dimension::Language => "language",
        Dimension::Country => "country",
        Dimension::Region => "region",
        Dimension::City => "city",
        Dimension::Network => "network",
        Dimension::CampaignRegion => "campaign_region",
        Dimension::AdGroup => "ad_group",
        Dimension::AdId => "ad_id",
        Dimension::SearchQuery => "search_query",
    }
}

/// The name under which a query carries the dimension along, apart from every column's own name.
pub(crate) fn carried(dimension: Dimension) -> String {
    format!("d_{}", dimension.name())
}

/// The column of `facts` that tells a session's first interaction with each value of a property of
/// events.
pub(crate) fn new(dimension: Dimension) -> String {
    format!("new_{}", dimension.name())
}

/// Dimensions that `filter` asks for, each once.
pub(super) fn used(filter: &Filter, of: impl Fn(Scope) -> bool) -> Vec<Dimension> {
    let mut found: Vec<Dimension> = Vec::new();
    filter.any(&mut |condition| {
        if of(condition.dimension.scope()) && !found.contains(&condition.dimension) {
            found.push(condition.dimension);
        }
        false
    });
    found
}

/// The filter as a condition over carried dimensions; `TRUE` when empty.
pub(super) fn condition(
    filter: &Filter,
    statement: &mut Statement,
    dialect: &dyn Dialect,
) -> String {
    match filter {
        Filter::And(nodes) => joined(nodes, " AND ", "TRUE", statement, dialect),
        Filter::Or(nodes) => joined(nodes, " OR ", "FALSE", statement, dialect),
        Filter::Not(node) => format!("NOT ({})", condition(node, statement, dialect)),
        Filter::Condition(one) => compare(one, statement, dialect),
    }
}

fn joined(
    nodes: &[Filter],
    with: &str,
    empty: &str,
    statement: &mut Statement,
    dialect: &dyn Dialect,
) -> String {
    if nodes.is_empty() {
        return empty.to_owned();
    }
    let parts: Vec<_> = nodes
        .iter()
        .map(|node| format!("({})", condition(node, statement, dialect)))
        .collect();
    parts.join(with)
}

fn compare(condition: &Condition, statement: &mut Statement, dialect: &dyn Dialect) -> String {
    let column = carried(condition.dimension);
    let (op, negated) = condition.op.positive();
    let tests: Vec<_> = condition
        .values
        .iter()
        .map(|value| {
            let place = statement.bind(Arg::Text(value.clone()));
            dialect.test(op, &column, &place)
        })
        .collect();
    let any = tests.join(" OR ");
    if negated { format!("NOT ({any})") } else { any }
}
