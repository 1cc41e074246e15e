//! What is left to show of an erasure: which stores were looked at, what was found, that nothing is
//! left, and when. It names nobody, and carries the installation's signature.

use crate::secrets::MasterKey;
use clew_core::model::EpochMs;
use clew_store::relational::erasures::{Erasure, Step};
use serde_json::{Value, json};

/// The certificate as JSON text. `signature` is a keyed BLAKE3 of `hash`, with a key that only this
/// installation can derive; `hash` is the BLAKE3 of everything else, as JSON with sorted keys and
/// without spaces.
pub(super) fn write(keys: &MasterKey, erasure: &Erasure, steps: &[Step], now: EpochMs) -> String {
    let started = erasure.started_at.unwrap_or(now);
    let stores: Vec<Value> = steps
        .iter()
        .map(|step| {
            json!({
                "store": step.store,
                "found": step.found,
                "remaining": step.remaining,
                "finishedAt": step.finished_at.map(time),
            })
        })
        .collect();
    let mut certificate = json!({
        "type": "clew.erasure.v1",
        "erasureId": erasure.id,
        "siteId": erasure.site,
        "subject": erasure.subject,
        "reason": erasure.reason,
        "identifiers": erasure.persons.len(),
        "journalRecord": erasure.record_lsn,
        "requestedAt": time(erasure.requested_at),
        "startedAt": time(started),
        "finishedAt": time(now),
        "dueAt": time(erasure.due_at),
        "inTime": now <= erasure.due_at,
        "verified": steps.iter().all(|step| step.remaining == Some(0)),
        "stores": stores,
        "notCovered": [
            "backups made before: they hold the person until they are deleted; once restored, \
             the erasure is applied again",
            "what other systems were sent before",
        ],
    });
    let hash = blake3::hash(certificate.to_string().as_bytes());
    let signature = keys.certify(hash.as_bytes());
    if let Some(fields) = certificate.as_object_mut() {
        fields.insert("hash".to_owned(), json!(hash.to_hex().as_str()));
        fields.insert("signature".to_owned(), json!(hex::encode(signature)));
    }
    certificate.to_string()
}

fn time(at: EpochMs) -> String {
    at.to_timestamp().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_core::model::{ErasureId, PersonHash, SiteId};
    use clew_store::relational::{ErasureState, StepState, SubjectKind};

    fn erasure() -> Erasure {
        Erasure {
            id: ErasureId::from_u128(1),
            site: SiteId::from_u128(2),
            subject: SubjectKind::User,
            reason: None,
            state: ErasureState::Running,
            persons: [PersonHash::from_u128(0xabcd_ef98_7654_3210 << 64)].into(),
            record_lsn: Some(7),
            attempts: 1,
            message: None,
            requested_at: EpochMs(1_000),
            started_at: Some(EpochMs(2_000)),
            finished_at: None,
            due_at: EpochMs(90_000),
            certificate: None,
        }
    }

    #[test]
    fn a_certificate_can_be_checked_and_names_nobody() {
        let keys = MasterKey::from_bytes([7; 32]);
        let step = Step {
            store: "journal".into(),
            state: StepState::Verified,
            found: 4,
            remaining: Some(0),
            finished_at: Some(EpochMs(3_000)),
        };
        let text = write(&keys, &erasure(), &[step], EpochMs(4_000));
        assert!(!text.contains("abcdef98"), "not even as a hash");
        let mut certificate: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(certificate["inTime"], true);
        assert_eq!(certificate["verified"], true);
        assert_eq!(certificate["stores"][0]["found"], 4);
        let fields = certificate.as_object_mut().unwrap();
        let (hash, signature) = (fields.remove("hash"), fields.remove("signature"));
        let expected = blake3::hash(certificate.to_string().as_bytes());
        assert_eq!(hash.unwrap(), expected.to_hex().as_str());
        let signed = hex::encode(keys.certify(expected.as_bytes()));
        assert_eq!(signature.unwrap(), signed);
        let other = MasterKey::from_bytes([8; 32]);
        assert_ne!(hex::encode(other.certify(expected.as_bytes())), signed);
    }
}
