//! The time of day in the reader's own way of writing it, and a clock that
//! ticks.

use std::time::Duration;

use js_sys::{Date, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// Hours and minutes of a moment, given in milliseconds since 1970.
pub(crate) fn time_of_day(milliseconds: u64, locale: &str) -> String {
    let options = options(&[("hour", "numeric"), ("minute", "2-digit")]);
    date(milliseconds)
        .to_locale_time_string_with_options(locale, &options)
        .into()
}

/// The whole moment in the reader's own time zone, which is named.
pub(crate) fn day_and_time(milliseconds: u64, locale: &str) -> String {
    let options = options(&[
        ("weekday", "long"),
        ("day", "numeric"),
        ("month", "long"),
        ("year", "numeric"),
        ("hour", "numeric"),
        ("minute", "2-digit"),
        ("timeZoneName", "short"),
    ]);
    date(milliseconds).to_locale_string(locale, &options).into()
}

/// The time, in milliseconds since 1970, told every second for as long as the
/// calling component stands. None until the browser has taken the page over.
pub(crate) fn ticking() -> RwSignal<Option<u64>> {
    let time = RwSignal::new(None);
    Effect::new(move |_| {
        time.set(Some(now()));
        let timer = set_interval_with_handle(
            move || {
                // the component may have gone with this very tick
                let _ = time.try_set(Some(now()));
            },
            Duration::from_secs(1),
        );
        if let Ok(timer) = timer {
            on_cleanup(move || timer.clear());
        }
    });
    time
}

/// So many seconds as a clock shows them: `4:30`, `3:05:09`.
pub(crate) fn duration(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// Now, in milliseconds since 1970.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a clock before 1970 counts as 1970"
)]
pub(crate) fn now() -> u64 {
    Date::now() as u64
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (key, value) in pairs {
        // a fresh plain object takes any property
        let _ = Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    options
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
