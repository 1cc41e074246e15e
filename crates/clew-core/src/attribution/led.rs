//! The touches that led to a lead, as the lead keeps them: frozen at capture, whatever arrives or
//! is merged later.

use super::Touch;
use crate::model::{EpochMs, EventId, VisitorId};
use serde::{Deserialize, Serialize};

/// Touches that are kept at most: the first and the latest ones.
const MOST: usize = 200;

/// What is written beside the lead. Later versions only add members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Led {
    pub version: u32,
    /// In the order of time: the first one is the first touch, the last one the last touch.
    pub touches: Vec<LedBy>,
    /// Touches between the first and the others that were too many to keep.
    pub left_out: usize,
}

/// One [`Touch`]. Absent text is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedBy {
    pub at: EpochMs,
    pub event_id: EventId,
    pub visitor_id: VisitorId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub medium: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub campaign: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub term: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub channel: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub click_id_kind: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub click_id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub referrer_host: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub landing_path: String,
}

impl Led {
    pub const VERSION: u32 = 1;

    /// Of a [`super::thread`].
    pub fn by(thread: &[Touch]) -> Self {
        let left_out = thread.len().saturating_sub(MOST);
        let kept = thread.iter().enumerate();
        let kept = kept.filter(|(at, _)| *at == 0 || *at > left_out);
        Self {
            version: Self::VERSION,
            touches: kept.map(|(_, touch)| LedBy::from(touch)).collect(),
            left_out,
        }
    }

    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// For the models, which work on a frozen thread as on a living one.
    pub fn thread(&self) -> Vec<Touch> {
        self.touches.iter().map(Touch::from).collect()
    }
}

impl From<&Touch> for LedBy {
    fn from(touch: &Touch) -> Self {
        let touch = touch.clone();
        Self {
            at: touch.at,
            event_id: touch.event,
            visitor_id: touch.visitor,
            source: touch.source,
            medium: touch.medium,
            campaign: touch.campaign,
            content: touch.content,
            term: touch.term,
            channel: touch.channel,
            click_id_kind: touch.click_id_kind,
            click_id: touch.click_id,
            referrer_host: touch.referrer_host,
            landing_path: touch.landing_path,
        }
    }
}

impl From<&LedBy> for Touch {
    fn from(led: &LedBy) -> Self {
        let led = led.clone();
        Self {
            at: led.at,
            event: led.event_id,
            visitor: led.visitor_id,
            source: led.source,
            medium: led.medium,
            campaign: led.campaign,
            content: led.content,
            term: led.term,
            channel: led.channel,
            click_id_kind: led.click_id_kind,
            click_id: led.click_id,
            referrer_host: led.referrer_host,
            landing_path: led.landing_path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(n: u32) -> Touch {
        let text = |name: &str| format!("{name} {n} \"ä\"");
        Touch {
            at: EpochMs(i64::from(n)),
            event: EventId::from_u128(n.into()),
            visitor: VisitorId::from_u128(7),
            source: text("source"),
            medium: text("medium"),
            campaign: text("campaign"),
            content: text("content"),
            term: text("term"),
            channel: text("channel"),
            click_id_kind: "gclid".into(),
            click_id: text("click"),
            referrer_host: String::new(),
            landing_path: "/".into(),
        }
    }

    #[test]
    fn a_frozen_thread_comes_back_as_it_was() {
        let thread = [touch(1), touch(2)];
        let json = Led::by(&thread).to_json().unwrap();
        assert_eq!(Led::from_json(&json).unwrap().thread(), thread);
        assert!(!json.contains("referrerHost"), "absent text: {json}");
    }

    #[test]
    fn what_was_frozen_by_the_first_version_stays_readable() {
        let json = r#"{"version":1,"touches":[{"at":5,
            "eventId":"00000000-0000-0000-0000-000000000001",
            "visitorId":"00000000-0000-0000-0000-000000000007",
            "source":"Google","later":"unknown"}],"leftOut":0}"#;
        let led = Led::from_json(json).unwrap();
        assert_eq!(led.touches[0].source, "Google");
        assert_eq!(led.touches[0].medium, "");
    }

    #[test]
    fn the_first_and_the_latest_are_kept_of_many() {
        let thread: Vec<_> = (1..=300).map(touch).collect();
        let led = Led::by(&thread);
        let at: Vec<_> = led.touches.iter().map(|led| led.at.0).collect();
        assert_eq!((at.len(), led.left_out), (MOST, 100));
        assert_eq!((at[0], at[1], at[MOST - 1]), (1, 102, 300));
    }
}
