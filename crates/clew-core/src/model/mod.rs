//! The nouns of Clew, one file each. Types here are trusted: whoever holds one holds valid data.

pub mod consent;
pub mod domain;
pub mod event;
pub mod id;
pub mod money;
pub mod record;
pub mod site;
pub mod time;

pub use consent::{Consent, ConsentState};
pub use event::{IdentityMethod, IpForm, StoredEvent};
pub use id::{EventId, ImportId, SessionKey, SiteId, UserKey, VisitorId};
pub use record::{QuarantinedEvent, RecordKind, Revocation, StoredBatch};
pub use site::{Profile, SitePolicy};
pub use time::EpochMs;
