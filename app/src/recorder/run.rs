//! The course of one recording, from the page's first word to its last: pure.
//! What happens goes in, what is to be done comes out.
//!
//! The server supervises: it starts this page, asks for volumes, and ends it.
//! So nothing is tried twice here; what fails is said, and that is the end.

use std::collections::BTreeMap;

use protocol::{FromRecorder, ToRecorder};

/// What the picture and the sound shall be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    /// Width of the picture in pixels.
    pub(super) width: u32,
    /// Height of the picture in pixels.
    pub(super) height: u32,
    /// Pictures a second.
    pub(super) frame_rate: u32,
    /// Bits a second of the picture.
    pub(super) video_bitrate: u32,
    /// Bits a second of the sound.
    pub(super) audio_bitrate: u32,
    /// Milliseconds from one keyframe to the next.
    pub(super) keyframe_ms: u32,
    /// Milliseconds from one piece to the next.
    pub(super) slice_ms: u32,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// The socket to the server is open.
    Connected,
    /// The server said something.
    Told(ToRecorder),
    /// The page is in the meeting and shows it.
    Joined,
    /// The captured picture has its size and keeps it.
    Settled,
    /// It does not get it; the page's own inner size.
    Unsettled { inner_width: u32, inner_height: u32 },
    /// A volume began.
    Started {
        volume: u32,
        mime: String,
        /// When, in milliseconds since 1970.
        at: u64,
    },
    /// Bytes of a volume are on their way: pictures and sound.
    Sent { volume: u32 },
    /// A volume is over, and all of its bytes are on their way.
    Stopped { volume: u32 },
    /// Something went wrong for good.
    Failed(String),
    /// The server cannot be told anything any more.
    Lost,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    /// Tell the server.
    Say(FromRecorder),
    /// Capture the page, and see that it settles.
    Capture(Form),
    /// Start a volume.
    Start { volume: u32, form: Form },
    /// End a volume.
    End { volume: u32 },
    /// Let go of everything: capture, socket, meeting.
    Close,
}

/// How far a volume is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Volume {
    /// It is asked for.
    Starting,
    /// It records, and nothing of it was sent so far.
    Empty,
    /// It records.
    Running,
    /// It was asked to end.
    Ending,
}

/// One recording.
#[derive(Debug)]
pub(super) struct Run {
    token: String,
    /// The first volume, and what all of them are like.
    asked: Option<(u32, Form)>,
    joined: bool,
    settled: bool,
    volumes: BTreeMap<u32, Volume>,
    /// Volumes below this one have to end, each when something of it was sent:
    /// a volume without a picture could not be used.
    ending: u32,
    stopping: bool,
    over: bool,
}

impl Run {
    /// A recording that the server knows by this token.
    pub(super) fn new(token: String) -> Self {
        Self {
            token,
            asked: None,
            joined: false,
            settled: false,
            volumes: BTreeMap::new(),
            ending: 0,
            stopping: false,
            over: false,
        }
    }

    /// Takes what happened and says what is to be done, in this order.
    pub(super) fn apply(&mut self, input: Input) -> Vec<Effect> {
        if self.over {
            return Vec::new();
        }
        match input {
            Input::Connected => {
                let token = self.token.clone();
                vec![Effect::Say(FromRecorder::Hello { token })]
            }
            Input::Told(word) => self.told(&word),
            Input::Joined => {
                self.joined = true;
                self.start_first()
            }
            Input::Settled => self.settled(),
            Input::Unsettled {
                inner_width,
                inner_height,
            } => self.end_with(FromRecorder::Unsettled {
                inner_width,
                inner_height,
            }),
            Input::Started { volume, mime, at } => self.started(volume, mime, at),
            Input::Sent { volume } => self.sent(volume),
            Input::Stopped { volume } => self.stopped(volume),
            Input::Failed(reason) => self.end_with(FromRecorder::Failed { reason }),
            Input::Lost => {
                self.over = true;
                vec![Effect::Close]
            }
        }
    }

