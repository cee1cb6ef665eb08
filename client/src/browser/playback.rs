//! Plays the sound of others: one hidden audio element per audio slot, each as
//! loud as the session says.

use js_sys::{Function, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlAudioElement, MediaStreamTrack};

use super::{
    gains::{Gain, Gains},
    inbox::Inbox,
    js,
    streams::stream_of,
};
use crate::session::Input;

/// An element's own volume, in percent.
const FULL: u8 = 100;

/// A slot's sound.
struct Player {
    track: MediaStreamTrack,
    element: HtmlAudioElement,
    /// In percent, as set last.
    volume: u8,
    /// The way of softer sound where the element has none.
    gain: Option<Gain>,
}

pub(crate) struct Playback {
    inbox: Inbox,
    speaker: Option<String>,
    players: Vec<Player>,
    gains: Gains,
}

impl Playback {
    pub(crate) fn new(inbox: Inbox) -> Self {
        Self {
            inbox,
            speaker: None,
            players: Vec::new(),
            gains: Gains::default(),
        }
    }

    /// Plays these tracks and no others, each as loud as is said in percent.
    pub(crate) fn reconcile(&mut self, tracks: Vec<(MediaStreamTrack, u8)>) {
        self.players.retain(|player| {
            let stays = tracks.iter().any(|(track, _)| *track == player.track);
            if !stays {
                silence(&player.element);
            }
            stays
        });
        for (track, volume) in tracks {
            match self.players.iter_mut().find(|known| known.track == track) {
                Some(player) => player.set_volume(volume, &mut self.gains),
                None => self.add(track, volume),
            }
        }
    }

    /// Tries again what the browser held back; to be called from a click.
    pub(crate) fn play(&self) {
        for Player { element, .. } in &self.players {
            start(element, self.inbox.clone());
        }
        self.gains.play();
    }

    /// The same, to wait for; each fails with what the browser says.
    pub(crate) fn try_to_play(&self) -> Vec<Promise> {
        self.gains.play();
        let players = self.players.iter();
        players
            .filter_map(|player| player.element.play().ok())
            .collect()
    }

    /// Plays on another device; none is the browser's default.
    pub(crate) fn use_speaker(&mut self, speaker: Option<String>) {
        self.speaker = speaker;
        for Player { element, .. } in &self.players {
            route(element, self.speaker.as_deref());
        }
    }

    fn add(&mut self, track: MediaStreamTrack, volume: u8) {
        let (Ok(element), Some(stream)) = (HtmlAudioElement::new(), stream_of(&track)) else {
            return;
        };
        element.set_src_object(Some(&stream));
        if self.speaker.is_some() {
            route(&element, self.speaker.as_deref());
        }
        let mut player = Player {
            track,
            element,
            volume: FULL,
            gain: None,
        };
        player.set_volume(volume, &mut self.gains);
        start(&player.element, self.inbox.clone());
        self.players.push(player);
    }
}

impl Player {
    fn set_volume(&mut self, volume: u8, gains: &mut Gains) {
        if self.volume == volume {
            return;
        }
        self.volume = volume;
        let part = f32::from(volume.min(FULL)) / f32::from(FULL);
        self.element.set_volume(part.into());
        // silence is known everywhere, softness not
        let is_soft = volume > 0 && volume < FULL;
        let deaf = is_soft && self.element.volume() > f64::from(part) + 0.01;
        self.gain = self.gain.take().filter(|_| is_soft);
        if deaf && self.gain.is_none() {
            self.gain = stream_of(&self.track).and_then(|stream| gains.add(&stream).ok());
            gains.play();
        }
        if let Some(gain) = &self.gain {
            gain.set(part);
        }
        self.element.set_muted(volume == 0 || self.gain.is_some());
    }
}

impl Drop for Playback {
    fn drop(&mut self) {
        for Player { element, .. } in &self.players {
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
