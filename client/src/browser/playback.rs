//! Plays the sound of others: one hidden audio element per audio slot.

use js_sys::{Function, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlAudioElement, MediaStreamTrack};

use super::{inbox::Inbox, js, streams::stream_of};
use crate::session::Input;

pub(crate) struct Playback {
    inbox: Inbox,
    speaker: Option<String>,
    players: Vec<(MediaStreamTrack, HtmlAudioElement)>,
}

impl Playback {
    pub(crate) fn new(inbox: Inbox) -> Self {
        Self {
            inbox,
            speaker: None,
            players: Vec::new(),
        }
    }

    /// Plays these tracks and no others.
    pub(crate) fn reconcile(&mut self, tracks: Vec<MediaStreamTrack>) {
        self.players.retain(|(track, element)| {
            let stays = tracks.contains(track);
            if !stays {
                silence(element);
            }
            stays
        });
        for track in tracks {
            if self.players.iter().all(|(playing, _)| *playing != track) {
                self.add(track);
            }
        }
    }

    /// Tries again what the browser held back; to be called from a click.
    pub(crate) fn play(&self) {
        for (_, element) in &self.players {
            start(element, self.inbox.clone());
        }
    }

    /// Plays on another device; none is the browser's default.
    pub(crate) fn use_speaker(&mut self, speaker: Option<String>) {
        self.speaker = speaker;
        for (_, element) in &self.players {
            route(element, self.speaker.as_deref());
        }
    }

    fn add(&mut self, track: MediaStreamTrack) {
        let (Ok(element), Some(stream)) = (HtmlAudioElement::new(), stream_of(&track)) else {
            return;
        };
        element.set_src_object(Some(&stream));
        if self.speaker.is_some() {
            route(&element, self.speaker.as_deref());
        }
        start(&element, self.inbox.clone());
        self.players.push((track, element));
    }
}

impl Drop for Playback {
    fn drop(&mut self) {
        for (_, element) in &self.players {
            silence(element);
        }
    }
}

fn silence(element: &HtmlAudioElement) {
    // it may never have been allowed to play
    let _ = element.pause();
    element.set_src_object(None);
}

fn start(element: &HtmlAudioElement, inbox: Inbox) {
    let Ok(playing) = element.play() else { return };
    spawn_local(async move {
        match JsFuture::from(playing).await {
            Ok(_) => inbox.put(Input::AudioBlocked(false)),
            Err(error) if js::error_name(&error) == "NotAllowedError" => {
                inbox.put(Input::AudioBlocked(true));
            }
            // stopped before it began: the slot is gone
            Err(_) => {}
        }
    });
}

/// `setSinkId`, where the browser has it. A device that has gone leaves the
/// sound where it was; the list of devices tells of it.
fn route(element: &HtmlAudioElement, speaker: Option<&str>) {
    let set = js::get(element, "setSinkId");
    let Some(set) = set.dyn_ref::<Function>() else {
        return;
    };
    if let Ok(routed) = set.call1(element, &speaker.unwrap_or_default().into()) {
        spawn_local(async move {
            let _ = JsFuture::from(routed.unchecked_into::<Promise>()).await;
        });
    }
}
