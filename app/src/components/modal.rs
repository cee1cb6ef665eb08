//! A dialog over everything. The browser's own `<dialog>` traps the focus,
//! closes on Escape and gives the focus back.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use super::Icon;
use crate::text::text;

/// Shows its children while `open`; asks to be closed through `on_close`.
#[component]
pub(crate) fn Modal(
    #[prop(into)] open: Signal<bool>,
    #[prop(into)] on_close: Callback<()>,
    title: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            // fails only for a dialog that is open already
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let children = StoredValue::new(children);
    let on_backdrop = move |event: leptos::ev::MouseEvent| {
        let target = event
            .target()
            .and_then(|t| t.dyn_into::<web_sys::HtmlDialogElement>().ok());
        if target.is_some() {
            on_close.run(());
        }
    };
    view! {
        <dialog
            class="modal"
            node_ref=node
            aria-label=title
            on:close=move |_| on_close.run(())
            on:click=on_backdrop
        >
            <Show when=move || open.get()>
                <div class="modal__body">
                    <header class="modal__head">
                        <h2>{title}</h2>
                        <button
                            type="button"
                            class="icon-button"
                            aria-label=text().common.close
                            on:click=move |_| on_close.run(())
                        >
                            <Icon glyph=icondata::LuX />
                        </button>
                    </header>
                    {children.read_value()()}
                </div>
            </Show>
        </dialog>
    }
}
