//! What attributes mean for the room, the page and the integrator.

mod support;

use protocol::{DisplayName, Role, RoomKind};
use serde_json::json;
use server::config::{Secret, TenantSettings};
use support::{
    TestServer,
    http::get,
    resolving::{made, report, resolved, resolved_by},
    tenant::{hs256, query, tenant},
};

#[test]
fn nobody_is_more_than_a_viewer_of_a_webinar_without_being_told_so() {
    let role = |kind, query: &str| resolved_by(&tenant(), kind, query).role();
    let moderator = query(&[("token", &hs256(&json!({ "role": "moderator" })))]);
    let interpreter = query(&[(
        "token",
        &hs256(&json!({ "role": "interpreter", "intLang": "de" })),
    )]);
    let speaker = query(&[("token", &hs256(&json!({ "itisparticipant": true })))]);
    for (kind, query, expected) in [
        (RoomKind::Call, "", Role::Participant),
        (RoomKind::Call, "role=moderator", Role::Participant),
        (RoomKind::Webinar, "", Role::Viewer),
        (RoomKind::Webinar, "role=moderator", Role::Viewer),
        (RoomKind::Webinar, "itisparticipant=true", Role::Participant),
        (RoomKind::Webinar, speaker.as_str(), Role::Participant),
        (RoomKind::Call, moderator.as_str(), Role::Moderator),
        (RoomKind::Webinar, moderator.as_str(), Role::Moderator),
        (RoomKind::Webinar, interpreter.as_str(), Role::Interpreter),
    ] {
        assert_eq!(role(kind, query), expected, "{kind:?} {query}");
    }
    let claims = resolved(&interpreter).claims();
    assert_eq!(claims.language.as_deref(), Some("de"));
}

#[test]
fn smallest_limit_above_0_counts() {
    let settings = TenantSettings {
        max_broadcasters: 10,
        max_watchers: 0,
        ..tenant()
    };
    for (query, broadcasters, source) in [
        ("", 10, "tenant"),
        ("maxBroadcasters=0", 10, "tenant"),
        ("maxBroadcasters=5", 5, "url"),
        ("maxBroadcasters=50", 10, "tenant"),
    ] {
        let all = resolved_by(&settings, RoomKind::Call, query);
        assert_eq!(all.claims().max_broadcasters, broadcasters, "{query}");
        assert_eq!(report(&all, "maxBroadcasters")["source"], source, "{query}");
    }
    let all = resolved_by(&settings, RoomKind::Call, "maxWatchers=3");
    assert_eq!(all.claims().max_watchers, 3);
}

#[test]
fn debug_attributes_count_in_an_address_only_where_the_tenant_says_so() {
    let production = TenantSettings {
        debug_attributes: false,
        allow_private_targets: false,
        access_url: Some("https://lms.example/check".to_owned()),
        access_authorization: Some(Secret::new("Bearer tenant")),
        ..tenant()
    };
    let made = made(&production);
    let own = made.access.clone().expect("an address");
    let asked = query(&[
        ("accessUrl", "https://evil.example/"),
        ("authorizationAccess", "Bearer evil"),
        ("apiEvent", "https://evil.example/"),
    ]);
    let all = resolved_by(&production, RoomKind::Call, &asked);
    assert_eq!(all.access(&made).expect("a question").endpoint, own);
    assert_eq!(all.events(&made), None);
    assert_eq!(report(&all, "accessUrl")["value"], "(set)");
    assert_eq!(report(&all, "accessUrl")["source"], "tenant");

    let signed =
        hs256(&json!({ "accessUrl": "https://signed.example/", "apiEvent": "http://127.0.0.1/" }));
    let all = resolved_by(&production, RoomKind::Call, &query(&[("token", &signed)]));
    let endpoint = all.access(&made).expect("a question").endpoint;
    assert_eq!(endpoint.url.as_str(), "https://signed.example/");
    assert_eq!(
        endpoint.authorization, None,
        "the tenant's secret is for the tenant"
    );
    assert_eq!(
        report(&all, "apiEvent")["refused"][0]["source"],
        "token",
        "https only"
    );
}

#[test]
fn page_is_given_what_concerns_it() {
    let pairs = [
        ("lang", "de"),
        ("controlsDisabled", "true"),
        ("disableChat", "true"),
        ("handEnabled", "true"),
        ("hideIndicators", "true"),
        ("sortPeers", "true"),
        ("minimizeTiles", "true"),
        ("nameScreenDisabled", "true"),
        ("startWithFS", "true"),
        ("autoplayWithoutAudioTrack", "true"),
        ("displayName", "Anna"),
    ];
    let settings = tenant();
    let all = resolved(&query(&pairs));
    let page = all.page_settings(&made(&settings)).expect("a room");
    let shown = serde_json::to_value(&page).expect("JSON");
    for flag in [
        "controlsDisabled",
        "chatDisabled",
        "handEnabled",
        "hideIndicators",
        "sortPeers",
        "minimizeTiles",
        "nameScreenDisabled",
        "startFullScreen",
        "autoplayWithoutAudioTrack",
    ] {
        assert_eq!(shown[flag], true, "{flag}");
    }
    assert_eq!(page.lang.as_deref(), Some("de"));
    assert_eq!(page.display_name, Some(DisplayName::from("Anna")));
    let plain = resolved("")
        .page_settings(&made(&settings))
        .expect("a room");
    let shown = serde_json::to_value(&plain).expect("JSON");
    let on = shown
        .as_object()
        .expect("fields")
        .values()
        .filter(|value| **value == true);
    assert_eq!(on.count(), 0, "{shown}");
    let claims = all.claims();
    assert!(claims.may_raise_hand && !claims.may_chat && claims.may_rename);
}

// proves attr.lang
#[tokio::test]
async fn page_comes_in_the_language_that_is_asked_for() {
    let server = TestServer::of(TenantSettings {
        language: Some("fr".to_owned()),
        ..tenant()
    })
    .await;
    for (query, accept, lang) in [
        ("lang=en", "de", "en"),
        ("lang=de", "fr", "de"),
        ("", "de-AT, en;q=0.5", "de"),
        ("", "xx", "fr"),
        ("lang=xx", "xx", "fr"),
    ] {
        let header = format!("Accept-Language: {accept}");
        let page = get(server.address(), &format!("/call/room?{query}"), &[&header]).await;
        assert_eq!(page.header("content-language"), lang, "{query} {accept}");
        let html = format!("<html lang=\"{lang}\"");
        assert!(page.text().contains(&html), "{query} {accept}");
    }
    server.stop().await;
}
