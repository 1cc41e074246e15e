//! Privacy: the gate through which a [`RequestEvent`] becomes a [`StoredEvent`].
//!
//! Earlier stages already fill only what is allowed; this one does not rely on it. It takes the
//! address into the one form that site and consent agree on and clears every column that the
//! permissions forbid. [`seal`] is the only function that hands out the draft.

use super::{Context, DailySalt, Flow, RequestEvent, campaign};
use crate::model::site::IpPolicy;
use crate::model::{IpForm, StoredEvent};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let allowed = event.allowed;
    if !allowed.click_ids {
        for (_, column) in campaign::CLICK_IDS {
            column(&mut event.draft).clear();
        }
    }
    if !allowed.client_ids {
        event.draft.client_session = None;
        event.draft.client_session_id.clear();
    }
    if !allowed.user_id {
        event.draft.user_key = None;
    }
    let form = ip_form(ctx.site.ip, allowed.ip);
    event.draft.set_ip_form(form);
    event.draft.ip = address(event.ip, form, ctx.salt);
    Flow::Continue
}

/// Takes the event apart: the stored half goes on, everything else ends here.
pub(super) fn seal(event: RequestEvent) -> StoredEvent {
    event.draft
}

/// What the site wants, down to what the visitor's permissions allow.
fn ip_form(wanted: IpPolicy, most: IpForm) -> IpForm {
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
