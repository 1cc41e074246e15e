//! Closed vocabularies that are stored as text.

use super::error::{Result, corrupt};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            pub(super) fn stored(word: &str) -> Result<Self> {
                word.parse().map_err(|()| corrupt(stringify!($name), word))
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(word: &str) -> std::result::Result<Self, ()> {
                Self::ALL.iter().copied().find(|w| w.as_str() == word).ok_or(())
            }
        }
    )*};
}

words! {
    /// What a user may do in an account.
    Role {
        /// Everything, including deleting the account and naming other owners.
        Owner = "owner",
        Admin = "admin",
        Marketing = "marketing",
        Viewer = "viewer",
    }

    /// What a one-time link is good for.
    LinkKind {
        /// Becoming the first owner of a new installation.
        Setup = "setup",
        /// Choosing the first password.
        Invite = "invite",
        /// Choosing another password.
        Reset = "reset",
    }

    /// What a secret key may do, at most what its role allows.
    KeyRole { Admin = "admin", Marketing = "marketing", Viewer = "viewer" }

    /// What a secret key may be used for.
    Scope {
        /// Reports, events, leads.
        Read = "read",
        /// Sites, forms, mappings, connections, keys (as far as the role goes).
        Manage = "manage",
        /// Sending events from a server, without an Origin.
        Ingest = "ingest",
    }

    /// What a key that is not to see everything may be shown.
    AnalyticsPage {
        Overview = "overview",
        Timeseries = "timeseries",
        Sessions = "sessions",
        /// Leads and what their visitors did.
        Leads = "leads",
        Replay = "replay",
        /// Every other report.
        Reports = "reports",
    }

    /// What is imported.
    ImportKind {
        /// A generated year; at most one per site.
        Sample = "sample",
    }

    /// Where an import stands.
    ImportState {
        /// Under way, in this process or after the next start.
        Loading = "loading",
        Ready = "ready",
        /// Being taken back.
        Removing = "removing",
        /// Stopped for good; the message says why.
        Failed = "failed",
    }

    /// Whom an erasure was asked for.
    SubjectKind {
        /// A visitor, and the person whom it is linked to.
        Visitor = "visitor",
        /// A user id given to `identify()`, and every visitor that was ever linked to it.
        User = "user",
        /// An e-mail address: what was submitted in its name, and the user who is known by it.
        Email = "email",
        /// A site that was deleted: whatever was submitted there.
        Site = "site",
        /// The journal says that somebody was erased, and this database does not know of it.
        Replayed = "replayed",
    }

    /// Why, in the words of the law (GDPR Art. 17(1)); closed, so that nobody can be named in it.
    ErasureReason {
        Request = "request",
        ConsentWithdrawn = "consent_withdrawn",
        Objection = "objection",
        NoLongerNeeded = "no_longer_needed",
        Unlawful = "unlawful",
        LegalObligation = "legal_obligation",
        Child = "child",
    }

    /// Where an erasure stands.
    ErasureState {
        /// Waits for its turn, in this process or after the next start.
        Queued = "queued",
        Running = "running",
        /// Verified: nothing is left.
        Done = "done",
        /// The last attempt failed; another one follows.
        Failed = "failed",
    }

    /// Where one store of an erasure stands.
    StepState {
        Pending = "pending",
        /// Erased from, not looked at again yet.
        Erased = "erased",
        /// Looked at again, and nothing was left.
        Verified = "verified",
    }

    /// Where an export stands.
    ExportState {
        Queued = "queued",
        Running = "running",
        /// Its files can be downloaded.
        Ready = "ready",
        Failed = "failed",
        /// Its files are gone.
        Expired = "expired",
    }

    /// Where a job stands.
    JobState {
        /// Waits for its time, perhaps after a failed attempt.
        Pending = "pending",
        /// Somebody holds its lease.
        Running = "running",
        Done = "done",
        /// Failed for good; stays until it is retried by hand or pruned.
        Dead = "dead",
        /// A retry that became needless: a newer job with the same merge key took over.
        Merged = "merged",
    }
}

impl Role {
    /// Whether this role may do all that `other` may.
    pub fn includes(self, other: Self) -> bool {
        self as u8 <= other as u8
    }
}

impl From<KeyRole> for Role {
    fn from(role: KeyRole) -> Self {
        match role {
            KeyRole::Admin => Self::Admin,
            KeyRole::Marketing => Self::Marketing,
            KeyRole::Viewer => Self::Viewer,
        }
    }
}
