//! On what visitors come: user agents as browsers send them, with the screens that go with them.
//!
//! Browsers renew themselves every four weeks, so the same person's version grows over the year.

use super::random::Random;
use crate::model::EpochMs;

/// 28 October 2025: Chrome 142, Edge 142; Firefox was at 144.
const REFERENCE: EpochMs = EpochMs(1_761_609_600_000);
const RELEASE: i64 = 28 * EpochMs::DAY;
const CHROME: i64 = 142;
const FIREFOX: i64 = 144;

/// Screen and the part of it that a page gets.
type Screen = (&'static str, &'static str);

pub(super) struct Device {
    /// Share of visitors.
    weight: f64,
    /// Made by Apple.
    apple: bool,
    /// `{chrome}` and `{firefox}` stand for the version of the day.
    user_agent: &'static str,
    screens: &'static [Screen],
}

impl Device {
    /// `apple`: how common Apple's devices are where the visitor lives.
    pub(super) fn draw(random: &mut Random, apple: f64) -> &'static Self {
        random.weighted(DEVICES, |device| {
            device.weight * if device.apple { apple } else { 1.0 }
        })
    }

    pub(super) fn screen(&self, random: &mut Random) -> Screen {
        *random.of_list(self.screens)
    }

    pub(super) fn user_agent(&self, at: EpochMs) -> String {
        let releases = at.since(REFERENCE).div_euclid(RELEASE);
        self.user_agent
            .replace("{chrome}", &(CHROME + releases).to_string())
            .replace("{firefox}", &(FIREFOX + releases).to_string())
    }
}

/// Crawlers that come by; seen and in no number.
pub(super) const BOTS: &[&str] = &[
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
];

const DESKTOP: &[Screen] = &[
    ("1920x1080", "1903x953"),
    ("1920x1080", "1520x740"),
    ("2560x1440", "2543x1313"),
    ("1536x864", "1519x730"),
    ("1366x768", "1349x641"),
    ("3840x2160", "2300x1240"),
];
const MAC: &[Screen] = &[
    ("1440x900", "1440x764"),
    ("1512x982", "1512x857"),
    ("1728x1117", "1728x992"),
    ("2560x1440", "1680x1200"),
];
const IPHONE: &[Screen] = &[
    ("390x844", "390x664"),
    ("393x852", "393x659"),
    ("402x874", "402x681"),
    ("430x932", "430x739"),
    ("375x667", "375x553"),
];
const ANDROID: &[Screen] = &[
    ("412x915", "412x772"),
    ("360x800", "360x668"),
    ("384x832", "384x693"),
    ("393x873", "393x738"),
];
const TABLET: &[Screen] = &[("820x1180", "820x1076"), ("1024x1366", "1024x1258")];
const GALAXY_TAB: &[Screen] = &[("800x1280", "800x1128")];

#[rustfmt::skip]
pub(super) const DEVICES: &[Device] = &[
    Device { weight: 24.0, apple: false, screens: DESKTOP,
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{chrome}.0.0.0 Safari/537.36" },
    Device { weight: 7.0, apple: false, screens: DESKTOP,
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{chrome}.0.0.0 Safari/537.36 Edg/{chrome}.0.0.0" },
    Device { weight: 6.0, apple: false, screens: DESKTOP,
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{firefox}.0) Gecko/20100101 Firefox/{firefox}.0" },
    Device { weight: 1.4, apple: false, screens: DESKTOP,
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{chrome}.0.0.0 Safari/537.36 OPR/124.0.0.0" },
    Device { weight: 6.5, apple: true, screens: MAC,
        user_agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{chrome}.0.0.0 Safari/537.36" },
    Device { weight: 6.0, apple: true, screens: MAC,
        user_agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15" },
    Device { weight: 1.2, apple: true, screens: MAC,
        user_agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:{firefox}.0) Gecko/20100101 Firefox/{firefox}.0" },
    Device { weight: 2.0, apple: false, screens: DESKTOP,
        user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:{firefox}.0) Gecko/20100101 Firefox/{firefox}.0" },
    Device { weight: 1.3, apple: false, screens: DESKTOP,
        user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{chrome}.0.0.0 Safari/537.36" },
    Device { weight: 15.0, apple: true, screens: IPHONE,
        user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1" },
    Device { weight: 2.4, apple: true, screens: IPHONE,
        user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/{chrome}.0.7444.46 Mobile/15E148 Safari/604.1" },
    Device { weight: 17.0, apple: false, screens: ANDROID,
        user_agent: "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{chrome}.0.0.0 Mobile Safari/537.36" },
    Device { weight: 3.6, apple: false, screens: ANDROID,
        user_agent: "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36" },
    Device { weight: 1.1, apple: false, screens: ANDROID,
        user_agent: "Mozilla/5.0 (Android 15; Mobile; rv:{firefox}.0) Gecko/{firefox}.0 Firefox/{firefox}.0" },
    Device { weight: 2.6, apple: true, screens: TABLET,
        user_agent: "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1" },
    Device { weight: 0.9, apple: false, screens: GALAXY_TAB,
        user_agent: "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{chrome}.0.0.0 Safari/537.36" },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Resources;

    #[test]
    fn every_user_agent_is_read_as_what_it_is() {
        let resources = Resources::load().unwrap();
        for device in DEVICES {
            let text = device.user_agent(REFERENCE);
            let read = resources.device(&text);
            assert!(read.bot.is_none(), "{text}");
            assert!(!read.browser.is_empty() && !read.os.is_empty(), "{text}");
            let handheld = ["Mobile", "Android", "iPad"]
                .iter()
                .any(|word| text.contains(word));
            let expected = matches!(read.class, "mobile" | "tablet");
            assert_eq!(expected, handheld, "{text}: {}", read.class);
        }
        for bot in BOTS {
            assert!(resources.device(bot).bot.is_some(), "{bot}");
        }
    }

    #[test]
    fn browsers_grow_older_with_the_year() {
        let year_later = DEVICES[0].user_agent(REFERENCE.plus(365 * EpochMs::DAY));
        assert!(year_later.contains("Chrome/155.0.0.0"), "{year_later}");
        let before = DEVICES[0].user_agent(REFERENCE.plus(-1));
        assert!(before.contains("Chrome/141.0.0.0"), "{before}");
    }
}
