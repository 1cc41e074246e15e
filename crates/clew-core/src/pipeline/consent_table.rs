//! What a site keeps of whom, for people to read: made by asking [`decide`], so that it cannot say
//! anything else than what is done. A test compares it with what really comes out of the walk.

use super::consent::{Decision, decide};
use super::privacy::ip_form;
use crate::model::{Consent, ConsentState, IpForm, SitePolicy};

/// What a visitor has said so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum VisitorState {
    /// Nobody asked, or there is no answer yet.
    Unknown,
    Denied,
    Granted,
    /// No answer, and the browser sends a Global Privacy Control signal.
    Gpc,
}

impl VisitorState {
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Denied, Self::Granted, Self::Gpc];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Denied => "denied",
            Self::Granted => "granted",
            Self::Gpc => "gpc",
        }
    }

    /// As the pipeline sees it.
    pub fn consent(self) -> Consent {
        let mut consent = Consent {
            gpc: self == Self::Gpc,
            ..Consent::default()
        };
        let state = match self {
            Self::Unknown | Self::Gpc => ConsentState::Unknown,
            Self::Denied => ConsentState::Denied,
            Self::Granted => ConsentState::Granted,
        };
        consent.set_analytics(state);
        consent.set_partial(state);
        consent
    }
}

/// A kind of data that may be stored of a visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// Page views and events, counted by a pseudonym of one day.
    Statistics,
    /// An id that the browser keeps, and the client's own session id.
    VisitorId,
    /// A hash of the id given to `identify()`.
    UserId,
    /// Values of click ids.
    ClickIds,
    /// What the browser is, hashed with the site's own key.
    Fingerprint,
    /// A hash of the address, of one day.
    AddressHash,
    /// The address without its last part.
    AddressTruncated,
    AddressFull,
    /// What is typed into forms and sent.
    Submissions,
    /// What is typed into forms and not sent.
    PartialValues,
}

impl Kept {
    pub const ALL: [Self; 10] = [
        Self::Statistics,
        Self::VisitorId,
        Self::UserId,
        Self::ClickIds,
        Self::Fingerprint,
        Self::AddressHash,
        Self::AddressTruncated,
        Self::AddressFull,
        Self::Submissions,
        Self::PartialValues,
    ];
}

/// One line: what is kept of visitors in this state, and what never is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ConsentRow {
    pub state: VisitorState,
    /// Empty: nothing at all is stored.
    pub keeps: Vec<Kept>,
    pub forbids: Vec<Kept>,
}

impl ConsentRow {
    pub fn keeps(&self, what: Kept) -> bool {
        self.keeps.contains(&what)
    }
}

/// The lines of one site, as it is configured.
pub fn consent_table(site: &SitePolicy) -> Vec<ConsentRow> {
    VisitorState::ALL.map(|state| row(site, state)).into()
}

fn row(site: &SitePolicy, state: VisitorState) -> ConsentRow {
    let keeps = kept(site, state);
    let forbids = Kept::ALL.into_iter().filter(|what| !keeps.contains(what));
    ConsentRow {
        state,
        forbids: forbids.collect(),
        keeps,
    }
}