    fn told(&mut self, word: &ToRecorder) -> Vec<Effect> {
        match *word {
            ToRecorder::Record {
                volume,
                width,
                height,
                frame_rate,
                video_bitrate,
                audio_bitrate,
                keyframe_ms,
                slice_ms,
            } => {
                let form = Form {
                    width,
                    height,
                    frame_rate,
                    video_bitrate,
                    audio_bitrate,
                    keyframe_ms,
                    slice_ms,
                };
                self.record(volume, form)
            }
            ToRecorder::Split { volume } => self.split(volume),
            ToRecorder::Stop => self.stop(),
        }
    }

    fn record(&mut self, volume: u32, form: Form) -> Vec<Effect> {
        if self.asked.is_some() {
            return Vec::new();
        }
        self.asked = Some((volume, form));
        vec![Effect::Capture(form)]
    }

    fn settled(&mut self) -> Vec<Effect> {
        let Some((_, form)) = self.asked else {
            return Vec::new();
        };
        self.settled = true;
        let mut effects = vec![Effect::Say(FromRecorder::Settled {
            width: form.width,
            height: form.height,
        })];
        effects.extend(self.start_first());
        effects
    }

    /// Starts when there is something to see, and it has the right size.
    fn start_first(&mut self) -> Vec<Effect> {
        let ready = self.joined && self.settled && self.volumes.is_empty() && !self.stopping;
        match self.asked.filter(|_| ready) {
            Some((volume, form)) => self.start(volume, form),
            None => Vec::new(),
        }
    }

    fn start(&mut self, volume: u32, form: Form) -> Vec<Effect> {
        self.volumes.insert(volume, Volume::Starting);
        vec![Effect::Start { volume, form }]
    }

    /// Only what runs can be split; a volume that is known is not started again.
    fn split(&mut self, volume: u32) -> Vec<Effect> {
        let newest = self.volumes.last_key_value();
        let runs = newest.is_some_and(|(number, state)| {
            let records = matches!(state, Volume::Empty | Volume::Running);
            records && *number < volume && !self.stopping
        });
        match self.asked.filter(|_| runs) {
            Some((_, form)) => self.start(volume, form),
            None => Vec::new(),
        }
    }

    /// The next volume records: only now may those before it end.
    fn started(&mut self, volume: u32, mime: String, at: u64) -> Vec<Effect> {
        let mut effects = vec![Effect::Say(FromRecorder::Started { volume, mime, at })];
        if let Some(state @ Volume::Starting) = self.volumes.get_mut(&volume) {
            *state = Volume::Empty;
        }
        self.ending = self.ending.max(volume);
        effects.extend(self.end_volumes());
        effects
    }

    fn sent(&mut self, volume: u32) -> Vec<Effect> {
        if let Some(state @ Volume::Empty) = self.volumes.get_mut(&volume) {
            *state = Volume::Running;
        }
        self.end_volumes()
    }

    /// Ends what has to end and can.
    fn end_volumes(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (number, state) in self.volumes.range_mut(..self.ending) {
            if *state == Volume::Running {
                *state = Volume::Ending;
                effects.push(Effect::End { volume: *number });
            }
        }
        effects
    }

    fn stopped(&mut self, volume: u32) -> Vec<Effect> {
        let state = self.volumes.remove(&volume);
        let mut effects = vec![Effect::Say(FromRecorder::Done { volume })];
        if state != Some(Volume::Ending) {
            let reason = format!("volume {volume} ended by itself");
            effects.extend(self.end_with(FromRecorder::Failed { reason }));
        } else if self.stopping && self.volumes.is_empty() {
            self.over = true;
            effects.push(Effect::Close);
        }
        effects
    }

    fn stop(&mut self) -> Vec<Effect> {
        self.stopping = true;
        if self.volumes.is_empty() {
            self.over = true;
            return vec![Effect::Close];
        }
        self.ending = u32::MAX;
        self.end_volumes()
    }

    /// Whatever was recorded so far has been sent; nothing more will be.
    fn end_with(&mut self, last_word: FromRecorder) -> Vec<Effect> {
        self.over = true;
        vec![Effect::Say(last_word), Effect::Close]
    }
}

#[cfg(test)]
mod tests;
