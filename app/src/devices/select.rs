//! Which camera, microphone and speaker to use.

use client::{Intent, model::Device};
use leptos::prelude::*;
use protocol::Source;

use crate::{
    components::{Glyph, Icon},
    state::Meeting,
    text::text,
};

/// The three choices, one below the other.
#[component]
pub(crate) fn DeviceSelects(
    /// What stands below the microphone, such as its level.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let meeting = Meeting::expect();
    let store = meeting.store;
    let words = &text().devices;
    view! {
        <DeviceSelect
            label=words.camera
            glyph=icondata::LuVideo
            empty=words.none
            devices=store.cameras
            chosen=Signal::derive(move || store.camera.with(|camera| camera.device.clone()))
            on_choose=move |id| meeting.send(Intent::ChooseInput(Source::Camera, id))
        />
        <DeviceSelect
            label=words.microphone
            glyph=icondata::LuMic
            empty=words.none
            devices=store.microphones
            chosen=Signal::derive(move || store.microphone.with(|mic| mic.device.clone()))
            on_choose=move |id| meeting.send(Intent::ChooseInput(Source::Microphone, id))
        />
        {children.map(|children| children())}
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
        (text().devices.unnamed)(kind, index + 1)
    } else {
        device.label.clone()
    }
}
