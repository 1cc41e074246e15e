//! Which events are a touch, and what of them is remembered.
//!
//! A touch is something that a visitor did (no report on an open page), of somebody whom policy
//! lets us recognise tomorrow: never one with a daily hash, never under the profile `exempt`, no
//! bot and nothing that the site set apart. It names what brought the visitor: a campaign, a click
//! id or a page elsewhere. One that names nothing is *direct*, and only a candidate: `thread`
//! keeps it if nothing precedes it.

use crate::model::{EpochMs, EventId, IdentityMethod, Profile, SetApart, UserKey, VisitorId};
use crate::session::PASSIVE;

/// The fields of a `StoredEvent` that touches and person links are made of, by the same numbers;
/// protobuf skips the others. A test holds the two together.
#[derive(Clone, PartialEq, prost::Message)]
pub struct TouchEvent {
    #[prost(message, required, tag = "1")]
    pub event_id: EventId,
    #[prost(message, required, tag = "2")]
    pub visitor_id: VisitorId,
    #[prost(enumeration = "IdentityMethod", tag = "3")]
    pub identity_method: i32,
    #[prost(message, optional, tag = "6")]
    pub user_key: Option<UserKey>,
    #[prost(int64, tag = "7")]
    pub time_ms: i64,
    #[prost(string, tag = "10")]
    pub event_type: String,
    #[prost(string, tag = "22")]
    pub path: String,
    #[prost(string, tag = "31")]
    pub referrer_host: String,
    #[prost(string, tag = "32")]
    pub source: String,
    #[prost(string, tag = "33")]
    pub medium: String,
    #[prost(string, tag = "34")]
    pub channel: String,
    #[prost(string, tag = "35")]
    pub utm_source: String,
    #[prost(string, tag = "36")]
    pub utm_medium: String,
    #[prost(string, tag = "37")]
    pub campaign: String,
    #[prost(string, tag = "38")]
    pub content: String,
    #[prost(string, tag = "39")]
    pub term: String,
    #[prost(string, tag = "40")]
    pub click_id_kind: String,
    #[prost(string, tag = "41")]
    pub gclid: String,
    #[prost(string, tag = "42")]
    pub gbraid: String,
    #[prost(string, tag = "43")]
    pub wbraid: String,
    #[prost(string, tag = "44")]
    pub dclid: String,
    #[prost(string, tag = "45")]
    pub fbclid: String,
    #[prost(string, tag = "46")]
    pub msclkid: String,
    #[prost(string, tag = "47")]
    pub ttclid: String,
    #[prost(string, tag = "48")]
    pub twclid: String,
    #[prost(string, tag = "49")]
    pub li_fat_id: String,
    #[prost(string, tag = "50")]
    pub sc_click_id: String,
    #[prost(string, tag = "51")]
    pub rdt_cid: String,
    #[prost(string, tag = "52")]
    pub epik: String,
    #[prost(enumeration = "Profile", tag = "81")]
    pub profile: i32,
    #[prost(string, tag = "82")]
    pub bot: String,
    #[prost(message, optional, tag = "84")]
    pub device_visitor: Option<VisitorId>,
    #[prost(enumeration = "SetApart", tag = "86")]
    pub set_apart: i32,
}

/// One time that something brought a visitor. Empty text means "absent".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Corrected time of the event, not of its arrival.
    pub at: EpochMs,
    pub event: EventId,
    pub visitor: VisitorId,
    pub source: String,
    pub medium: String,
    pub campaign: String,
    pub content: String,
    pub term: String,
    pub channel: String,
    /// Which click id was in the address (`gclid` …).
    pub click_id_kind: String,
    /// Its value, where consent allowed to keep it.
    pub click_id: String,
    /// Registrable domain of the page that linked here.
    pub referrer_host: String,
    /// Path of the page on which the visitor arrived.
    pub landing_path: String,
}

impl Touch {
    /// Nothing says what brought the visitor.
    pub fn is_direct(&self) -> bool {
        self.signature().iter().all(|part| part.is_empty())
    }

    /// What tells one touch from another of the same visit.
    pub(super) fn signature(&self) -> [&str; 8] {
        [
            &self.source,
            &self.medium,
            &self.campaign,
            &self.content,
            &self.term,
            &self.click_id_kind,
            &self.click_id,
            &self.referrer_host,
        ]
    }

    /// Place in time; ties are broken by the event's id, so that there is one order only.
    pub(super) const fn order(&self) -> (EpochMs, EventId) {
        (self.at, self.event)
    }
}

