//! The video itself. The browser plays the HLS stream where it can, with
//! hls.js where it cannot, and the MP4 where neither does.

use leptos::{html, prelude::*};
use protocol::Video;

use crate::text::text;

/// What a video can be played from, in the order of the trials.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    /// The browser reads HLS by itself.
    Hls(String),
    /// hls.js reads it: of no use without its script.
    HlsJs {
        script: &'static str,
        playlist: String,
    },
    /// The whole file.
    File(String),
}

/// What the browser can do.
#[derive(Debug, Clone, Copy, Default)]
struct Able {
    hls: bool,
    media_source: bool,
}

/// hls.js in the folder of the page's program; the build names it, if it is
/// there.
const SCRIPT: Option<&str> = option_env!("MEETFRAME_HLS_SCRIPT");

fn sources(video: &Video, able: Able) -> Vec<Source> {
    let hls = video.hls_url.clone();
    let native = hls.clone().filter(|_| able.hls).map(Source::Hls);
    let script = SCRIPT.filter(|_| able.media_source && !able.hls);
    let by_script = script.zip(hls);
    let by_script = by_script.map(|(script, playlist)| Source::HlsJs { script, playlist });
    let file = video.download.clone().map(Source::File);
    [native, by_script, file].into_iter().flatten().collect()
}

/// The player. When a source cannot be played it tries the next one.
#[component]
pub(super) fn Player(video: Video) -> impl IntoView {
    let node = NodeRef::<html::Video>::new();
    let trial = RwSignal::new(0_usize);
    let fails = RwSignal::new(false);
    let poster = video.poster.clone();
    let label = text().watch.title_of.with(video.room_id.as_str());
    #[cfg(target_arch = "wasm32")]
    {
        let playing = StoredValue::new_local(None::<playing::Playing>);
        Effect::new(move |_| {
            let Some(element) = node.get() else { return };
            let sources = sources(&video, playing::able(&element));
            let Some(source) = sources.get(trial.get()).cloned() else {
                return fails.set(true);
            };
            // the one before lets go of the element first
            playing.set_value(None);
            let next = move || {
                let _ = trial.try_update(|trial| *trial += 1);
            };
            let started = playing::Playing::start(&element, source, next);
            playing.set_value(Some(started));
        });
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let known = sources(&video, Able::default());
        drop((known, trial, video));
    }
    view! {
        <div class="watch__player">
            <video
                class="watch__video"
                node_ref=node
                controls
                playsinline
                preload="metadata"
                poster=poster
                aria-label=label
            ></video>
            <Show when=move || fails.get()>
                <div class="watch__fails" role="alert">
                    <p class="explained__title">{text().watch.unplayable.title}</p>
                    <p class="explained__hint">{text().watch.unplayable.hint}</p>
                </div>
            </Show>
        </div>
    }
}

#[cfg(target_arch = "wasm32")]
mod playing {
    //! A source at work.

    use std::rc::Rc;

    use js_sys::{Function, Object, Reflect};
    use leptos::prelude::{document, window};
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use web_sys::{HtmlScriptElement, HtmlVideoElement};

    use super::{Able, Source};

    /// What HLS playlists are called.
    const HLS: &str = "application/vnd.apple.mpegurl";

    /// What this browser can do.
    pub(super) fn able(video: &HtmlVideoElement) -> Able {
        let media_source = |name: &str| {
            Reflect::get(&window(), &name.into()).is_ok_and(|found| found.is_function())
        };
        Able {
            hls: !video.can_play_type(HLS).is_empty(),
            media_source: media_source("MediaSource") || media_source("ManagedMediaSource"),
        }
    }

    type Callback = Closure<dyn FnMut(JsValue, JsValue)>;

    /// A source that is being played; let go on drop.
    pub(super) struct Playing {
        video: HtmlVideoElement,
        failed: Callback,
        script: Option<HtmlScriptElement>,
        hls: Rc<std::cell::RefCell<Option<JsValue>>>,
        _loaded: Option<Callback>,
    }

