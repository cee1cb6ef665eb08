//! Softer sound where an element's volume belongs to the phone's buttons alone:
//! then the sound takes the way through an `AudioContext`.

use wasm_bindgen::JsValue;
use web_sys::{AudioContext, GainNode, MediaStream, MediaStreamAudioSourceNode};

/// One context for all: phones allow few of them.
#[derive(Default)]
pub(crate) struct Gains {
    context: Option<AudioContext>,
}

/// The way of one stream; it ends on drop.
pub(crate) struct Gain {
    source: MediaStreamAudioSourceNode,
    gain: GainNode,
}

impl Gains {
    /// A way for a stream's sound. The element that plays it has to be muted,
    /// or it would be heard twice.
    ///
    /// # Errors
    /// What the browser says when it has no more contexts.
    pub(crate) fn add(&mut self, stream: &MediaStream) -> Result<Gain, JsValue> {
        let context = match self.context.take() {
            Some(context) => context,
            None => AudioContext::new()?,
        };
        let context = self.context.insert(context);
        let source = context.create_media_stream_source(stream)?;
        let gain = context.create_gain()?;
        source.connect_with_audio_node(&gain)?;
        gain.connect_with_audio_node(&context.destination())?;
        Ok(Gain { source, gain })
    }

    /// Lets it be heard; to be called from a click.
    pub(crate) fn play(&self) {
        if let Some(context) = &self.context {
            // refused until the page was touched; the next click tries again
            let _ = context.resume();
        }
    }
}

impl Drop for Gains {
    fn drop(&mut self) {
        if let Some(context) = &self.context {
            // nobody waits for it to be over
            let _ = context.close();
        }
    }
}

impl Gain {
    /// How loud, as a part of one.
    pub(crate) fn set(&self, part: f32) {
        self.gain.gain().set_value(part);
    }
}

impl Drop for Gain {
    fn drop(&mut self) {
        // fails only where it was never connected
        let _ = self.source.disconnect();
        let _ = self.gain.disconnect();
    }
}
