//! Does what calls ask for.

use std::rc::Rc;

use client::{
    Intent, Request,
    model::{DeviceFailure, Model},
};
use leptos::prelude::Set;
use protocol::{
    BridgeError, BridgeEvent, BridgeFault, BridgeValue, DisplayName, ErrorCode, Moderation, PeerId,
    Role, Source, TrackRef,
};
use serde_json::Value;

use super::{Frame, screen};
use crate::{
    bridge::{
        ask::{Ask, DeviceWish},
        changes::is_inside,
        device,
        failure::Telling,
        outcome::{self, Since, refused},
    },
    browser::{full_screen, language::LanguageError},
};

type Done = Result<(), BridgeError>;

impl Frame {
    /// Understands a call, does it, and waits for what becomes of it. What
    /// fails is an event, too. `again`: when a click is missing, the page calls
    /// once more by itself.
    pub(super) async fn answer(
        self: Rc<Self>,
        method: &str,
        data: &Value,
        again: bool,
    ) -> Result<BridgeValue, BridgeError> {
        let ask = Ask::read(method, data)?;
        let telling = Telling::of(&ask);
        let seen = self.log.borrow().last();
        let outcome = self.give(ask).await;
        if let Err(error) = &outcome {
            self.tell_failure(telling, error, seen, again);
        }
        outcome
    }

    /// Tells what a call failed with, unless that was told since.
    fn tell_failure(
        self: &Rc<Self>,
        telling: Telling,
        error: &BridgeError,
        seen: u64,
        again: bool,
    ) {
        // the call may know sooner than those who are shown each change
        let now = self.look(Model::clone);
        let now = now.unwrap_or_else(|_| self.before.borrow().clone());
        self.see(&now);
        let events = {
            let log = self.log.borrow();
            let told: Vec<&BridgeEvent> = log.since(seen).collect();
            telling.events(&now, error, &told, again)
        };
        for event in events {
            self.emit(event);
        }
    }

    async fn give(self: &Rc<Self>, ask: Ask) -> Result<BridgeValue, BridgeError> {
        Ok(match ask {
            Ask::IsOn(source) => {
                let on = self.look(|model| model.devices.media.is_on(source))?;
                BridgeValue::Is(on)
            }
            Ask::IsFullScreen => BridgeValue::Is(full_screen::is_on()),
            Ask::People => BridgeValue::People(self.look(super::answer::people)?),
            Ask::Recording => {
                let recording = self.look(|model| model.room.recording.clone())?;
                BridgeValue::Recording(recording)
            }
            Ask::State => BridgeValue::State(Box::new(self.state())),
            Ask::Diagnose => BridgeValue::Diagnosis(Box::new(self.diagnose().await)),
            Ask::Picture(peer) => BridgeValue::Picture(self.picture(&peer).await?),
            ask => {
                self.act(ask).await?;
                BridgeValue::Is(true)
            }
        })
    }

    async fn act(self: &Rc<Self>, ask: Ask) -> Done {
        match ask {
            Ask::Join(with) => self.join(with).await,
            Ask::Input(source, on) => self.switch(source, on).await,
            Ask::Share(on) => self.share(on).await,
            Ask::Rename(name) => self.rename(&name).await,
            Ask::Device(source, wish) => self.change_device(source, &wish).await,
            Ask::Play => self.play().await,
            Ask::FullScreen(on) => screen::fill(on).await,
            Ask::Pin(peer) => self.pin(&peer),
            Ask::Locale(tag) => self.speak(&tag).await,
            Ask::Moderate(moderation) => self.moderate(moderation).await,
            Ask::Leave => self.leave().await,
            Ask::Say(text) => self.say(&text).await,
            Ask::Hand(raised) => self.hand(raised).await,
            Ask::Token(token) => self.take_token(token).await,
            ask => {
                self.set(&ask);
                Ok(())
            }
        }
    }

    /// What is so as soon as it is said.
    fn set(&self, ask: &Ask) {
        match *ask {
            Ask::Volume(volume) => self.send(Intent::SetVolume(volume)),
            Ask::Silence(on) => self.send(Intent::SetSilence(on)),
            Ask::Bitrate(limit) => self.send(Intent::SetVideoBitrate(limit)),
            Ask::Controls(shown) => self.page.controls_hidden.set(!shown),
            Ask::HideIndicators(hidden) => self.page.indicators_hidden.set(hidden),
            Ask::Unpin => self.desk.pinned.set(None),
            _ => {}
        }
    }

    async fn switch(&self, source: Source, on: bool) -> Done {
        if on {
            self.look(|model| outcome::may_turn_on(model, source))??;
        }
        let since = self.look(Since::now)?;
        self.send(Intent::SetInput(source, on));
        self.until(|model| outcome::switched(model, source, on, since))
            .await
    }

