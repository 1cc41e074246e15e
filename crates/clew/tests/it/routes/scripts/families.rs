use super::{built, start};
use crate::support::{Reply, TestApp};
use serde_json::{Value, json};

/// What stands in front of the script, read as a browser would.
fn config(script: &str) -> Value {
    let json = script.strip_prefix("window.ClewConfig=Object.assign(window.ClewConfig||{},");
    let (json, _) = json.unwrap().split_once(");\n").unwrap();
    serde_json::from_str(json).unwrap()
}

fn ends_with_family(reply: &Reply, family: &str) {
    let script = built(&format!("families/{family}.js"));
    assert!(reply.body.ends_with(&script), "{family}");
}

async fn pause(app: &TestApp) {
    let key = app.key("admin", &[], &[]).await;
    let path = format!("/v1/sites/{}", app.site);
    let paused = app.request("PUT", &path).key(&key);
    let paused = paused.json(&json!({"isActive": false})).send().await;
    assert_eq!(paused.status, 200, "{}", paused.text());
}

#[tokio::test]
async fn every_address_serves_its_familys_script_compressed_and_once() {
    let app = start().await;
    let site = &app.site;
    let client = format!("/script/{site}.js");
    let collector = format!("/pixel/{site}/tracking.js");
    let hour = "public, max-age=3600";
    let brief = "public, max-age=300, stale-while-revalidate=60";
    for (path, family, caching) in [
        ("/pixel.js", "pixel", hour),
        ("/pixel.js?site=shop", "pixel", brief),
        (client.as_str(), "client", hour),
        ("/script/shop.js", "client", hour),
        ("/production-tracker.js", "client", hour),
        ("/production-tracker.js?client=shop", "client", hour),
        ("/main-app.v1.js", "client", hour),
        ("/main-app.v1.js?clientId=shop", "client", hour),
        (collector.as_str(), "collector", "private, max-age=300"),
        ("/tracker.js", "tracker", hour),
        ("/tracker.min.js", "tracker", hour),
        ("/tracker.js?site=shop", "tracker", brief),
        ("/pulse.js", "pulse", hour),
        ("/pulse.js?site=shop", "pulse", brief),
        ("/form.js", "form", hour),
    ] {
        let reply = app.get(path).send().await;
        assert_eq!(reply.status, 200, "{path}");
        ends_with_family(&reply, family);
        for (name, value) in [
            ("cache-control", caching),
            ("content-type", "text/javascript; charset=utf-8"),
            ("x-content-type-options", "nosniff"),
            ("access-control-allow-origin", "*"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{path} {name}");
        }
        for coding in ["br", "gzip"] {
            let ask = || app.get(path).header("accept-encoding", coding);
            let reply = ask().send().await;
            assert_eq!(reply.header("content-encoding"), Some(coding), "{path}");
            let again = ask().header("if-none-match", reply.header("etag").unwrap());
            let again = again.send().await;
            assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        }
    }
}

#[tokio::test]
async fn an_unknown_or_inactive_client_has_no_script() {
    let app = start().await;
    let ask = |path: &'static str| app.get(path).send();
    for path in [
        "/script/nobody.js",
        "/script/shop",
        "/script/.js",
        "/script/shop.css",
        "/pixel/nobody/tracking.js",
        "/pixel.js?site=nobody",
        "/tracker.js?site=",
        "/production-tracker.js?client=nobody",
    ] {
        let reply = ask(path).await;
        let seen = (reply.status, reply.header("cache-control"));
        assert_eq!(seen, (404, Some("no-store")), "{path}");
    }
    assert_eq!(ask("/pixel.js?site=shop&site=demo").await.status, 400);
    for (path, file) in [
        ("/script/shop.js", "families/client.js"),
        ("/pixel/shop/tracking.js", "families/collector.js"),
    ] {
        let reply = ask(path).await;
        assert!(reply.body.ends_with(&built(file)), "{path}");
    }
    pause(&app).await;
    for path in ["/script/shop.js", "/pixel/shop/tracking.js"] {
        let reply = ask(path).await;
        let seen = (reply.status, reply.header("cache-control"));
        assert_eq!(seen, (404, Some("no-store")), "{path}");
    }
}

#[tokio::test]
async fn the_collectors_script_is_for_the_clients_own_pages() {
    let app = start().await;
    let ask = |referer: &'static str| {
        let request = app.get("/pixel/shop/tracking.js");
        request.header("referer", referer).send()
    };
    for own in [
        "",
        "https://shop.example/",
        "https://www.shop.example/a?b=c",
        "http://shop.example:8080/",
    ] {
        let reply = ask(own).await;
        assert_eq!(reply.status, 200, "{own}");
        let vary = reply.header("vary");
        assert_eq!(vary, Some("Accept-Encoding, Referer"));
    }
    for foreign in [
        "https://evil.example/",
        "https://shop.example.evil.example/",
        "garbage",
    ] {
        let reply = ask(foreign).await;
        let seen = (reply.status, reply.header("cache-control"));
        assert_eq!(seen, (404, Some("no-store")), "{foreign}");
    }
}

