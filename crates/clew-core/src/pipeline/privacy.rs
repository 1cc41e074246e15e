//! Privacy: the gate through which a [`RequestEvent`] becomes a [`StoredEvent`].
//!
//! Earlier stages already fill only what is allowed; this one does not rely on it. It takes the
//! address into the one form that site and consent agree on and clears every column that the
//! permissions forbid; of an event whose sender may not be measured at all, every column that is not
//! listed here. [`seal`] is the only function that hands out the draft.

use super::{Context, DailySalt, Flow, RequestEvent, campaign};
use crate::model::site::IpPolicy;
use crate::model::{IpForm, SetApart, StoredEvent, Submission};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let allowed = event.allowed;
    if !allowed.click_ids {
        for (_, column) in campaign::CLICK_IDS {
            column(&mut event.draft).clear();
        }
        let other = |key: &String| !campaign::is_click_id(key.rsplit('.').next().unwrap_or(key));
        event.draft.props.retain(|key, _| other(key));
        event.draft.numbers.retain(|key, _| other(key));
    }
    if !allowed.client_ids {
        event.draft.client_session = None;
        event.draft.client_session_id.clear();
        event.draft.device_visitor = None;
    }
    if !allowed.user_id {
        event.draft.user_key = None;
    }
    if !allowed.fingerprint {
        event.draft.fingerprint = None;
    }
    let submission = event.submission.take();
    event.submission = submission.filter(|it| allowed.keeps(it.kind()));
    let form = ip_form(ctx.site.ip, allowed.ip);
    event.draft.set_ip_form(form);
    event.draft.ip = address(event.ip, form, ctx.salt);
    if event.silent.is_some() {
        event.draft = of_nobody(std::mem::take(&mut event.draft));
        if let Some(submission) = &mut event.submission {
            submission.retain(|name| !is_trace(name));
            if !is_name_of_form(submission.form()) {
                submission.forget_form();
            }
        }
    }
    Flow::Continue
}

/// What is left of an event whose sender may not be measured: that something was sent, when, by
/// which form and on which terms. A list of what stays, so that no other column can slip through.
fn of_nobody(draft: StoredEvent) -> StoredEvent {
    let mut props = draft.props;
    props.retain(|name, form| name == "form_id" && is_name_of_form(form));
    StoredEvent {
        event_id: draft.event_id,
        visitor_id: draft.visitor_id,
        time_ms: draft.time_ms,
        event_type: draft.event_type,
        props,
        consent: draft.consent,
        profile: draft.profile,
        // A robot's form and one from a listed address are not answered, whoever is measured.
        bot: draft.bot,
        bot_kind: draft.bot_kind,
        set_apart: match draft.set_apart {
            listed if listed != SetApart::No as i32 => listed,
            _ => SetApart::Silent as i32,
        },
        unverified_origin: draft.unverified_origin,
        ..StoredEvent::default()
    }
}

/// Whether this is what a form is called, and no address with whatever hangs on it.
fn is_name_of_form(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '#');
    text.chars().count() <= 64 && text.chars().all(plain)
}

/// Fields that nobody fills in: hidden ones by which forms carry visitor, visit and ad.
fn is_trace(name: &str) -> bool {
    const TRACES: &[&str] = &[
        "visitorid",
        "sessionid",
        "clientid",
        "deviceid",
        "userid",
        "fingerprint",
        "gaclientid",
        "url",
        "pageurl",
        "currenturl",
        "landingpage",
        "landingurl",
        "referrer",
        "referer",
        "referrerurl",
    ];
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let word: String = letters.flat_map(char::to_lowercase).take(32).collect();
    campaign::is_click_id(name) || word.starts_with("utm") || TRACES.contains(&word.as_str())
}

/// Takes the event apart: the stored half goes on, everything else ends here.
pub(super) fn seal(event: RequestEvent) -> (StoredEvent, Option<Box<Submission>>) {
    (event.draft, event.submission)
}

/// What the site wants, down to what the visitor's permissions allow.
pub fn ip_form(wanted: IpPolicy, most: IpForm) -> IpForm {
    match (wanted, most) {
        (IpPolicy::None, _) | (_, IpForm::None) => IpForm::None,
        (IpPolicy::Truncated, _) | (IpPolicy::Full, IpForm::Truncated) => IpForm::Truncated,
        (IpPolicy::Full, IpForm::Full) => IpForm::Full,
        (IpPolicy::Full | IpPolicy::Hmac, _) => IpForm::Hmac,
    }
}

