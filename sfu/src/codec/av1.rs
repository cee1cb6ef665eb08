//! The AV1 aggregation header (AV1 RTP specification §4.4).

use super::PayloadInfo;

/// First packet of a coded video sequence.
const N: u8 = 0x08;

pub(super) fn inspect(payload: &[u8]) -> PayloadInfo {
    PayloadInfo {
        keyframe: payload.first().is_some_and(|byte| byte & N != 0),
        ..PayloadInfo::default()
    }
}
