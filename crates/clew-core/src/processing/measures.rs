//! For how long, how protected, and what visitors can ask for.

use super::{Facts, Term, states};
use crate::model::Profile;
use crate::pipeline::{ConsentRow, Kept};

pub(super) fn terms(facts: &Facts<'_>, table: &[ConsentRow]) -> Vec<Term> {
    let then = if facts.archives {
        "Moved out of the reports into archive files of this installation."
    } else {
        "Deleted."
    };
    let mut terms = vec![
        term("Events", &days(facts.event_days), then),
        term("Raw session objects", &days(facts.raw_days), "Deleted."),
        term(
            "Random bits of daily pseudonyms",
            "48 hours from the start of their day",
            "Overwritten and removed; a chained log records it without them.",
        ),
        term(
            "Audit log (who read or changed what, by ids)",
            "As long as the installation",
            "Kept, so that gaps show.",
        ),
    ];
    if !states(table, Kept::VisitorId).is_empty() {
        let life = days(facts.site.visitor_id_days);
        terms.insert(
            1,
            term(
                "Visitor id in the browser",
                &life,
                "It ends there; never renewed.",
            ),
        );
    }
    terms
}

pub(super) fn security(facts: &Facts<'_>) -> Vec<String> {
    let mut lines = vec![
        if facts.https {
            "Transport: TLS between browsers and server."
        } else {
            "Transport: NOT encrypted as configured (the public address is plain HTTP)."
        }
        .to_owned(),
        "Minimisation at the edge: the client's address is turned into the form above before \
         anything is written; later parts of the software never see it."
            .to_owned(),
        "Numbers of cards, accounts, social security and passports and e-mail addresses are taken \
         out of every text before it is stored."
            .to_owned(),
        "Secrets at rest are sealed (XChaCha20-Poly1305) with a key outside the data folder; \
         passwords are hashed with argon2id, keys and sessions stored as hashes."
            .to_owned(),
        format!(
            "Access by roles per account and per site; unused sign-ins end after {} minutes.",
            facts.idle_minutes
        ),
        "Audit log of all changes, hash-chained and sealed, so that tampering shows.".to_owned(),
        format!(
            "Integrity: events are fsynced before they are acknowledged; settings in {}.",
            facts.database
        ),
    ];
    if facts.site.profile == Profile::Hipaa {
        lines.push(
            "Every access to this site's data is written to the audit log before it is answered."
                .to_owned(),
        );
    }
    lines
}

pub(super) fn rights() -> Vec<String> {
    [
        "Access and portability: export of everything about a visitor or user id.",
        "Erasure: from every store, archive files included, with a certificate.",
        "Objection and withdrawal: consent can be withdrawn in the page at any time; Global \
         Privacy Control is honoured.",
    ]
    .map(ToOwned::to_owned)
    .into()
}

fn term(data: &str, term: &str, then: &str) -> Term {
    Term {
        data: data.to_owned(),
        term: term.to_owned(),
        then: then.to_owned(),
    }
}

fn days(days: u32) -> String {
    match days {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}