fn kept(site: &SitePolicy, state: VisitorState) -> Vec<Kept> {
    let (mut kept, allowed) = match decide(site, &state.consent()) {
        Decision::Keep(allowed) => (vec![Kept::Statistics], allowed),
        Decision::Silent { allowed, .. } => (Vec::new(), allowed),
    };
    if allowed.client_ids {
        kept.push(Kept::VisitorId);
    }
    if allowed.user_id {
        kept.push(Kept::UserId);
    }
    if allowed.click_ids {
        kept.push(Kept::ClickIds);
    }
    if allowed.fingerprint {
        kept.push(Kept::Fingerprint);
    }
    kept.extend(match ip_form(site.ip, allowed.ip) {
        IpForm::None => None,
        IpForm::Hmac => Some(Kept::AddressHash),
        IpForm::Truncated => Some(Kept::AddressTruncated),
        IpForm::Full => Some(Kept::AddressFull),
    });
    if allowed.submission {
        kept.push(Kept::Submissions);
    }
    if allowed.partial {
        kept.push(Kept::PartialValues);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SubmissionKind;
    use crate::model::site::{IpPolicy, VisitorIdPolicy};
    use crate::model::{Profile, StoredEvent};
    use crate::pipeline::tests::{Request, pageview};
    use crate::pipeline::{Outcome, run};
    use crate::wire::{WireEvent, WireSubmission};

    /// An event that carries everything.
    fn telling(state: VisitorState) -> WireEvent {
        WireEvent {
            visitor_id: Some("v-1".into()),
            session_id: Some("s-1".into()),
            user_id: Some("u-1".into()),
            fingerprint: Some("f-1".into()),
            consent: state.consent(),
            ..pageview("https://shop.example/?gclid=g1&fbclid=f1")
        }
    }

    /// The kinds of values that come through.
    fn typed(request: &Request, state: VisitorState) -> Vec<Kept> {
        let mut kept = Vec::new();
        for (kind, what) in [
            (SubmissionKind::Submitted, Kept::Submissions),
            (SubmissionKind::Partial, Kept::PartialValues),
        ] {
            let mut event = telling(state);
            event.submission = Some(Box::new(WireSubmission {
                kind,
                fields: [("message".to_owned(), "hello".to_owned())].into(),
            }));
            let processed = run(event, 0, &request.context());
            kept.extend(processed.submission.map(|_| what));
        }
        kept
    }

    /// What is really there.
    fn observed(stored: &StoredEvent) -> Vec<Kept> {
        let mut kept = vec![Kept::Statistics];
        if stored.client_session.is_some() {
            kept.push(Kept::VisitorId);
        }
        if stored.user_key.is_some() {
            kept.push(Kept::UserId);
        }
        if !stored.gclid.is_empty() || !stored.fbclid.is_empty() {
            kept.push(Kept::ClickIds);
        }
        if stored.fingerprint.is_some() {
            kept.push(Kept::Fingerprint);
        }
        kept.extend(match stored.ip_form() {
            IpForm::None => None,
            IpForm::Hmac => Some(Kept::AddressHash),
            IpForm::Truncated => Some(Kept::AddressTruncated),
            IpForm::Full => Some(Kept::AddressFull),
        });
        kept
    }

    fn configured() -> Vec<Request> {
        use IpPolicy as P;
        let mut requests = Vec::new();
        for profile in [
            Profile::Gdpr,
            Profile::Exempt,
            Profile::Standard,
            Profile::Hipaa,
        ] {
            for ip in [P::None, P::Hmac, P::Truncated, P::Full] {
                for flags in 0..16 {
                    for visitor_id in [
                        VisitorIdPolicy::None,
                        VisitorIdPolicy::Storage,
                        VisitorIdPolicy::Cookie,
                    ] {
                        let mut request = Request::new(profile);
                        request.site.ip = ip;
                        request.site.silent_when_denied = flags & 1 > 0;
                        request.site.consent_required = flags & 2 > 0;
                        request.site.fingerprint = flags & 4 > 0;
                        request.site.partial_values = flags & 8 > 0;
                        request.site.visitor_id = visitor_id;
                        requests.push(request);
                    }
                }
            }
        }
        requests
    }

    #[test]
    fn the_table_says_what_the_walk_stores() {
        let mut compared = 0;
        for request in configured() {
            for row in consent_table(&request.site) {
                let mut kept = match request.run(telling(row.state)) {
                    Outcome::Accepted(stored) => observed(&stored),
                    Outcome::NotCounted { keep: None, .. } => Vec::new(),
                    other => panic!("{other:?}"),
                };
                kept.extend(typed(&request, row.state));
                assert_eq!(row.keeps, kept, "{:?} {:?}", row.state, request.site);
                assert_eq!(row.keeps.len() + row.forbids.len(), Kept::ALL.len());
                compared += 1;
            }
        }
        assert_eq!(compared, 4 * 4 * 16 * 3 * 4);
    }
}
