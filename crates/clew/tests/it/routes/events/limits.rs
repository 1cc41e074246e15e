use crate::support::{TestApp, id, pageview};

#[tokio::test]
async fn a_network_that_sends_too_much_is_told_when_to_come_back() {
    let app = TestApp::start_with(&[("CLEW_RATE_LIMIT_PER_MINUTE", "3")]).await;
    for n in 1..=3 {
        let reply = app.post(app.batch(&[pageview(&id(n))])).send().await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    let reply = app.post(app.batch(&[pageview(&id(4))])).send().await;
    assert_eq!((reply.status, reply.code().as_str()), (429, "rate_limited"));
    let wait: u32 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(reply.header("ratelimit-limit"), Some("3"));
    assert_eq!(reply.header("ratelimit-remaining"), Some("0"));
    assert_eq!(reply.header("ratelimit-reset"), reply.header("retry-after"));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
}

#[tokio::test]
async fn only_a_trusted_proxy_speaks_for_its_clients() {
    let limited = ("CLEW_RATE_LIMIT_PER_MINUTE", "1");
    let trusting = [limited, ("CLEW_TRUSTED_PROXIES", "127.0.0.1")];
    for (variables, statuses) in [
        (&trusting[..], [200, 200, 429]),
        (&[limited], [200, 429, 429]),
    ] {
        let app = TestApp::start_with(variables).await;
        let hops = ["6.6.6.6, 192.0.2.1", "192.0.3.1", "8.8.8.8, 192.0.2.77"];
        for (n, (hop, status)) in (1..).zip(hops.into_iter().zip(statuses)) {
            let request = app.post(app.batch(&[pageview(&id(n))]));
            let reply = request.header("x-forwarded-for", hop).send().await;
            assert_eq!(reply.status, status, "{variables:?} {hop}");
        }
        app.shut_down().await;
    }
}

#[tokio::test]
async fn a_key_and_a_site_have_limits_of_their_own() {
    let limits = [
        ("CLEW_KEY_RATE_LIMIT_PER_MINUTE", "1"),
        ("CLEW_SITE_RATE_LIMIT_PER_MINUTE", "1"),
    ];
    let app = TestApp::start_with(&limits).await;
    let key = app.key("viewer", &[], &[]).await;
    let list = || app.get("/v1/events?site=shop").key(&key).send();
    assert_ne!(list().await.status, 429);
    assert_eq!(list().await.status, 429);
    let send = |n| app.post(app.batch(&[pageview(&id(n))])).send();
    assert_eq!(send(1).await.status, 200);
    assert_eq!(send(2).await.status, 429);
}
