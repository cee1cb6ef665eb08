//! Joining with the devices that the page around names.

use std::rc::Rc;

use client::{
    Intent,
    model::{DeviceFailure, InputState, Model, Phase},
};
use protocol::{BridgeError, Source};

use super::Frame;
use crate::bridge::{
    ask::{DeviceWish, InputWish, JoinWith},
    changes::{is_inside, trouble},
    device, outcome,
};

type Done = Result<(), BridgeError>;

impl Frame {
    /// Joins, or brings the devices in line if that was done already. A device
    /// that cannot be had is told by an event and keeps nobody out.
    pub(super) async fn join(self: &Rc<Self>, with: JoinWith) -> Done {
        if let Some(code) = self.no_way_in() {
            return Err(outcome::refused(code));
        }
        let wishes = [
            (Source::Camera, with.camera),
            (Source::Microphone, with.microphone),
        ];
        let mut unknown = Vec::new();
        for (source, wish) in wishes {
            let wish = wish.and_then(|wish| self.wish(source, wish).transpose());
            if let Some(wish) = wish.transpose()? {
                unknown.push((source, wish));
            }
        }
        // after the end devices are opened by joining alone
        if self.look(|model| matches!(model.phase, Phase::Ended(_)))? {
            self.go_in(with.pin)?;
            self.find(unknown).await?;
        } else {
            self.find(unknown).await?;
            self.go_in(with.pin)?;
        }
        self.until(outcome::joined).await
    }

    fn go_in(&self, pin: Option<String>) -> Done {
        if let Some(pin) = pin {
            self.send(Intent::EnterPin(pin));
        }
        if !self.look(is_inside)? {
            self.send(Intent::Join);
        }
        Ok(())
    }

    /// Wants a device as it is wished. Gives a wish back whose device is not
    /// known: browsers tell their names only after permission.
    fn wish(&self, source: Source, wish: InputWish) -> Result<Option<DeviceWish>, BridgeError> {
        let on = wish != InputWish::Off;
        let unknown = match wish {
            InputWish::Device(wish) => (!self.choose(source, &wish)?).then_some(wish),
            InputWish::On | InputWish::Off => None,
        };
        if on && !self.look(|model| outcome::may_use(model, source))? {
            return Ok(None);
        }
        self.send(Intent::SetInput(source, on));
        Ok(unknown)
    }

    /// Chooses the devices by the names that are known once some are open.
    async fn find(self: &Rc<Self>, wishes: Vec<(Source, DeviceWish)>) -> Done {
        for (source, wish) in wishes {
            self.settled(source).await?;
            if let Some(engine) = self.meeting.engine() {
                engine.list_devices().await;
            }
            let found = self.choose(source, &wish)?;
            // why the kind as a whole cannot be had was told already
            if !found && self.look(|model| state(model, source) == InputState::On)? {
                let error = outcome::device_error(DeviceFailure::NotFound);
                let event = self.look(|model| trouble(model, source, error))?;
                self.emit(event);
            }
        }
        Ok(())
    }

    /// Chooses a device if it is known, and says whether it is.
    fn choose(&self, source: Source, wish: &DeviceWish) -> Result<bool, BridgeError> {
        let found = self.look(|model| device::find(device::list(model, source), wish))?;
        let known = found.is_some();
        if let Some(id) = found {
            self.send(Intent::ChooseInput(source, id));
        }
        Ok(known)
    }

    /// Waits until a camera or microphone is on, or known not to come.
    async fn settled(&self, source: Source) -> Done {
        self.until(|model| (state(model, source) != InputState::Starting).then_some(Ok(())))
            .await
    }
}

fn state(model: &Model, source: Source) -> InputState {
    outcome::input(model, source).state
}
