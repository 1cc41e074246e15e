//! Recall and precision on strings that others wrote (fixtures/user-agents says who).

use super::*;
use crate::pipeline::tests::SHIPPED;
use flate2::read::GzDecoder;
use std::io::Read;
use std::sync::LazyLock;

const BROWSERS: &[u8] = include_bytes!("../../../../../../fixtures/user-agents/browsers.txt.gz");
const CRAWLERS: &[u8] = include_bytes!("../../../../../../fixtures/user-agents/crawlers.txt.gz");
const UAP_BROWSERS: &[u8] =
    include_bytes!("../../../../../../fixtures/user-agents/uap-test_ua.yaml.gz");
const UAP_SYSTEMS: &[u8] =
    include_bytes!("../../../../../../fixtures/user-agents/uap-test_os.yaml.gz");

static RULES: LazyLock<RegexDevices> = LazyLock::new(|| RegexDevices::load().unwrap());

fn text(zipped: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(zipped).read_to_string(&mut text).unwrap();
    text
}

/// One line of the table that `make test` shows.
fn report(what: &str, good: usize, all: usize) -> f64 {
    let share = 100.0 * good as f64 / all as f64;
    println!("{what:<52} {good:>6} of {all:>6}  {share:>7.3} %");
    share
}

#[test]
fn recall_of_crawlers_on_the_examples_of_their_list() {
    let examples = text(CRAWLERS);
    let (mut all, mut caught) = (0, 0);
    for example in examples.lines() {
        all += 1;
        caught += usize::from(SHIPPED.device(example).bot.is_some());
    }
    assert!(all > 2_000, "{all}");
    assert!(report("crawler examples recognised as programs", caught, all) >= 99.0);
}

#[test]
fn precision_of_crawlers_on_real_browsers() {
    let agents = text(BROWSERS);
    let (mut all, mut bots) = (0, Vec::new());
    for agent in agents.lines() {
        all += 1;
        if let Some(bot) = &SHIPPED.device(agent).bot {
            bots.push((bot.name.clone(), agent));
        }
    }
    assert!(all >= 10_000, "{all}");
    let share = report("real browsers called programs", bots.len(), all);
    assert!(share <= 0.1, "{bots:#?}");
}

#[derive(serde::Deserialize)]
struct Cases {
    test_cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    user_agent_string: String,
    family: String,
}

fn cases(zipped: &[u8]) -> Vec<Case> {
    yaml_serde::from_str::<Cases>(&text(zipped))
        .unwrap()
        .test_cases
}

/// The family by the rules themselves, before Clew's own shorter names; `Other` where none fits.
fn right(cases: &[Case], family: impl Fn(&str) -> Option<String>) -> usize {
    let fits = |case: &&Case| {
        let got = family(&case.user_agent_string);
        got.as_deref().unwrap_or("Other") == case.family
    };
    cases.iter().filter(fits).count()
}

#[test]
fn families_of_uap_cores_own_cases() {
    let browsers = cases(UAP_BROWSERS);
    let good = right(&browsers, |ua| {
        RULES
            .browsers
            .extract(ua)
            .map(|found| found.family.into_owned())
    });
    assert!(report("uap-core's cases: browser family", good, browsers.len()) >= 98.0);
    let systems = cases(UAP_SYSTEMS);
    let good = right(&systems, |ua| {
        RULES.systems.extract(ua).map(|found| found.os.into_owned())
    });
    assert!(report("uap-core's cases: system family", good, systems.len()) >= 98.0);
}

#[test]
fn ai_crawlers_are_named_apart() {
    for (ua, name) in [
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            "GPTBot",
        ),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot",
            "ChatGPT-User",
        ),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
            "ClaudeBot",
        ),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Claude-User/1.0; +Claude-User@anthropic.com)",
            "Claude-User",
        ),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)",
            "PerplexityBot",
        ),
        (
            "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
            "meta-externalagent",
        ),
        ("CCBot/2.0 (https://commoncrawl.org/faq/)", "CCBot"),
        (
            "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)",
            "Bytespider",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_10_1) AppleWebKit/600.2.5 (KHTML, like Gecko) Version/8.0.2 Safari/600.2.5 (Amazonbot/0.1; +https://developer.amazon.com/support/amazonbot)",
            "Amazonbot",
        ),
    ] {
        let device = SHIPPED.device(ua);
        let bot = device.bot.as_ref().unwrap();
        assert_eq!((bot.name.as_str(), bot.kind), (name, BotKind::Ai), "{ua}");
    }
}

#[test]
fn families_follow_the_lists_own_tags() {
    for (ua, kind) in [
        (
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            BotKind::Search,
        ),
        (
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            BotKind::Social,
        ),
        (
            "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
            BotKind::Seo,
        ),
        (
            "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
            BotKind::Monitor,
        ),
        (
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 1 subscribers)",
            BotKind::Feed,
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
            BotKind::Automation,
        ),
        ("curl/8.5.0", BotKind::Library),
        ("python-requests/2.32.3", BotKind::Library),
    ] {
        assert_eq!(
            SHIPPED.device(ua).bot.as_ref().map(|bot| bot.kind),
            Some(kind),
            "{ua}"
        );
    }
}
