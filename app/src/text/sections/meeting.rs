//! Words of the welcome screen and of the meeting.

use crate::{
    browser::theme::Theme,
    meeting::scene::Layout,
    text::words::{Plural, Template, section},
};

section! {
    /// Before joining.
    Prejoin {
        conference: &'static str,
        webinar: &'static str,
        your_name: &'static str,
        name_placeholder: &'static str,
        join: &'static str,
        joining: &'static str,
        unreachable: &'static str,
        camera_is_off: &'static str,
        camera_starting: &'static str,
        preview: &'static str,
        without_devices: &'static str,
    }
}

section! {
    /// The meeting's frame and toolbar.
    Meeting {
        heading: Template,
        stage: &'static str,
        controls: &'static str,
        share: &'static str,
        stop_sharing: &'static str,
        chat: &'static str,
        unread: Plural,
        people: &'static str,
        people_count: Plural,
        layout: &'static str,
        layout_automatic: &'static str,
        layout_grid: &'static str,
        layout_speaker: &'static str,
        settings: &'static str,
        full_screen: &'static str,
        exit_full_screen: &'static str,
        help: &'static str,
        more: &'static str,
        leave: &'static str,
        device_problem: &'static str,
        reconnecting: &'static str,
        server_restart: &'static str,
        audio_blocked: &'static str,
        play_audio: &'static str,
        muted_hint: &'static str,
        alone: &'static str,
        alone_hint: &'static str,
        pages: &'static str,
        previous_page: &'static str,
        next_page: &'static str,
        page_of: Template,
    }
}

section! {
    /// One tile.
    Tile {
        screen_of: Template,
        own_screen: &'static str,
        pin: Template,
        unpin: Template,
        muted: &'static str,
        fair: &'static str,
        poor: &'static str,
        lost: &'static str,
        hand: &'static str,
        moderator: &'static str,
        interpreter: Template,
    }
}

section! {
    /// The people list.
    People {
        microphone_on: &'static str,
        microphone_off: &'static str,
        camera_on: &'static str,
        camera_off: &'static str,
        sharing: &'static str,
        lost: &'static str,
        search: &'static str,
        found: Plural,
        on_stage: &'static str,
        viewers: &'static str,
        viewers_count: Plural,
        hand: Template,
        moderator: &'static str,
        interpreter: &'static str,
        interprets: Template,
    }
}

section! {
    /// The chat.
    Chat {
        empty: &'static str,
        message: &'static str,
        placeholder: &'static str,
        send: &'static str,
        sending: &'static str,
        failed: &'static str,
        retry: &'static str,
        newest: &'static str,
        newer: &'static str,
        read_only: &'static str,
        you: &'static str,
    }
}

section! {
    /// The settings dialog.
    Settings {
        title: &'static str,
        devices: &'static str,
        name: &'static str,
        look: &'static str,
        theme_system: &'static str,
        theme_light: &'static str,
        theme_dark: &'static str,
        shortcuts: &'static str,
        shortcuts_hint: &'static str,
        language: &'static str,
        language_failed: &'static str,
    }
}

section! {
    /// The help dialog.
    Help {
        title: &'static str,
        microphone: &'static str,
        camera: &'static str,
        share: &'static str,
        chat: &'static str,
        people: &'static str,
        layout: &'static str,
        full_screen: &'static str,
        hand: &'static str,
        help: &'static str,
        escape: &'static str,
        escape_key: &'static str,
        off: &'static str,
    }
}

impl Meeting {
    /// The name of a layout.
    pub(crate) fn layout_name(&self, layout: Layout) -> &'static str {
        match layout {
            Layout::Automatic => self.layout_automatic,
            Layout::Grid => self.layout_grid,
            Layout::Speaker => self.layout_speaker,
        }
    }

    /// Which page of how many.
    pub(crate) fn page_of(&self, page: usize, pages: usize) -> String {
        self.page_of
            .fill(&[("page", &page.to_string()), ("pages", &pages.to_string())])
    }
}

impl Settings {
    /// The name of a choice of colours.
    pub(crate) fn theme(&self, theme: Theme) -> &'static str {
        match theme {
            Theme::System => self.theme_system,
            Theme::Light => self.theme_light,
            Theme::Dark => self.theme_dark,
        }
    }
}
