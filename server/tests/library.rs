//! What integrators load: the bridge library and its demonstration.

mod support;

use support::{TestServer, http::get};

#[tokio::test]
async fn any_page_may_import_the_library() {
    let server = TestServer::start().await;
    let file = get(server.address(), "/meetBridgeApi.js", &[]).await;
    assert_eq!(file.status, 200);
    assert_eq!(file.header("access-control-allow-origin"), "*");
    assert_eq!(file.header("cache-control"), "no-cache");
    assert!(file.header("content-type").contains("javascript"));
    let since = format!("If-Modified-Since: {}", file.header("last-modified"));
    let again = get(server.address(), "/meetBridgeApi.js", &[&since]).await;
    assert_eq!(again.status, 304);
}

#[tokio::test]
async fn demonstration_is_a_page_that_nobody_embeds() {
    let server = TestServer::start().await;
    for path in ["/demo", "/demo/"] {
        let page = get(server.address(), path, &[]).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text().contains("Demo"));
        assert!(
            page.header("content-security-policy")
                .contains("frame-ancestors 'none'")
        );
    }
}
