//! What the visitor said about being measured: one small state machine per purpose.
//!
//! ```text
//! unknown ──▶ granted ⇄ withdrawn
//!    └─────▶ denied ──▶ granted
//! ```
//! No answer never changes what was said before; a refusal after an agreement is a withdrawal and
//! is recorded as one. A withdrawal allows exactly what a refusal allows.

use serde::Deserialize;

/// One purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum ConsentState {
    /// Never asked.
    Unknown = 0,
    Denied = 1,
    Granted = 2,
    /// Granted once, then denied.
    Withdrawn = 3,
}

impl ConsentState {
    /// The state after another answer.
    #[must_use]
    pub const fn after(self, answer: Self) -> Self {
        match (self, answer) {
            (state, Self::Unknown) => state,
            (Self::Granted | Self::Withdrawn, Self::Denied) => Self::Withdrawn,
            (_, answer) => answer,
        }
    }

    pub const fn is_granted(self) -> bool {
        matches!(self, Self::Granted)
    }

    pub const fn is_refused(self) -> bool {
        matches!(self, Self::Denied | Self::Withdrawn)
    }

    /// One state for a purpose that needs several: granted only if all are, refused if one is.
    pub fn of_all(states: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::Granted;
        for state in states {
            if state.is_refused() {
                return state;
            }
            if !state.is_granted() {
                all = Self::Unknown;
            }
        }
        all
    }
}

impl From<Option<bool>> for ConsentState {
    fn from(answer: Option<bool>) -> Self {
        match answer {
            None => Self::Unknown,
            Some(false) => Self::Denied,
            Some(true) => Self::Granted,
        }
    }
}

/// The purposes of CONTRACTS §0 and the browser's Global Privacy Control signal.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Consent {
    #[prost(enumeration = "ConsentState", tag = "1")]
    pub analytics: i32,
    #[prost(enumeration = "ConsentState", tag = "2")]
    pub marketing: i32,
    #[prost(enumeration = "ConsentState", tag = "3")]
    pub replay: i32,
    #[prost(enumeration = "ConsentState", tag = "4")]
    pub partial: i32,
    /// `Sec-GPC: 1` or `navigator.globalPrivacyControl`.
    #[prost(bool, tag = "5")]
    pub gpc: bool,
}

/// A key that a page may name a purpose by: ours, or one of Google's Consent Mode v2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
pub enum ConsentKey {
    Analytics,
    Marketing,
    Replay,
    Partial,
    Gpc,
    AnalyticsStorage,
    AdStorage,
    AdUserData,
    AdPersonalization,
    #[serde(other)]
    Unknown,
}

/// Answers as they come in, key by key.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConsentAnswers {
    own: Consent,
    analytics_storage: Option<ConsentState>,
    ad_storage: Option<ConsentState>,
    ad_user_data: Option<ConsentState>,
    ad_personalization: Option<ConsentState>,
}

impl ConsentAnswers {
    pub fn set(&mut self, key: ConsentKey, state: ConsentState) {
        match key {
            ConsentKey::Analytics => self.own.set_analytics(state),
            ConsentKey::Marketing => self.own.set_marketing(state),
            ConsentKey::Replay => self.own.set_replay(state),
            ConsentKey::Partial => self.own.set_partial(state),
            ConsentKey::Gpc => self.own.gpc = state.is_granted(),
            ConsentKey::AnalyticsStorage => self.analytics_storage = Some(state),
            ConsentKey::AdStorage => self.ad_storage = Some(state),
            ConsentKey::AdUserData => self.ad_user_data = Some(state),
            ConsentKey::AdPersonalization => self.ad_personalization = Some(state),
            ConsentKey::Unknown => {}
        }
    }

    /// The purposes: our own keys where they answer, Consent Mode's elsewhere. Marketing needs
    /// all three of its keys granted.
    pub fn consent(self) -> Consent {
        let mut consent = self.own;
        if consent.analytics() == ConsentState::Unknown {
            consent.set_analytics(self.analytics_storage.unwrap_or(ConsentState::Unknown));
        }
        let ads = [self.ad_storage, self.ad_user_data, self.ad_personalization];
        if consent.marketing() == ConsentState::Unknown && ads.iter().any(Option::is_some) {
            let states = ads.map(|state| state.unwrap_or(ConsentState::Unknown));
            consent.set_marketing(ConsentState::of_all(states));
        }
        consent
    }
}

#[cfg(test)]
mod tests {
    use super::ConsentState::{Denied, Granted, Unknown, Withdrawn};
    use super::*;

    #[test]
    fn every_answer_leads_to_the_documented_state() {
        for (state, answer, then) in [
            (Unknown, Unknown, Unknown),
            (Unknown, Granted, Granted),
            (Unknown, Denied, Denied),
            (Unknown, Withdrawn, Withdrawn),
            (Granted, Unknown, Granted),
            (Granted, Granted, Granted),
            (Granted, Denied, Withdrawn),
            (Granted, Withdrawn, Withdrawn),
            (Denied, Unknown, Denied),
            (Denied, Granted, Granted),
            (Denied, Denied, Denied),
            (Denied, Withdrawn, Withdrawn),
            (Withdrawn, Unknown, Withdrawn),
            (Withdrawn, Granted, Granted),
            (Withdrawn, Denied, Withdrawn),
            (Withdrawn, Withdrawn, Withdrawn),
        ] {
            assert_eq!(state.after(answer), then, "{state:?} then {answer:?}");
            assert!(!(then.is_granted() && then.is_refused()));
        }
    }

    #[test]
    fn consent_mode_means_our_purposes() {
        use ConsentKey::{
            AdPersonalization, AdStorage, AdUserData, Analytics, AnalyticsStorage, Marketing,
        };
        for (answers, analytics, marketing) in [
            (&[(AnalyticsStorage, Granted)][..], Granted, Unknown),
            (
                &[(AnalyticsStorage, Denied), (Analytics, Granted)],
                Granted,
                Unknown,
            ),
            (
                &[
                    (AdStorage, Granted),
                    (AdUserData, Granted),
                    (AdPersonalization, Granted),
                ],
                Unknown,
                Granted,
            ),
            (
                &[(AdStorage, Granted), (AdUserData, Granted)],
                Unknown,
                Unknown,
            ),
            (
                &[
                    (AdStorage, Granted),
                    (AdUserData, Denied),
                    (AdPersonalization, Granted),
                ],
                Unknown,
                Denied,
            ),
            (&[(AdStorage, Denied)], Unknown, Denied),
            (
                &[(AdStorage, Denied), (Marketing, Granted)],
                Unknown,
                Granted,
            ),
            (&[], Unknown, Unknown),
        ] {
            let mut given = ConsentAnswers::default();
            for (key, state) in answers {
                given.set(*key, *state);
            }
            let consent = given.consent();
            assert_eq!(
                (consent.analytics(), consent.marketing()),
                (analytics, marketing),
                "{answers:?}"
            );
        }
    }
}
