//! Channel: one word for how the visitor came, by ordered rules.
//!
//! A site's own rules come first (`rules`). The built-in ones follow Google Analytics 4's default
//! channel group, with AI assistants before everything and click ids as evidence of a paid click.
//! `fbclid` is none: Facebook adds it to every outgoing link.

mod rules;

use super::{Context, Flow, ReferrerKind, RequestEvent};
use crate::model::StoredEvent;

/// What the rules look at; texts in lower case.
struct Facts {
    source: String,
    medium: String,
    campaign: String,
    click_id: String,
    kind: Option<ReferrerKind>,
    paid: bool,
    referred: bool,
}

/// A channel and when it applies.
pub struct Channel {
    pub name: &'static str,
    applies: fn(&Facts) -> bool,
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// In order: the first that applies is the channel.
pub const CHANNELS: &[Channel] = &[
    channel("AI Assistants", |f| {
        f.kind == Some(ReferrerKind::AiAssistant)
    }),
    channel("Direct", |f| {
        !f.referred
            && [&f.source, &f.medium, &f.campaign, &f.click_id]
                .iter()
                .all(|t| t.is_empty())
    }),
    channel("Cross-network", |f| f.campaign.contains("cross-network")),
    channel("Paid Shopping", |f| {
        f.paid && (f.kind == Some(ReferrerKind::Shopping) || is_shopping(&f.campaign))
    }),
    channel("Paid Search", |f| {
        f.paid && f.kind == Some(ReferrerKind::Search)
    }),
    channel("Paid Social", |f| {
        f.paid && (f.kind == Some(ReferrerKind::Social) || is_social(&f.medium))
    }),
    channel("Paid Video", |f| {
        f.paid && f.kind == Some(ReferrerKind::Video)
    }),
    channel("Display", |f| {
        is_any(
            &f.medium,
            &["display", "banner", "expandable", "interstitial", "cpm"],
        ) || f.click_id == "dclid"
    }),
    channel("Paid Other", |f| f.paid),
    channel("Organic Shopping", |f| {
        f.kind == Some(ReferrerKind::Shopping) || is_shopping(&f.campaign)
    }),
    channel("Organic Social", |f| {
        f.kind == Some(ReferrerKind::Social) || is_social(&f.medium)
    }),
    channel("Organic Video", |f| {
        f.kind == Some(ReferrerKind::Video) || f.medium.contains("video")
    }),
    channel("Organic Search", |f| {
        f.kind == Some(ReferrerKind::Search) || f.medium == "organic"
    }),
    channel("Email", |f| {
        const EMAIL: &[&str] = &["email", "e-mail", "e_mail", "e mail", "newsletter"];
        f.kind == Some(ReferrerKind::Email) || is_any(&f.medium, EMAIL) || is_any(&f.source, EMAIL)
    }),
    channel("Affiliates", |f| {
        is_any(&f.medium, &["affiliate", "affiliates"])
    }),
    channel("Audio", |f| f.medium == "audio" || f.medium == "podcast"),
    channel("SMS", |f| f.medium == "sms" || f.source == "sms"),
    channel("Mobile Push Notifications", |f| {
        f.medium.ends_with("push") || f.medium.contains("notification") || f.source == "firebase"
    }),
    channel("Referral", |f| {
        f.referred || is_any(&f.medium, &["referral", "app", "link"])
    }),
    channel("Unassigned", |_| true),
];

const fn channel(name: &'static str, applies: fn(&Facts) -> bool) -> Channel {
    Channel { name, applies }
}

fn is_any(text: &str, words: &[&str]) -> bool {
    words.contains(&text)
}

fn is_social(medium: &str) -> bool {
    const SOCIAL: &[&str] = &[
        "social",
        "social-network",
        "social-media",
        "sm",
        "social network",
        "social media",
    ];
    is_any(medium, SOCIAL) || medium.contains("paidsocial") || medium.contains("paid_social")
}

/// `shop` or `shopping` as a word of its own: a workshop is no shop.
fn is_shopping(campaign: &str) -> bool {
    campaign
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| word == "shop" || word == "shopping")
}

