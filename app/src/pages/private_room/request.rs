//! Asks the server for a private room.

use js_sys::Reflect;
use leptos::prelude::window;
use protocol::RoomKind;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

const ADDRESS: &str = "/api/private-rooms";

/// Four digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pin(String);

impl Pin {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A room that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    /// Its path on this server.
    pub(super) path: String,
    pub(super) pin: Pin,
}

/// Why none was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// The server was not reached.
    Unreachable,
    /// Too many rooms are being made.
    TooMany,
    /// Rooms are entered by token here.
    ByToken,
    /// The server did not make it.
    Refused,
}

/// Has a room made.
pub(super) async fn make(kind: RoomKind, pin: Pin) -> Result<Made, Failure> {
    let response = post(kind, &pin).await.ok_or(Failure::Unreachable)?;
    match response.status() {
        201 => {}
        403 => return Err(Failure::ByToken),
        429 => return Err(Failure::TooMany),
        _ => return Err(Failure::Refused),
    }
    let path = link(&response).await.ok_or(Failure::Refused)?;
    Ok(Made { path, pin })
}

async fn post(kind: RoomKind, pin: &Pin) -> Option<Response> {
    let headers = Headers::new().ok()?;
    headers.set("content-type", "application/json").ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    // neither needs to be escaped: a name of ours, and digits
    let body = format!(r#"{{"kind":"{}","pin":"{}"}}"#, kind.path(), pin.as_str());
    init.set_body(&JsValue::from_str(&body));
    let asked = window().fetch_with_str_and_init(ADDRESS, &init);
    JsFuture::from(asked).await.ok()?.dyn_into().ok()
}

async fn link(response: &Response) -> Option<String> {
    let made = JsFuture::from(response.json().ok()?).await.ok()?;
    let link = Reflect::get(&made, &JsValue::from_str("link")).ok()?;
    link.as_string().filter(|link| link.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_four_digits() {
        assert!(Pin::parse("0042").is_some());
        for wrong in ["", "123", "12345", "12a4", "１２３４"] {
            assert_eq!(Pin::parse(wrong), None, "{wrong}");
        }
    }
}
