//! Small dealings with JavaScript objects that `web-sys` has no types for.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A property, or undefined.
pub(crate) fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Whether an object has a property that is neither undefined nor null.
pub(crate) fn has(object: &JsValue, key: &str) -> bool {
    let value = get(object, key);
    !value.is_undefined() && !value.is_null()
}

/// Sets a property; an object that takes none (a browser without the feature)
/// stays as it is.
pub(crate) fn set(object: &JsValue, key: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(object, &key.into(), &value.into());
}

/// A plain object.
pub(crate) fn object<const N: usize>(fields: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (key, value) in fields {
        set(&object, key, value);
    }
    object
}

/// The `name` of an exception, such as `NotAllowedError`.
pub(crate) fn error_name(error: &JsValue) -> String {
    get(error, "name").as_string().unwrap_or_default()
}

/// Calls a method without arguments; undefined when it is missing or throws.
pub(crate) fn call(object: &JsValue, method: &str) -> JsValue {
    get(object, method)
        .dyn_ref::<Function>()
        .and_then(|function| function.call0(object).ok())
        .unwrap_or(JsValue::UNDEFINED)
}
