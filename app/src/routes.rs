//! Which address shows which page.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    ParamSegment, StaticSegment,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    brand,
    browser::{
        language::{self, translated},
        theme::Theme,
    },
    pages::{Call, Home, New, NotFound, Recorded, Webinar},
};

/// The application: every page of it.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    language::provide();
    brand::provide();
    provide_theme();
    // the routes that end with a slash match without it, too; they are named
    // for the server, whose own router tells the two apart
    view! {
        <Router>
            <Routes fallback=|| translated(NotFound)>
                <Route path=path!("") view=|| translated(Home) />
                <Route path=path!("new") view=|| translated(New) />
                <Route path=path!("call") view=Call />
                <Route path=(StaticSegment("call"), StaticSegment("/")) view=Call />
                <Route path=(StaticSegment("call"), ParamSegment("room")) view=Call />
                <Route path=(StaticSegment("call"), ParamSegment("room"), StaticSegment("/")) view=Call />
                <Route path=path!("webinar") view=Webinar />
                <Route path=(StaticSegment("webinar"), StaticSegment("/")) view=Webinar />
                <Route path=(StaticSegment("webinar"), ParamSegment("room")) view=Webinar />
                <Route path=(StaticSegment("webinar"), ParamSegment("room"), StaticSegment("/")) view=Webinar />
                <Route path=(StaticSegment("recordings"), ParamSegment("video")) view=Recorded />
            </Routes>
        </Router>
    }
}

/// The chosen colours, shown as soon as the page is hydrated.
fn provide_theme() {
    let theme = RwSignal::new(Theme::default());
    provide_context(theme);
    Effect::new(move |before: Option<()>| {
        if before.is_none() {
            theme.set(Theme::recall());
        }
        theme.get().show();
    });
}
