//! A few choices side by side, of which one holds: radio buttons that look like one.

use leptos::prelude::*;

/// A choice: its value for the form, its label, whether it holds.
pub(crate) struct Segment {
    pub(crate) label: &'static str,
    pub(crate) chosen: Signal<bool>,
    pub(crate) choose: Callback<()>,
}

/// A group of radio buttons with a legend.
#[component]
pub(crate) fn Segmented(
    /// The group's name for people.
    legend: &'static str,
    /// The group's name for the form.
    name: &'static str,
    /// The choices.
    segments: Vec<Segment>,
) -> impl IntoView {
    let choices = segments
        .into_iter()
        .map(|segment| {
            view! {
                <label class="segmented__choice">
                    <input
                        type="radio"
                        name=name
                        prop:checked=move || segment.chosen.get()
                        on:change=move |_| segment.choose.run(())
                    />
                    <span>{segment.label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="segmented">
            <legend>{legend}</legend>
            <div class="segmented__row">{choices}</div>
        </fieldset>
    }
}
