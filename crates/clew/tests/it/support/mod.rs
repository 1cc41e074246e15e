//! A server per test, started exactly as `clew serve` starts it.

mod bytes;
mod http;
mod people;

pub(crate) use bytes::{Needle, collect, find};
pub(crate) use http::{Reply, Request};
pub(crate) use people::{PASSWORD, Person};

use clew::admin::lock::DataLock;
use clew::admin::{self, Command, NewKeySpec, NewSiteSpec, Reply as AdminReply};
use clew::app::App;
use clew::config::{Config, Overrides};
use clew::{router, server};
use clew_store::relational::erasures;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A user agent that is no bot.
pub(crate) const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/// How long a projection may take before a test calls it lost.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server with a site `shop` for shop.example.
pub(crate) struct TestApp {
    dir: Arc<TempDir>,
    variables: Vec<(&'static str, String)>,
    pub(crate) app: Arc<App>,
    pub(crate) address: SocketAddr,
    pub(crate) site: String,
    stop: CancellationToken,
    serving: JoinHandle<()>,
    tasks: TaskTracker,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With `CLEW_*` variables.
    pub(crate) async fn start_with(variables: &[(&'static str, &str)]) -> Self {
        let dir = Arc::new(tempfile::tempdir().unwrap());
        let mut all = vec![
            ("CLEW_RATE_LIMIT_PER_MINUTE", "0".to_owned()),
            ("CLEW_LISTEN", "127.0.0.1:0".to_owned()),
        ];
        all.extend(
            variables
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        let mut app = Self::open(dir, all).await;
        let spec = NewSiteSpec {
            name: "Shop".into(),
            domains: vec!["shop.example".into()],
            slug: Some("shop".into()),
            time_zone: None,
        };
        app.site = app.create_site(spec).await;
        app
    }

    async fn open(dir: Arc<TempDir>, variables: Vec<(&'static str, String)>) -> Self {
        let overrides = Overrides {
            data_dir: Some(dir.path().join("data")),
            ..Overrides::default()
        };
        let given = variables.clone();
        let config = Config::from_sources(&overrides, move |name| {
            let mut found = given.iter().rev().filter(|(given, _)| *given == name);
            found.next().map(|(_, value)| value.clone())
        })
        .unwrap();
        let lock = DataLock::take(&config.data_dir).unwrap();
        let listener = TcpListener::bind(config.server.listen).await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = App::open(config, lock).await.unwrap();
        let stop = CancellationToken::new();
        let tasks = server::start_background(&app, stop.clone()).await.unwrap();
        let serving = tokio::spawn({
            let (app, stop) = (app.clone(), stop.clone());
            async move {
                server::serve(listener, router::router(app.clone()), &app, stop).await;
            }
        });
        Self {
            dir,
            variables,
            app,
            address,
            site: String::new(),
            stop,
            serving,
            tasks,
        }
    }

    /// Drains as at SIGTERM.
    pub(crate) async fn shut_down(self) {
        self.stop.cancel();
        self.serving.await.unwrap();
        self.tasks.close();
        self.tasks.wait().await;
        self.app.close().await;
    }

    /// Stops the server and starts another one on the same data.
    pub(crate) async fn restart(self) -> Self {
        self.shut_down_keeping_files().await.open().await
    }

    /// Stops the server; its files stay as long as what is returned.
    pub(crate) async fn shut_down_keeping_files(self) -> Stopped {
        let stopped = Stopped {
            dir: self.dir.clone(),
            variables: self.variables.clone(),
            site: self.site.clone(),
        };
        self.shut_down().await;
        stopped
    }

    /// As [`Self::restart`]; something happens to the data while no server runs.
    pub(crate) async fn restart_after(self, meanwhile: impl FnOnce()) -> Self {
        let stopped = self.shut_down_keeping_files().await;
        meanwhile();
        stopped.open().await
    }

    pub(crate) async fn create_site(&self, spec: NewSiteSpec) -> String {
        match admin::execute(&self.app.db, "http://clew.test", Command::SiteCreate(spec)).await {
            Ok(AdminReply::Site(site)) => {
                self.app.sites.reload(&self.app.db).await.unwrap();
                site.id
            }
            other => panic!("no site: {other:?}"),
        }
    }

    /// A secret key; `sites` empty means all.
    pub(crate) async fn key(&self, role: &str, sites: &[&str], scopes: &[&str]) -> String {
        let spec = NewKeySpec {
            role: role.into(),
            sites: sites.iter().map(ToString::to_string).collect(),
            scopes: scopes.iter().map(ToString::to_string).collect(),
            name: None,
        };
        match admin::execute(&self.app.db, "http://clew.test", Command::KeyCreate(spec)).await {
            Ok(AdminReply::Key { key, .. }) => key,
            other => panic!("no key: {other:?}"),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Request {
        Request::new(self.address, "GET", path)
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        Request::new(self.address, method, path)
    }

    /// `POST /v1/events` as a page of shop.example sends it.
    pub(crate) fn post(&self, body: impl Into<Vec<u8>>) -> Request {
        Request::new(self.address, "POST", "/v1/events")
            .header("origin", "https://shop.example")
            .header("user-agent", BROWSER)
            .header("content-type", "application/json")
            .body(body)
    }

    /// A body for another door, as a page of shop.example sends it.
    pub(crate) fn post_to(&self, path: &str, body: &Value) -> Request {
        Request::new(self.address, "POST", path)
            .header("origin", "https://shop.example")
            .header("user-agent", BROWSER)
            .json(body)
    }

    /// Changes the site `shop`, or another one.
    pub(crate) async fn change_site(&self, site: &str, change: &Value) -> Value {
        let key = self.key("admin", &[], &[]).await;
        let request = self.request("PUT", &format!("/v1/sites/{site}")).key(&key);
        let reply = request.json(change).send().await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    /// Another site with these hosts; its id.
    pub(crate) async fn site_of(&self, domains: &[&str]) -> String {
        let spec = NewSiteSpec {
            name: "Other".into(),
            domains: domains.iter().map(ToString::to_string).collect(),
            slug: None,
            time_zone: None,
        };
        self.create_site(spec).await
    }

    /// A batch of the test site.
    pub(crate) fn batch(&self, events: &[Value]) -> String {
        json!({ "site_id": self.site, "events": events }).to_string()
    }

    /// Waits until reports answer: the engine opens beside the running server.
    pub(crate) async fn wait_for_reports(&self, key: &str) {
        let begun = Instant::now();
        let ask = || self.get("/v1/reports/overview?site=shop").key(key).send();
        while ask().await.status == 503 {
            assert!(begun.elapsed() < PATIENCE, "reports do not open");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until `count` events of `site` are listed.
    pub(crate) async fn wait_for_events(&self, key: &str, site: &str, count: usize) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let path = format!("/v1/events?site={site}&limit=1000");
            let reply = self.get(&path).key(key).send().await;
            let events = match reply.status {
                200 => reply.json()["events"].as_array().unwrap().clone(),
                503 => Vec::new(),
                status => panic!("{status}: {}", reply.text()),
            };
            if events.len() >= count || begun.elapsed() > PATIENCE {
                return events;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
}

/// A server that has stopped, and its files.
pub(crate) struct Stopped {
    dir: Arc<TempDir>,
    variables: Vec<(&'static str, String)>,
    site: String,
}

impl Stopped {
    pub(crate) async fn open(self) -> TestApp {
        let mut app = TestApp::open(self.dir, self.variables).await;
        app.site = self.site;
        app
    }
}

/// A page view with this id, now.
pub(crate) fn pageview(id: &str) -> Value {
    json!({
        "id": id,
        "type": "pageview",
        "t": now_ms(),
        "url": "https://shop.example/page",
    })
}

/// A deterministic UUID.
pub(crate) fn id(n: u128) -> String {
    uuid::Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 | n).to_string()
}

pub(crate) fn now_ms() -> i64 {
    clew::clock::now().0
}

impl TestApp {
    /// `POST` of a page of shop.example.
    pub(crate) fn send(&self, path: &str, body: &Value) -> Request {
        self.request("POST", path)
            .header("origin", "https://shop.example")
            .header("user-agent", BROWSER)
            .json(body)
    }

    /// Has somebody erased at a site and waits until it is done.
    pub(crate) async fn erase(&self, site: &str, key: &str, subject: &Value) {
        let path = format!("/v1/sites/{site}/erasures");
        let body = json!({ "subject": subject });
        let reply = self
            .request("POST", &path)
            .key(key)
            .json(&body)
            .send()
            .await;
        assert_eq!(reply.status, 202, "{}", reply.text());
        self.wait_for_erasures().await;
    }

    /// Waits until nothing is left to be erased, at any site.
    pub(crate) async fn wait_for_erasures(&self) {
        let begun = Instant::now();
        loop {
            let open = erasures::unfinished(self.app.db.read()).await.unwrap();
            if open.is_empty() {
                return;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "{open:?}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// The public write key of the test site.
    pub(crate) fn write_key(&self) -> String {
        let site = self.app.sites.find(&self.site).unwrap();
        site.write_key().to_owned()
    }

    /// What is stored of forms of the test site, as JSON, in the order in which it came.
    pub(crate) async fn submissions(&self) -> Vec<Value> {
        self.submissions_to(&self.site).await
    }

    /// The same of any site, by its id, whether it is still there or not.
    pub(crate) async fn submissions_to(&self, site: &str) -> Vec<Value> {
        let site = site.parse::<uuid::Uuid>().unwrap().into();
        let rows = self.app.submissions_of(site, |_| true).await.unwrap();
        let row = |row: clew::exports::SubmissionRow| {
            let kind = format!("{:?}", row.kind).to_lowercase();
            json!({ "event": row.event, "kind": kind, "form": row.form, "fields": row.fields })
        };
        rows.into_iter().map(row).collect()
    }
}
