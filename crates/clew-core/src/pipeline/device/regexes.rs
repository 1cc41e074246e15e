//! User agents read by the vendored rules (`data/uap-regexes.yaml`, `data/ai-crawlers.tsv`,
//! `data/crawler-user-agents.json`).

use super::class::class;
use super::{Bot, BotKind, Device, DeviceParser};
use crate::pipeline::ResourcesError;
use std::sync::Arc;
use ua_parser::{os, user_agent};

const BROWSERS: &str = include_str!("../../../data/uap-regexes.yaml");
const CRAWLERS: &str = include_str!("../../../data/crawler-user-agents.json");
const AI_CRAWLERS: &str = include_str!("../../../data/ai-crawlers.tsv");
/// More says nothing that the beginning did not, and bounds the work per request.
const READ_MAX: usize = 1024;

/// Compiled rules; immutable and shared.
pub struct RegexDevices {
    browsers: user_agent::Extractor<'static>,
    systems: os::Extractor<'static>,
    crawlers: regex_filtered::Regexes,
    bots: Vec<Bot>,
}

#[derive(serde::Deserialize)]
struct BrowserRules {
    user_agent_parsers: Vec<user_agent::Parser<'static>>,
    os_parsers: Vec<os::Parser<'static>>,
}

#[derive(serde::Deserialize)]
struct Crawler {
    pattern: String,
    #[serde(default)]
    tags: Vec<String>,
}

impl RegexDevices {
    pub fn load() -> Result<Self, ResourcesError> {
        let rules: BrowserRules = yaml_serde::from_str(BROWSERS)?;
        let (crawlers, bots) = crawlers(serde_json::from_str(CRAWLERS)?)?;
        Ok(Self {
            browsers: user_agent::Builder::new()
                .push_all(rules.user_agent_parsers)?
                .build()?,
            systems: os::Builder::new().push_all(rules.os_parsers)?.build()?,
            crawlers,
            bots,
        })
    }
}

/// The reviewed names of AI crawlers first, then the list in its own order.
fn crawlers(list: Vec<Crawler>) -> Result<(regex_filtered::Regexes, Vec<Bot>), ResourcesError> {
    let mut rules = regex_filtered::Builder::new();
    let mut bots = Vec::with_capacity(list.len());
    let tokens = AI_CRAWLERS.lines().filter(|line| !line.starts_with('#'));
    for token in tokens.filter_map(|line| line.split('\t').next()) {
        rules = rules.push(&regex_syntax::escape(token))?;
        bots.push(Bot {
            name: token.to_owned(),
            kind: BotKind::Ai,
        });
    }
    for crawler in list {
        rules = rules.push(&crawler.pattern)?;
        bots.push(Bot {
            name: plain(&crawler.pattern),
            kind: BotKind::of_tags(&crawler.tags),
        });
    }
    Ok((rules.build()?, bots))
}

/// The name inside a pattern: `Googlebot\/` is Googlebot, `[sS]crapbot` is scrapbot.
fn plain(pattern: &str) -> String {
    let mut name = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '[' => {
                name.extend(chars.next());
                chars.by_ref().find(|c| *c == ']');
            }
            '^' | '$' | '\\' | '(' | ')' | '?' | '*' | '+' => {}
            c => name.push(c),
        }
    }
    name.trim_matches(['/', ' ', '.', '-', ';']).to_owned()
}

impl RegexDevices {
    /// The first program that is named, an HTTP library only where nothing else is: a crawler that
    /// runs on one is that crawler.
    fn bot(&self, ua: &str) -> Option<Bot> {
        let mut library = None;
        for (i, _) in self.crawlers.matching(ua) {
            let bot = &self.bots[i];
            if bot.kind != BotKind::Library {
                return Some(bot.clone());
            }
            library.get_or_insert(bot);
        }
        library.cloned()
    }
}

impl DeviceParser for RegexDevices {
    fn parse(&self, user_agent: &str) -> Arc<Device> {
        let mut end = user_agent.len().min(READ_MAX);
        while !user_agent.is_char_boundary(end) {
            end -= 1;
        }
        let ua = &user_agent[..end];
        if ua.is_empty() {
            return Arc::default();
        }
        let mut device = Device {
            bot: self.bot(ua),
            ..Device::default()
        };
        if let Some(browser) = self.browsers.extract(ua) {
            browser_name(&browser.family).clone_into(&mut device.browser);
            browser
                .major
                .unwrap_or_default()
                .clone_into(&mut device.browser_version);
        }
        if let Some(system) = self.systems.extract(ua) {
            system_name(&system.os).clone_into(&mut device.os);
            device.os_version = version(&device.os, &system);
        }
        device.class = class(ua, &device);
        Arc::new(device)
    }
}

/// One name per browser, whatever it runs on.
fn browser_name(family: &str) -> &str {
    match family {
        "Chrome Mobile" | "Chrome Mobile iOS" | "Chrome Mobile WebView" => "Chrome",
        "Mobile Safari" | "Mobile Safari UI/WKWebView" => "Safari",
        "Firefox Mobile" | "Firefox iOS" => "Firefox",
        "Edge Mobile" => "Edge",
        "Opera Mobile" | "Opera Tablet" | "Opera Mini" => "Opera",
        "IE Mobile" => "IE",
        "Brave Mobile" => "Brave",
        other => other,
    }
}

fn system_name(family: &str) -> &str {
    match family {
        "Mac OS X" | "Mac OS" => "macOS",
        "Other" => "",
        other => other,
    }
}

/// Apple counts in two places, everyone else in one.
fn version(os: &str, system: &os::ValueRef<'_>) -> String {
    let major = system.major.as_deref().unwrap_or_default();
    match (os, system.minor.as_deref()) {
        ("macOS" | "iOS" | "iPadOS", Some(minor)) => format!("{major}.{minor}"),
        _ => major.to_owned(),
    }
}

impl std::fmt::Debug for RegexDevices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RegexDevices")
            .field("bots", &self.bots.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod recall;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::tests::SHIPPED;

    #[test]
    fn user_agents_are_read() {
        for (ua, expected) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                ["Edge", "142", "Windows", "10", "desktop"],
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
                ["Safari", "18", "macOS", "10.15", "desktop"],
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                ["Firefox", "140", "Linux", "", "desktop"],
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                ["Safari", "18", "iOS", "18.1", "mobile"],
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0.0.0 Mobile/15E148 Safari/604.1",
                ["Chrome", "130", "iOS", "17.4", "tablet"],
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                ["Chrome", "142", "Android", "14", "mobile"],
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/24.0 Chrome/117.0.0.0 Safari/537.36",
                ["Samsung Internet", "24", "Android", "13", "tablet"],
            ),
            (
                "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/7.0 TV Safari/537.36",
                ["Safari", "7", "Tizen", "7", "tv"],
            ),
            ("curl/8.5.0", ["curl", "8", "", "", "other"]),
            ("", ["", "", "", "", ""]),
        ] {
            let device = SHIPPED.device(ua);
            let got = [
                device.browser.as_str(),
                &device.browser_version,
                &device.os,
                &device.os_version,
                device.class,
            ];
            assert_eq!(got, expected, "{ua}");
        }
    }

    #[test]
    fn patterns_have_readable_names() {
        for (pattern, name) in [
            (r"Googlebot\/", "Googlebot"),
            ("[sS]crapbot", "scrapbot"),
            ("^Bot-", "Bot"),
            (r"Code\/1\.", "Code/1"),
        ] {
            assert_eq!(plain(pattern), name);
        }
    }
}
