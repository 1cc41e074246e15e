//! Consent: what may be kept of this visitor (CONTRACTS, "Privacy profile × consent").
//!
//! [`decide`] is the table; the stage applies it. Later stages ask [`Permissions`] and never look
//! at profile or consent themselves.

use super::{Context, Flow, NotCounted, RequestEvent};
use crate::model::{Consent, ConsentState, IpForm, Profile, SitePolicy};

/// What of an event may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// Ids that outlive the page: cookie, storage, the client's own session id.
    pub client_ids: bool,
    /// The id given to `identify()`.
    pub user_id: bool,
    /// Values of click ids; which kind it was is always kept.
    pub click_ids: bool,
    /// The most telling form of the address that may be stored.
    pub ip: IpForm,
}

impl Permissions {
    pub const NOTHING: Self = Self {
        client_ids: false,
        user_id: false,
        click_ids: false,
        ip: IpForm::None,
    };
    const EVERYTHING: Self = Self {
        client_ids: true,
        user_id: true,
        click_ids: true,
        ip: IpForm::Full,
    };
    /// Counted by a daily hash; the address leaves at most a hash of the same day.
    const COOKIELESS: Self = Self {
        ip: IpForm::Hmac,
        ..Self::NOTHING
    };
}

/// Outcome of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Keep(Permissions),
    /// Store nothing at all.
    Silent,
}

/// The table. `consent` is what counts after GPC was applied ([`effective`]).
pub fn decide(site: &SitePolicy, consent: &Consent) -> Decision {
    let analytics = consent.analytics();
    // Under hipaa the browser's signal is a refusal of its own.
    let denied =
        analytics == ConsentState::Denied || (site.profile == Profile::Hipaa && consent.gpc);
    if denied && (site.silent_when_denied || site.profile == Profile::Hipaa) {
        return Decision::Silent;
    }
    let granted = analytics == ConsentState::Granted;
    Decision::Keep(match site.profile {
        Profile::Gdpr if granted => Permissions {
            ip: IpForm::Hmac,
            ..Permissions::EVERYTHING
        },
        Profile::Standard if !denied => Permissions::EVERYTHING,
        Profile::Gdpr | Profile::Standard => Permissions::COOKIELESS,
        Profile::Hipaa if granted => Permissions {
            client_ids: true,
            user_id: true,
            ..Permissions::NOTHING
        },
        Profile::Exempt | Profile::Hipaa => Permissions::NOTHING,
    })
}

/// What the client said, with the browser's own signal: GPC (and DNT where the site honours it)
/// refuses marketing and replay, whatever a banner recorded.
fn effective(stated: Consent, ctx: &Context<'_>) -> Consent {
    let client = ctx.client;
    let gpc = stated.gpc || client.gpc || (client.dnt && ctx.site.honour_dnt);
    let mut consent = Consent { gpc, ..stated };
    if gpc {
        consent.set_marketing(ConsentState::Denied);
        consent.set_replay(ConsentState::Denied);
    }
    consent
}

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let consent = effective(event.wire.consent, ctx);
    event.draft.consent = consent;
    event.draft.set_profile(ctx.site.profile);
    match decide(ctx.site, &consent) {
        Decision::Keep(allowed) => {
            event.allowed = allowed;
            Flow::Continue
        }
        Decision::Silent => Flow::Discard(NotCounted::ConsentDenied),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::tests::{Request, consent};
    use ConsentState::{Denied, Granted, Unknown};
    use Profile::{Exempt, Gdpr, Hipaa, Standard};

    /// Ids, user id, click ids, address; `None` is silence.
    type Row = Option<(bool, bool, bool, IpForm)>;

    #[test]
    fn the_table_is_the_documented_one() {
        const NOTHING: Row = Some((false, false, false, IpForm::None));
        const COOKIELESS: Row = Some((false, false, false, IpForm::Hmac));
        let everything = |ip| Some((true, true, true, ip));
        for (profile, state, gpc, expected) in [
            (Exempt, Unknown, false, NOTHING),
            (Exempt, Denied, false, NOTHING),
            (Exempt, Granted, false, NOTHING),
            (Exempt, Granted, true, NOTHING),
            (Gdpr, Unknown, false, COOKIELESS),
            (Gdpr, Denied, false, COOKIELESS),
            (Gdpr, Granted, false, everything(IpForm::Hmac)),
            (Gdpr, Granted, true, everything(IpForm::Hmac)),
            (Standard, Unknown, false, everything(IpForm::Full)),
            (Standard, Denied, false, COOKIELESS),
            (Standard, Granted, false, everything(IpForm::Full)),
            (Standard, Unknown, true, everything(IpForm::Full)),
            (Hipaa, Unknown, false, NOTHING),
            (Hipaa, Denied, false, None),
            (
                Hipaa,
                Granted,
                false,
                Some((true, true, false, IpForm::None)),
            ),
            (Hipaa, Granted, true, None),
        ] {
            let site = Request::new(profile).site;
            let consent = Consent {
                gpc,
                ..consent(state)
            };
            let row = match decide(&site, &consent) {
                Decision::Silent => None,
                Decision::Keep(p) => Some((p.client_ids, p.user_id, p.click_ids, p.ip)),
            };
            assert_eq!(row, expected, "{profile:?} {state:?} gpc={gpc}");
        }
    }

    #[test]
    fn a_refusal_is_silent_where_the_site_says_so() {
        for profile in [Exempt, Gdpr, Standard, Hipaa] {
            let mut site = Request::new(profile).site;
            site.silent_when_denied = true;
            assert_eq!(decide(&site, &consent(Denied)), Decision::Silent);
            assert_ne!(decide(&site, &consent(Unknown)), Decision::Silent);
        }
    }

    #[test]
    fn the_browsers_signal_refuses_marketing_and_replay() {
        let mut request = Request::new(Gdpr);
        let mut stated = consent(Granted);
        stated.set_marketing(Granted);
        stated.set_replay(Granted);
        for (gpc, dnt, honour_dnt, refused) in [
            (false, false, false, false),
            (true, false, false, true),
            (false, true, false, false),
            (false, true, true, true),
        ] {
            request.client.gpc = gpc;
            request.client.dnt = dnt;
            request.site.honour_dnt = honour_dnt;
            let effective = effective(stated, &request.context());
            let expected = if refused { Denied } else { Granted };
            assert_eq!(effective.marketing(), expected);
            assert_eq!(effective.replay(), expected);
            assert_eq!(effective.analytics(), Granted);
            assert_eq!(effective.gpc, refused);
        }
    }
}