    impl Playing {
        /// Starts to load a source; tells when it cannot be played.
        pub(super) fn start(
            video: &HtmlVideoElement,
            source: Source,
            next: impl Fn() + Clone + 'static,
        ) -> Self {
            let failed = {
                let next = next.clone();
                Callback::new(move |_, _| next())
            };
            let mut playing = Self {
                video: video.clone(),
                failed,
                script: None,
                hls: Rc::default(),
                _loaded: None,
            };
            match source {
                Source::Hls(address) | Source::File(address) => {
                    playing.listen();
                    video.set_src(&address);
                }
                Source::HlsJs { script, playlist } => playing.load(script, playlist, next),
            }
            playing
        }

        fn listen(&self) {
            let listener = self.failed.as_ref().unchecked_ref();
            // takes any name and function
            let _ = self
                .video
                .add_event_listener_with_callback("error", listener);
        }

        /// Loads the script, unless it is there already, and has it play.
        fn load(&mut self, script: &str, playlist: String, next: impl Fn() + Clone + 'static) {
            let (video, hls) = (self.video.clone(), Rc::clone(&self.hls));
            let play = move || match attach(&video, &playlist, next.clone()) {
                Ok(made) => drop(hls.replace(Some(made))),
                Err(_) => next(),
            };
            if constructor().is_ok() {
                return play();
            }
            let loaded = Callback::new(move |_, _| play());
            let Ok(element) = document().create_element("script") else {
                return;
            };
            let element: HtmlScriptElement = element.unchecked_into();
            element.set_src(&format!("/pkg/{script}"));
            for (event, callback) in [("load", &loaded), ("error", &self.failed)] {
                let callback = callback.as_ref().unchecked_ref();
                let _ = element.add_event_listener_with_callback(event, callback);
            }
            if let Some(head) = document().head() {
                let _ = head.append_child(&element);
            }
            self.script = Some(element);
            self._loaded = Some(loaded);
        }
    }

    impl Drop for Playing {
        fn drop(&mut self) {
            let listener = self.failed.as_ref().unchecked_ref();
            let _ = self
                .video
                .remove_event_listener_with_callback("error", listener);
            if let Some(hls) = self.hls.take() {
                let _ = call(&hls, "destroy", &[]);
            }
            if let Some(script) = self.script.take() {
                script.remove();
            }
        }
    }

    fn constructor() -> Result<Function, JsValue> {
        Reflect::get(&window(), &"Hls".into())?.dyn_into()
    }

    /// Makes an hls.js for the element.
    fn attach(
        video: &HtmlVideoElement,
        playlist: &str,
        next: impl Fn() + 'static,
    ) -> Result<JsValue, JsValue> {
        let constructor = constructor()?;
        let wishes = Object::new();
        // the streams are fragmented MP4 already: there is little to do
        Reflect::set(&wishes, &"enableWorker".into(), &false.into())?;
        let hls = Reflect::construct(&constructor, &js_sys::Array::of1(&wishes))?;
        let failed = Closure::<dyn FnMut(JsValue, JsValue)>::new(move |_, data: JsValue| {
            let fatal = Reflect::get(&data, &"fatal".into());
            if fatal.is_ok_and(|fatal| fatal.is_truthy()) {
                next();
            }
        });
        // as long as hls.js lives, which is as long as the page does
        call(&hls, "on", &["hlsError".into(), failed.into_js_value()])?;
        call(&hls, "loadSource", &[playlist.into()])?;
        call(&hls, "attachMedia", &[video.into()])?;
        Ok(hls)
    }

    fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
        let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
        method.apply(object, &arguments.iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn video() -> Video {
        serde_json::from_str(
            r#"{"id":"v","name":"team","room_id":"team","recording_id":"r","volume":1,
            "state":"ready","created":7,"hls_url":"/hls","download":"/mp4"}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_browser_that_reads_hls_is_given_that_and_the_file_after_it() {
        let able = Able {
            hls: true,
            media_source: true,
        };
        assert_eq!(
            sources(&video(), able),
            [
                Source::Hls("/hls".to_owned()),
                Source::File("/mp4".to_owned())
            ]
        );
    }

    #[test]
    fn a_browser_that_can_do_nothing_of_it_is_given_the_file() {
        assert_eq!(
            sources(&video(), Able::default()),
            [Source::File("/mp4".to_owned())]
        );
    }
}
