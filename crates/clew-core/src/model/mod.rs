//! The nouns of Clew, one file each. Types here are trusted: whoever holds one holds valid data.

pub mod channel_rule;
pub mod consent;
pub mod contact;
pub mod domain;
mod domain_config;
pub mod erasure;
pub mod event;
pub mod id;
pub mod ip_lists;
pub mod money;
pub mod place;
pub mod public_id;
pub mod record;
pub mod retention;
pub mod signal;
pub mod site;
pub mod site_key;
pub mod submission;
pub mod time;

pub use channel_rule::ChannelRule;
pub use consent::{Consent, ConsentAnswers, ConsentKey, ConsentState};
pub use domain_config::{
    ConsentRule, DefaultBehavior, DomainConfig, Features, IpCollection, PrivacyLevel,
};
pub use erasure::ErasedPersons;
pub use event::{IdentityMethod, IpForm, PlaceSource, SetApart, StoredEvent};
pub use id::{
    ErasureId, EventId, FingerprintKey, ImportId, PersonHash, SessionKey, SiteId, UserKey,
    VisitorId,
};
pub use ip_lists::{IpListing, IpLists};
pub use place::Place;
pub use record::{
    Erasure, LinkSource, PersonLinks, QuarantinedEvent, RecordKind, Revocation, StoredBatch,
    StoredLink,
};
pub use retention::Watermark;
pub use signal::{Signal, Signals};
pub use site::{Profile, SitePolicy};
pub use site_key::SiteKey;
pub use submission::{StoredSubmission, Submission, SubmissionKind};
pub use time::EpochMs;
