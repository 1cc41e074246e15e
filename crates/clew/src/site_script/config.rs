//! A site's policy as its tracker is told it: the table of docs/privacy.md, in the browser's words.
//!
//! Tells the browser nothing that the server does not enforce too; it is told so that forbidden
//! things are not even sent or stored there.

use super::Variant;
use super::modules::{MODULES, Modules};
use clew_core::model::domain;
use clew_core::model::site::VisitorIdPolicy;
use clew_core::model::{Profile, SitePolicy};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Where the browser keeps a visitor's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Storage {
    None,
    Local,
    Cookie,
}

/// What happens while, or although, a visitor has not agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Without {
    /// As with consent.
    Store,
    /// Events without anything that recognises.
    Cookieless,
    /// Nothing.
    Silent,
}

/// Keys of `window.ClewConfig`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrackerConfig {
    site_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<&'static str>,
    denied: Without,
    pub storage: Storage,
    /// For scripts that read forms.
    #[serde(skip_serializing_if = "Option::is_none")]
    capture: Option<Capture>,
    unknown: Without,
    #[serde(skip_serializing_if = "Option::is_none")]
    gpc: Option<Without>,
    fingerprint: bool,
    days: u32,
    /// Hosts that a visitor's id may be handed to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    domains: Vec<String>,
    /// Parts to load at once, and where all parts are: for the core that loads them.
    #[serde(skip_serializing_if = "Option::is_none")]
    features: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modules: Option<Cow<'static, Modules>>,
}

/// What of a form may leave the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Capture {
    /// Names of fields.
    Names,
    /// And what was typed, when the form is submitted.
    Submit,
    /// And before that, where the visitor has agreed to it.
    Partial,
}

impl Capture {
    /// CONTRACTS "Privacy profile × consent": a submitted form is a lead under every profile but
    /// `exempt`; `hipaa` takes no values before submission.
    const fn under(profile: Profile) -> Self {
        match profile {
            Profile::Exempt => Self::Names,
            Profile::Hipaa => Self::Submit,
            Profile::Gdpr | Profile::Standard => Self::Partial,
        }
    }
}

impl TrackerConfig {
    /// `collector` is the host of this server's public address.
    pub fn of(site: &SitePolicy, collector: Option<&str>) -> Self {
        let hipaa = site.profile == Profile::Hipaa;
        let silent_when = |silent| {
            if silent {
                Without::Silent
            } else {
                Without::Cookieless
            }
        };
        let storage = storage(site, collector);
        let links = storage != Storage::None && registrable_domains(site).len() > 1;
        Self {
            site_id: site.id.to_string(),
            consent: site.consent_required.then_some("pending"),
            denied: silent_when(site.silent_when_denied || hipaa),
            storage,
            capture: None,
            unknown: match site.profile {
                _ if site.consent_required => Without::Silent,
                Profile::Standard => Without::Store,
                Profile::Gdpr | Profile::Exempt | Profile::Hipaa => Without::Cookieless,
            },
            gpc: hipaa.then_some(Without::Silent),
            fingerprint: site.fingerprint && site.profile.allows_fingerprint(),
            days: site.visitor_id_days,
            domains: if links {
                site.domains.clone()
            } else {
                Vec::new()
            },
            features: None,
            modules: None,
        }
    }

    /// The smallest core that can do all of it.
    pub fn variant(&self) -> Variant {
        let special = self.fingerprint
            || !self.domains.is_empty()
            || self.storage == Storage::Cookie
            || self.unknown != Without::Cookieless
            || self.gpc.is_some();
        match self.storage {
            Storage::None => Variant::Cookieless,
            _ if special => Variant::Full,
            _ => Variant::Standard,
        }
    }

    /// For this core: the full one is told which parts it needs and where they are.
    #[must_use]
    pub fn for_variant(mut self, variant: Variant, profile: Profile) -> Self {
        if variant == Variant::Full {
            self.capture = Some(Capture::under(profile));
            let linked = !self.domains.is_empty();
            self.features = Some(if linked {
                "redact,consent,link"
            } else {
                "redact,consent"
            });
            self.modules = Some(Cow::Borrowed(&MODULES));
        }
        self
    }

