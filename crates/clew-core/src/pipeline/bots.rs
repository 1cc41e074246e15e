//! Bots: crawlers are named, stored and left out of every visitor number.
//!
//! Who counts as a bot is decided by positive evidence only: a crawler's own name in the user
//! agent or the client hints, or a browser that says it is steered (`navigator.webdriver`).
//! Two things are deliberately no reason to leave an event out:
//! * HTTP libraries (curl, python-requests, Go-http-client …) and an absent user agent. Nothing
//!   here is reached by fetching a page; whoever posts an event means to. Servers and scripts
//!   are documented senders and are marked `unverified_origin` where no Origin vouches for them.
//!   A library is recognised all the same: the event counts, with `bot_kind` `library`.
//! * An automated browser on a page of the machine it runs on: that is the owner trying the
//!   installation. On any other page it is a bot.

use super::{BotKind, Context, Flow, RequestEvent};
use std::net::IpAddr;
use url::{Host, Url};

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let named = ctx.device.bot.as_ref();
    let (name, kind) = match named {
        Some(bot) if bot.kind != BotKind::Library => (bot.name.as_str(), bot.kind),
        _ if event.wire.webdriver => ("WebDriver", BotKind::Automation),
        // Who sent it is worth knowing; that alone is no reason to leave it out.
        Some(library) => {
            library.kind.code().clone_into(&mut event.draft.bot_kind);
            return Flow::Continue;
        }
        None => return Flow::Continue,
    };
    let own_test = kind == BotKind::Automation
        && is_local(event.ip)
        && event.page.as_ref().is_some_and(on_this_machine);
    if !own_test {
        name.clone_into(&mut event.draft.bot);
        kind.code().clone_into(&mut event.draft.bot_kind);
    }
    Flow::Continue
}

fn is_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    }
}

fn on_this_machine(page: &Url) -> bool {
    match page.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => is_local(ip.into()),
        Some(Host::Ipv6(ip)) => is_local(ip.into()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Profile;
    use crate::pipeline::tests::{CHROME, Request, pageview};
    use crate::pipeline::{NotCounted, Outcome};

    const HEADLESS: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36";

    /// The bot's name, or empty when the event counts.
    fn bot(request: &Request, url: &str) -> String {
        match request.run(pageview(url)) {
            Outcome::Accepted(_) => String::new(),
            Outcome::NotCounted {
                reason: NotCounted::Bot,
                keep: Some(kept),
            } => kept.bot,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn crawlers_are_kept_by_name_and_programs_and_people_count() {
        for (user_agent, expected) in [
            (CHROME, ""),
            (
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                "Googlebot",
            ),
            (
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.1; +https://openai.com/gptbot",
                "GPTBot",
            ),
            (
                "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
                "bingbot",
            ),
            (HEADLESS, "HeadlessChrome"),
            ("curl/8.5.0", ""),
            ("python-requests/2.32", ""),
            ("Go-http-client/1.1", ""),
            ("okhttp/4.12.0", ""),
            ("", ""),
        ] {
            let mut request = Request::new(Profile::Gdpr).shipped();
            user_agent.clone_into(&mut request.client.user_agent);
            assert_eq!(
                bot(&request, "https://shop.example/"),
                expected,
                "{user_agent}"
            );
        }
    }

    #[test]
    fn an_automated_browser_counts_only_on_its_own_machine() {
        for (ip, url, expected) in [
            ("127.0.0.1", "http://127.0.0.1:8080/demo/", ""),
            ("::1", "http://localhost:8080/demo/", ""),
            ("127.0.0.1", "https://shop.example/", "HeadlessChrome"),
            ("203.0.113.9", "http://localhost/", "HeadlessChrome"),
        ] {
            let mut request = Request::new(Profile::Gdpr).shipped();
            request
                .site
                .domains
                .extend(["localhost".to_owned(), "127.0.0.1".to_owned()]);
            HEADLESS.clone_into(&mut request.client.user_agent);
            request.client.ip = ip.parse().unwrap();
            assert_eq!(bot(&request, url), expected, "{ip} {url}");
        }
    }
}
