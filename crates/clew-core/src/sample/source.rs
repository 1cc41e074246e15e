//! How visitors come: who links to the shop, which campaigns run, and how much each brings.

use super::calendar::{Day, Moment};
use super::pages;
use super::random::Random;
use std::fmt::Write as _;

/// One way to the shop.
pub(super) struct Source {
    referrer: &'static str,
    /// Query of the landing page; `{month}` stands for that of the mailing, `{click}` for a fresh
    /// click id.
    query: &'static str,
    landing: Landing,
    /// Share of visits that end on the page they began with.
    pub(super) bounce: f64,
    /// How much it brings on this day, to new and to returning visitors.
    weight: fn(&Day) -> f64,
    returning: f64,
    pub(super) is_mailing: bool,
}

/// Which page people arrive at.
enum Landing {
    /// The address they know.
    Front,
    /// Whatever answers a question.
    Any,
    /// What a link points to.
    Page(usize),
}

impl Source {
    pub(super) fn draw(random: &mut Random, day: &Day, returning: bool) -> &'static Self {
        random.weighted(SOURCES, |source| {
            (source.weight)(day) * if returning { source.returning } else { 1.0 }
        })
    }

    pub(super) fn landing(&self, random: &mut Random) -> usize {
        match self.landing {
            Landing::Front if random.chance(0.72) => pages::HOME,
            Landing::Front if random.chance(0.75) => pages::PRODUCTS,
            Landing::Front => pages::CONTACT,
            Landing::Any if random.chance(0.2) => pages::HOME,
            Landing::Any if random.chance(0.35) => pages::PRODUCTS,
            Landing::Any => pages::product(random),
            Landing::Page(page) => page,
        }
    }

    pub(super) fn referrer(&self) -> Option<String> {
        (!self.referrer.is_empty()).then(|| self.referrer.to_owned())
    }

    /// Appends what the link carries to the landing page's address.
    pub(super) fn tag(&self, url: &mut String, day: &Day, random: &mut Random) {
        if self.query.is_empty() {
            return;
        }
        let mut query = self.query.to_owned();
        if query.contains("{month}") {
            let month = format!("{:04}-{:02}", day.date.year(), day.date.month());
            query = query.replace("{month}", &month);
        }
        if query.contains("{click}") {
            let click = format!("{:016x}{:016x}", random.bits(), random.bits());
            query = query.replace("{click}", &click);
        }
        // Writing to a String cannot fail.
        let _ = write!(url, "?{query}");
    }
}

const fn link(referrer: &'static str, landing: Landing, weight: fn(&Day) -> f64) -> Source {
    Source {
        referrer,
        query: "",
        landing,
        bounce: 0.45,
        weight,
        returning: 0.5,
        is_mailing: false,
    }
}

const fn search(referrer: &'static str, weight: fn(&Day) -> f64) -> Source {
    Source {
        bounce: 0.4,
        ..link(referrer, Landing::Any, weight)
    }
}

const fn social(referrer: &'static str, query: &'static str, weight: fn(&Day) -> f64) -> Source {
    Source {
        query,
        bounce: 0.6,
        ..link(referrer, Landing::Any, weight)
    }
}

const fn campaign(
    referrer: &'static str,
    query: &'static str,
    landing: Landing,
    weight: fn(&Day) -> f64,
) -> Source {
    Source {
        query,
        bounce: 0.5,
        ..link(referrer, landing, weight)
    }
}

/// Advertising began in the third month.
fn since_the_third_month(day: &Day, weight: f64) -> f64 {
    if day.progress > 0.2 { weight } else { 0.0 }
}

fn only_in(day: &Day, moment: Moment, weight: f64) -> f64 {
    if day.moment == moment { weight } else { 0.0 }
}

const GOOGLE: &str = "https://www.google.com/";

