//! Words for moderators, and for those whom they ask.

use crate::text::words::{Plural, Template, section};

section! {
    /// What moderators do with people and with the room.
    Moderation {
        title: &'static str,
        waiting_room: &'static str,
        waiting_room_hint: &'static str,
        locked: &'static str,
        locked_hint: &'static str,
        allow_microphones: &'static str,
        allow_cameras: &'static str,
        allow_screens: &'static str,
        everybody: &'static str,
        mute_all: &'static str,
        cameras_off: &'static str,
        shares_off: &'static str,
        lower_hands: &'static str,
        end: &'static str,
        menu_of: Template,
        pin: &'static str,
        unpin: &'static str,
        mute: &'static str,
        camera_off: &'static str,
        share_off: &'static str,
        ask_microphone: &'static str,
        ask_camera: &'static str,
        ask_screen: &'static str,
        may_microphone: &'static str,
        may_camera: &'static str,
        may_screen: &'static str,
        lower_hand: &'static str,
        make_moderator: &'static str,
        take_moderator: &'static str,
        on_stage: &'static str,
        off_stage: &'static str,
        remove: &'static str,
        waiting: &'static str,
        waiting_count: Plural,
        admit: &'static str,
        admit_name: Template,
        admit_all: &'static str,
        reject_name: Template,
        reject_all: &'static str,
        removed_before: &'static str,
        remove_title: Template,
        remove_hint: Template,
        remove_go: &'static str,
        reject_title: Plural,
        reject_hint: &'static str,
        reject_go: &'static str,
        end_title: &'static str,
        end_hint: &'static str,
        end_go: &'static str,
        cancel: &'static str,
    }
}

section! {
    /// A moderator asks to switch something on.
    Asked {
        microphone: Template,
        camera: Template,
        screen: Template,
        turn_on: &'static str,
        share: &'static str,
        not_now: &'static str,
    }
}

section! {
    /// Tools of the toolbar that depend on rights.
    Tools {
        raise_hand: &'static str,
        lower_hand: &'static str,
        microphone_forbidden: &'static str,
        camera_forbidden: &'static str,
        screen_forbidden: &'static str,
        language: &'static str,
        original: &'static str,
        mute_original: &'static str,
    }
}