/// `cpc`, `ppc`, `cpm`, `retargeting`, `paid…`.
fn is_paid(medium: &str) -> bool {
    is_any(
        medium,
        &["ppc", "retargeting", "remarketing", "cpc", "cpa", "cpv"],
    ) || medium.starts_with("paid")
}

/// Click ids that only a paid click carries, with the network's brand.
fn network_of(click_id: &str) -> Option<(&'static str, ReferrerKind)> {
    Some(match click_id {
        "gclid" | "gbraid" | "wbraid" => ("Google", ReferrerKind::Search),
        "msclkid" => ("Bing", ReferrerKind::Search),
        "ttclid" => ("TikTok", ReferrerKind::Social),
        "twclid" => ("X", ReferrerKind::Social),
        "li_fat_id" => ("LinkedIn", ReferrerKind::Social),
        "sc_click_id" => ("Snapchat", ReferrerKind::Social),
        "rdt_cid" => ("Reddit", ReferrerKind::Social),
        "epik" => ("Pinterest", ReferrerKind::Social),
        _ => return None,
    })
}

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let referrers = &ctx.resources.referrers;
    let draft = &mut event.draft;
    let by_source = referrers.by_source(&draft.utm_source);
    let network = network_of(&draft.click_id_kind);
    let kind = match (by_source, network) {
        (Some(known), _) => Some(known.kind),
        (None, Some((_, kind))) => Some(kind),
        (None, None) if draft.utm_source.is_empty() => referrers
            .by_host(&event.referrer_host)
            .map(|known| known.kind),
        (None, None) => None,
    };
    let facts = Facts {
        source: draft.utm_source.to_lowercase(),
        medium: draft.utm_medium.to_lowercase(),
        campaign: draft.utm_campaign.to_lowercase(),
        click_id: draft.click_id_kind.clone(),
        kind,
        paid: is_paid(&draft.utm_medium.to_lowercase()) || network.is_some(),
        referred: !draft.referrer_host.is_empty(),
    };
    if let (true, Some((brand, _))) = (draft.source.is_empty(), network) {
        brand.clone_into(&mut draft.source);
    }
    draft.medium = medium(draft, &facts);
    let own = rules::channel(&ctx.site.channel_rules, draft);
    let built_in = || CHANNELS.iter().find(|channel| (channel.applies)(&facts));
    if let Some(name) = own.or_else(|| built_in().map(|channel| channel.name)) {
        name.clone_into(&mut draft.channel);
    }
    Flow::Continue
}

/// What was stated, else what follows from the referrer.
fn medium(draft: &StoredEvent, facts: &Facts) -> String {
    if !draft.utm_medium.is_empty() {
        return draft.utm_medium.clone();
    }
    let derived = match facts.kind {
        _ if facts.paid => "cpc",
        Some(ReferrerKind::AiAssistant) => "ai",
        Some(ReferrerKind::Search) => "organic",
        Some(ReferrerKind::Social) => "social",
        Some(ReferrerKind::Video) => "video",
        Some(ReferrerKind::Email) => "email",
        Some(ReferrerKind::Shopping) | None if facts.referred => "referral",
        Some(ReferrerKind::Shopping) | None => "",
    };
    derived.to_owned()
}

#[cfg(test)]
mod tests {
    use crate::model::{Profile, StoredEvent};
    use crate::pipeline::tests::{Request, pageview};
    use crate::wire::WireEvent;

    fn visit(query: &str, referrer: &str) -> StoredEvent {
        let mut request = Request::new(Profile::Gdpr);
        request.site.domains = vec!["shop.example".to_owned()];
        request.accepted(WireEvent {
            referrer: Some(referrer.to_owned()),
            ..pageview(&format!("https://shop.example/?{query}"))
        })
    }

