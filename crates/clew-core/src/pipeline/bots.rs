//! Bots: crawlers are named, stored and left out of every visitor number.
//!
//! Who counts as a bot is decided by positive evidence only: a crawler's own name in the user
//! agent. Two things are deliberately no evidence:
//! * HTTP libraries (curl, python-requests, Go-http-client …) and an absent user agent. Nothing
//!   here is reached by fetching a page; whoever posts an event means to. Servers and scripts
//!   are documented senders and are marked `unverified_origin` where no Origin vouches for them.
//! * An automated browser on a page of the machine it runs on: that is the owner trying the
//!   installation. On any other page it is a bot.

use super::{Context, Flow, RequestEvent};
use std::net::IpAddr;
use url::{Host, Url};

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    if let Some(bot) = &ctx.device.bot {
        let own_test = bot.automation
            && is_local(event.ip)
            && event.page.as_ref().is_some_and(on_this_machine);
        if !own_test {
            event.draft.bot.clone_from(&bot.name);
        }
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
