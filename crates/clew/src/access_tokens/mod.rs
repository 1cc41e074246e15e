//! Access tokens: JWTs that stand for a person or a secret key for a quarter of an hour.
//!
//! Owns how they are signed and what is in them: HS256 with a key from the master key, the key's id
//! in the header. Refuses every other algorithm, key, issuer and age. A token that reads well is no
//! proof yet: whether its person or key may still come in is asked of the store with every request.

mod hs256;

use crate::secret_text::SecretText;
use crate::secrets::MasterKey;
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use jsonwebtoken::errors::Error;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

/// Life of a token; using it does not lengthen it.
pub const LIFE_MS: i64 = 15 * EpochMs::MINUTE;

const ISSUER: &str = "clew";

/// For whom a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Valid while the user's tokens are of this epoch.
    Person { user: RowId, epoch: u64 },
    /// Valid while the key is.
    Key(RowId),
}

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    pub subject: Subject,
    pub account: RowId,
    /// To the second.
    pub issued: EpochMs,
}

/// As in the token; times are seconds since the epoch.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    iss: String,
    sub: RowId,
    /// `user` or `key`.
    kind: Kind,
    account: RowId,
    #[serde(default)]
    epoch: u64,
    iat: i64,
    exp: i64,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    User,
    Key,
}

/// Signs tokens and reads its own.
pub struct AccessTokens {
    signing: EncodingKey,
    reading: DecodingKey,
    /// Names the key in use; another master key has another one.
    key_id: String,
}

impl AccessTokens {
    pub fn new(master: &MasterKey) -> Self {
        hs256::install();
        let key = master.token_key();
        let key_id = blake3::derive_key("clew 2026 access token key id", &key);
        Self {
            signing: EncodingKey::from_secret(&key),
            reading: DecodingKey::from_secret(&key),
            key_id: hex::encode(&key_id[..8]),
        }
    }

    /// A token for [`LIFE_MS`] from `claims.issued` on.
    pub fn issue(&self, claims: &Claims) -> Result<SecretText, Error> {
        let (kind, sub, epoch) = match claims.subject {
            Subject::Person { user, epoch } => (Kind::User, user, epoch),
            Subject::Key(key) => (Kind::Key, key, 0),
        };
        let payload = Payload {
            iss: ISSUER.to_owned(),
            sub,
            kind,
            account: claims.account,
            epoch,
            iat: claims.issued.0 / 1000,
            exp: (claims.issued.0 + LIFE_MS) / 1000,
        };
        let header = Header {
            kid: Some(self.key_id.clone()),
            ..Header::new(Algorithm::HS256)
        };
        jsonwebtoken::encode(&header, &payload, &self.signing).map(SecretText::from)
    }

    /// What the token says; `None` for anything that is not our own, or not of this time.
    pub fn read(&self, token: &str, now: EpochMs) -> Option<Claims> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.kid.as_deref() != Some(self.key_id.as_str()) {
            return None;
        }
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[ISSUER]);
        rules.set_required_spec_claims(&["exp", "iss", "sub"]);
        // By our own clock, below.
        rules.validate_exp = false;
        let payload = jsonwebtoken::decode::<Payload>(token, &self.reading, &rules);
        let payload = payload.ok()?.claims;
        let issued = EpochMs(payload.iat.checked_mul(1000)?);
        let ends = payload.exp.min(payload.iat.saturating_add(LIFE_MS / 1000));
        // The clock may have been set back by a little since.
        let begun = payload.iat <= now.0 / 1000 + 60;
        (begun && now.0 / 1000 < ends).then_some(Claims {
            subject: match payload.kind {
                Kind::User => Subject::Person {
                    user: payload.sub,
                    epoch: payload.epoch,
                },
                Kind::Key => Subject::Key(payload.sub),
            },
            account: payload.account,
            issued,
        })
    }

    /// Cheap test that spares the cryptography what cannot be a token.
    pub fn is_shaped(text: &str) -> bool {
        text.len() <= 2048 && text.split('.').count() == 3
    }
}

