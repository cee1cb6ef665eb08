//! What deeds are called, and their signs.

use protocol::Source;

use super::deeds::Deed;
use crate::{components::Glyph, text::Moderation};

/// The words of a menu's item.
pub(super) fn label(words: &Moderation, deed: Deed) -> &'static str {
    match deed {
        Deed::TurnOff(Source::Microphone) => words.mute,
        Deed::TurnOff(Source::Camera) => words.camera_off,
        Deed::TurnOff(_) => words.share_off,
        Deed::Ask(Source::Microphone) => words.ask_microphone,
        Deed::Ask(Source::Camera) => words.ask_camera,
        Deed::Ask(_) => words.ask_screen,
        Deed::Allow(Source::Microphone, _) => words.may_microphone,
        Deed::Allow(Source::Camera, _) => words.may_camera,
        Deed::Allow(..) => words.may_screen,
        Deed::LowerHand => words.lower_hand,
        Deed::SetModerator(true) => words.make_moderator,
        Deed::SetModerator(false) => words.take_moderator,
        Deed::SetStage(true) => words.on_stage,
        Deed::SetStage(false) => words.off_stage,
        Deed::Remove => words.remove,
    }
}

/// The sign of a menu's item.
pub(super) fn glyph(deed: Deed) -> Glyph {
    match deed {
        Deed::TurnOff(Source::Microphone) => icondata::LuMicOff,
        Deed::TurnOff(Source::Camera) => icondata::LuVideoOff,
        Deed::TurnOff(_) => icondata::LuScreenShareOff,
        Deed::Ask(source) | Deed::Allow(source, _) => source_glyph(source),
        Deed::LowerHand => icondata::LuHand,
        Deed::SetModerator(true) => icondata::LuShield,
        Deed::SetModerator(false) => icondata::LuShieldOff,
        Deed::SetStage(true) => icondata::LuUserPlus,
        Deed::SetStage(false) => icondata::LuEye,
        Deed::Remove => icondata::LuUserX,
    }
}

/// The sign of a source.
pub(super) fn source_glyph(source: Source) -> Glyph {
    match source {
        Source::Microphone => icondata::LuMic,
        Source::Camera => icondata::LuVideo,
        Source::Screen | Source::ScreenAudio => icondata::LuScreenShare,
    }
}
