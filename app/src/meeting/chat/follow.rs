//! Stays at the end of the history as it grows, unless somebody reads back.

use leptos::{html, prelude::*};

/// So near to the end counts as being there, in CSS pixels.
const NEAR: i32 = 48;

/// Where the reader is in the history.
#[derive(Clone, Copy)]
pub(super) struct Follow {
    /// The element that scrolls.
    pub(super) log: NodeRef<html::Div>,
    /// How many messages there are.
    count: Signal<usize>,
    at_end: RwSignal<bool>,
    /// How many there were when the end was last in sight.
    seen: RwSignal<usize>,
}

impl Follow {
    /// Starts at the end. Whatever changes `sent` leads back there.
    pub(super) fn new(count: Signal<usize>, sent: RwSignal<u32>) -> Self {
        let follow = Self {
            log: NodeRef::new(),
            count,
            at_end: RwSignal::new(true),
            seen: RwSignal::new(0),
        };
        Effect::new(move |before: Option<()>| {
            sent.track();
            if before.is_some() {
                follow.at_end.set(true);
            }
        });
        Effect::new(move |_| {
            let count = count.get();
            if follow.log.get().is_some() && follow.at_end.get() {
                follow.seen.set(count);
                // the new message has no height before the next frame
                request_animation_frame(move || follow.scroll());
            }
        });
        follow
    }

    /// Whether the end is in sight.
    pub(super) fn is_at_end(self) -> bool {
        self.at_end.get()
    }

    /// Whether something came in the meantime.
    pub(super) fn has_news(self) -> bool {
        self.count.get() > self.seen.get()
    }

    /// Takes notice of where the reader has scrolled to.
    pub(super) fn on_scroll(self) {
        if let Some(log) = self.log.get_untracked() {
            let left = log.scroll_height() - log.scroll_top() - log.client_height();
            let at_end = left < NEAR;
            if self.at_end.get_untracked() != at_end {
                self.at_end.set(at_end);
            }
        }
    }

    /// Goes to the end.
    pub(super) fn to_end(self) {
        self.at_end.set(true);
        self.scroll();
    }

    fn scroll(self) {
        if let Some(log) = self.log.try_get_untracked().flatten() {
            log.set_scroll_top(log.scroll_height());
        }
    }
}
