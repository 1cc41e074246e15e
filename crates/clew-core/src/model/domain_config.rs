//! What a node tells others about a host: whose it is and what may be kept there (CONTRACTS C,
//! `GET /api/v1/config/domain/{domain}`).
//!
//! Owns both directions: what is said of a site, and what another node's word means here. Such a
//! word can only take away: [`DomainConfig::tighten`] never keeps more than the site's own policy
//! does. Never holds a salt, a key or a list of hosts.

use super::site::IpPolicy;
use super::{IpForm, Profile, SiteId, SitePolicy};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainConfig {
    /// The site.
    pub client_id: Uuid,
    pub privacy_level: PrivacyLevel,
    pub ip_collection: IpCollection,
    pub consent: ConsentRule,
    #[serde(default)]
    pub features: Features,
}

/// The profile as this family of clients knows it; `exempt` is `gdpr` with a feature of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PrivacyLevel {
    Standard,
    Gdpr,
    Hipaa,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IpCollection {
    /// The address is stored in some form.
    pub enabled: bool,
    /// Never in full.
    pub hash_required: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRule {
    pub required: bool,
    pub default_behavior: DefaultBehavior,
}

/// What happens to a visitor who has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultBehavior {
    /// Stored until withdrawn.
    OptIn,
    /// Nothing until granted.
    OptOut,
}

/// Members that a node leaves out say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(clippy::struct_excessive_bools)] // Each is a promise of its own.
pub struct Features {
    /// Audience measurement without consent: nothing outlives the day.
    pub exempt: bool,
    /// Browsers may be recognised by a fingerprint where the visitor agreed.
    pub fingerprint: bool,
    /// Do Not Track counts like Global Privacy Control.
    pub honour_dnt: bool,
    /// Nothing at all is stored after a refusal.
    pub silent_when_denied: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self {
            exempt: false,
            fingerprint: true,
            honour_dnt: false,
            silent_when_denied: false,
        }
    }
}

impl DomainConfig {
    /// What is said of a site.
    pub fn of(site: &SitePolicy) -> Self {
        let privacy_level = match site.profile {
            Profile::Standard => PrivacyLevel::Standard,
            Profile::Gdpr | Profile::Exempt => PrivacyLevel::Gdpr,
            Profile::Hipaa => PrivacyLevel::Hipaa,
        };
        let form = clearest(site.profile, site.ip);
        Self {
            client_id: Uuid::from_bytes(site.id.to_bytes()),
            privacy_level,
            ip_collection: IpCollection {
                enabled: form != IpForm::None,
                hash_required: form != IpForm::Full,
            },
            consent: ConsentRule {
                required: site.consent_required,
                default_behavior: if site.consent_required {
                    DefaultBehavior::OptOut
                } else {
                    DefaultBehavior::OptIn
                },
            },
            features: Features {
                exempt: site.profile == Profile::Exempt,
                fingerprint: site.fingerprint && site.profile.allows_fingerprint(),
                honour_dnt: site.honour_dnt,
                silent_when_denied: site.silent_when_denied,
            },
        }
    }

    pub fn site(&self) -> SiteId {
        self.client_id.into()
    }

    /// The site's policy with everything taken away that either side forbids. None where no profile
    /// keeps the promises of both: `hipaa` and `exempt` each forbid what the other allows.
    pub fn tighten(&self, site: &SitePolicy) -> Option<SitePolicy> {
        use Profile::{Exempt, Gdpr, Hipaa, Standard};
        let said = match self.privacy_level {
            PrivacyLevel::Hipaa => Hipaa,
            _ if self.features.exempt => Exempt,
            PrivacyLevel::Gdpr => Gdpr,
            PrivacyLevel::Standard => Standard,
        };
        let profile = match (site.profile, said) {
            (own, said) if own == said => own,
            (Hipaa, Exempt) | (Exempt, Hipaa) => return None,
            (Hipaa, _) | (_, Hipaa) => Hipaa,
            (Exempt, _) | (_, Exempt) => Exempt,
            (Gdpr | Standard, Gdpr | Standard) => Gdpr,
        };
        let ip = match site.ip {
            _ if !self.ip_collection.enabled => IpPolicy::None,
            IpPolicy::Full if self.ip_collection.hash_required => IpPolicy::Hmac,
            own => own,
        };
        let silent = self.consent.default_behavior == DefaultBehavior::OptOut;
        Some(SitePolicy {
            profile,
            ip,
            consent_required: site.consent_required || silent,
            fingerprint: site.fingerprint && self.features.fingerprint,
            honour_dnt: site.honour_dnt || self.features.honour_dnt,
            silent_when_denied: site.silent_when_denied || self.features.silent_when_denied,
            ..site.clone()
        })
    }
}

