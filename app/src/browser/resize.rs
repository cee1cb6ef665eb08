//! The size of an element, followed as it changes.

use leptos::{html::ElementType, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{ResizeObserver, ResizeObserverEntry};

use crate::meeting::layout::Size;

/// Watches until it is dropped.
struct Watch {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl Watch {
    fn new(element: &web_sys::Element, size: RwSignal<Size>) -> Option<Self> {
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let Some(entry) = entries.iter().last() else {
                return;
            };
            let entry: ResizeObserverEntry = entry.unchecked_into();
            let rect = entry.content_rect();
            let now = Size {
                width: rect.width(),
                height: rect.height(),
            };
            if size.try_get_untracked().is_some_and(|old| old != now) {
                size.set(now);
            }
        });
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self {
            observer,
            _callback: callback,
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// The size of what is inside an element's padding; zero while it is not shown.
pub(crate) fn size_of<E>(node: NodeRef<E>) -> RwSignal<Size>
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    let size = RwSignal::new(Size::default());
    let watch = StoredValue::new_local(None);
    Effect::new(move |_| {
        if let Some(element) = node.get() {
            watch.set_value(Watch::new(element.unchecked_ref(), size));
        }
    });
    size
}
