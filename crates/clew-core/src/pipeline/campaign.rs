//! Campaign: what the page's address says about the advertisement that led to it.
//!
//! Owns the utm, ad and click id columns. Clients may state the parameters apart from the address;
//! what the address says comes first. A click id links a visit to an advertiser's account, so
//! its value is stored only where the consent stage allows it; that there was one, and of which
//! kind, is kept always.

use super::{Context, Flow, RequestEvent, text};
use crate::model::StoredEvent;
use std::borrow::Cow;
use url::Url;

const VALUE_MAX: usize = 255;
const CLICK_ID_MAX: usize = 512;

/// Where a parameter is stored.
pub type Column = fn(&mut StoredEvent) -> &mut String;

/// Every click id, each a column of its own, in the order in which one is named when an address
/// has several: those that only paid clicks carry come first.
pub const CLICK_IDS: &[(&str, Column)] = &[
    ("gclid", |e| &mut e.gclid),
    ("gbraid", |e| &mut e.gbraid),
    ("wbraid", |e| &mut e.wbraid),
    ("dclid", |e| &mut e.dclid),
    ("msclkid", |e| &mut e.msclkid),
    ("ttclid", |e| &mut e.ttclid),
    ("twclid", |e| &mut e.twclid),
    ("li_fat_id", |e| &mut e.li_fat_id),
    ("sc_click_id", |e| &mut e.sc_click_id),
    ("rdt_cid", |e| &mut e.rdt_cid),
    ("epik", |e| &mut e.epik),
    ("fbclid", |e| &mut e.fbclid),
];

/// Parameters that have a column and no secret.
const CAMPAIGN: &[(&str, Column)] = &[
    ("utm_source", |e| &mut e.utm_source),
    ("utm_medium", |e| &mut e.utm_medium),
    ("utm_campaign", |e| &mut e.utm_campaign),
    ("utm_content", |e| &mut e.utm_content),
    ("utm_term", |e| &mut e.utm_term),
    ("campaign_region", |e| &mut e.campaign_region),
    ("ad_group", |e| &mut e.ad_group),
    ("ad_id", |e| &mut e.ad_id),
    ("search_query", |e| &mut e.search_query),
];

pub(super) fn stage(event: &mut RequestEvent, _: &Context<'_>) -> Flow {
    let page = event.page.as_ref().filter(|page| page.query().is_some());
    if page.is_none() && event.wire.campaign.is_empty() {
        return Flow::Continue;
    }
    let stated = std::mem::take(&mut event.wire.campaign);
    let stated = stated
        .iter()
        .map(|(key, value)| (Cow::Borrowed(*key), Cow::Borrowed(value.as_str())));
    let in_address = page.into_iter().flat_map(Url::query_pairs);
    let mut first_kind = usize::MAX;
    for (key, value) in in_address.chain(stated) {
        if value.is_empty() {
            continue;
        }
        let key = canonical(&key);
        if let Some((_, column)) = CAMPAIGN.iter().find(|(name, _)| *name == key) {
            fill(column(&mut event.draft), value, VALUE_MAX);
        } else if let Some(rank) = CLICK_IDS.iter().position(|(name, _)| *name == key) {
            first_kind = first_kind.min(rank);
            if event.allowed.click_ids {
                fill(CLICK_IDS[rank].1(&mut event.draft), value, CLICK_ID_MAX);
            }
        }
    }
    if let Some((kind, _)) = CLICK_IDS.get(first_kind) {
        (*kind).clone_into(&mut event.draft.click_id_kind);
    }
    Flow::Continue
}

/// Is this parameter moved to a column, and thus never kept in an address?
pub(super) fn is_parameter(key: &str) -> bool {
    let key = canonical(key);
    CAMPAIGN.iter().any(|(name, _)| *name == key) || CLICK_IDS.iter().any(|(name, _)| *name == key)
}

/// Every parameter that has a column, as it is spelled in an address.
pub fn campaign_parameters() -> impl Iterator<Item = &'static str> {
    let campaign = CAMPAIGN.iter().map(|(name, _)| *name);
    campaign.chain(CLICK_IDS.iter().map(|(name, _)| *name))
}

/// Does this name carry a click id, wherever it stands?
pub(super) fn is_click_id(key: &str) -> bool {
    let key = canonical(key);
    CLICK_IDS.iter().any(|(name, _)| *name == key)
}

/// Lower case; `ScCid` is Snapchat's own spelling.
fn canonical(key: &str) -> Cow<'_, str> {
    let key = if key.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(key.to_ascii_lowercase())
    } else {
        Cow::Borrowed(key)
    };
    if key == "sccid" {
        Cow::Borrowed("sc_click_id")
    } else {
        key
    }
}

