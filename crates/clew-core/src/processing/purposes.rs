//! Why data is processed, and on which ground, as far as the configuration decides it.

use super::{Facts, Purpose, states};
use crate::model::Profile;
use crate::pipeline::{ConsentRow, Kept, VisitorState};

const CONSENT: &str = "Consent, Art. 6(1)(a) GDPR.";
const INTEREST: &str = "Legitimate interest, Art. 6(1)(f) GDPR: nothing is stored in the browser \
     and nobody can be recognised the day after. The balance of interests is the controller's.";
const EXEMPT: &str = "Legitimate interest, Art. 6(1)(f) GDPR; kept within the CNIL's conditions \
     for audience measurement without consent.";
const REQUEST: &str = "Steps at the request of the person before a contract, Art. 6(1)(b) GDPR, or \
     legitimate interest in answering, Art. 6(1)(f) GDPR.";
const UNASKED: &str = "Not by consent alone: this profile keeps ids of visitors who were not \
     asked. The controller needs a ground of their own for it, also for storing ids in the browser \
     (Art. 5(3) ePrivacy Directive).";

pub(super) fn of(facts: &Facts<'_>, table: &[ConsentRow]) -> Vec<Purpose> {
    let mut purposes = vec![statistics(facts, table)];
    let more = [
        (
            Kept::VisitorId,
            "Recognising a browser when it comes back: new and returning visitors, paths over \
             several visits.",
        ),
        (
            Kept::UserId,
            "Joining the visits of a person whom the site itself has identified.",
        ),
        (
            Kept::Fingerprint,
            "Recognising a browser that keeps no id by what it is.",
        ),
        (
            Kept::ClickIds,
            "Attributing visits to the advertisement that was clicked.",
        ),
    ];
    for (kept, purpose) in more {
        let of = states(table, kept);
        if !of.is_empty() {
            purposes.push(Purpose {
                purpose: purpose.to_owned(),
                legal_basis: by_consent(&of).to_owned(),
                of,
            });
        }
    }
    purposes.extend(forms(table));
    purposes.push(Purpose {
        purpose: "Telling robots and abuse from people, and limiting requests. Address and user \
                  agent are read in memory for it and not stored."
            .to_owned(),
        legal_basis: "Legitimate interest, Art. 6(1)(f) GDPR: security of the service.".to_owned(),
        of: VisitorState::ALL.into(),
    });
    purposes
}

/// Forms that people send, and values of those that they do not.
fn forms(table: &[ConsentRow]) -> Vec<Purpose> {
    let sent = states(table, Kept::Submissions);
    let unsent = states(table, Kept::PartialValues);
    let purpose = |purpose: &str, legal_basis: &str, of| Purpose {
        purpose: purpose.to_owned(),
        legal_basis: legal_basis.to_owned(),
        of,
    };
    let mut purposes = Vec::new();
    if !sent.is_empty() {
        let what = "Answering people who write by a form of the site.";
        purposes.push(purpose(what, REQUEST, sent));
    }
    if !unsent.is_empty() {
        let what = "Following up on forms that were filled in and not sent.";
        let basis = by_consent(&unsent);
        purposes.push(purpose(what, basis, unsent));
    }
    purposes
}

fn statistics(facts: &Facts<'_>, table: &[ConsentRow]) -> Purpose {
    let of = states(table, Kept::Statistics);
    let legal_basis = match facts.site.profile {
        Profile::Exempt => EXEMPT,
        _ if of == [VisitorState::Granted] => CONSENT,
        Profile::Standard => UNASKED,
        Profile::Gdpr | Profile::Hipaa => INTEREST,
    };
    Purpose {
        purpose: "Measuring the audience of the site: pages, visits, sources, devices.".to_owned(),
        legal_basis: legal_basis.to_owned(),
        of,
    }
}

fn by_consent(of: &[VisitorState]) -> &'static str {
    if of == [VisitorState::Granted] {
        CONSENT
    } else if of.contains(&VisitorState::Unknown) {
        UNASKED
    } else {
        "Consent, Art. 6(1)(a) GDPR, unless the browser objects."
    }
}
