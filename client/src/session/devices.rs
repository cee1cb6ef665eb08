//! The participant's own devices: what was chosen, what the browser reports.

use protocol::{DisplayName, Source};

use super::{Choices, DeviceList, Effect, Environment, Input, Session, Stage};
use crate::{
    Intent, Moment,
    model::{DeviceFailure, NoticeKind, ScreenShare},
};

impl Session {
    pub(super) fn started(&mut self, environment: Environment) {
        let Environment { can_share, choices } = environment;
        let devices = &mut self.model.devices;
        devices.can_share = can_share;
        devices.speaker.clone_from(&choices.speaker);
        if self.config.display_name.is_none() {
            devices.display_name = DisplayName::from(choices.display_name.as_str());
        }
        self.inputs
            .remember(choices.camera.clone(), choices.microphone.clone());
        if choices.speaker.is_some() {
            self.effects
                .push(Effect::UseSpeaker(choices.speaker.clone()));
        }
        self.choices = choices;
    }

    pub(super) fn device_intent(&mut self, intent: Intent) {
        match intent {
            Intent::Preview => {
                let allowed = self.allowed();
                self.inputs.preview(allowed);
            }
            Intent::SetInput(source, false) => self.inputs.want(source, false),
            Intent::SetInput(source @ (Source::Camera | Source::Microphone), true) => {
                self.switch_on(source);
            }
            Intent::ChooseInput(source, device) => self.choose_input(source, device),
            Intent::ChooseSpeaker(speaker) => {
                let speaker = Some(speaker).filter(|id| !id.is_empty());
                self.use_speaker(speaker.clone());
                self.remember(|choices| choices.speaker = speaker);
            }
            Intent::SetScreen(true) => self.switch_on(Source::Screen),
            Intent::SetScreen(false) => self.stop_screen(),
            _ => {}
        }
    }

    pub(super) fn device_input(&mut self, input: Input, at: Moment) {
        match input {
            Input::InputOpened { source, device } => {
                let notice = self.inputs.opened(source, device);
                self.input_settled(notice, at);
            }
            Input::InputFailed { source, failure } => {
                let notice = self.inputs.failed(source, failure);
                self.input_settled(notice, at);
            }
            Input::InputEnded(source) => self.inputs.ended(source),
            Input::DevicesListed(list) => self.devices_listed(list),
            Input::ScreenStarted { audio } => self.screen_started(audio),
            Input::ScreenFailed(failure) => self.screen_failed(failure),
            Input::ScreenEnded => self.screen_over(),
            Input::Level(level) => self.inputs.level(level, &mut self.model.devices),
            _ => {}
        }
    }

    /// Opens and closes devices until what is held is what is wanted.
    pub(super) fn reconcile_inputs(&mut self) {
        let (active, allowed) = (!matches!(self.stage, Stage::Ended(_)), self.allowed());
        let todo = self.inputs.reconcile(active, allowed);
        let close = todo.close.into_iter().map(Effect::CloseInput);
        self.effects.extend(close);
        if !todo.open.is_empty() {
            self.effects.push(Effect::OpenInputs(todo.open));
        }
        self.effects.extend(todo.mute.map(Effect::MuteMicrophone));
    }

    /// A name that was given with the address is not the participant's to change.
    pub(super) fn rename(&mut self, name: &str) {
        let name = DisplayName::from(name);
        if self.config.display_name.is_none() && name != self.model.devices.display_name {
            self.model.devices.display_name = name.clone();
            self.remember(|choices| choices.display_name = name.into());
        }
    }

    /// The embedding page's wish, which is no choice of the participant.
    pub(super) fn rename_to(&mut self, name: &str) {
        self.model.devices.display_name = name.into();
        self.forget_given_name();
    }

    /// Ends the share, or calls it off while the browser still asks.
    pub(super) fn stop_screen(&mut self) {
        self.share = false;
        if matches!(self.model.devices.screen, ScreenShare::On { .. }) {
            self.effects.push(Effect::StopScreen);
            self.screen_over();
        }
    }

    /// The share goes on without its sound.
    pub(super) fn silence_screen(&mut self) {
        let devices = &mut self.model.devices;
        if matches!(devices.screen, ScreenShare::On { .. }) {
            devices.screen = ScreenShare::On { audio: false };
        }
        devices.media.screen_audio = false;
    }

    pub(super) fn pick_screen(&mut self) {
        self.share = true;
        if self.model.devices.screen == ScreenShare::Off {
            self.model.devices.screen = ScreenShare::Choosing;
            self.effects.push(Effect::PickScreen);
        }
    }

    fn screen_started(&mut self, audio: bool) {
        if !self.share {
            self.effects.push(Effect::StopScreen);
            return self.screen_over();
        }
        let devices = &mut self.model.devices;
        devices.screen = ScreenShare::On { audio };
        devices.media.screen = true;
        devices.media.screen_audio = audio;
    }

    fn screen_failed(&mut self, failure: Option<DeviceFailure>) {
        self.screen_over();
        let Some(failure) = failure else { return };
        self.model.devices.share_failures.add(failure);
        // who clicked here was heard, so it was the embedding page that asked,
        // and may ask again at once
        if failure != DeviceFailure::Untouched {
            self.notify(NoticeKind::ShareFailed(failure));
        }
    }

    fn screen_over(&mut self) {
        self.share = false;
        let devices = &mut self.model.devices;
        devices.screen = ScreenShare::Off;
        devices.media.screen = false;
        devices.media.screen_audio = false;
    }

    fn choose_input(&mut self, source: Source, device: String) {
        self.inputs.choose(source, device.clone());
        self.remember(|choices| match source {
            Source::Camera => choices.camera = Some(device),
            Source::Microphone => choices.microphone = Some(device),
            Source::Screen | Source::ScreenAudio => {}
        });
    }

    fn use_speaker(&mut self, speaker: Option<String>) {
        self.model.devices.speaker.clone_from(&speaker);
        self.effects.push(Effect::UseSpeaker(speaker));
    }

    fn devices_listed(&mut self, list: DeviceList) {
        self.inputs.listed(&list);
        let devices = &mut self.model.devices;
        let known = |id: &String| list.speakers.iter().any(|speaker| speaker.id == *id);
        let unplugged = devices.speaker.as_ref().is_some_and(|id| !known(id));
        devices.cameras = list.cameras;
        devices.microphones = list.microphones;
        let listed = list.speakers.iter().any(|speaker| !speaker.id.is_empty());
        devices.speakers = list.speakers;
        // before permission is given the browser lists nothing of use
        if unplugged && listed {
            self.use_speaker(None);
        }
    }

    fn remember(&mut self, change: impl FnOnce(&mut Choices)) {
        change(&mut self.choices);
        self.effects.push(Effect::Remember(self.choices.clone()));
    }

    /// A device is there, or cannot be had. Browsers tell more of their
    /// networks to pages that may use a camera, so the connection is made ahead
    /// only now.
    fn input_settled(&mut self, notice: Option<NoticeKind>, at: Moment) {
        if self.stage == Stage::Prejoin && self.inputs.are_settled() {
            self.transport.prepare(at, &mut self.effects);
        }
        // before the meeting a device's own state tells enough
        if let Some(notice) = notice.filter(|_| self.is_inside()) {
            self.notify(notice);
        }
    }
}