    /// For the script of a family, which holds its parts: only those come later that not every site
    /// needs.
    #[must_use]
    pub fn for_family(mut self, profile: Profile) -> Self {
        self.capture = Some(Capture::under(profile));
        let linked = !self.domains.is_empty();
        self.features = linked.then_some("link");
        let wanted = |name: &str| match name {
            "link" => linked,
            "fp" => self.fingerprint,
            _ => name == "consent-mode",
        };
        let modules = MODULES.iter().filter(|(name, _)| wanted(name));
        self.modules = Some(Cow::Owned(
            modules.map(|(name, m)| (name.clone(), m.clone())).collect(),
        ));
        self
    }
}

/// The statement that stands before a script. The page's own settings stay where `config` says
/// nothing.
pub fn statement(config: &impl Serialize) -> serde_json::Result<String> {
    let json = escaped(&serde_json::to_string(config)?);
    Ok(format!(
        "window.ClewConfig=Object.assign(window.ClewConfig||{{}},{json});\n"
    ))
}

/// A cookie needs a page that is of this server's own registrable domain; where one of the site's
/// hosts is not, its visitors are recognised by web storage on all of them.
fn storage(site: &SitePolicy, collector: Option<&str>) -> Storage {
    let own = |host: &String| {
        let host = host.strip_prefix("*.").unwrap_or(host);
        collector.is_some_and(|collector| domain::same_site(host, collector))
    };
    match site.visitor_id {
        _ if site.profile == Profile::Exempt => Storage::None,
        VisitorIdPolicy::None => Storage::None,
        VisitorIdPolicy::Cookie if !site.domains.is_empty() && site.domains.iter().all(own) => {
            Storage::Cookie
        }
        VisitorIdPolicy::Cookie | VisitorIdPolicy::Storage => Storage::Local,
    }
}

fn registrable_domains(site: &SitePolicy) -> BTreeSet<&str> {
    let hosts = site
        .domains
        .iter()
        .map(|host| host.strip_prefix("*.").unwrap_or(host));
    hosts.map(domain::registrable).collect()
}

