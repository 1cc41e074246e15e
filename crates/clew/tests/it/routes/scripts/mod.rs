//! Scripts as browsers get them: the tracker of a site, and those of other families.

mod families;
mod get;

use crate::support::TestApp;

/// A server with the tracker in it. Without one these tests would prove nothing, so they fail.
async fn start() -> TestApp {
    built("full.js");
    built("families/client.js");
    TestApp::start().await
}

/// A file of the built tracker.
fn built(file: &str) -> Vec<u8> {
    let found = clew::assets::TRACKER.raw(file);
    let missing = || panic!("tracker/dist/{file} is missing: run `make assets` first");
    found.unwrap_or_else(missing).0.to_vec()
}
