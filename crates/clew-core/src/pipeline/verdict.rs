//! Why an event is in no number. Codes are public and for ever.

macro_rules! verdicts {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All of them, for counters that must exist before the first event.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

verdicts! {
    /// Seen and understood, and left out of the numbers.
    NotCounted {
        /// A known crawler; stored with its name, browsable, in no visitor number.
        Bot = "bot",
        /// The visitor refused to be measured and the site then measures nothing; a form that they
        /// sent is kept apart.
        ConsentDenied = "consent_denied",
        /// Nobody has agreed yet, and the site measures nothing before that; a form that was sent is
        /// kept apart.
        ConsentPending = "consent_pending",
        /// From an address on the site's list of blocked ones; stored apart.
        BlockedIp = "blocked_ip",
        /// From an address on the site's list of testers; stored and visible, never counted.
        TestingIp = "testing_ip",
    }
}

impl QuarantineCode {
    /// Whether it is about something that is left out of an event that is kept for a form alone.
    pub(super) const fn is_left_out_of_silence(self) -> bool {
        match self {
            Self::MissingName
            | Self::MissingUrl
            | Self::InvalidUrl
            | Self::ForeignHost
            | Self::InvalidCurrency
            | Self::InvalidValue => true,
            Self::Late | Self::Future | Self::InvalidType => false,
        }
    }
}

verdicts! {
    /// Set aside: not countable, kept stripped so that somebody can find out why.
    QuarantineCode {
        /// Happened more than seven days before receipt.
        Late = "late",
        /// Happens more than five minutes after receipt.
        Future = "future",
        /// No type, or one outside `[a-z][a-z0-9_]*`, 40 characters at most.
        InvalidType = "invalid_type",
        /// A `custom` event without a name.
        MissingName = "missing_name",
        /// A page view without an address.
        MissingUrl = "missing_url",
        /// Not an absolute http or https address.
        InvalidUrl = "invalid_url",
        /// The page is on a host that is not on the site's list.
        ForeignHost = "foreign_host",
        /// A value whose currency is not a code of three letters.
        InvalidCurrency = "invalid_currency",
        /// A value that does not fit.
        InvalidValue = "invalid_value",
    }
}
