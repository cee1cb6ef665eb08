//! Has pictures wait for their sound.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use js_sys::try_iter;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{engine::Engine, js, listener::report};
use crate::sound_delay::{Counters, SoundDelay};

/// Brings sound and picture of a meeting together, step by step. Clones are
/// handles on the same.
#[derive(Clone, Default)]
pub struct LipSync(Rc<RefCell<SoundDelay>>);

impl LipSync {
    /// Looks how long sound waits, and has the pictures wait as long. To be
    /// called about once a second; a browser whose pictures cannot wait
    /// (no `jitterBufferTarget`) goes on without.
    pub async fn adjust(&self, engine: &Engine) {
        let Some(stats) = engine.stats() else { return };
        let counters = match JsFuture::from(stats).await {
            Ok(stats) => counters(&stats),
            Err(error) => return report("The connection could not be looked at", &error),
        };
        if let Some(wait) = self.0.borrow_mut().counted(counters) {
            engine.delay_pictures(wait);
        }
    }
}

/// What there is of received sounds in an `RTCStatsReport`.
fn counters(stats: &JsValue) -> HashMap<String, Counters> {
    let entries = try_iter(&js::call(stats, "values")).ok().flatten();
    let entries = entries.into_iter().flatten().flatten();
    entries.filter_map(|entry| sound(&entry)).collect()
}

fn sound(entry: &JsValue) -> Option<(String, Counters)> {
    let text = |key| js::get(entry, key).as_string();
    let number = |key| js::get(entry, key).as_f64();
    if text("type")? != "inbound-rtp" || text("kind")? != "audio" {
        return None;
    }
    let counters = Counters {
        waited: number("jitterBufferDelay")?,
        samples: number("jitterBufferEmittedCount")?,
        packets: number("packetsReceived")?,
    };
    Some((text("id")?, counters))
}
