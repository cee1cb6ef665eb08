//! The dependency descriptor (AV1 RTP specification, appendix A), of which
//! only the frame number must run on over changes of the source. Templates are
//! relative to it, and every keyframe brings its own templates.

/// Bytes of the mandatory fields.
const MANDATORY: usize = 3;

/// The 16-bit number of a frame, in bytes 1 and 2 of a descriptor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct FrameNumber(pub(crate) u16);

impl FrameNumber {
    /// Reads it; `None` when the descriptor is too short.
    #[inline]
    pub(crate) fn read(descriptor: &[u8]) -> Option<Self> {
        let bytes = descriptor.get(1..MANDATORY)?;
        Some(Self(u16::from_be_bytes([bytes[0], bytes[1]])))
    }

    /// Writes it into a descriptor that [`FrameNumber::read`] understood.
    #[inline]
    pub(crate) fn write(self, descriptor: &mut [u8]) {
        if let Some(bytes) = descriptor.get_mut(1..MANDATORY) {
            bytes.copy_from_slice(&self.0.to_be_bytes());
        }
    }
}
