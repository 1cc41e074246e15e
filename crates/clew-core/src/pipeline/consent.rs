//! Consent: what may be kept of this visitor (CONTRACTS, "Privacy profile × consent").
//!
//! [`decide`] is the table; the stage applies it. Later stages ask [`Permissions`] and never look
//! at profile or consent themselves.

use super::{Context, Flow, NotCounted, RequestEvent};
use crate::model::{Consent, ConsentState, IpForm, Profile, SitePolicy, SubmissionKind};
use crate::wire::Client;

/// What of an event may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Each is granted on its own.
pub struct Permissions {
    /// Ids that outlive the page: cookie, storage, the client's own session id.
    pub client_ids: bool,
    /// The id given to `identify()`.
    pub user_id: bool,
    /// Values of click ids; which kind it was is always kept.
    pub click_ids: bool,
    /// What the browser is, under the site's key.
    pub fingerprint: bool,
    /// Values of forms that the person sends.
    pub submission: bool,
    /// Values of forms that were not sent.
    pub partial: bool,
    /// The most telling form of the address that may be stored.
    pub ip: IpForm,
}

impl Permissions {
    pub const NOTHING: Self = Self {
        client_ids: false,
        user_id: false,
        click_ids: false,
        fingerprint: false,
        submission: false,
        partial: false,
        ip: IpForm::None,
    };
    const EVERYTHING: Self = Self {
        client_ids: true,
        user_id: true,
        click_ids: true,
        ip: IpForm::Full,
        ..Self::NOTHING
    };
    /// Nobody is measured; what a person sends is read all the same.
    const SENT_ONLY: Self = Self {
        submission: true,
        ..Self::NOTHING
    };
    /// Counted by a daily hash; the address leaves at most a hash of the same day.
    const COOKIELESS: Self = Self {
        ip: IpForm::Hmac,
        ..Self::NOTHING
    };
}

impl Permissions {
    /// Whether what was typed may be kept.
    pub const fn keeps(&self, kind: SubmissionKind) -> bool {
        match kind {
            SubmissionKind::Submitted | SubmissionKind::Chat => self.submission,
            SubmissionKind::Partial => self.partial,
        }
    }
}

/// Outcome of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Keep(Permissions),
    /// Measure nothing, for this reason.
    Silent {
        reason: NotCounted,
        /// At most [`Permissions::submission`]: what the person sends may be kept, apart from
        /// everything that would tell who they are or that somebody was there.
        allowed: Permissions,
    },
}

impl Decision {
    const fn silent(site: &SitePolicy, reason: NotCounted) -> Self {
        let allowed = match site.profile {
            Profile::Exempt => Permissions::NOTHING,
            Profile::Gdpr | Profile::Standard | Profile::Hipaa => Permissions::SENT_ONLY,
        };
        Self::Silent { reason, allowed }
    }

    /// Of a page that measures nobody although it might: it waits for an answer, or has got one.
    fn asked_for(site: &SitePolicy, consent: &Consent) -> Self {
        let refused = consent.analytics().is_refused() || consent.gpc;
        let reason = if refused {
            NotCounted::ConsentDenied
        } else {
            NotCounted::ConsentPending
        };
        Self::silent(site, reason)
    }
}

/// The table. `consent` is what counts after GPC was applied ([`effective`]).
pub fn decide(site: &SitePolicy, consent: &Consent) -> Decision {
    let hipaa = site.profile == Profile::Hipaa;
    let granted = consent.analytics().is_granted();
    // Under hipaa the browser's signal is a refusal of its own.
    let denied = consent.analytics().is_refused() || (hipaa && consent.gpc);
    if denied && (site.silent_when_denied || site.consent_required || hipaa) {
        return Decision::silent(site, NotCounted::ConsentDenied);
    }
    if site.consent_required && !granted {
        return Decision::silent(site, NotCounted::ConsentPending);
    }
    let allowed = match site.profile {
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
    };
    let fingerprint = site.fingerprint
        && site.profile.allows_fingerprint()
        && granted
        // A signal against tracking is one against the least visible way of it.
        && !consent.gpc;
    Decision::Keep(Permissions {
        fingerprint,
        // Who sends a form wants it read.
        submission: site.profile != Profile::Exempt,
        partial: may_keep_partial(site, consent, denied),
        ..allowed
    })
}

fn may_keep_partial(site: &SitePolicy, consent: &Consent, denied: bool) -> bool {
    let answer = consent.partial();
    match site.profile {
        Profile::Gdpr => answer.is_granted(),
        Profile::Standard if answer.is_refused() => false,
        Profile::Standard => site.partial_values && (answer.is_granted() || !denied),
        Profile::Exempt | Profile::Hipaa => false,
    }
}

