use super::*;
use crate::support::{BROWSER, find};
use clew::admin::NewSiteSpec;

const PROFILES: [&str; 3] = ["gdpr", "exempt", "hipaa"];
const BATCHES: u128 = 20;
const BATCH: u128 = 500;

/// An address and an e-mail address of event `n`, unlike anything else in the files.
fn canaries(n: u128) -> (String, String) {
    let octet = |shift: u32| (n >> shift) as u8;
    let ip = match n % 2 {
        0 => format!("198.51.{}.{}", 100 + octet(8) % 100, octet(0)),
        _ => format!("2001:db8:ca4a:{:x}::{:x}", n, 0xbeef),
    };
    (ip, format!("person.{n}@canary-mail.example"))
}

fn event(n: u128) -> Value {
    let (_, mail) = canaries(n);
    let mut event = json!({
        "id": id(n),
        "type": "pageview",
        "t": now_ms() - 60_000,
        "url": format!("https://shop.example/account/{mail}?email={mail}&utm_source={mail}"),
        "title": format!("Account of {mail}"),
        "referrer": format!("https://www.google.com/search?q={mail}"),
        "visitor_id": mail,
        "session_id": mail,
        "props": { "who": format!("I am {mail}"), "contact": mail },
    });
    match n % 3 {
        0 => event["user_id"] = json!(mail),
        1 => event["url"] = json!(format!("https://shop.example/{}", mail.replace('@', "%40"))),
        _ => {}
    }
    if n.is_multiple_of(50) {
        // Quarantined events pass the same stages.
        event["t"] = json!(now_ms() - 30 * 86_400_000);
    }
    event
}

/// 10,000 events, of which none leaves its sender's address or e-mail anywhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_holds_an_address_or_an_email_that_was_sent() {
    let variables = [("CLEW_TRUSTED_PROXIES", "127.0.0.1/32")];
    let (app, key) = start(&variables).await;
    let mut sites = Vec::new();
    for profile in PROFILES {
        let spec = NewSiteSpec {
            name: profile.into(),
            domains: vec![format!("{profile}.example")],
            slug: Some(profile.into()),
            time_zone: None,
        };
        let site = app.create_site(spec).await;
        let body = json!({ "profile": profile });
        let path = format!("/v1/sites/{site}");
        let reply = app.request("PUT", &path).key(&key).json(&body).send().await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        sites.push(site);
    }
    let mut needles = Vec::new();
    for n in 0..BATCHES {
        let which = (n % 3) as usize;
        let events: Vec<_> = (n * BATCH..(n + 1) * BATCH).map(event).collect();
        // One sender a batch; some say yes, some no, some nothing.
        let (ip, _) = canaries(n);
        let mut body = json!({ "site_id": sites[which], "events": events });
        match n / 3 % 3 {
            0 => body["consent"] = json!({ "analytics": true, "marketing": true }),
            1 => body["consent"] = json!({ "analytics": false }),
            _ => {}
        }
        let body = body
            .to_string()
            .replace("shop.example", &format!("{}.example", PROFILES[which]));
        let reply = app
            .post(body)
            .header("origin", &format!("https://{}.example", PROFILES[which]))
            .header("user-agent", BROWSER)
            .header("x-forwarded-for", &ip)
            .send()
            .await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        needles.push(Needle::text(&ip));
    }
    needles.push(Needle::text("canary-mail"));
    let listed = app.wait_for_events(&key, "gdpr", 1_000).await;
    assert!(listed.len() >= 1_000, "{}", listed.len());
    let data = app.app.config.data_dir.clone();
    let kept = app.shut_down_keeping_files().await;
    let found = find(&data, &needles).await;
    assert!(
        found.is_empty(),
        "{} places: {:#?}",
        found.len(),
        &found[..found.len().min(20)]
    );
    drop(kept);
}