#[tokio::test]
async fn a_profile_decides_what_of_a_form_may_leave() {
    let app = start().await;
    let key = app.key("admin", &[], &[]).await;
    let path = format!("/v1/sites/{}", app.site);
    let mut tags = Vec::new();
    for (profile, capture, unknown) in [
        ("gdpr", "partial", "cookieless"),
        ("standard", "partial", "store"),
        ("hipaa", "submit", "cookieless"),
        ("exempt", "names", "cookieless"),
    ] {
        let change = json!({"profile": profile});
        let changed = app.request("PUT", &path).key(&key).json(&change);
        assert_eq!(changed.send().await.status, 200);
        let reply = app.get("/script/shop.js").send().await;
        let told = config(&reply.text());
        assert_eq!(told["siteId"], app.site.as_str());
        assert_eq!(
            (&told["capture"], &told["unknown"]),
            (&json!(capture), &json!(unknown)),
            "{profile}"
        );
        tags.push(reply.header("etag").unwrap().to_owned());
    }
    tags.dedup();
    assert_eq!(tags.len(), 4, "the entity tag is made of the content");
}

#[tokio::test]
async fn a_clients_script_carries_its_forms_and_follows_their_changes() {
    let app = start().await;
    let key = app.key("admin", &[], &[]).await;
    let post = |path: String, body: Value| {
        let request = app.request("POST", &path).key(&key).json(&body);
        async move {
            let reply = request.send().await;
            assert_eq!(reply.status, 201, "{path}: {}", reply.text());
            reply.json()
        }
    };
    let bare = app.get("/script/shop.js").send().await;
    assert_eq!(config(&bare.text())["forms"], json!([]));
    let hostile = "</script><!-- \u{2028} &";
    let form = json!({
        "formName": hostile, "pageUrl": "/contact", "formSelector": "#contact",
        "alternativeSelectors": ["form.contact"],
    });
    let form = post(format!("/v1/clients/{}/forms", app.site), form).await;
    let form_id = form["formId"].as_str().unwrap().to_owned();
    let field = json!({
        "fieldSelector": "[name=need]", "fieldName": "need", "fieldType": "text", "label": hostile,
    });
    post(format!("/v1/forms/{form_id}/fields"), field).await;
    let reply = app.get("/script/shop.js").send().await;
    assert_ne!(reply.header("etag"), bare.header("etag"));
    let (front, _) = reply
        .text()
        .split_once(");\n")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    for bad in ["<", "\u{2028}", "&"] {
        assert!(!front.contains(bad), "{front}");
    }
    let told = config(&reply.text());
    assert_eq!(told["clientId"], app.site.as_str());
    assert!(told["apiKey"].as_str().unwrap().starts_with("pk_"));
    assert_eq!(told["forms"][0]["formName"], hostile);
    assert_eq!(told["forms"][0]["formSelector"], "#contact");
    assert_eq!(told["fields"][0]["formId"], form_id.as_str());
    assert_eq!(told["fields"][0]["fieldName"], "need");
    assert_eq!((&told["widgets"], &told["theme"]), (&json!({}), &json!({})));
    assert_eq!(told["debug"], false);
    let path = format!("/v1/forms/{form_id}");
    let paused = app.request("PUT", &path).key(&key);
    let paused = paused.json(&json!({"isActive": false})).send().await;
    assert_eq!(paused.status, 200, "{}", paused.text());
    let told = config(&app.get("/script/shop.js").send().await.text());
    assert_eq!((&told["forms"], &told["fields"]), (&json!([]), &json!([])));
    // The collector's script reads no values and is told of no forms.
    let told = config(&app.get("/pixel/shop/tracking.js").send().await.text());
    assert_eq!(told.get("forms"), None);
    assert_eq!(told["clientId"], app.site.as_str());
}

#[tokio::test]
async fn no_request_puts_anything_into_a_familys_script() {
    let app = start().await;
    for path in [
        "/script/shop.js",
        "/pixel/shop/tracking.js",
        "/pixel.js?site=shop",
    ] {
        let plain = app.get(path).send().await;
        let more = if path.contains('?') { '&' } else { '?' };
        let spoofed = app
            .get(&format!("{path}{more}x=%3Cscript%3E"))
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "javascript")
            .header("user-agent", "</script>")
            .header("cookie", "a=evil");
        let spoofed = spoofed.send().await;
        assert_eq!(spoofed.body, plain.body, "{path}");
        assert_eq!(spoofed.header("etag"), plain.header("etag"));
        assert!(!plain.text().contains("evil"));
    }
}