    async fn share(&self, on: bool) -> Done {
        if on {
            self.look(|model| outcome::may_turn_on(model, Source::Screen))??;
        }
        let since = self.look(Since::now)?;
        self.send(Intent::SetScreen(on));
        self.until(|model| outcome::shared(model, on, since)).await
    }

    async fn rename(&self, name: &str) -> Done {
        let name = DisplayName::from(name);
        let since = self.look(Since::now)?;
        self.send(Intent::Rename(name.as_str().to_owned()));
        self.until(|model| outcome::renamed(model, &name, since))
            .await
    }

    async fn change_device(&self, source: Source, wish: &DeviceWish) -> Done {
        let found = self.look(|model| device::find(device::list(model, source), wish))?;
        let id = found.ok_or_else(|| outcome::device_error(DeviceFailure::NotFound))?;
        let since = self.look(Since::now)?;
        self.send(Intent::ChooseInput(source, id.clone()));
        self.until(|model| outcome::chosen(model, source, &id, since))
            .await
    }

    async fn play(&self) -> Done {
        let Some(engine) = self.meeting.engine() else {
            return Ok(());
        };
        match engine.play_audio().await {
            true => Ok(()),
            false => Err(screen::untouched()),
        }
    }

    fn pin(&self, peer: &str) -> Done {
        let track = self.look(|model| {
            let mut people = model.room.participants.iter();
            let one = people.find(|one| one.id.as_str() == peer);
            let one = one.filter(|_| is_inside(model))?;
            let source = match one.media.screen {
                true => Source::Screen,
                false => Source::Camera,
            };
            Some(TrackRef {
                peer: one.id.clone(),
                source,
            })
        })?;
        let Some(track) = track else {
            self.emit(BridgeEvent::ErrorGetPin {
                peer_id: peer.to_owned(),
            });
            return Err(self.nobody());
        };
        self.desk.pinned.set(Some(track));
        Ok(())
    }

    /// Why there is nobody with an id.
    pub(super) fn nobody(&self) -> BridgeError {
        let inside = self.look(is_inside).unwrap_or(false);
        refused(match inside {
            true => ErrorCode::NoSuchParticipant,
            false => ErrorCode::NotJoined,
        })
    }

    async fn speak(&self, tag: &str) -> Done {
        self.tongue.set(tag).await.map_err(|error| match error {
            LanguageError::Unknown => {
                BridgeError::new(BridgeFault::Unsupported, "there is no such language")
            }
            LanguageError::Unavailable => BridgeError::new(
                BridgeFault::ConnectionFailed,
                "the words of this language could not be loaded",
            ),
        })
    }

    async fn moderate(&self, moderation: Moderation) -> Done {
        self.inside()?;
        let leads = |role| role == Role::Moderator;
        let you = self.look(|model| model.you.as_ref().map(|you| you.participant.role))?;
        if !you.is_some_and(leads) {
            return Err(refused(ErrorCode::Forbidden));
        }
        self.request(Request::Moderate(moderation)).await
    }

    async fn hand(&self, raised: bool) -> Done {
        self.inside()?;
        self.request(Request::Hand(raised)).await
    }

    pub(super) async fn request(&self, request: Request) -> Done {
        let mark = self.next_mark();
        self.send(Intent::Request(mark, request));
        self.until(|model| outcome::replied(model, mark)).await
    }

    async fn say(&self, text: &str) -> Done {
        self.inside()?;
        let text = text.trim();
        if text.is_empty() || text.chars().count() > protocol::CHAT_TEXT_MAX {
            return Err(refused(ErrorCode::ChatText));
        }
        let newest = |me: Option<&PeerId>, model: &Model| {
            let mut lines = model.room.chat.iter().rev().map(|line| &line.message);
            let own = lines.find(|message| me.is_some() && message.from.as_ref() == me);
            own.map(|message| message.nonce.clone())
        };
        let own = |model: &Model| newest(model.me.as_ref(), model);
        let before = self.look(own)?;
        self.send(Intent::SendChat(text.to_owned()));
        let written = self.look(own)?;
        match written.filter(|nonce| before.as_ref() != Some(nonce)) {
            // nothing was written: it is not allowed
            None => Err(refused(ErrorCode::Forbidden)),
            Some(nonce) => self.until(|model| outcome::delivered(model, &nonce)).await,
        }
    }

    async fn leave(&self) -> Done {
        self.leaving.set(true);
        self.send(Intent::Leave);
        self.until(outcome::left).await
    }

    fn inside(&self) -> Done {
        match self.look(is_inside)? {
            true => Ok(()),
            false => Err(refused(ErrorCode::NotJoined)),
        }
    }
}
