//! Families of programs that visit sites.

/// A program, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bot {
    pub name: String,
    pub kind: BotKind,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)*) => {
        /// What a program is for. Codes are public and for ever.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum BotKind { $($(#[$doc])* $variant,)* }

        impl BotKind {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.code() == code)
            }
        }
    };
}

kinds! {
    /// Reads for a language model: training, search or a question that somebody asks right now.
    Ai = "ai",
    Search = "search",
    /// Fetches the preview of a link that somebody shared.
    Social = "social",
    Advertising = "advertising",
    Seo = "seo",
    Monitor = "monitor",
    Feed = "feed",
    Archive = "archive",
    /// Scans for weaknesses, or checks for a security product.
    Security = "security",
    Academic = "academic",
    /// Drives a real browser (headless Chrome, Playwright, WebDriver …).
    Automation = "automation",
    /// An HTTP library: recognised as a program, and counted all the same (see `pipeline::bots`).
    Library = "library",
    Other = "other",
}

impl BotKind {
    /// The kind of an entry of the crawler list: its first tag in this order, because an entry may
    /// have several.
    pub(super) fn of_tags(tags: &[String]) -> Self {
        const TAGS: &[(&str, BotKind)] = &[
            ("ai-crawler", BotKind::Ai),
            ("browser-automation", BotKind::Automation),
            ("search-engine", BotKind::Search),
            ("social-preview", BotKind::Social),
            ("advertising", BotKind::Advertising),
            ("seo", BotKind::Seo),
            ("monitoring", BotKind::Monitor),
            ("feed-reader", BotKind::Feed),
            ("archiver", BotKind::Archive),
            ("scanner", BotKind::Security),
            ("academic", BotKind::Academic),
            ("http-library", BotKind::Library),
        ];
        TAGS.iter()
            .find(|(tag, _)| tags.iter().any(|stated| stated == tag))
            .map_or(Self::Other, |(_, kind)| *kind)
    }
}
