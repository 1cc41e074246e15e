//! Which fields a change touched, as the audit log keeps it: `{"changes":{"profile":{"old":…,
//! "new":…}}}`.
//!
//! Settings are written out. What names or locates a person (names, e-mail addresses, IP lists) is
//! only said to have changed; secrets never get here.

use clew_core::model::SiteId;
use clew_store::relational::settings::SiteSettings;
use clew_store::relational::sites::Site;
use clew_store::relational::users::User;
use clew_store::relational::{Role, policies};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Settings that may hold addresses of people, or an address that is a secret.
const UNSPOKEN: [&str; 4] = ["blocked_ips", "testing_ips", "whitelisted_ips", "drought"];

/// Fields that differ.
#[derive(Debug, Default)]
pub(super) struct Changes(Map<String, Value>);

impl Changes {
    /// Between two states of a site; without an older one, everything is new.
    pub(super) fn of_site(
        old: Option<(&Site, &SiteSettings)>,
        new: (&Site, &SiteSettings),
    ) -> Self {
        let mut changes = Self::default();
        let was = old.map(|(site, _)| site);
        let is = new.0;
        changes.field("name", was.map(|s| &s.name), &is.name);
        changes.field("slug", was.map(|s| &s.slug), &is.slug);
        changes.field("timeZone", was.map(|s| &s.time_zone), &is.time_zone);
        let profile = |site: &Site| policies::profile_word(site.profile);
        changes.field("profile", was.map(profile), profile(is));
        let ip = |site: &Site| policies::ip_word(site.ip);
        changes.field("ip", was.map(ip), ip(is));
        changes.field("isActive", was.map(|s| s.is_active), is.is_active);
        changes.field("domains", was.map(|s| &s.domains), &is.domains);
        // A new site's settings are worth a line where they are not what every site has.
        let settings = old.map_or_else(SiteSettings::default, |(_, settings)| settings.clone());
        changes.settings(&settings, new.1);
        changes
    }

    /// Between two states of a member: what they may do, never who they are.
    pub(super) fn of_member(old: Option<&Member>, new: &Member) -> Self {
        let mut changes = Self::default();
        changes.field("role", old.map(|m| m.role), new.role);
        changes.field("siteRoles", old.map(|m| &m.site_roles), &new.site_roles);
        changes.field(
            "isActive",
            old.map(|m| m.user.is_active),
            new.user.is_active,
        );
        if old.is_some_and(|old| old.user.name != new.user.name) {
            changes.unspoken("name");
        }
        if old.is_some_and(|old| old.user.email != new.user.email) {
            changes.unspoken("email");
        }
        changes
    }

    /// Notes a field if it differs from what it was.
    #[allow(clippy::needless_pass_by_value)] // Values and references alike.
    pub(super) fn field<T: Serialize>(&mut self, name: &str, old: Option<T>, new: T) {
        let (old, new) = (json!(old), json!(new));
        if old != new {
            self.0
                .insert(name.to_owned(), json!({ "old": old, "new": new }));
        }
    }

    /// The detail of an entry; `None` when nothing differs.
    pub(super) fn detail(self) -> Option<Value> {
        (!self.0.is_empty()).then(|| json!({ "changes": self.0 }))
    }

    fn settings(&mut self, old: &SiteSettings, new: &SiteSettings) {
        let (Value::Object(old), Value::Object(new)) = (json!(old), json!(new)) else {
            return;
        };
        for (name, value) in new {
            let before = old.get(&name).cloned().unwrap_or(Value::Null);
            if before == value {
                continue;
            }
            if UNSPOKEN.contains(&name.as_str()) {
                self.unspoken(&camel(&name));
            } else {
                self.field(&camel(&name), Some(before), value);
            }
        }
    }

    fn unspoken(&mut self, name: &str) {
        self.0.insert(name.to_owned(), json!({ "changed": true }));
    }
}

/// A user and what they may do.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) user: User,
    pub(super) role: Option<Role>,
    pub(super) site_roles: BTreeMap<SiteId, Role>,
}

/// `event_retention_days` → `eventRetentionDays`, as the API writes it.
fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut text, part| {
        let mut letters = part.chars();
        text.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        text.push_str(letters.as_str());
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(change: impl FnOnce(&mut SiteSettings)) -> SiteSettings {
        let mut settings = SiteSettings::default();
        change(&mut settings);
        settings
    }

    fn between(old: &SiteSettings, new: &SiteSettings) -> Option<Value> {
        let mut changes = Changes::default();
        changes.settings(old, new);
        changes.detail()
    }

    #[test]
    fn settings_are_told_with_both_values_under_their_api_names() {
        let old = settings(|_| ());
        let new = settings(|s| s.event_retention_days = 30);
        let expected = json!({ "changes": { "eventRetentionDays": { "old": 180, "new": 30 } } });
        assert_eq!(between(&old, &new), Some(expected));
        assert_eq!(between(&old, &old), None);
    }

    #[test]
    fn addresses_of_people_are_not_told() {
        let old = settings(|_| ());
        let new = settings(|s| {
            s.blocked_ips = vec!["203.0.113.7".into()];
            s.testing_ips = vec!["203.0.113.8".into()];
            s.whitelisted_ips = vec!["203.0.113.9".into()];
        });
        let told = between(&old, &new).unwrap().to_string();
        assert!(!told.contains("203.0"), "{told}");
        assert!(told.contains(r#""blockedIps":{"changed":true}"#), "{told}");
    }
}
