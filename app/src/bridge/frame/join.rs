//! Joining with the devices that the page around names.

use client::Intent;
use protocol::{BridgeError, Source};

use super::Frame;
use crate::bridge::{
    ask::{DeviceWish, InputWish, JoinWith},
    changes::is_inside,
    device, outcome,
};

impl Frame {
    /// Joins, or brings the devices in line if that was done already. A device
    /// that cannot be had is told by an event and keeps nobody out.
    pub(super) async fn join(&self, with: JoinWith) -> Result<(), BridgeError> {
        if let Some(code) = self.no_way_in() {
            return Err(outcome::refused(code));
        }
        let wishes = [
            (Source::Camera, with.camera),
            (Source::Microphone, with.microphone),
        ];
        let mut later = Vec::new();
        for (source, wish) in wishes {
            let unknown = wish.and_then(|wish| self.wish(source, wish).transpose());
            if let Some(wish) = unknown.transpose()? {
                later.push((source, wish));
            }
        }
        if let Some(pin) = with.pin {
            self.send(Intent::EnterPin(pin));
        }
        if !self.look(is_inside)? {
            self.leaving.set(false);
            self.send(Intent::Join);
        }
        for (source, wish) in later {
            self.settled(source).await?;
            self.choose(source, &wish)?;
        }
        self.until(outcome::joined).await
    }

    /// Wants a device as it is wished. Gives a wish back that can be fulfilled
    /// only when the browser tells the names of devices: after permission.
    fn wish(&self, source: Source, wish: InputWish) -> Result<Option<DeviceWish>, BridgeError> {
        let on = wish != InputWish::Off;
        let later = match wish {
            InputWish::Device(wish) => (!self.choose(source, &wish)?).then_some(wish),
            InputWish::On | InputWish::Off => None,
        };
        if !on || self.look(|model| outcome::may_use(model, source))? {
            self.send(Intent::SetInput(source, on));
        }
        Ok(later)
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
}
