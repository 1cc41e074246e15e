//! What the events of a batch have from the envelope around them.
//!
//! Owns which fields these are: who, where and with what, never what makes an event the one it is
//! (`id`, type, name, time, value, what was typed). What the event says itself counts; consent is
//! answered purpose by purpose.

use super::WireEvent;
use crate::error::ErrorCode;
use crate::model::{Consent, ConsentState};

/// Bytes that the events of one batch may inherit together: without a bound, a small body whose
/// envelope is heavy would become megabytes on disk.
const INHERITED_MAX: usize = 4 << 20;

impl WireEvent {
    /// Whether so many events may inherit from this one.
    ///
    /// # Errors
    /// [`ErrorCode::BatchTooLarge`].
    pub(super) fn may_be_inherited(&self, events: usize) -> Result<(), ErrorCode> {
        if events * self.weight() > INHERITED_MAX {
            return Err(ErrorCode::BatchTooLarge);
        }
        Ok(())
    }

    /// About how many bytes an event that inherits everything gets.
    fn weight(&self) -> usize {
        let texts = [
            &self.visitor_id,
            &self.session_id,
            &self.user_id,
            &self.fingerprint,
            &self.title,
            &self.referrer,
            &self.screen,
            &self.viewport,
            &self.language,
            &self.time_zone,
            &self.currency,
            &self.form_id,
        ];
        let texts: usize = texts.into_iter().flatten().map(String::len).sum();
        let props: usize = self
            .props
            .iter()
            .map(|(key, value)| key.len() + value.len())
            .sum();
        let numbers: usize = self
            .numbers
            .keys()
            .map(|key| key.len() + size_of::<f64>())
            .sum();
        self.url.len() + texts + props + numbers
    }

    pub(super) fn inherit(&mut self, from: &Self) {
        for (own, default) in [
            (&mut self.visitor_id, &from.visitor_id),
            (&mut self.session_id, &from.session_id),
            (&mut self.user_id, &from.user_id),
            (&mut self.fingerprint, &from.fingerprint),
            (&mut self.title, &from.title),
            (&mut self.referrer, &from.referrer),
            (&mut self.screen, &from.screen),
            (&mut self.viewport, &from.viewport),
            (&mut self.language, &from.language),
            (&mut self.time_zone, &from.time_zone),
            (&mut self.currency, &from.currency),
            (&mut self.form_id, &from.form_id),
        ] {
            if own.is_none() {
                own.clone_from(default);
            }
        }
        if self.url.is_empty() {
            self.url.clone_from(&from.url);
        }
        for (key, value) in &from.props {
            if !self.numbers.contains_key(key) {
                self.props
                    .entry(key.clone())
                    .or_insert_with(|| value.clone());
            }
        }
        for (key, value) in &from.numbers {
            if !self.props.contains_key(key) {
                self.numbers.entry(key.clone()).or_insert(*value);
            }
        }
        self.webdriver |= from.webdriver;
        self.silent |= from.silent;
        inherit_consent(&mut self.consent, &from.consent);
    }
}

/// Purpose by purpose: what the event does not answer, the envelope does.
fn inherit_consent(own: &mut Consent, from: &Consent) {
    const UNKNOWN: i32 = ConsentState::Unknown as i32;
    for (own, from) in [
        (&mut own.analytics, from.analytics),
        (&mut own.marketing, from.marketing),
        (&mut own.replay, from.replay),
        (&mut own.partial, from.partial),
    ] {
        if *own == UNKNOWN {
            *own = from;
        }
    }
    own.gpc |= from.gpc;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heavy_envelope_is_not_multiplied() {
        let envelope = WireEvent {
            form_id: Some("x".repeat(10_000)),
            ..WireEvent::default()
        };
        assert_eq!(envelope.may_be_inherited(400), Ok(()));
        let refused = envelope.may_be_inherited(500);
        assert_eq!(refused, Err(ErrorCode::BatchTooLarge));
    }

    #[test]
    fn an_event_that_denies_one_purpose_keeps_the_other_answers() {
        let (mut event, mut envelope) = (WireEvent::default(), WireEvent::default());
        envelope.consent.set_analytics(ConsentState::Granted);
        envelope.consent.set_marketing(ConsentState::Granted);
        event.consent.set_marketing(ConsentState::Denied);
        event.inherit(&envelope);
        assert_eq!(event.consent.analytics(), ConsentState::Granted);
        assert_eq!(event.consent.marketing(), ConsentState::Denied);
    }
}
