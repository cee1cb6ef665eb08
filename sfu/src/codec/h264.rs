//! H.264 payloads (RFC 6184): where a picture starts that needs no other.

use super::PayloadInfo;

const SPS: u8 = 7;
const STAP_A: u8 = 24;

/// A keyframe starts with its parameter sets: without them no decoder starts,
/// and browsers send them in front of every IDR picture.
pub(super) fn inspect(payload: &[u8]) -> PayloadInfo {
    PayloadInfo {
        keyframe: starts_with_sps(payload),
        ..PayloadInfo::default()
    }
}

fn starts_with_sps(payload: &[u8]) -> bool {
    match payload.first().map(|byte| byte & 0x1f) {
        Some(SPS) => true,
        // the first unit in the aggregate stands after its two length bytes
        Some(STAP_A) => payload.get(3).is_some_and(|byte| byte & 0x1f == SPS),
        _ => false,
    }
}
