//! The time of day in the reader's own way of writing it.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

/// Hours and minutes of a moment, given in milliseconds since 1970.
pub(crate) fn time_of_day(milliseconds: u64, locale: &str) -> String {
    let options = Object::new();
    for (key, value) in [("hour", "numeric"), ("minute", "2-digit")] {
        // a fresh plain object takes any property
        let _ = Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    date(milliseconds)
        .to_locale_time_string_with_options(locale, &options)
        .into()
}

/// The same moment for machines, as `<time datetime>` wants it.
pub(crate) fn machine_time(milliseconds: u64) -> String {
    date(milliseconds).to_iso_string().into()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of a date stay exact for 285,000 years"
)]
fn date(milliseconds: u64) -> Date {
    // beyond the range of dates, conversions would throw
    Date::new(&JsValue::from_f64((milliseconds as f64).min(8.64e15)))
}