/// JSON that is safe in every place a script may be put: no tag, no entity, no line end that only
/// JavaScript sees.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                write!(out, "\\u{:04x}", c as u32).expect("a string takes everything");
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_core::model::SiteId;
    use serde_json::{Value, json};

    fn site(profile: Profile) -> SitePolicy {
        SitePolicy {
            profile,
            domains: vec!["shop.example.com".to_owned()],
            ..SitePolicy::strict(SiteId::from_u128(1))
        }
    }

    fn told(site: &SitePolicy) -> Value {
        serde_json::to_value(TrackerConfig::of(site, Some("stats.example.com"))).unwrap()
    }

    #[test]
    fn the_browser_is_told_what_the_profile_says() {
        let id = SiteId::from_u128(1).to_string();
        for (profile, expected) in [
            (
                Profile::Exempt,
                json!({"denied": "cookieless", "storage": "none", "unknown": "cookieless"}),
            ),
            (
                Profile::Gdpr,
                json!({"denied": "cookieless", "storage": "local", "unknown": "cookieless"}),
            ),
            (
                Profile::Standard,
                json!({"denied": "cookieless", "storage": "local", "unknown": "store"}),
            ),
            (
                Profile::Hipaa,
                json!({"denied": "silent", "storage": "local", "unknown": "cookieless", "gpc": "silent"}),
            ),
        ] {
            let mut whole = json!({"siteId": id, "fingerprint": false, "days": 395});
            whole
                .as_object_mut()
                .unwrap()
                .extend(expected.as_object().unwrap().clone());
            assert_eq!(told(&site(profile)), whole, "{profile:?}");
        }
    }

    #[test]
    fn settings_tighten_and_never_loosen_a_profile() {
        for profile in [
            Profile::Exempt,
            Profile::Gdpr,
            Profile::Standard,
            Profile::Hipaa,
        ] {
            let mut all = site(profile);
            all.fingerprint = true;
            all.visitor_id = VisitorIdPolicy::Cookie;
            all.consent_required = true;
            all.silent_when_denied = true;
            let told = told(&all);
            assert_eq!(
                (&told["consent"], &told["unknown"]),
                (&json!("pending"), &json!("silent"))
            );
            assert_eq!(told["denied"], "silent");
            let open = matches!(profile, Profile::Gdpr | Profile::Standard);
            assert_eq!(told["fingerprint"], open, "{profile:?}");
            let storage = if profile == Profile::Exempt {
                "none"
            } else {
                "cookie"
            };
            assert_eq!(told["storage"], storage, "{profile:?}");
        }
    }

    #[test]
    fn a_cookie_is_promised_only_where_this_server_may_set_it() {
        let mut all = site(Profile::Gdpr);
        all.visitor_id = VisitorIdPolicy::Cookie;
        for (domains, collector, storage) in [
            (
                &["shop.example.com", "*.example.com"][..],
                Some("stats.example.com"),
                Storage::Cookie,
            ),
            (
                &["shop.example.com", "other.example"],
                Some("stats.example.com"),
                Storage::Local,
            ),
            (&["shop.github.io"], Some("stats.github.io"), Storage::Local),
            (&["localhost"], Some("localhost"), Storage::Cookie),
            (&["shop.example.com"], None, Storage::Local),
            (&[], Some("stats.example.com"), Storage::Local),
        ] {
            all.domains = domains.iter().map(ToString::to_string).collect();
            assert_eq!(
                TrackerConfig::of(&all, collector).storage,
                storage,
                "{domains:?}"
            );
        }
    }

    #[test]
    fn the_smallest_core_that_can_do_it_is_chosen() {
        let mut policy = site(Profile::Gdpr);
        let variant = |policy: &SitePolicy| TrackerConfig::of(policy, None).variant();
        assert_eq!(variant(&policy), Variant::Standard);
        policy.fingerprint = true;
        assert_eq!(variant(&policy), Variant::Full);
        policy.fingerprint = false;
        policy.domains.push("other.example".to_owned());
        assert_eq!(variant(&policy), Variant::Full);
        let linked = TrackerConfig::of(&policy, None).for_variant(Variant::Full, Profile::Gdpr);
        let linked = serde_json::to_value(linked).unwrap();
        assert_eq!(linked["features"], "redact,consent,link");
        assert!(linked["modules"].is_object());
        policy.visitor_id = VisitorIdPolicy::None;
        assert_eq!(variant(&policy), Variant::Cookieless);
        assert_eq!(variant(&site(Profile::Standard)), Variant::Full);
        assert_eq!(variant(&site(Profile::Hipaa)), Variant::Full);
        assert_eq!(variant(&site(Profile::Exempt)), Variant::Cookieless);
    }

    #[test]
    fn a_script_that_reads_forms_is_told_how_far_it_may_go() {
        for (profile, capture) in [
            (Profile::Exempt, "names"),
            (Profile::Hipaa, "submit"),
            (Profile::Gdpr, "partial"),
            (Profile::Standard, "partial"),
        ] {
            let policy = site(profile);
            let config = TrackerConfig::of(&policy, None);
            let told = serde_json::to_value(config.clone().for_family(profile)).unwrap();
            assert_eq!(told["capture"], capture);
            assert_eq!(told.get("features"), None);
            let told = serde_json::to_value(config.for_variant(Variant::Full, profile)).unwrap();
            assert_eq!(told["capture"], capture);
        }
    }

    #[test]
    fn nothing_in_a_setting_ends_the_script() {
        let mut policy = site(Profile::Gdpr);
        policy.domains = vec![
            "</script><!--\u{2028}&.example".to_owned(),
            "b.example".to_owned(),
        ];
        let script = statement(&TrackerConfig::of(&policy, None)).unwrap();
        for bad in ["<", ">", "&", "\u{2028}"] {
            assert!(!script.contains(bad), "{script}");
        }
        let json = script.strip_prefix("window.ClewConfig=Object.assign(window.ClewConfig||{},");
        let json = json.and_then(|json| json.strip_suffix(");\n")).unwrap();
        let read: Value = serde_json::from_str(json).unwrap();
        assert_eq!(read["domains"][0], policy.domains[0]);
    }
}
