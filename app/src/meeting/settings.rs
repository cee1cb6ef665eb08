//! The settings dialog: devices, name, colours, shortcuts.

use leptos::prelude::*;

use crate::{
    browser::theme::Theme,
    components::{LanguageChoice, Modal, Segment, Segmented},
    devices::{DeviceProblems, DeviceSelects, LevelMeter},
    prejoin::name::NameField,
    state::{Desk, Overlay},
    text::text,
};

/// Everything that can be set; each change takes effect at once.
#[component]
pub(super) fn SettingsDialog() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = text();
    view! {
        <Modal
            open=Signal::derive(move || desk.overlay.get() == Some(Overlay::Settings))
            on_close=move |()| close(desk)
            title=words.settings.title
        >
            <section class="settings__part" aria-label=words.settings.devices>
                <DeviceSelects>
                    <LevelMeter />
                </DeviceSelects>
                <DeviceProblems />
            </section>
            <section class="settings__part">
                <NameField id="settings-name" label=words.settings.name />
            </section>
            <section class="settings__part">
                <ThemeChoice />
                <LanguageChoice />
            </section>
            <section class="settings__part">
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || desk.shortcuts.get()
                        on:change=move |event| desk.set_shortcuts(event_target_checked(&event))
                    />
                    <span>
                        {words.settings.shortcuts}
                        <small>{words.settings.shortcuts_hint}</small>
                    </span>
                </label>
            </section>
        </Modal>
    }
}

fn close(desk: Desk) {
    desk.overlay.update(|overlay| {
        if *overlay == Some(Overlay::Settings) {
            *overlay = None;
        }
    });
}

/// Light, dark, or as the system has it.
#[component]
fn ThemeChoice() -> impl IntoView {
    let theme = expect_context::<RwSignal<Theme>>();
    let words = &text().settings;
    let segments = Theme::ALL
        .into_iter()
        .map(|choice| Segment {
            label: words.theme(choice),
            chosen: Signal::derive(move || theme.get() == choice),
            choose: Callback::new(move |()| {
                theme.set(choice);
                choice.remember();
            }),
        })
        .collect();
    view! { <Segmented legend=words.look name="theme" segments=segments /> }
}
