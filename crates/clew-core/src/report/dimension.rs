//! What numbers can be grouped and filtered by.
//!
//! One line per dimension: its name, whether it belongs to the event or to its session, and where
//! its value comes from. Empty text is a value: "not given".

use crate::model::StoredEvent;
use crate::session::Session;

/// Whose property a dimension is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Read from each event.
    Event,
    /// Read from the first interaction of the session, for all of its events.
    Session,
    /// Read from the first or last page view of the session.
    SessionPage,
}

macro_rules! dimensions {
    ($($variant:ident = $name:literal, $scope:ident;)*) => {
        /// A property of events or of their sessions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Dimension { $($variant,)* }

        impl Dimension {
            /// All dimensions, in the order in which they are documented.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name used in parameters and answers.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }

            pub const fn scope(self) -> Scope {
                match self { $(Self::$variant => Scope::$scope,)* }
            }
        }
    };
}

dimensions! {
    Page = "page", Event;
    Event = "event", Event;
    Hostname = "hostname", Event;
    EntryPage = "entry_page", SessionPage;
    ExitPage = "exit_page", SessionPage;
    Source = "source", Session;
    Medium = "medium", Session;
    Campaign = "campaign", Session;
    Content = "content", Session;
    Term = "term", Session;
    Channel = "channel", Session;
    Referrer = "referrer", Session;
    ReferrerHost = "referrer_host", Session;
    ClickId = "click_id", Session;
    Browser = "browser", Session;
    BrowserVersion = "browser_version", Session;
    Os = "os", Session;
    OsVersion = "os_version", Session;
    Device = "device", Session;
    Screen = "screen", Session;
    Language = "language", Session;
    Country = "country", Session;
    Region = "region", Session;
    City = "city", Session;
    Network = "network", Session;
    CampaignRegion = "campaign_region", Session;
    AdGroup = "ad_group", Session;
    AdId = "ad_id", Session;
    SearchQuery = "search_query", Session;
}

impl Dimension {
    /// Whether it tells of pages: what happened on none (a lead that a server handed in, a chat
    /// message) has no such value, so it is no row of a breakdown by it.
    pub const fn is_of_pages(self) -> bool {
        matches!(
            self,
            Self::Page | Self::Hostname | Self::EntryPage | Self::ExitPage
        )
    }

    /// The dimension's value on one event, or on the first interaction of a session. `None` for
    /// entry and exit page, which no single event knows.
    pub fn on_event(self, event: &StoredEvent) -> Option<&str> {
        Some(match self {
            Self::EntryPage | Self::ExitPage => return None,
            Self::Page => &event.path,
            Self::Event => event_label(event),
            Self::Hostname => &event.hostname,
            Self::Source => &event.source,
            Self::Medium => &event.medium,
            Self::Campaign => &event.utm_campaign,
            Self::Content => &event.utm_content,
            Self::Term => &event.utm_term,
            Self::Channel => &event.channel,
            Self::Referrer => &event.referrer,
            Self::ReferrerHost => &event.referrer_host,
            Self::ClickId => &event.click_id_kind,
            Self::Browser => &event.browser,
            Self::BrowserVersion => &event.browser_version,
            Self::Os => &event.os,
            Self::OsVersion => &event.os_version,
            Self::Device => &event.device,
            Self::Screen => &event.screen,
            Self::Language => &event.language,
            Self::Country => &event.country,
            Self::Region => &event.region,
            Self::City => &event.city,
            Self::Network => &event.network,
            Self::CampaignRegion => &event.campaign_region,
            Self::AdGroup => &event.ad_group,
            Self::AdId => &event.ad_id,
            Self::SearchQuery => &event.search_query,
        })
    }

    /// The value for an event and the session it belongs to. An event without a session (an
    /// engagement report whose page view never arrived) has only its own properties.
    pub fn of<'a>(self, event: &'a StoredEvent, session: Option<&Session<'a>>) -> &'a str {
        match (self.scope(), session) {
            (Scope::Event, _) => self.on_event(event).unwrap_or_default(),
            (_, None) => "",
            (Scope::Session, Some(session)) => self.on_event(session.first).unwrap_or_default(),
            (Scope::SessionPage, Some(session)) if self == Self::EntryPage => session.entry_page(),
            (Scope::SessionPage, Some(session)) => session.exit_page(),
        }
    }
}

/// The name of a custom event, the type of any other.
pub fn event_label(event: &StoredEvent) -> &str {
    if event.name.is_empty() {
        &event.event_type
    } else {
        &event.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for dimension in Dimension::ALL {
            assert_eq!(Dimension::from_name(dimension.name()), Some(*dimension));
        }
    }

    #[test]
    fn only_entry_and_exit_page_need_a_whole_session() {
        let event = StoredEvent::default();
        for dimension in Dimension::ALL {
            let whole = dimension.on_event(&event).is_none();
            assert_eq!(
                whole,
                dimension.scope() == Scope::SessionPage,
                "{dimension:?}"
            );
        }
    }
}
