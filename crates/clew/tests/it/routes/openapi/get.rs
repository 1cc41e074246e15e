use crate::support::TestApp;

/// Asked at run time: checkouts may share what they compile.
fn committed() -> String {
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    format!("{here}/../../api/openapi.json")
}

#[test]
fn the_committed_description_is_that_of_the_routes() {
    let generated = clew::routes::openapi::document_text().unwrap();
    let committed = std::fs::read_to_string(committed()).unwrap_or_default();
    assert!(
        generated == committed,
        "api/openapi.json is stale: run `make openapi`"
    );
}

#[tokio::test]
async fn the_description_and_its_page_are_served() {
    let app = TestApp::start().await;
    let document = app.get("/openapi.json").send().await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let page = app.get("/docs").send().await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("/v1/reports/{name}"));
}