    #[test]
    fn visits_find_their_channel() {
        const GOOGLE: &str = "https://www.google.com/";
        for (query, referrer, channel) in [
            ("", "", "Direct"),
            ("", "https://shop.example/a", "Direct"),
            ("", "https://chatgpt.com/", "AI Assistants"),
            ("utm_source=chatgpt.com", "", "AI Assistants"),
            ("", "https://www.perplexity.ai/search/x", "AI Assistants"),
            ("", "https://claude.ai/", "AI Assistants"),
            ("", "https://copilot.microsoft.com/", "AI Assistants"),
            ("", GOOGLE, "Organic Search"),
            ("", "https://duckduckgo.com/", "Organic Search"),
            ("utm_source=google&utm_medium=cpc", "", "Paid Search"),
            ("utm_source=bing&utm_medium=ppc", "", "Paid Search"),
            ("gclid=1", GOOGLE, "Paid Search"),
            ("gclid=1", "", "Paid Search"),
            ("gbraid=1", "", "Paid Search"),
            ("wbraid=1", "", "Paid Search"),
            ("msclkid=1", "", "Paid Search"),
            ("ttclid=1", "", "Paid Social"),
            ("li_fat_id=1", "https://www.linkedin.com/", "Paid Social"),
            (
                "utm_source=facebook&utm_medium=paid_social",
                "",
                "Paid Social",
            ),
            ("utm_source=fb&utm_medium=cpc", "", "Paid Social"),
            ("fbclid=1", "https://l.facebook.com/", "Organic Social"),
            ("", "https://t.co/x", "Organic Social"),
            ("", "https://old.reddit.com/r/x", "Organic Social"),
            ("utm_medium=social", "", "Organic Social"),
            ("", "https://www.youtube.com/watch", "Organic Video"),
            ("utm_source=youtube&utm_medium=cpc", "", "Paid Video"),
            ("dclid=1", "", "Display"),
            ("utm_source=x.example&utm_medium=banner", "", "Display"),
            ("utm_medium=cpm", "", "Display"),
            ("utm_source=partner&utm_medium=cpc", "", "Paid Other"),
            ("utm_source=news&utm_medium=email", "", "Email"),
            ("utm_source=newsletter", "", "Email"),
            ("", "https://mail.google.com/", "Email"),
            ("utm_medium=affiliate", "", "Affiliates"),
            ("utm_medium=sms", "", "SMS"),
            ("utm_medium=mobile_push", "", "Mobile Push Notifications"),
            ("utm_medium=podcast", "", "Audio"),
            (
                "utm_campaign=spring-shopping&utm_medium=cpc&utm_source=google",
                "",
                "Paid Shopping",
            ),
            (
                "utm_campaign=workshop&utm_medium=cpc&utm_source=google",
                "",
                "Paid Search",
            ),
            ("", "https://www.amazon.de/", "Organic Shopping"),
            ("utm_campaign=cross-network", "", "Cross-network"),
            ("", "https://blog.example/post", "Referral"),
            ("utm_source=partner", "", "Unassigned"),
            ("utm_source=partner&utm_medium=link", "", "Referral"),
        ] {
            assert_eq!(
                visit(query, referrer).channel,
                channel,
                "{query} {referrer}"
            );
        }
    }

    #[test]
    fn the_network_names_a_paid_click_that_says_nothing_else() {
        let event = visit("gclid=1", "");
        assert_eq!(
            (event.source.as_str(), event.medium.as_str()),
            ("Google", "cpc")
        );
        let event = visit("", "https://www.google.com/");
        assert_eq!(
            (event.source.as_str(), event.medium.as_str()),
            ("Google", "organic")
        );
        let event = visit("", "");
        assert_eq!((event.source.as_str(), event.medium.as_str()), ("", ""));
        let event = visit("utm_source=Mine&utm_medium=Own", "https://www.google.com/");
        assert_eq!(
            (event.source.as_str(), event.medium.as_str()),
            ("Mine", "Own")
        );
    }
}
