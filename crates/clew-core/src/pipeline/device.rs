//! Device: what user agent and client hints say about browser, system and kind of device.
//!
//! [`RegexDevices`] reads uap-core's browser and system rules and the list of crawlers; both cost
//! microseconds, so [`CachedDevices`] stands in front. Where a browser states client hints, they
//! are believed before the frozen user agent (`hinted`).

mod bot;
mod cache;
mod class;
mod hinted;
mod regexes;

pub use bot::{Bot, BotKind};
pub use cache::{CacheStats, CachedDevices};
pub use regexes::RegexDevices;

use super::{Context, Flow, RequestEvent, text};
use std::sync::Arc;

const LANGUAGE_MAX: usize = 35;

/// What is known about a user agent. Empty string = unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// Name without platform suffixes: `Chrome`, not `Chrome Mobile iOS`.
    pub browser: String,
    /// Major version.
    pub browser_version: String,
    pub os: String,
    pub os_version: String,
    /// `desktop`, `mobile`, `tablet`, `tv`, `other` or empty.
    pub class: &'static str,
    pub bot: Option<Bot>,
    /// Client hints name another browser or system than the user agent.
    pub contradicted: bool,
}

/// Reads a user agent.
pub trait DeviceParser: Send + Sync {
    fn parse(&self, user_agent: &str) -> Arc<Device>;

    /// How often an answer was remembered; zeros where nothing is.
    fn stats(&self) -> CacheStats {
        CacheStats::default()
    }
}

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let device = &ctx.device;
    let draft = &mut event.draft;
    draft.browser.clone_from(&device.browser);
    draft.browser_version.clone_from(&device.browser_version);
    draft.os.clone_from(&device.os);
    draft.os_version.clone_from(&device.os_version);
    device.class.clone_into(&mut draft.device);
    let stated = event.wire.language.take().filter(|l| !l.trim().is_empty());
    draft.language = match stated {
        Some(language) => text::bounded(language, LANGUAGE_MAX),
        None => text::bounded(ctx.client.language.clone(), LANGUAGE_MAX),
    };
    Flow::Continue
}
