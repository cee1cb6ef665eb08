//! Which language a page is in, and where a browser gets others from.

mod support;

use server::config::TenantSettings;
use support::{TestServer, http::get, tenant::tenant};

/// Language and direction of a page.
async fn language(server: &TestServer, path: &str, accept: &str) -> (String, String) {
    let header = format!("Accept-Language: {accept}");
    let page = get(server.address(), path, &[&header]).await;
    let text = page.text();
    let root = text.split("<html").nth(1).expect("there is a root");
    let root = root.split('>').next().expect("it is closed");
    let value = |name: &str| {
        let value = root.split(&format!("{name}=\"")).nth(1);
        value
            .and_then(|rest| rest.split('"').next())
            .map(str::to_owned)
    };
    let lang = value("lang").expect("a language");
    assert_eq!(page.header("content-language"), lang);
    assert!(page.header("vary").contains("accept-language"));
    (lang, value("dir").expect("a direction"))
}

// proves attr.lang
#[tokio::test]
async fn attribute_comes_before_the_browser_and_the_browser_before_english() {
    let server = TestServer::start().await;
    for (path, accept, wanted) in [
        ("/call/?roomId=a&lang=de-AT", "fr", "de"),
        ("/webinar/a?lang=uk", "fr", "uk"),
        ("/call/?roomId=a", "lb;q=0.8, fr-CH;q=0.9, en;q=0.1", "fr"),
        ("/call/?roomId=a&lang=tlh", "it", "it"),
        ("/call/?roomId=a&lang=tlh", "tlh", "en"),
        ("/", "sv", "sv"),
        ("/new?kind=call&roomId=a", "pl", "pl"),
        ("/?lang=nl", "pl", "nl"),
        ("/no-such-page", "es", "es"),
        ("/call/?roomId=a%20b", "pt-BR", "pt"),
        ("/", "*", "en"),
    ] {
        let (lang, dir) = language(&server, path, accept).await;
        assert_eq!(
            (lang.as_str(), dir.as_str()),
            (wanted, "ltr"),
            "{path} {accept}"
        );
    }
}

// proves attr.lang
#[tokio::test]
async fn arabic_runs_from_right_to_left() {
    let server = TestServer::start().await;
    let (lang, dir) = language(&server, "/call/?roomId=a&lang=ar", "en").await;
    assert_eq!((lang.as_str(), dir.as_str()), ("ar", "rtl"));
}

#[tokio::test]
async fn tenant_speaks_its_own_language_to_those_who_wish_none() {
    let server = TestServer::of(TenantSettings {
        language: Some("ru".to_owned()),
        ..tenant()
    })
    .await;
    assert_eq!(language(&server, "/call/?roomId=a", "tlh").await.0, "ru");
    assert_eq!(language(&server, "/call/?roomId=a", "zh-TW").await.0, "zh");
}

#[tokio::test]
async fn page_carries_the_words_of_its_language_alone() {
    let server = TestServer::start().await;
    let page = get(server.address(), "/call/?roomId=a&lang=de", &[])
        .await
        .text();
    let (words, _) = texts(&page);
    assert_eq!(words["meeting"]["leave"], "Verlassen");
    assert!(!page.contains("Leave full screen"));
}

#[tokio::test]
async fn other_languages_are_files_that_are_kept_for_ever() {
    let server = TestServer::start().await;
    let page = get(server.address(), "/", &[]).await.text();
    let (_, version) = texts(&page);
    let file = get(server.address(), &format!("/texts/{version}/fr.json"), &[]).await;
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), "application/json");
    assert_eq!(
        file.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(file.json()["meeting"]["leave"], "Quitter");
    for missing in [
        format!("/texts/{version}/tlh.json"),
        format!("/texts/{version}/de-AT.json"),
        format!("/texts/{version}/fr"),
        "/texts/of-yesterday/fr.json".to_owned(),
    ] {
        let file = get(server.address(), &missing, &[]).await;
        assert_eq!(file.status, 404, "{missing}");
        assert_eq!(file.header("cache-control"), "no-cache", "{missing}");
    }
}

/// The words in a page, and the version of all words.
fn texts(page: &str) -> (serde_json::Value, String) {
    let script = page
        .split("id=\"texts\"")
        .nth(1)
        .expect("words in the page");
    let version = script.split("data-version=\"").nth(1).expect("a version");
    let version = version.split('"').next().expect("a value").to_owned();
    let json = script.split_once('>').expect("an end").1;
    let json = json.split("</script>").next().expect("a closed element");
    (serde_json::from_str(json).expect("JSON"), version)
}

// proves attr.lang
#[tokio::test]
async fn start_pages_keep_the_language_that_was_asked_for() {
    let server = TestServer::start().await;
    let page = async |path: &str| {
        let page = get(server.address(), path, &["Accept-Language: fr"]).await;
        page.text().replace("&amp;", "&")
    };
    let home = page("/?lang=de").await;
    assert!(home.contains("href=\"/new?kind=call&lang=de\""), "{home}");
    assert!(home.contains("name=\"lang\" value=\"de\""), "{home}");
    let new = page("/new?kind=call&roomId=a&lang=de").await;
    assert!(new.contains("href=\"/?lang=de\""), "{new}");
    assert!(new.contains("/new?kind=webinar&roomId=a&lang=de"), "{new}");
    assert!(new.contains("name=\"lang\" value=\"de\""), "{new}");
    let made = get(server.address(), "/new?kind=call&lang=de", &[]).await;
    assert!(made.header("location").ends_with("&lang=de"));
    // who did not ask is not bound
    assert!(!page("/").await.contains("lang=fr"));
    // and no words but tags of languages get into links
    let odd = page("/?lang=%22%3Exyz").await;
    assert!(!odd.contains("xyz"), "{odd}");
}
