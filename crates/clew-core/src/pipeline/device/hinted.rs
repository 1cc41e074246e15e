//! A device as its client hints tell it, over what the frozen user agent says.
//!
//! Chromium froze its user agent: every Windows is 10, every Mac 10.15.7, every version ends in
//! `.0.0.0`. The hints say more, and they are harder to forget when a program pretends to be a
//! browser, so a contradiction between the two is remembered.

use super::{Bot, BotKind, Device};
use crate::wire::Hints;

impl Device {
    /// This device, corrected by the hints of the same request.
    #[must_use]
    pub fn with_hints(&self, user_agent: &str, hints: &Hints) -> Self {
        let mut device = self.clone();
        device.contradicted = contradicts(self, user_agent, hints);
        if let Some(browser) = browser(&hints.brand) {
            browser.clone_into(&mut device.browser);
            major(&hints.brand_version).clone_into(&mut device.browser_version);
        }
        if hints.brand == "HeadlessChrome" && device.bot.is_none() {
            device.bot = Some(Bot {
                name: hints.brand.clone(),
                kind: BotKind::Automation,
            });
        }
        if let Some(os) = system(&hints.platform) {
            // Distributions and the versions of a system that the hints do not tell stay.
            if device.os != os && !(os == "Linux" && is_linux(&device.os)) {
                os.clone_into(&mut device.os);
                device.os_version.clear();
            }
            if let Some(version) = version(os, &hints.platform_version) {
                device.os_version = version;
            }
        }
        if let Some(class) = class(self, hints) {
            device.class = class;
        }
        device
    }
}

/// Brands by the names that uap-core's rules give; one that nobody knows stands for itself.
fn browser(brand: &str) -> Option<&str> {
    Some(match brand {
        "" => return None,
        "Google Chrome" | "Android WebView" | "HeadlessChrome" => "Chrome",
        "Microsoft Edge" | "Microsoft Edge WebView2" => "Edge",
        "Opera GX" | "Opera Mobile" => "Opera",
        "YaBrowser" | "Yandex" => "Yandex Browser",
        "Samsung Internet" => "Samsung Internet",
        other => other,
    })
}

fn system(platform: &str) -> Option<&'static str> {
    Some(match platform {
        "Windows" => "Windows",
        "macOS" | "Mac OS X" => "macOS",
        "Android" => "Android",
        "iOS" => "iOS",
        "Linux" => "Linux",
        "Chrome OS" | "Chromium OS" => "Chrome OS",
        "Fuchsia" => "Fuchsia",
        _ => return None,
    })
}

fn is_linux(os: &str) -> bool {
    const DISTRIBUTIONS: &[&str] = &[
        "Ubuntu",
        "Fedora",
        "Debian",
        "Linux Mint",
        "SUSE",
        "Red Hat",
    ];
    DISTRIBUTIONS.contains(&os)
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or_default()
}

/// Windows counts its platform versions apart from its names: 13 and above is 11.
fn version(os: &str, stated: &str) -> Option<String> {
    let mut parts = stated.split('.').map(str::parse::<u32>);
    let first = parts.next()?.ok()?;
    let second = parts.next().and_then(Result::ok).unwrap_or(0);
    Some(match (os, first, second) {
        ("Windows", 13.., _) => "11".to_owned(),
        ("Windows", 1.., _) => "10".to_owned(),
        ("Windows", 0, 3) => "8.1".to_owned(),
        ("Windows", 0, 2) => "8".to_owned(),
        ("Windows", 0, 1) => "7".to_owned(),
        ("macOS" | "iOS", ..) => format!("{first}.{second}"),
        ("Linux", ..) | ("Windows", 0, _) => return None,
        _ => first.to_string(),
    })
}

fn class(device: &Device, hints: &Hints) -> Option<&'static str> {
    if device.class == "tv" {
        return None;
    }
    if hints.tablet || is_tablet(&hints.model) {
        return Some("tablet");
    }
    match (hints.platform.as_str(), hints.mobile?) {
        (_, true) => Some("mobile"),
        ("Android", false) => Some("tablet"),
        ("Windows" | "macOS" | "Linux" | "Chrome OS" | "Chromium OS", false) => Some("desktop"),
        _ => None,
    }
}

