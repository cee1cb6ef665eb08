//! Which camera, microphone and speaker to use.

use client::{
    Intent,
    model::{Device, Input},
};
use leptos::prelude::*;
use protocol::Source;

use crate::{
    components::{Glyph, Icon},
    page::Page,
    state::Meeting,
    text::text,
};

/// The three choices, one below the other; those of them that there are for
/// this participant.
#[component]
pub(crate) fn DeviceSelects(
    /// What stands below the microphone, such as its level.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let meeting = Meeting::expect();
    let store = meeting.store;
    let words = &text().devices;
    // these stand on a welcome screen or in an open dialog: both are made anew
    // sooner than a role changes
    let uses = |source| untrack(|| Page::expect().uses(store, source));
    let camera = uses(Source::Camera).then(|| {
        let (glyph, devices) = (icondata::LuVideo, store.cameras);
        view! {
            <InputSelect source=Source::Camera label=words.camera glyph devices input=store.camera />
        }
    });
    let microphone = uses(Source::Microphone).then(|| {
        let (glyph, devices) = (icondata::LuMic, store.microphones);
        view! {
            <InputSelect
                source=Source::Microphone
                label=words.microphone
                glyph
                devices
                input=store.microphone
            />
            {children.map(|children| children())}
        }
    });
    view! {
        {camera}
        {microphone}
        <DeviceSelect
            label=words.speaker
            glyph=icondata::LuVolume2
            empty=words.system_default
            devices=store.speaker_devices
            chosen=store.speaker
            on_choose=move |id| meeting.send(Intent::ChooseSpeaker(id))
        />
    }
}

/// The cameras, or the microphones.
#[component]
fn InputSelect(
    source: Source,
    label: &'static str,
    glyph: Glyph,
    devices: RwSignal<Vec<Device>>,
    input: RwSignal<Input>,
) -> impl IntoView {
    let meeting = Meeting::expect();
    view! {
        <DeviceSelect
            label
            glyph
            empty=text().devices.none
            devices
            chosen=Signal::derive(move || input.with(|input| input.device.clone()))
            on_choose=move |id| meeting.send(Intent::ChooseInput(source, id))
        />
    }
}

/// One choice. It is closed while there is nothing to choose from.
#[component]
fn DeviceSelect(
    label: &'static str,
    glyph: Glyph,
    /// What stands there while the list is empty.
    empty: &'static str,
    #[prop(into)] devices: Signal<Vec<Device>>,
    #[prop(into)] chosen: Signal<Option<String>>,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let started = Meeting::expect().store.started;
    let options = move || {
        let devices = devices.get();
        if devices.is_empty() {
            let empty = if started.get() {
                empty
            } else {
                text().common.loading
            };
            return view! { <option>{empty}</option> }.into_any();
        }
        devices
            .into_iter()
            .enumerate()
            .map(|(index, device)| {
                let name = name(&device, label, index);
                let id = device.id.clone();
                let selected = move || chosen.with(|chosen| chosen.as_deref() == Some(&*id));
                view! {
                    <option value=device.id prop:selected=selected>
                        {name}
                    </option>
                }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <label class="field field--device">
            <Icon glyph=glyph />
            <span class="visually-hidden">{label}</span>
            <select
                class="select"
                prop:disabled=move || devices.with(Vec::is_empty)
                on:change=move |event| on_choose.run(event_target_value(&event))
            >
                {options}
            </select>
        </label>
    }
}

/// A device's name; before permission was given browsers tell none.
fn name(device: &Device, kind: &str, index: usize) -> String {
    if device.label.is_empty() {
        text().devices.unnamed(kind, index + 1)
    } else {
        device.label.clone()
    }
}