#[rustfmt::skip]
pub(super) const SOURCES: &[Source] = &[
    Source { bounce: 0.36, returning: 1.8, ..link("", Landing::Front, |_| 23.0) },
    search(GOOGLE, |_| 27.0),
    search("https://www.bing.com/", |_| 4.2),
    search("https://duckduckgo.com/", |_| 3.1),
    search("https://www.ecosia.org/", |_| 1.3),
    search("https://search.brave.com/", |d| 0.5 + 0.4 * d.progress),
    search("https://chatgpt.com/", |d| 0.8 + 5.0 * d.progress),
    search("https://www.perplexity.ai/", |d| 0.2 + 1.3 * d.progress),
    search("https://claude.ai/", |d| 0.1 + 0.9 * d.progress),
    social("https://l.facebook.com/", "fbclid={click}", |_| 3.4),
    social("https://l.instagram.com/", "fbclid={click}", |d| 1.6 + d.progress),
    social("https://www.linkedin.com/", "", |_| 2.0),
    social("https://www.reddit.com/", "", |_| 2.3),
    social("https://www.youtube.com/", "", |_| 1.4),
    Source { bounce: 0.72, ..link("https://news.ycombinator.com/", Landing::Page(pages::RED_THREAD),
        |d| if d.moment == Moment::Spike { 130.0 } else { 0.3 }) },
    link("https://www.cavers-guild.example/equipment", Landing::Page(pages::LANTERN), |_| 2.2),
    link("https://blog.outdoor-review.example/best-lanterns", Landing::Page(pages::LANTERN), |_| 1.7),
    link("https://labyrinth-club.example/links", Landing::Front, |_| 1.2),
    link("https://mail.google.com/", Landing::Any, |_| 0.6),
    Source { is_mailing: true, bounce: 0.28, returning: 3.0,
        ..campaign("", "utm_source=newsletter&utm_medium=email&utm_campaign=newsletter-{month}", Landing::Page(pages::PRODUCTS),
            |d| only_in(d, Moment::Newsletter, 26.0) + 0.4) },
    Source { is_mailing: true, bounce: 0.25, returning: 3.0,
        ..campaign("", "utm_source=newsletter&utm_medium=email&utm_campaign=black-friday&utm_content=hero", Landing::Page(pages::PRODUCTS),
            |d| only_in(d, Moment::BlackFriday, 17.0)) },
    campaign(GOOGLE, "utm_source=google&utm_medium=cpc&utm_campaign=brand&utm_term=ariadne+supply&gclid={click}", Landing::Front,
        |d| since_the_third_month(d, 3.2)),
    campaign(GOOGLE, "utm_source=google&utm_medium=cpc&utm_campaign=lanterns&utm_term=storm+lantern&utm_content=text-a&gclid={click}", Landing::Page(pages::LANTERN),
        |d| since_the_third_month(d, 3.0)),
    campaign(GOOGLE, "utm_source=google&utm_medium=cpc&utm_campaign=lanterns&utm_term=brass+lantern&utm_content=text-b&gclid={click}", Landing::Page(pages::LANTERN),
        |d| since_the_third_month(d, 1.8)),
    campaign("https://www.bing.com/", "utm_source=bing&utm_medium=cpc&utm_campaign=compasses&msclkid={click}", Landing::Page(pages::COMPASS),
        |d| since_the_third_month(d, 0.9)),
    campaign(GOOGLE, "utm_source=google&utm_medium=cpc&utm_campaign=black-friday&gclid={click}", Landing::Page(pages::PRODUCTS),
        |d| only_in(d, Moment::BlackFriday, 15.0)),
    campaign("https://l.facebook.com/", "utm_source=facebook&utm_medium=paid_social&utm_campaign=spring-sale&utm_content=carousel&fbclid={click}", Landing::Page(pages::PRODUCTS),
        |d| only_in(d, Moment::SpringSale, 13.0)),
    campaign("https://l.instagram.com/", "utm_source=instagram&utm_medium=paid_social&utm_campaign=spring-sale&utm_content=story&fbclid={click}", Landing::Page(pages::PRODUCTS),
        |d| only_in(d, Moment::SpringSale, 9.0)),
    campaign("", "utm_source=newsletter&utm_medium=email&utm_campaign=spring-sale", Landing::Page(pages::PRODUCTS),
        |d| only_in(d, Moment::SpringSale, 6.0)),
];
