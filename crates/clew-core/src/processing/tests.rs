use super::*;
use crate::model::SiteId;
use crate::model::site::{IpPolicy, VisitorIdPolicy};

fn site(profile: Profile) -> SitePolicy {
    SitePolicy {
        profile,
        domains: vec!["shop.example".into()],
        ..SitePolicy::strict(SiteId::from_u128(1))
    }
}

fn made(site: &SitePolicy, change: impl FnOnce(&mut Facts<'_>)) -> ProcessingRecord {
    let mut facts = Facts {
        site,
        site_name: "Shop",
        controller: "Example GmbH",
        event_days: 180,
        raw_days: 90,
        archives: true,
        recipients: Vec::new(),
        https: true,
        database: "SQLite",
        idle_minutes: 15,
        made_at: "2026-11-21T12:00:00Z",
        version: "0.1.0",
    };
    change(&mut facts);
    record(&facts)
}

fn categories(record: &ProcessingRecord) -> Vec<&str> {
    record
        .data
        .iter()
        .map(|data| data.category.as_str())
        .collect()
}

#[test]
fn every_category_follows_the_profile() {
    let kept = |profile, ip| {
        let site = SitePolicy {
            ip,
            ..site(profile)
        };
        let record = made(&site, |_| ());
        let personal = categories(&record)[4..].join("; ");
        (
            personal,
            record.not_stored[..record.not_stored.len() - 1].join("; "),
        )
    };
    let (exempt, never) = kept(Profile::Exempt, IpPolicy::Full);
    assert_eq!(exempt, "Pseudonym of one day");
    assert_eq!(
        never,
        "Visitor id; User id; Click ids; Fingerprint; IP address, as a hash of the day; IP address, \
         truncated; IP address, in full; Contents of forms that were sent; Contents of forms that were \
         not sent"
    );
    let (gdpr, never) = kept(Profile::Gdpr, IpPolicy::Full);
    assert!(
        gdpr.ends_with(
            "Click ids; IP address, as a hash of the day; Contents of forms that were sent; \
             Contents of forms that were not sent"
        ),
        "{gdpr}"
    );
    assert!(never.contains("IP address, in full"), "{never}");
    let (standard, _) = kept(Profile::Standard, IpPolicy::Full);
    assert!(standard.contains("IP address, in full"), "{standard}");
    let (hipaa, never) = kept(Profile::Hipaa, IpPolicy::Full);
    assert!(
        hipaa.contains("Visitor id") && !hipaa.contains("IP address"),
        "{hipaa}"
    );
    assert!(
        hipaa.ends_with("Contents of forms that were sent"),
        "{hipaa}"
    );
    assert!(never.contains("Click ids"), "{never}");
}

#[test]
fn the_ground_follows_who_is_asked() {
    let gdpr = made(&site(Profile::Gdpr), |_| ());
    let of = |record: &ProcessingRecord, place: usize| record.purposes[place].clone();
    assert!(of(&gdpr, 0).legal_basis.starts_with("Legitimate interest"));
    assert_eq!(of(&gdpr, 1).of, [VisitorState::Granted]);
    assert!(of(&gdpr, 1).legal_basis.starts_with("Consent"));
    let standard = made(&site(Profile::Standard), |_| ());
    assert!(
        of(&standard, 1)
            .legal_basis
            .starts_with("Not by consent alone")
    );
    let exempt = made(&site(Profile::Exempt), |_| ());
    assert_eq!(
        exempt.purposes.len(),
        2,
        "audience and security, nothing else"
    );
}

#[test]
fn terms_measures_and_recipients_are_those_that_are_configured() {
    let base = made(&site(Profile::Gdpr), |_| ());
    let text = |record: &ProcessingRecord| serde_json::to_string(record).unwrap();
    assert!(text(&base).contains("180 days") && text(&base).contains("archive files"));
    assert!(base.recipients[0].starts_with("None"));
    let other = made(&site(Profile::Hipaa), |facts| {
        facts.event_days = 1;
        facts.archives = false;
        facts.https = false;
    });
    assert!(other.retention[0].term == "1 day" && other.retention[0].then == "Deleted.");
    assert!(text(&other).contains("NOT encrypted"));
    assert!(text(&other).contains("written to the audit log before"));
    let cookie = SitePolicy {
        visitor_id: VisitorIdPolicy::Cookie,
        visitor_id_days: 30,
        query_allow: vec!["lang".into()],
        ..site(Profile::Gdpr)
    };
    let cookie = text(&made(&cookie, |_| ()));
    assert!(cookie.contains("in a cookie") && cookie.contains("at most 30 days"));
    assert!(cookie.contains("only the query parameters lang"));
    let fingerprint = SitePolicy {
        fingerprint: true,
        ..site(Profile::Gdpr)
    };
    let fingerprint = made(&fingerprint, |_| ());
    assert!(categories(&fingerprint).contains(&"Fingerprint"));
    assert!(
        fingerprint
            .purposes
            .iter()
            .any(|p| p.purpose.contains("keeps no id"))
    );
    let sent = made(&site(Profile::Gdpr), |facts| {
        facts.recipients.push("Pipedrive (CRM)".to_owned());
    });
    assert_eq!(sent.recipients, ["Pipedrive (CRM)"]);
    assert_eq!(sent.to_complete.len(), base.to_complete.len() + 1);
}

#[test]
fn the_document_says_everything_and_names_are_no_markup() {
    let site = site(Profile::Gdpr);
    let record = made(&site, |facts| facts.controller = "<b>A|B</b>\n# C");
    let text = markdown(&record);
    assert!(
        text.contains(r"| Controller | \<b\>A\|B\</b\> \# C |"),
        "{text}"
    );
    for data in &record.data {
        assert!(text.contains(&data.category), "{}", data.category);
    }
    for title in ["Purposes", "Recipients", "Retention", "To be completed"] {
        assert!(text.contains(&format!("\n## {title}")), "{title}");
    }
}
