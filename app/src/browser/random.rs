//! Random bytes, on either side.

/// Bytes that nobody can guess.
#[cfg(feature = "ssr")]
pub(crate) fn bytes() -> [u8; 8] {
    rand::random()
}

/// Bytes that nobody can guess.
#[cfg(not(feature = "ssr"))]
pub(crate) fn bytes() -> [u8; 8] {
    let mut bytes = [0; 8];
    if let Ok(crypto) = leptos::prelude::window().crypto() {
        // fails for more than 65,536 bytes only
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}
