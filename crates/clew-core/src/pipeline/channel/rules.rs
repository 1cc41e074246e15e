//! A site's own channels: conditions on columns that are filled by now.

use crate::model::channel_rule::{ChannelCondition, ChannelField, ChannelOp};
use crate::model::{ChannelRule, StoredEvent};

/// The first rule that holds. Costs nothing where there are none.
pub(super) fn channel<'a>(rules: &'a [ChannelRule], event: &StoredEvent) -> Option<&'a str> {
    let holds = |rule: &&ChannelRule| {
        // A rule without conditions says nothing, rather than everything.
        !rule.when.is_empty() && rule.when.iter().all(|condition| met(condition, event))
    };
    rules.iter().find(holds).map(|rule| rule.channel.as_str())
}

fn met(condition: &ChannelCondition, event: &StoredEvent) -> bool {
    let value = match condition.field {
        ChannelField::Source => &event.source,
        ChannelField::Medium => &event.medium,
        ChannelField::Campaign => &event.utm_campaign,
        ChannelField::Content => &event.utm_content,
        ChannelField::Term => &event.utm_term,
        ChannelField::ReferrerHost => &event.referrer_host,
        ChannelField::ClickId => &event.click_id_kind,
        ChannelField::Path => &event.path,
    };
    let (value, wanted) = (value.to_lowercase(), condition.value.to_lowercase());
    match condition.op {
        ChannelOp::Is => value == wanted,
        ChannelOp::IsNot => value != wanted,
        ChannelOp::Contains => value.contains(&wanted),
        ChannelOp::StartsWith => value.starts_with(&wanted),
        ChannelOp::EndsWith => value.ends_with(&wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Profile;
    use crate::pipeline::tests::{Request, pageview};

    fn rule(channel: &str, when: &[(ChannelField, ChannelOp, &str)]) -> ChannelRule {
        let condition = |(field, op, value): &(ChannelField, ChannelOp, &str)| ChannelCondition {
            field: *field,
            op: *op,
            value: (*value).to_owned(),
        };
        ChannelRule {
            channel: channel.to_owned(),
            when: when.iter().map(condition).collect(),
        }
    }

    #[test]
    fn the_sites_rules_come_first_and_in_their_order() {
        use ChannelField as F;
        use ChannelOp as O;
        let mut request = Request::new(Profile::Gdpr);
        request.site.channel_rules = vec![
            rule("Nothing", &[]),
            rule(
                "Partners",
                &[(F::Source, O::Is, "ACME"), (F::Medium, O::IsNot, "cpc")],
            ),
            rule("Launch", &[(F::Campaign, O::StartsWith, "launch-")]),
            rule("Podcasts", &[(F::Content, O::EndsWith, "-FM")]),
            rule(
                "Landing",
                &[(F::Path, O::Contains, "/Lp/"), (F::Source, O::Is, "")],
            ),
        ];
        for (address, channel) in [
            ("?utm_source=acme&utm_medium=email", "Partners"),
            ("?utm_source=acme&utm_medium=cpc", "Paid Other"),
            ("?utm_source=x&utm_campaign=Launch-7", "Launch"),
            ("?utm_source=x&utm_content=radio-fm", "Podcasts"),
            ("lp/shoes", "Landing"),
            ("", "Direct"),
        ] {
            let event = request.accepted(pageview(&format!("https://shop.example/{address}")));
            assert_eq!(event.channel, channel, "{address}");
        }
    }
}
