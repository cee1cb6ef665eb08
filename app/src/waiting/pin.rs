//! A private room asks for its PIN.

use client::{
    Intent,
    model::{Phase, PinState},
};
use leptos::{ev, html, prelude::*};

use super::{countdown::remaining, door::Door};
use crate::{
    browser::{
        clock::{self, ticking},
        focus,
    },
    state::Meeting,
    text::text,
};

/// How many digits a PIN has.
const DIGITS: usize = 4;

/// A field for four digits.
#[component]
pub(crate) fn AskPin() -> impl IntoView {
    view! {
        <Door explanation=text().lobby.pin focus_inside=true>
            <PinForm />
        </Door>
    }
}

/// What the form knows of the PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    state: PinState,
    /// Until when no further one may be tried: milliseconds since 1970.
    until: u64,
}

impl Known {
    const NOTHING: Self = Self {
        state: PinState::Wanted,
        until: 0,
    };

    fn of(state: PinState) -> Self {
        let until = match state {
            PinState::Limited(wait) => clock::now().saturating_add(u64::from(wait)),
            PinState::Wanted | PinState::Wrong => 0,
        };
        Self { state, until }
    }
}

/// How the form is, as the room and the clock change it.
#[derive(Clone, Copy)]
struct Trying {
    known: Memo<Known>,
    /// The PIN is on its way.
    checking: Memo<bool>,
    /// How long no further one may be tried, as a clock shows it.
    wait: Memo<Option<String>>,
    limited: Memo<bool>,
}

impl Trying {
    fn begin(phase: Signal<Phase>) -> Self {
        // while a PIN is tried, what is known of the last one stands
        let known = Memo::new(move |before: Option<&Known>| match phase.get() {
            Phase::AskPin(state) => Known::of(state),
            _ => before.copied().unwrap_or(Known::NOTHING),
        });
        let now = ticking();
        let wait = Memo::new(move |_| {
            let left = remaining(now.get()?, known.get().until);
            (!left.is_over()).then(|| left.clock())
        });
        Self {
            known,
            checking: Memo::new(move |_| matches!(phase.get(), Phase::Joining { .. })),
            wait,
            limited: Memo::new(move |_| wait.with(Option::is_some)),
        }
    }

    /// Nothing can be typed and sent now.
    fn rests(self) -> bool {
        self.checking.get() || self.limited.get()
    }

    /// What was wrong with the last one.
    fn says(self) -> Option<&'static str> {
        let words = &text().lobby;
        match self.known.get().state {
            _ if self.checking.get() => None,
            PinState::Wrong => Some(words.pin_wrong),
            PinState::Limited(_) if self.limited.get() => Some(words.pin_limited),
            PinState::Limited(_) | PinState::Wanted => None,
        }
    }
}

#[component]
fn PinForm() -> impl IntoView {
    let meeting = Meeting::expect();
    let words = &text().lobby;
    let field = NodeRef::<html::Input>::new();
    focus::take(field);
    let trying = Trying::begin(meeting.store.phase.into());
    empty_for_the_next_try(trying.checking, field);
    let enter = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let pin = field.get_untracked().map(|field| field.value());
        if let Some(pin) = pin.filter(|pin| pin.len() == DIGITS) {
            meeting.send(Intent::EnterPin(pin));
        }
    };
    let checking = trying.checking;
    view! {
        <form class="pin" on:submit=enter>
            <PinField field=field trying=trying />
            <button
                type="submit"
                class="button button--primary button--large"
                prop:disabled=move || trying.rests()
            >
                {move || if checking.get() { words.pin_checking } else { words.pin_enter }}
            </button>
        </form>
    }
}

/// The four digits, and what is to be said of them.
#[component]
fn PinField(field: NodeRef<html::Input>, trying: Trying) -> impl IntoView {
    let words = &text().lobby;
    view! {
        <label class="field" for="pin">
            <span class="field__label">{words.pin_label}</span>
            <input
                class="input pin__digits"
                id="pin"
                name="pin"
                node_ref=field
                type="text"
                inputmode="numeric"
                pattern="[0-9]{4}"
                required
                title=words.pin_digits
                autocomplete="one-time-code"
                enterkeyhint="go"
                dir="ltr"
                aria-describedby="pin-says"
                aria-invalid=move || trying.says().map(|_| "true")
                prop:readOnly=move || trying.rests()
                on:input=move |_| keep_digits(field)
            />
        </label>
        <div id="pin-says" class="pin__says">
            <p class="field__hint" data-wrong="true" role="alert">
                {move || trying.says()}
            </p>
            <p class="field__hint" role="timer">
                {move || trying.wait.get().map(|wait| words.pin_again.with(wait))}
            </p>
        </div>
    }
}

/// A PIN that was not right is not shown again; the focus stays with the field.
fn empty_for_the_next_try(checking: Memo<bool>, field: NodeRef<html::Input>) {
    Effect::new(move |before: Option<bool>| {
        let checking = checking.get();
        if before == Some(true)
            && !checking
            && let Some(field) = field.get_untracked()
        {
            field.set_value("");
            let _ = field.focus();
        }
        checking
    });
}

/// Lets nothing but digits stand, and no more than a PIN has.
fn keep_digits(field: NodeRef<html::Input>) {
    let Some(field) = field.get_untracked() else {
        return;
    };
    let typed = field.value();
    let kept = digits(&typed);
    if kept != typed {
        field.set_value(&kept);
    }
}

/// The digits of what was typed, those of Arabic and Persian keyboards, too.
fn digits(typed: &str) -> String {
    let digit = |c: char| match c {
        '0'..='9' => Some(c),
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(c) - 0x660, 10),
        '\u{6f0}'..='\u{6f9}' => char::from_digit(u32::from(c) - 0x6f0, 10),
        _ => None,
    };
    typed.chars().filter_map(digit).take(DIGITS).collect()
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn a_pin_is_read_from_any_keyboard() {
        assert_eq!(digits("12 34"), "1234");
        assert_eq!(digits("١٢٣٤"), "1234");
        assert_eq!(digits("a1b2c3d4e5"), "1234");
        assert_eq!(digits("pin"), "");
    }
}