impl std::fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessTokens")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    const NOW: EpochMs = EpochMs(1_790_000_000_000);

    fn tokens(key: u8) -> AccessTokens {
        AccessTokens::new(&MasterKey::from_bytes([key; 32]))
    }

    fn claims() -> Claims {
        Claims {
            subject: Subject::Person {
                user: RowId::from_u128(7),
                epoch: 3,
            },
            account: RowId::from_u128(1),
            issued: NOW,
        }
    }

    fn token() -> String {
        tokens(1).issue(&claims()).unwrap().as_str().to_owned()
    }

    /// The token with another header or payload, and its old signature or a new one.
    fn forged(change: impl FnOnce(&mut serde_json::Value, &mut serde_json::Value)) -> [String; 2] {
        let token = token();
        let parts: Vec<_> = token.split('.').collect();
        let read = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part).unwrap();
            serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()
        };
        let (mut header, mut payload) = (read(parts[0]), read(parts[1]));
        change(&mut header, &mut payload);
        let write = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", write(&header), write(&payload));
        let signing = &tokens(1).signing;
        let signed = jsonwebtoken::crypto::sign(text.as_bytes(), signing, Algorithm::HS256);
        [
            format!("{text}.{}", parts[2]),
            format!("{text}.{}", signed.unwrap()),
        ]
    }

    #[test]
    fn a_token_says_what_it_was_issued_with_until_it_ends() {
        let token = token();
        let tokens = tokens(1);
        for age in [0, LIFE_MS - 1_000] {
            assert_eq!(tokens.read(&token, NOW.plus(age)), Some(claims()));
        }
        assert_eq!(tokens.read(&token, NOW.plus(LIFE_MS)), None);
        assert_eq!(tokens.read(&token, NOW.plus(-EpochMs::HOUR)), None);
        let of_key = Claims {
            subject: Subject::Key(RowId::from_u128(9)),
            ..claims()
        };
        let token = tokens.issue(&of_key).unwrap();
        assert_eq!(tokens.read(token.as_str(), NOW), Some(of_key));
    }

    #[test]
    fn another_master_key_reads_nothing() {
        assert_eq!(tokens(2).read(&token(), NOW), None);
    }

    #[test]
    fn no_other_algorithm_is_believed() {
        for alg in ["none", "None", "HS384", "RS256", "ES256"] {
            for token in forged(|header, _| header["alg"] = alg.into()) {
                assert_eq!(tokens(1).read(&token, NOW), None, "{alg}");
            }
        }
        let token = token();
        let unsigned = token.rsplit_once('.').unwrap().0;
        assert_eq!(tokens(1).read(&format!("{unsigned}."), NOW), None);
        assert_eq!(tokens(1).read(unsigned, NOW), None);
    }

    #[test]
    fn a_key_id_that_is_not_ours_is_refused_even_with_our_signature() {
        for token in forged(|header, _| header["kid"] = "0000000000000000".into()) {
            assert_eq!(tokens(1).read(&token, NOW), None);
        }
        for token in forged(|header, _| {
            header.as_object_mut().unwrap().remove("kid");
        }) {
            assert_eq!(tokens(1).read(&token, NOW), None);
        }
    }

    #[test]
    fn what_was_changed_after_signing_is_refused() {
        let [tampered, _] = forged(|_, payload| payload["epoch"] = 4.into());
        assert_eq!(tokens(1).read(&tampered, NOW), None);
        let token = token();
        for place in (0..token.len()).step_by(7) {
            let mut bytes = token.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let text = String::from_utf8(bytes).unwrap();
            // The last digits of base64 may stand for the same bits.
            if text != token && place + 2 < token.len() {
                assert_eq!(tokens(1).read(&text, NOW), None, "{place}");
            }
        }
    }

    #[test]
    fn no_token_lives_longer_than_one_of_ours_could() {
        let [_, eternal] = forged(|_, payload| payload["exp"] = i64::MAX.into());
        assert!(tokens(1).read(&eternal, NOW).is_some());
        assert_eq!(tokens(1).read(&eternal, NOW.plus(LIFE_MS)), None);
        let [_, foreign] = forged(|_, payload| payload["iss"] = "other".into());
        assert_eq!(tokens(1).read(&foreign, NOW), None);
    }

    #[test]
    fn text_that_is_no_token_is_none() {
        for text in ["", ".", "..", "a.b.c", "sk_1", "a.b.c.d"] {
            assert_eq!(tokens(1).read(text, NOW), None, "{text}");
        }
    }
}
