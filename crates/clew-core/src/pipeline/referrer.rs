//! Referrer: who sent the visitor, and what kind of place that is.
//!
//! Owns the referrer columns and `source`. A referrer on the site's own list of domains is
//! internal and stays empty. Query and fragment of an external one are dropped: they belong to
//! another site's visitors.

mod known;

pub use known::{KnownReferrers, ReferrerKind};

use super::{Context, Flow, RequestEvent, page_url};
use crate::model::domain;
use url::{Host, Url};

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let stated = event.wire.referrer.take().unwrap_or_default();
    if let Some(url) = external(&stated, event, ctx) {
        event.draft.referrer = page_url::without_query(&url);
        event.draft.referrer_host = registrable(&url);
        url.host_str()
            .unwrap_or_default()
            .clone_into(&mut event.referrer_host);
    }
    let draft = &mut event.draft;
    let known = ctx.resources.referrers.by_host(&event.referrer_host);
    let name = match known {
        _ if !draft.utm_source.is_empty() => &draft.utm_source,
        Some(known) => &known.brand,
        None => &draft.referrer_host,
    };
    draft.source.clone_from(name);
    Flow::Continue
}

/// Apps refer as `android-app://package`; everything else that is not the web is nobody.
fn external(stated: &str, event: &RequestEvent, ctx: &Context<'_>) -> Option<Url> {
    if stated.is_empty() || stated.len() > page_url::INPUT_MAX {
        return None;
    }
    let url = Url::parse(stated.trim()).ok()?;
    let host = url.host_str().filter(|host| !host.is_empty())?;
    let known_scheme = matches!(url.scheme(), "http" | "https" | "android-app");
    let internal = host == event.draft.hostname || domain::host_allowed(host, &ctx.site.domains);
    (known_scheme && !internal).then_some(url)
}

/// `news.bbc.co.uk` is `bbc.co.uk`; addresses and app packages are themselves.
fn registrable(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.host() {
        Some(Host::Domain(name)) if url.scheme() != "android-app" => {
            psl::domain_str(name).unwrap_or(name).to_owned()
        }
        _ => host.to_owned(),
    }
}
