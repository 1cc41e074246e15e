use crate::support::TestApp;

#[tokio::test]
async fn unknown_addresses_and_methods_answer_in_the_envelope() {
    let app = TestApp::start().await;
    for (method, path, status, code) in [
        ("GET", "/nowhere", 404, "not_found"),
        ("POST", "/v2/events", 404, "not_found"),
        ("DELETE", "/v1/events", 405, "method_not_allowed"),
        ("POST", "/health", 405, "method_not_allowed"),
        ("PUT", "/p.gif", 405, "method_not_allowed"),
    ] {
        let reply = app.request(method, path).send().await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{method} {path}"
        );
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert!(reply.header("x-request-id").is_some());
    }
}

#[tokio::test]
async fn the_front_door_leads_to_the_dashboard() {
    let app = TestApp::start().await;
    let reply = app.get("/").send().await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (307, Some("/app/"))
    );
}

#[tokio::test]
async fn demo_pages_know_their_site() {
    let app = TestApp::start().await;
    let demo = app.app.sites.find("demo").unwrap().id().to_string();
    for path in ["/demo/", "/demo/contact", "/demo/products.html"] {
        let reply = app.get(path).send().await;
        assert_eq!(reply.status, 200, "{path}");
        let html = reply.text();
        assert!(html.contains(&demo) && !html.contains("__CLEW_"), "{path}");
    }
    assert_eq!(app.get("/demo/nothing").send().await.status, 404);
}

#[tokio::test]
async fn demo_pages_report_to_the_site_that_the_address_names() {
    let app = TestApp::start().await;
    let demo = app.app.sites.find("demo").unwrap().id().to_string();
    for named in [app.site.as_str(), "shop"] {
        let page = app.get(&format!("/demo/cart?spa=1&site={named}"));
        let html = page.send().await.text();
        assert!(html.contains(&app.site) && !html.contains(&demo), "{named}");
    }
    for wrong in ["", "nowhere", "%22%3E%3Cscript%3E"] {
        let reply = app.get(&format!("/demo/?site={wrong}")).send().await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (404, "unknown_site"),
            "{wrong}"
        );
        assert!(!reply.text().contains("<script>"), "{wrong}");
    }
}

#[tokio::test]
async fn demo_pages_carry_the_snippet_that_was_chosen() {
    let app = TestApp::start().await;
    let site = app.site.clone();
    for (family, tag) in [
        ("clew", format!(r#"src="/c.js" data-site-id="{site}""#)),
        ("pixel", format!(r#"data-pixel-id="{site}""#)),
        ("client", format!(r#"src="/script/{site}.js""#)),
        ("collector", format!(r#"src="/pixel/{site}/tracking.js""#)),
        ("pulse", format!(r#"data-site-key="{site}""#)),
        ("trackveil", format!(r#"data-site-id="{site}""#)),
    ] {
        let page = app.get(&format!("/demo/contact?site=shop&family={family}"));
        let html = page.send().await.text();
        assert!(html.contains(&tag), "{family}: {html}");
        assert!(html.contains(r#"<form class="fields" id="contact""#));
    }
    for wrong in ["", "none", "%22%3E%3Cscript%3E"] {
        let reply = app.get(&format!("/demo/?family={wrong}")).send().await;
        let code = reply.code();
        assert_eq!((reply.status, code.as_str()), (400, "invalid_parameter"));
        assert!(!reply.text().contains("<script>"), "{wrong}");
    }
}

#[tokio::test]
async fn pages_carry_the_security_headers() {
    let app = TestApp::start().await;
    let reply = app.get("/docs").send().await;
    for (name, part) in [
        ("content-security-policy", "default-src 'self'"),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin"),
    ] {
        let value = reply
            .header(name)
            .unwrap_or_else(|| panic!("{name} is missing"));
        assert!(value.contains(part), "{name}: {value}");
    }
    assert_eq!(
        reply.header("strict-transport-security"),
        None,
        "plain HTTP"
    );
    let tls = [("CLEW_PUBLIC_URL", "https://stats.example.com")];
    let app = TestApp::start_with(&tls).await;
    let reply = app.get("/docs").send().await;
    assert!(reply.header("strict-transport-security").is_some());
}

#[tokio::test]
async fn an_address_that_cannot_be_read_answers_in_the_envelope() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    for (path, status, code) in [
        ("/v1/reports/%ff?site=shop", 404, "not_found"),
        ("/m/%ff.js", 404, "not_found"),
        ("/app/%ff", 404, "not_found"),
        ("/demo/%ff", 404, "not_found"),
        ("/c.js?v=standard&v=loader", 400, "invalid_parameter"),
    ] {
        let reply = app.get(path).key(&key).send().await;
        let content_type = reply.header("content-type");
        assert_eq!(content_type, Some("application/json"), "{path}");
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{path}"
        );
    }
}