/// What the client said, with the browser's own signal: GPC (and DNT where the site honours it)
/// refuses marketing and replay, whatever a banner recorded. The cookie that this server sets is
/// the record of an earlier agreement, so a refusal beside it is a withdrawal.
pub fn effective(stated: Consent, site: &SitePolicy, client: &Client, has_cookie: bool) -> Consent {
    let gpc = stated.gpc || client.gpc || (client.dnt && site.honour_dnt);
    let mut consent = Consent { gpc, ..stated };
    if has_cookie && stated.analytics().is_refused() {
        consent.set_analytics(ConsentState::Granted.after(stated.analytics()));
    }
    if gpc {
        consent.set_marketing(ConsentState::Denied);
        consent.set_replay(ConsentState::Denied);
    }
    consent
}

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let has_cookie = ctx.cookie_id.is_some();
    let consent = effective(event.wire.consent, ctx.site, ctx.client, has_cookie);
    event.draft.consent = consent;
    event.draft.set_profile(ctx.site.profile);
    let decided = match decide(ctx.site, &consent) {
        Decision::Keep(_) if event.wire.silent => Decision::asked_for(ctx.site, &consent),
        decided => decided,
    };
    match decided {
        Decision::Keep(allowed) => {
            event.allowed = allowed;
            Flow::Continue
        }
        Decision::Silent { reason, allowed } => {
            let typed = event.wire.submission.as_ref();
            if !typed.is_some_and(|it| allowed.keeps(it.kind)) {
                return Flow::Discard(reason);
            }
            event.allowed = allowed;
            event.silent = Some(reason);
            Flow::Continue
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::IdentityMethod;
    use crate::pipeline::tests::{Request, consent, pageview};
    use crate::wire::WireEvent;
    use ConsentState::{Denied, Granted, Unknown, Withdrawn};
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
                Decision::Silent { .. } => None,
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
            let silent = Decision::silent(&site, NotCounted::ConsentDenied);
            assert_eq!(decide(&site, &consent(Denied)), silent);
            assert_eq!(decide(&site, &consent(Withdrawn)), silent);
            assert!(matches!(
                decide(&site, &consent(Unknown)),
                Decision::Keep(_)
            ));
        }
    }

    #[test]
    fn a_withdrawal_allows_exactly_what_a_refusal_allows() {
        for profile in [Exempt, Gdpr, Standard, Hipaa] {
            let site = Request::new(profile).site;
            assert_eq!(
                decide(&site, &consent(Withdrawn)),
                decide(&site, &consent(Denied))
            );
        }
        let mut request = Request::new(Standard);
        request.cookie_id = Some("0199aaaa-0000-7000-8000-00000000000a".to_owned());
        let stored = request.accepted(WireEvent {
            consent: consent(Denied),
            ..pageview("https://shop.example/")
        });
        assert_eq!(stored.consent.analytics(), Withdrawn);
        assert_eq!(stored.identity_method(), IdentityMethod::DailyHash);
    }

    #[test]
    fn where_consent_is_required_nothing_is_kept_without_it() {
        for profile in [Exempt, Gdpr, Standard, Hipaa] {
            let mut site = Request::new(profile).site;
            let open = decide(&site, &consent(Granted));
            site.consent_required = true;
            for (state, reason) in [
                (Unknown, NotCounted::ConsentPending),
                (Denied, NotCounted::ConsentDenied),
                (Withdrawn, NotCounted::ConsentDenied),
            ] {
                assert_eq!(
                    decide(&site, &consent(state)),
                    Decision::silent(&site, reason)
                );
            }
            assert_eq!(decide(&site, &consent(Granted)), open);
        }
    }

    #[test]
    fn a_fingerprint_needs_profile_site_agreement_and_silence_of_the_browser() {
        for profile in [Exempt, Gdpr, Standard, Hipaa] {
            for wanted in [false, true] {
                for state in [Unknown, Denied, Granted, Withdrawn] {
                    for gpc in [false, true] {
                        let mut site = Request::new(profile).site;
                        site.fingerprint = wanted;
                        let stated = Consent {
                            gpc,
                            ..consent(state)
                        };
                        let allowed =
                            matches!(decide(&site, &stated), Decision::Keep(p) if p.fingerprint);
                        let expected = matches!(profile, Gdpr | Standard)
                            && wanted
                            && state == Granted
                            && !gpc;
                        assert_eq!(allowed, expected, "{profile:?} {wanted} {state:?} {gpc}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_typed_is_kept_by_profile_and_values_not_sent_by_consent_or_setting() {
        for profile in [Exempt, Gdpr, Standard, Hipaa] {
            for wanted in [false, true] {
                for partial in [Unknown, Denied, Granted, Withdrawn] {
                    for gpc in [false, true] {
                        let mut site = Request::new(profile).site;
                        site.partial_values = wanted;
                        let mut stated = Consent {
                            gpc,
                            ..Consent::default()
                        };
                        stated.set_partial(partial);
                        let kept = match decide(&site, &stated) {
                            Decision::Keep(allowed) | Decision::Silent { allowed, .. } => {
                                (allowed.submission, allowed.partial)
                            }
                        };
                        let expected = match profile {
                            Gdpr => partial == Granted,
                            Standard => wanted && matches!(partial, Unknown | Granted),
                            Exempt | Hipaa => false,
                        };
                        assert_eq!(
                            kept,
                            (profile != Exempt, expected),
                            "{profile:?} {partial:?}"
                        );
                    }
                }
            }
        }
        let mut site = Request::new(Standard).site;
        site.partial_values = true;
        let refused = decide(&site, &consent(Denied));
        assert!(matches!(refused, Decision::Keep(p) if p.submission && !p.partial));
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
            let effective = effective(stated, &request.site, &request.client, false);
            let expected = if refused { Denied } else { Granted };
            assert_eq!(effective.marketing(), expected);
            assert_eq!(effective.replay(), expected);
            assert_eq!(effective.analytics(), Granted);
            assert_eq!(effective.gpc, refused);
        }
    }
}