/// The most telling form in which an address of this site is ever stored.
const fn clearest(profile: Profile, ip: IpPolicy) -> IpForm {
    match (profile, ip) {
        (Profile::Exempt | Profile::Hipaa, _) | (_, IpPolicy::None) => IpForm::None,
        (_, IpPolicy::Truncated) => IpForm::Truncated,
        (Profile::Standard, IpPolicy::Full) => IpForm::Full,
        (_, IpPolicy::Full | IpPolicy::Hmac) => IpForm::Hmac,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Profile::{Exempt, Gdpr, Hipaa, Standard};

    const ALL: [Profile; 4] = [Gdpr, Exempt, Standard, Hipaa];

    fn site(profile: Profile, ip: IpPolicy) -> SitePolicy {
        SitePolicy {
            profile,
            ip,
            ..SitePolicy::strict(SiteId::from_u128(7))
        }
    }

    #[test]
    fn a_site_is_told_in_the_familys_words() {
        for (profile, ip, expected) in [
            (
                Standard,
                IpPolicy::Full,
                r#""privacy_level":"standard","ip_collection":{"enabled":true,"hash_required":false}"#,
            ),
            (
                Standard,
                IpPolicy::Truncated,
                r#""privacy_level":"standard","ip_collection":{"enabled":true,"hash_required":true}"#,
            ),
            (
                Gdpr,
                IpPolicy::Full,
                r#""privacy_level":"gdpr","ip_collection":{"enabled":true,"hash_required":true}"#,
            ),
            (
                Exempt,
                IpPolicy::Full,
                r#""privacy_level":"gdpr","ip_collection":{"enabled":false,"hash_required":true}"#,
            ),
            (
                Hipaa,
                IpPolicy::Hmac,
                r#""privacy_level":"hipaa","ip_collection":{"enabled":false,"hash_required":true}"#,
            ),
        ] {
            let said = DomainConfig::of(&site(profile, ip));
            let json = serde_json::to_string(&said).unwrap();
            assert!(json.contains(expected), "{json}");
            assert_eq!(said.features.exempt, profile == Exempt);
            assert_eq!(serde_json::from_str::<DomainConfig>(&json).unwrap(), said);
        }
        let mut asks = site(Gdpr, IpPolicy::None);
        asks.consent_required = true;
        let json = serde_json::to_string(&DomainConfig::of(&asks)).unwrap();
        assert!(json.contains(r#""consent":{"required":true,"default_behavior":"opt_out"}"#));
    }

    #[test]
    fn what_another_node_says_only_takes_away() {
        use IpPolicy::{Full, Hmac, None as Never};
        for (own, said, expected) in [
            ((Gdpr, Hmac), (Standard, Full), Some((Gdpr, Hmac))),
            ((Standard, Full), (Gdpr, Full), Some((Gdpr, Hmac))),
            ((Standard, Full), (Hipaa, Full), Some((Hipaa, Never))),
            ((Standard, Full), (Exempt, Full), Some((Exempt, Never))),
            ((Hipaa, Never), (Standard, Full), Some((Hipaa, Never))),
            ((Exempt, Never), (Standard, Full), Some((Exempt, Never))),
            ((Standard, Full), (Standard, Full), Some((Standard, Full))),
            ((Exempt, Never), (Hipaa, Never), None),
            ((Hipaa, Never), (Exempt, Never), None),
        ] {
            let word = DomainConfig::of(&site(said.0, said.1));
            let tight = word.tighten(&site(own.0, own.1));
            let tight = tight.map(|policy| (policy.profile, policy.ip));
            assert_eq!(tight, expected, "{own:?} {said:?}");
        }
    }

    #[test]
    fn one_word_against_it_is_enough_for_every_setting() {
        for own in ALL {
            let mut mine = site(own, IpPolicy::None);
            mine.fingerprint = true;
            let mut theirs = site(own, IpPolicy::None);
            theirs.consent_required = true;
            theirs.honour_dnt = true;
            theirs.silent_when_denied = true;
            let tight = DomainConfig::of(&theirs).tighten(&mine).unwrap();
            assert!(tight.consent_required && tight.honour_dnt && tight.silent_when_denied);
            assert!(!tight.fingerprint);
            let back = DomainConfig::of(&mine).tighten(&theirs).unwrap();
            assert!(back.consent_required && back.honour_dnt && back.silent_when_denied);
        }
    }
}