fn address(ip: IpAddr, form: IpForm, salt: &DailySalt) -> String {
    match form {
        IpForm::None => String::new(),
        IpForm::Full => ip.to_string(),
        IpForm::Truncated => match ip {
            IpAddr::V4(ip) => Ipv4Addr::from_bits(ip.to_bits() & !0xff).to_string(),
            IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() >> 80 << 80).to_string(),
        },
        IpForm::Hmac => {
            let mac = match ip {
                IpAddr::V4(ip) => salt.mac("ip", &[&ip.octets()]),
                IpAddr::V6(ip) => salt.mac("ip", &[&ip.octets()]),
            };
            format!("{:032x}", u128::from_be_bytes(mac))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ConsentState::{Denied, Granted, Unknown};
    use crate::model::Profile::{Exempt, Gdpr, Hipaa, Standard};
    use crate::pipeline::submission;
    use crate::pipeline::tests::{Request, consent, pageview};
    use crate::wire::{WireEvent, WireSubmission};
    use std::borrow::Cow;

    #[test]
    fn the_address_leaves_in_the_form_that_site_and_visitor_allow() {
        use IpForm as F;
        use IpPolicy as P;
        for (profile, policy, state, form) in [
            (Standard, P::Full, Unknown, F::Full),
            (Standard, P::Full, Denied, F::Hmac),
            (Standard, P::Truncated, Denied, F::Truncated),
            (Standard, P::None, Granted, F::None),
            (Gdpr, P::Full, Granted, F::Hmac),
            (Gdpr, P::Full, Unknown, F::Hmac),
            (Gdpr, P::Truncated, Unknown, F::Truncated),
            (Gdpr, P::None, Granted, F::None),
            (Exempt, P::Full, Granted, F::None),
            (Exempt, P::Truncated, Granted, F::None),
            (Hipaa, P::Full, Granted, F::None),
            (Hipaa, P::Hmac, Granted, F::None),
        ] {
            let mut request = Request::new(profile);
            request.site.ip = policy;
            let stored = request.accepted(WireEvent {
                consent: consent(state),
                ..pageview("https://shop.example/")
            });
            assert_eq!(stored.ip_form(), form, "{profile:?} {policy:?} {state:?}");
            assert_eq!(stored.ip.is_empty(), form == F::None);
        }
    }

    #[test]
    fn addresses_are_cut_at_24_and_48_bits_and_hashed_by_the_day() {
        let salt = DailySalt::new([1; 32]);
        for (ip, cut) in [
            ("203.0.113.201", "203.0.113.0"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ] {
            let ip: IpAddr = ip.parse().unwrap();
            assert_eq!(address(ip, IpForm::Truncated, &salt), cut);
            assert_eq!(address(ip, IpForm::Full, &salt), ip.to_string());
            let hashed = address(ip, IpForm::Hmac, &salt);
            assert_eq!(hashed.len(), 32);
            assert_eq!(hashed, address(ip, IpForm::Hmac, &salt));
            assert_ne!(hashed, address(ip, IpForm::Hmac, &DailySalt::new([2; 32])));
        }
    }

    #[test]
    fn a_click_id_does_not_come_back_as_a_property() {
        for (profile, kept) in [(Exempt, false), (Gdpr, false), (Standard, true)] {
            let stored = Request::new(profile).accepted(WireEvent {
                props: [("gclid", "x"), ("ad.FBCLID", "y"), ("plan", "pro")]
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .into(),
                ..pageview("https://shop.example/")
            });
            assert_eq!(stored.props.contains_key("gclid"), kept, "{profile:?}");
            assert_eq!(stored.props.contains_key("ad.FBCLID"), kept, "{profile:?}");
            assert_eq!(stored.props["plan"], "pro");
        }
    }

    #[test]
    fn what_an_earlier_stage_let_through_is_cleared_here() {
        let request = Request::new(Gdpr);
        let ctx = request.context();
        let mut event = RequestEvent::new(WireEvent::default(), 0, &ctx);
        "click".clone_into(&mut event.draft.gclid);
        "session".clone_into(&mut event.draft.client_session_id);
        event.draft.user_key = Some(crate::model::UserKey::from_u128(1));
        event.draft.fingerprint = Some(crate::model::FingerprintKey::from_u128(1));
        let typed = WireSubmission::default();
        let clean = submission::clean(typed, None, ctx.site_key, |text: Cow<'_, str>| {
            text.into_owned()
        });
        event.submission = Some(Box::new(clean));
        stage(&mut event, &ctx);
        let (stored, submission) = seal(event);
        assert_eq!(submission, None);
        assert_eq!(
            (stored.gclid.as_str(), stored.client_session_id.as_str()),
            ("", "")
        );
        assert_eq!((stored.user_key, stored.fingerprint), (None, None));
    }
}