fn is_tablet(model: &str) -> bool {
    const MODELS: &[&str] = &[
        "SM-T",
        "SM-X",
        "SM-P",
        "Pixel Tablet",
        "Pixel C",
        "Lenovo TB",
    ];
    MODELS.iter().any(|prefix| model.starts_with(prefix)) || model.contains("Tab ")
}

/// Only what no honest browser does: another system, a browser that has no hints, another version
/// of the engine.
fn contradicts(device: &Device, user_agent: &str, hints: &Hints) -> bool {
    let unix = |os: &str| matches!(os, "Linux" | "Android" | "Chrome OS") || is_linux(os);
    if let Some(os) = system(&hints.platform)
        && !device.os.is_empty()
        && device.os != os
        // A mobile browser that asks for the desktop's page calls itself Linux.
        && !(unix(os) && unix(&device.os))
    {
        return true;
    }
    if hints.chromium.is_empty() {
        return false;
    }
    let engine = ["Chrome/", "Chromium/", "HeadlessChrome/"]
        .iter()
        .find_map(|token| user_agent.split_once(token))
        .map(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next());
    engine.flatten() != Some(hints.chromium.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::tests::SHIPPED;

    const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    const ANDROID: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    fn hints(brand: &str, platform: &str, version: &str, mobile: Option<bool>) -> Hints {
        Hints {
            brand: brand.to_owned(),
            brand_version: "142.0.7444.60".to_owned(),
            chromium: "142".to_owned(),
            platform: platform.to_owned(),
            platform_version: version.to_owned(),
            mobile,
            ..Hints::default()
        }
    }

    #[test]
    fn hints_beat_the_frozen_user_agent() {
        let desktop = Some(false);
        for (ua, hints, expected) in [
            (
                WINDOWS,
                hints("Google Chrome", "Windows", "15.0.0", desktop),
                ["Chrome", "142", "Windows", "11", "desktop"],
            ),
            (
                WINDOWS,
                hints("Brave", "Windows", "10.0.0", desktop),
                ["Brave", "142", "Windows", "10", "desktop"],
            ),
            (
                WINDOWS,
                hints("Microsoft Edge", "Windows", "", desktop),
                ["Edge", "142", "Windows", "10", "desktop"],
            ),
            (
                WINDOWS,
                hints("Google Chrome", "Windows", "0.3.0", desktop),
                ["Chrome", "142", "Windows", "8.1", "desktop"],
            ),
            (
                MAC,
                hints("Google Chrome", "macOS", "26.1.0", desktop),
                ["Chrome", "142", "macOS", "26.1", "desktop"],
            ),
            (
                ANDROID,
                hints("Google Chrome", "Android", "16.0.0", Some(true)),
                ["Chrome", "142", "Android", "16", "mobile"],
            ),
            (
                ANDROID,
                hints("Google Chrome", "Android", "16.0.0", desktop),
                ["Chrome", "142", "Android", "16", "tablet"],
            ),
            (
                ANDROID,
                Hints {
                    model: "SM-X710".to_owned(),
                    ..hints("Google Chrome", "Android", "15.0.0", Some(true))
                },
                ["Chrome", "142", "Android", "15", "tablet"],
            ),
        ] {
            let device = SHIPPED.device(ua).with_hints(ua, &hints);
            let got = [
                device.browser.as_str(),
                &device.browser_version,
                &device.os,
                &device.os_version,
                device.class,
            ];
            assert_eq!(got, expected, "{hints:?}");
            assert!(!device.contradicted, "{hints:?}");
            assert_eq!(device.bot, None);
        }
    }

    #[test]
    fn a_contradiction_and_a_headless_brand_are_remembered() {
        let chrome = |platform| hints("Google Chrome", platform, "", Some(false));
        let newer = Hints {
            chromium: "143".to_owned(),
            ..chrome("Windows")
        };
        for (ua, hints, contradicted) in [
            (WINDOWS, chrome("Windows"), false),
            (WINDOWS, chrome("Linux"), true),
            (WINDOWS, newer, true),
            (FIREFOX, chrome("Linux"), true),
            (ANDROID, chrome("Linux"), false),
        ] {
            let device = SHIPPED.device(ua).with_hints(ua, &hints);
            assert_eq!(device.contradicted, contradicted, "{ua} {hints:?}");
        }
        let headless = hints("HeadlessChrome", "Windows", "", None);
        let device = SHIPPED.device(WINDOWS).with_hints(WINDOWS, &headless);
        assert_eq!(device.bot.unwrap().kind, BotKind::Automation);
    }
}
