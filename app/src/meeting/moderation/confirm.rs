//! What is asked before something is done that cannot be taken back.

use client::Intent;
use leptos::{html, prelude::*};
use protocol::{Moderation, PeerId};

use crate::{
    state::{Desk, Meeting, Overlay},
    text::text,
};

/// Something that cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Confirm {
    /// Remove somebody.
    Remove {
        /// Who.
        peer: PeerId,
        /// What they are called.
        name: String,
    },
    /// Turn everybody away who waits; so many.
    RejectAll(usize),
    /// End the meeting for all.
    End,
    /// Start a recording: what was said then is kept.
    StartRecording,
    /// Stop the recording.
    StopRecording,
}

/// What the dialog says.
struct Question {
    title: String,
    hint: String,
    go: &'static str,
    /// How the button looks that does it.
    look: &'static str,
}

const DANGER: &str = "button--danger";
const PRIMARY: &str = "button--primary";

impl Confirm {
    fn question(&self) -> Question {
        let words = &text().moderation;
        let recording = &text().recording;
        match self {
            Self::Remove { name, .. } => Question {
                title: words.remove_title.with(name),
                hint: words.remove_hint.with(name),
                go: words.remove_go,
                look: DANGER,
            },
            Self::RejectAll(count) => Question {
                title: words.reject_title.of(*count),
                hint: words.reject_hint.to_owned(),
                go: words.reject_go,
                look: DANGER,
            },
            Self::End => Question {
                title: words.end_title.to_owned(),
                hint: words.end_hint.to_owned(),
                go: words.end_go,
                look: DANGER,
            },
            Self::StartRecording => Question {
                title: recording.start_title.to_owned(),
                hint: recording.start_hint.to_owned(),
                go: recording.start,
                look: PRIMARY,
            },
            Self::StopRecording => Question {
                title: recording.stop_title.to_owned(),
                hint: recording.stop_hint.to_owned(),
                go: recording.stop,
                look: DANGER,
            },
        }
    }

    fn moderation(self) -> Moderation {
        match self {
            Self::Remove { peer, .. } => Moderation::Remove { peer },
            Self::RejectAll(_) => Moderation::Reject { peer: None },
            Self::End => Moderation::End,
            Self::StartRecording => Moderation::SetRecording { on: true },
            Self::StopRecording => Moderation::SetRecording { on: false },
        }
    }
}

/// The dialog. The focus is on the way back: Enter alone does no harm.
#[component]
pub(in crate::meeting) fn ConfirmDialog() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let node = NodeRef::<html::Dialog>::new();
    let asked = Memo::new(move |_| match desk.overlay.get() {
        Some(Overlay::Confirm(confirm)) => Some(confirm),
        _ => None,
    });
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        let wanted = asked.with(Option::is_some);
        if wanted && !dialog.open() {
            // fails only for a dialog that is open already
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog
            class="modal modal--small"
            role="alertdialog"
            aria-labelledby="confirm-title"
            aria-describedby="confirm-hint"
            node_ref=node
            on:close=move |_| close(desk)
        >
            {move || asked.get().map(|confirm| view! { <Asks confirm=confirm /> })}
        </dialog>
    }
}

/// The question and its two answers.
#[component]
fn Asks(confirm: Confirm) -> impl IntoView {
    let meeting = Meeting::expect();
    let desk = expect_context::<Desk>();
    let Question {
        title,
        hint,
        go,
        look,
    } = confirm.question();
    let back = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(back) = back.get() {
            let _ = back.focus();
        }
    });
    let confirmed = move |_| {
        close(desk);
        meeting.send(Intent::Moderate(confirm.clone().moderation()));
    };
    view! {
        <div class="modal__body">
            <h2 id="confirm-title">{title}</h2>
            <p id="confirm-hint" class="modal__hint">
                {hint}
            </p>
            <div class="actions actions--end">
                <button type="button" class="button" node_ref=back on:click=move |_| close(desk)>
                    {text().moderation.cancel}
                </button>
                <button type="button" class=format!("button {look}") on:click=confirmed>
                    {go}
                </button>
            </div>
        </div>
    }
}

fn close(desk: Desk) {
    desk.overlay.update(|overlay| {
        if matches!(overlay, Some(Overlay::Confirm(_))) {
            *overlay = None;
        }
    });
}
