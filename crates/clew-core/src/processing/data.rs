//! Which data: the categories that this configuration stores, and those that it does not.

use super::{Data, states};
use crate::model::site::VisitorIdPolicy;
use crate::model::{Profile, SitePolicy};
use crate::pipeline::{ConsentRow, Kept, VisitorState};

pub(super) fn visitors(site: &SitePolicy) -> String {
    if site.domains.is_empty() {
        return "Visitors of the pages that send events to this site.".to_owned();
    }
    format!("Visitors of {}.", site.domains.join(", "))
}

pub(super) fn stored(site: &SitePolicy, table: &[ConsentRow]) -> Vec<Data> {
    let counted = states(table, Kept::Statistics);
    let mut data = vec![
        line("Pages and events", &pages(site), "The browser", &counted),
        line(
            "Device",
            "Kind of device, browser and operating system with version, sizes of screen and \
             window, language, time zone. Read from the user agent, which is not stored itself.",
            "The browser",
            &counted,
        ),
        line(
            "Approximate place and network",
            "Country, region, city and network operator, looked up from the address or the time \
             zone when the event arrives.",
            "Derived",
            &counted,
        ),
        line(
            "Consent",
            "What was answered, by purpose, and whether the browser sent a Global Privacy Control \
             signal.",
            "The browser",
            &counted,
        ),
    ];
    data.extend(daily_pseudonym(&counted, table));
    for kept in Kept::ALL {
        let of = states(table, kept);
        if let Some((category, fields)) = personal(site, kept).filter(|_| !of.is_empty()) {
            data.push(line(category, &fields, source(kept), &of));
        }
    }
    data
}

pub(super) fn not_stored(table: &[ConsentRow]) -> Vec<String> {
    let mut lines: Vec<String> = Kept::ALL
        .into_iter()
        .filter(|kept| states(table, *kept).is_empty())
        .filter_map(|kept| name(kept).map(ToOwned::to_owned))
        .collect();
    lines.push("User agents as they were sent.".to_owned());
    lines
}

fn line(category: &str, fields: &str, source: &str, of: &[VisitorState]) -> Data {
    Data {
        category: category.to_owned(),
        fields: fields.to_owned(),
        source: source.to_owned(),
        of: of.to_vec(),
    }
}

fn pages(site: &SitePolicy) -> String {
    let kept = if site.query_allow.is_empty() {
        "no query parameters".to_owned()
    } else {
        format!("only the query parameters {}", site.query_allow.join(", "))
    };
    format!(
        "Time, address of the page with {kept} besides campaign parameters, title, referring page, \
         campaign, names and properties of events, engagement."
    )
}

/// For visitors who are recognised by nothing that lasts.
fn daily_pseudonym(counted: &[VisitorState], table: &[ConsentRow]) -> Option<Data> {
    let lasting = states(table, Kept::VisitorId);
    let of: Vec<_> = counted
        .iter()
        .filter(|state| !lasting.contains(state))
        .copied()
        .collect();
    let fields = "A hash of address, user agent and site with 256 random bits of that day. The \
                  random bits are destroyed within 48 hours, and with them every way back.";
    (!of.is_empty()).then(|| line("Pseudonym of one day", fields, "Derived", &of))
}

fn personal(site: &SitePolicy, kept: Kept) -> Option<(&'static str, String)> {
    let text = match kept {
        Kept::Statistics => return None,
        Kept::VisitorId => {
            let days = site.visitor_id_days;
            let place = match site.visitor_id {
                VisitorIdPolicy::None => "An id that the page itself sends",
                VisitorIdPolicy::Storage => "A random id in the browser's web storage",
                VisitorIdPolicy::Cookie => "A random id in a cookie that scripts cannot read",
            };
            format!("{place}, for at most {days} days from its making; stored here as a hash.")
        }
        Kept::UserId => "A hash of the id under which the site knows the person.".to_owned(),
        Kept::ClickIds => {
            "Values of advertising click ids (gclid, fbclid, msclkid and others).".to_owned()
        }
        Kept::Fingerprint => {
            "Properties of the browser, hashed there and again here with the site's own key."
                .to_owned()
        }
        Kept::AddressHash => "A hash of the address that changes every day.".to_owned(),
        Kept::AddressTruncated => "The address without its last part (/24, /48).".to_owned(),
        Kept::AddressFull => "The full address.".to_owned(),
        Kept::Submissions => "What the person typed into a form and sent, without passwords, \
             numbers of cards, accounts and passports; encrypted with the site's own key. Where \
             nobody may be measured it is kept by itself, with its time and the answers about \
             consent."
            .to_owned(),
        Kept::PartialValues => "What the person typed into a form and did not send, kept like a \
             form that was sent."
            .to_owned(),
    };
    Some((name(kept)?, text))
}

const fn name(kept: Kept) -> Option<&'static str> {
    match kept {
        Kept::Statistics => None,
        Kept::VisitorId => Some("Visitor id"),
        Kept::UserId => Some("User id"),
        Kept::ClickIds => Some("Click ids"),
        Kept::Fingerprint => Some("Fingerprint"),
        Kept::AddressHash => Some("IP address, as a hash of the day"),
        Kept::AddressTruncated => Some("IP address, truncated"),
        Kept::AddressFull => Some("IP address, in full"),
        Kept::Submissions => Some("Contents of forms that were sent"),
        Kept::PartialValues => Some("Contents of forms that were not sent"),
    }
}

const fn source(kept: Kept) -> &'static str {
    match kept {
        Kept::UserId => "The site",
        Kept::AddressHash | Kept::AddressTruncated | Kept::AddressFull => "The connection",
        _ => "The browser",
    }
}

/// A word for people.
pub(super) const fn profile(profile: Profile) -> &'static str {
    match profile {
        Profile::Gdpr => "gdpr",
        Profile::Exempt => "exempt",
        Profile::Standard => "standard",
        Profile::Hipaa => "hipaa",
    }
}
