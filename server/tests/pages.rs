//! What a browser gets over HTTP.

mod support;

use support::{TestServer, http::get};

#[tokio::test]
async fn server_says_that_it_is_well() {
    let server = TestServer::start().await;
    let health = get(server.address(), "/healthz", &[]).await;
    assert_eq!((health.status, health.text().as_str()), (200, "ok"));
    assert_eq!(health.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever() {
    let server = TestServer::start().await;
    let file = get(server.address(), "/pkg/meetframe.aa11.js", &[]).await;
    assert_eq!(file.status, 200);
    assert_eq!(
        file.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(file.header("vary"), "accept-encoding");
    assert!(file.header("content-type").contains("javascript"));
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    let wasm = get(server.address(), "/pkg/meetframe.bb22.wasm", &[]).await;
    assert_eq!(wasm.header("content-type"), "application/wasm");
}

#[tokio::test]
async fn browser_gets_the_file_in_the_form_that_it_reads() {
    let server = TestServer::start().await;
    for (accepts, encoding, start) in [
        ("gzip, deflate, br", "br", "br:"),
        ("gzip", "gzip", "gz:"),
        ("identity", "", "export"),
    ] {
        let header = format!("Accept-Encoding: {accepts}");
        let file = get(server.address(), "/pkg/meetframe.aa11.js", &[&header]).await;
        assert_eq!(file.header("content-encoding"), encoding);
        assert!(file.text().starts_with(start), "{}", file.text());
        assert_eq!(file.header("vary"), "accept-encoding");
    }
}

#[tokio::test]
async fn missing_file_is_not_kept() {
    let server = TestServer::start().await;
    let file = get(server.address(), "/pkg/meetframe.0000.js", &[]).await;
    assert_eq!(file.status, 404);
    assert_eq!(file.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn public_files_are_asked_for_each_time_and_not_sent_twice() {
    let server = TestServer::start().await;
    let icon = get(server.address(), "/favicon.svg", &[]).await;
    assert_eq!(icon.status, 200);
    assert_eq!(icon.header("cache-control"), "no-cache");
    assert_eq!(icon.header("content-type"), "image/svg+xml");
    let modified = format!("If-Modified-Since: {}", icon.header("last-modified"));
    let again = get(server.address(), "/favicon.svg", &[&modified]).await;
    assert_eq!(again.status, 304);
    assert!(again.body.is_empty());
}

#[tokio::test]
async fn nothing_outside_of_the_site_is_served() {
    let server = TestServer::start().await;
    for path in [
        "/../data/meetframe.db",
        "/%2e%2e/data/meetframe.db",
        "/pkg/..%2f..%2fdata/meetframe.db",
        "/pkg/%2e%2e/%2e%2e/data/meetframe.db",
    ] {
        let answer = get(server.address(), path, &[]).await;
        assert_ne!(answer.status, 200, "{path}");
        assert!(!answer.text().contains("SQLite"), "{path}");
    }
}

#[tokio::test]
async fn pages_are_rendered_on_the_server() {
    let server = TestServer::start().await;
    for path in [
        "/",
        "/new",
        "/call/?roomId=a-room",
        "/call/a-room",
        "/webinar/a-room",
    ] {
        let page = get(server.address(), path, &[]).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(
            page.header("content-type").starts_with("text/html"),
            "{path}"
        );
        let text = page.text();
        assert!(
            text.contains("meetframe.aa11"),
            "{path} links to the program"
        );
        assert!(text.contains("</html>"), "{path} is whole");
    }
}

#[tokio::test]
async fn page_that_does_not_exist_is_a_page_with_status_404() {
    let server = TestServer::start().await;
    let page = get(server.address(), "/no/such/page", &[]).await;
    assert_eq!(page.status, 404);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(!page.header("content-security-policy").is_empty());
}

#[tokio::test]
async fn pages_tell_the_browser_what_they_may_do() {
    let server = TestServer::start().await;
    let page = get(server.address(), "/", &[]).await;
    let permissions = page.header("permissions-policy");
    for name in [
        "camera=(self)",
        "microphone=(self)",
        "display-capture=(self)",
    ] {
        assert!(permissions.contains(name), "{permissions}");
    }
    assert_eq!(
        page.header("referrer-policy"),
        "strict-origin-when-cross-origin"
    );
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("cache-control"), "no-store");
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'self'",
        "'wasm-unsafe-eval'",
        "frame-src https:",
        "object-src 'none'",
        "frame-ancestors *",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("script-src-elem 'unsafe-inline'"));
}

#[tokio::test]
async fn each_page_has_a_nonce_of_its_own_and_all_its_scripts_bear_it() {
    let server = TestServer::start().await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let page = get(server.address(), "/call/a-room", &[]).await;
        let policy = page.header("content-security-policy").to_owned();
        let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
        let nonce = rest.split('\'').next().expect("its end").to_owned();
        assert!(nonce.len() >= 16);
        let text = page.text();
        let scripts = text.matches("<script").count();
        assert!(scripts > 0);
        assert_eq!(
            text.matches(&format!("nonce=\"{nonce}\"")).count(),
            scripts,
            "{text}"
        );
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn pages_are_compressed_for_those_who_can() {
    let server = TestServer::start().await;
    let page = get(server.address(), "/", &["Accept-Encoding: br"]).await;
    assert_eq!(page.header("content-encoding"), "br");
    assert!(page.header("vary").contains("accept-encoding"));
}

#[tokio::test]
async fn page_of_a_room_carries_what_its_address_means() {
    let server = TestServer::start().await;
    let with = get(
        server.address(),
        "/call/a-room?displayName=Anna&nonsense=1",
        &[],
    )
    .await;
    assert_eq!(with.status, 200);
    assert!(with.text().contains(r#"\"displayName\":\"Anna\""#));
    let broken = get(server.address(), "/call/?roomId=a%20b", &[]).await;
    assert_eq!(broken.status, 400);
}

#[tokio::test]
async fn page_whose_token_is_refused_says_so_in_its_status() {
    let server = TestServer::start().await;
    let page = get(server.address(), "/webinar/a-room?token=nonsense", &[]).await;
    assert_eq!(page.status, 401);
    assert_eq!(page.header("www-authenticate"), "Bearer");
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text().contains("</html>"), "it is a whole page");
    let long = "x".repeat(40_000);
    let page = get(server.address(), &format!("/call/a-room?x={long}"), &[]).await;
    assert_eq!(page.status, 414);
}

#[tokio::test]
async fn address_cannot_put_markup_into_the_page() {
    let server = TestServer::start().await;
    let name = "%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%3Cimg%20src=x%3E";
    for path in [
        format!("/call/a-room?displayName={name}"),
        format!("/call/a-room?{name}=1&lang={name}"),
        format!("/call/{name}"),
    ] {
        let text = get(server.address(), &path, &[]).await.text();
        assert!(!text.contains("<script>alert"), "{path}");
        assert!(!text.contains("<img src=x"), "{path}");
    }
}