/// The first of several equal parameters counts.
fn fill(column: &mut String, value: Cow<'_, str>, max: usize) {
    if column.is_empty() {
        *column = text::bounded(value.into_owned(), max);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ConsentState::{Granted, Unknown};
    use crate::model::Profile::{Exempt, Gdpr, Hipaa, Standard};
    use crate::pipeline::tests::{Request, consent, pageview};
    use crate::wire::WireEvent;

    fn stored(query: &str) -> StoredEvent {
        let url = format!("https://shop.example/?{query}");
        Request::new(Standard).accepted(pageview(&url))
    }

    #[test]
    fn every_click_id_has_a_column_of_its_own() {
        for (name, column) in CLICK_IDS {
            let mut event = stored(&format!("{name}=Abc-123_"));
            assert_eq!(column(&mut event), "Abc-123_", "{name}");
            assert_eq!(event.click_id_kind, *name);
            let filled = CLICK_IDS.iter().filter(|(_, c)| !c(&mut event).is_empty());
            assert_eq!(filled.count(), 1, "{name}");
            assert_eq!(event.url, "https://shop.example/");
        }
        let mut event = stored("ScCid=snap");
        assert_eq!(
            (event.sc_click_id.as_str(), event.click_id_kind.as_str()),
            ("snap", "sc_click_id")
        );
        event = stored("GCLID=upper");
        assert_eq!(event.gclid, "upper");
    }

    #[test]
    fn values_are_kept_only_where_consent_allows_and_the_kind_always() {
        for (profile, state, kept) in [
            (Gdpr, Unknown, false),
            (Gdpr, Granted, true),
            (Standard, Unknown, true),
            (Exempt, Granted, false),
            (Hipaa, Granted, false),
        ] {
            let event = Request::new(profile).accepted(WireEvent {
                consent: consent(state),
                ..pageview("https://shop.example/?gclid=value&fbclid=other")
            });
            assert_eq!(event.click_id_kind, "gclid", "{profile:?} {state:?}");
            assert_eq!(!event.gclid.is_empty(), kept, "{profile:?} {state:?}");
            assert_eq!(!event.fbclid.is_empty(), kept, "{profile:?} {state:?}");
        }
    }

    #[test]
    fn what_is_stated_apart_fills_what_the_address_leaves_open() {
        let event = |url: &str, profile| {
            Request::new(profile).accepted(WireEvent {
                campaign: [
                    ("utm_source", "stated"),
                    ("utm_medium", "cpc"),
                    ("gclid", "g"),
                    ("ad_id", "9"),
                ]
                .map(|(key, value)| (key, value.to_owned()))
                .into(),
                ..pageview(url)
            })
        };
        let both = event(
            "https://shop.example/?utm_source=address&fbclid=f",
            Standard,
        );
        assert_eq!(
            (both.utm_source.as_str(), both.utm_medium.as_str()),
            ("address", "cpc")
        );
        assert_eq!((both.gclid.as_str(), both.fbclid.as_str()), ("g", "f"));
        assert_eq!(both.click_id_kind, "gclid");
        let alone = event("https://shop.example/", Gdpr);
        assert_eq!(
            (alone.utm_source.as_str(), alone.ad_id.as_str()),
            ("stated", "9")
        );
        assert_eq!(
            (alone.gclid.as_str(), alone.click_id_kind.as_str()),
            ("", "gclid")
        );
    }

    #[test]
    fn campaign_and_ad_parameters_are_decoded() {
        let event = stored(
            "utm_source=News%20Letter&utm_medium=e+mail&utm_campaign=S%C3%B6mmer&utm_content=a&utm_term=b\
             &campaign_region=at&ad_group=g&ad_id=9&search_query=red+shoes&UTM_SOURCE=second&utm_term=",
        );
        for (value, expected) in [
            (&event.utm_source, "News Letter"),
            (&event.utm_medium, "e mail"),
            (&event.utm_campaign, "Sömmer"),
            (&event.utm_content, "a"),
            (&event.utm_term, "b"),
            (&event.campaign_region, "at"),
            (&event.ad_group, "g"),
            (&event.ad_id, "9"),
            (&event.search_query, "red shoes"),
        ] {
            assert_eq!(value, expected);
        }
        assert_eq!(stored("utm_campaign=%ff%00x").utm_campaign, "\u{fffd}x");
        assert_eq!(
            stored(&format!("utm_term={}", "x".repeat(900)))
                .utm_term
                .len(),
            255
        );
    }
}
