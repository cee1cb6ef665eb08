//! Redundant audio (RFC 2198): block headers are renumbered, or all but the
//! newest block is taken off.

/// The most block headers that are understood; browsers send two or three.
const BLOCKS_MAX: usize = 8;
/// The most bytes of block headers: four each but the last, which has one.
pub(crate) const RED_HEADERS_MAX: usize = 4 * (BLOCKS_MAX - 1) + 1;

/// Where the parts of a RED payload stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RedBlocks {
    /// Bytes of all block headers.
    headers: usize,
    /// Where the newest block starts.
    primary: usize,
}

impl RedBlocks {
    /// Finds the blocks; `None` when the payload is malformed.
    #[inline]
    pub(crate) fn parse(payload: &[u8]) -> Option<Self> {
        let mut headers = 0;
        let mut redundant = 0;
        while payload.get(headers)? & 0x80 != 0 {
            let header = payload.get(headers..headers + 4)?;
            redundant += usize::from(header[2] & 0x03) << 8 | usize::from(header[3]);
            headers += 4;
            if headers >= RED_HEADERS_MAX {
                return None;
            }
        }
        headers += 1;
        let primary = headers + redundant;
        (primary <= payload.len()).then_some(Self { headers, primary })
    }

    /// The newest block: a plain Opus packet.
    #[inline]
    pub(crate) fn primary<'a>(&self, payload: &'a [u8]) -> &'a [u8] {
        payload.get(self.primary..).unwrap_or_default()
    }

    /// Writes the block headers with another payload type for each block.
    /// Returns the bytes written, which replace as many of the payload.
    #[inline]
    pub(crate) fn renumber(
        &self,
        payload: &[u8],
        pt: u8,
        out: &mut [u8; RED_HEADERS_MAX],
    ) -> usize {
        out[..self.headers].copy_from_slice(&payload[..self.headers]);
        for header in out[..self.headers].iter_mut().step_by(4) {
            *header = *header & 0x80 | pt & 0x7f;
        }
        self.headers
    }
}
