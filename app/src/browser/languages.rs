//! What languages are called by those who speak them.

use js_sys::{Array, Function, Object, Reflect, global};
use wasm_bindgen::{JsCast, JsValue};

/// A language's own name, capitalised as it stands in a list; its tag where
/// the browser knows no name.
pub(crate) fn own_name(tag: &str) -> String {
    lookup(tag).map_or_else(|| tag.to_owned(), |name| capitalised(&name))
}

/// `Intl.DisplayNames`, called so that a malformed tag is an error and not an
/// exception that nobody catches.
fn lookup(tag: &str) -> Option<String> {
    let tag = JsValue::from_str(tag);
    let names = property(&property(&global(), "Intl")?, "DisplayNames")?;
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &"language".into()).ok()?;
    let arguments = Array::of2(&Array::of1(&tag), &options);
    let names = Reflect::construct(names.dyn_ref::<Function>()?, &arguments).ok()?;
    let of: Function = property(&names, "of")?.dyn_into().ok()?;
    of.call1(&names, &tag).ok()?.as_string()
}

fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok()
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next();
    first
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}