/// The touch that this event is, or might be if it is direct.
pub fn touch_of(event: &TouchEvent) -> Option<Touch> {
    let recognised =
        event.identity_method() != IdentityMethod::DailyHash && event.profile() != Profile::Exempt;
    let counts = event.bot.is_empty() && event.set_apart() == SetApart::No;
    if !recognised || !counts || PASSIVE.contains(&event.event_type.as_str()) {
        return None;
    }
    Some(Touch {
        at: EpochMs(event.time_ms),
        event: event.event_id,
        visitor: event.visitor_id,
        source: event.source.clone(),
        medium: event.medium.clone(),
        campaign: event.campaign.clone(),
        content: event.content.clone(),
        term: event.term.clone(),
        channel: event.channel.clone(),
        click_id_kind: event.click_id_kind.clone(),
        click_id: click_id(event).to_owned(),
        referrer_host: event.referrer_host.clone(),
        landing_path: event.path.clone(),
    })
}

/// The value of the click id that `click_id_kind` names.
fn click_id(event: &TouchEvent) -> &str {
    match event.click_id_kind.as_str() {
        "gclid" => &event.gclid,
        "gbraid" => &event.gbraid,
        "wbraid" => &event.wbraid,
        "dclid" => &event.dclid,
        "fbclid" => &event.fbclid,
        "msclkid" => &event.msclkid,
        "ttclid" => &event.ttclid,
        "twclid" => &event.twclid,
        "li_fat_id" => &event.li_fat_id,
        "sc_click_id" => &event.sc_click_id,
        "rdt_cid" => &event.rdt_cid,
        "epik" => &event.epik,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StoredEvent;
    use crate::pipeline::CLICK_IDS;
    use prost::Message as _;

    fn read(event: &StoredEvent) -> Option<Touch> {
        touch_of(&TouchEvent::decode(event.encode_to_vec().as_slice()).unwrap())
    }

    fn event() -> StoredEvent {
        let text = |column: &str| format!("{column} ä");
        StoredEvent {
            event_id: EventId::from_u128(1),
            visitor_id: VisitorId::from_u128(2),
            identity_method: IdentityMethod::Storage as i32,
            time_ms: 3,
            event_type: "pageview".into(),
            path: text("path"),
            referrer_host: text("referrer_host"),
            source: text("source"),
            medium: text("medium"),
            channel: text("channel"),
            utm_campaign: text("campaign"),
            utm_content: text("content"),
            utm_term: text("term"),
            click_id_kind: "gclid".into(),
            gclid: text("gclid"),
            ..StoredEvent::default()
        }
    }

    #[test]
    fn a_touch_remembers_what_its_event_says() {
        let text = |column: &str| format!("{column} ä");
        let touch = Touch {
            at: EpochMs(3),
            event: EventId::from_u128(1),
            visitor: VisitorId::from_u128(2),
            source: text("source"),
            medium: text("medium"),
            campaign: text("campaign"),
            content: text("content"),
            term: text("term"),
            channel: text("channel"),
            click_id_kind: "gclid".into(),
            click_id: text("gclid"),
            referrer_host: text("referrer_host"),
            landing_path: text("path"),
        };
        assert_eq!(read(&event()), Some(touch));
    }

    #[test]
    fn every_click_id_is_found_under_its_kind() {
        for (kind, column) in CLICK_IDS {
            let mut event = StoredEvent {
                gclid: String::new(),
                click_id_kind: (*kind).into(),
                ..event()
            };
            *column(&mut event) = "value".into();
            assert_eq!(read(&event).unwrap().click_id, "value", "{kind}");
        }
    }

    #[test]
    fn only_acts_of_people_who_may_be_recognised_are_touches() {
        type Change = fn(&mut StoredEvent);
        let cases: [(&str, Change, bool); 9] = [
            ("a page view", |_| {}, true),
            ("a click", |e| e.event_type = "click".into(), true),
            (
                "an open page",
                |e| e.event_type = "engagement".into(),
                false,
            ),
            ("a scroll", |e| e.event_type = "scroll".into(), false),
            ("a daily hash", |e| e.identity_method = 0, false),
            ("exempt", |e| e.profile = Profile::Exempt as i32, false),
            ("hipaa", |e| e.profile = Profile::Hipaa as i32, true),
            ("a bot", |e| e.bot = "Crawler".into(), false),
            (
                "a tester",
                |e| e.set_apart = SetApart::Testing as i32,
                false,
            ),
        ];
        for (case, change, is_touch) in cases {
            let mut event = event();
            change(&mut event);
            assert_eq!(read(&event).is_some(), is_touch, "{case}");
        }
    }

    #[test]
    fn what_names_nothing_is_direct() {
        let direct = StoredEvent {
            path: "/".into(),
            channel: "Direct".into(),
            ..StoredEvent {
                event_type: "pageview".into(),
                identity_method: IdentityMethod::Cookie as i32,
                ..StoredEvent::default()
            }
        };
        assert!(read(&direct).unwrap().is_direct());
        assert!(!read(&event()).unwrap().is_direct());
    }
}
