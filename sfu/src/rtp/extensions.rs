//! RTP header extensions (RFC 8285), one- and two-byte form, read in place.

/// Profile of the one-byte form.
pub(super) const ONE_BYTE: u16 = 0xbede;
/// Profile of the two-byte form; its low four bits are free.
pub(super) const TWO_BYTE: u16 = 0x1000;

/// One header extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension<'a> {
    /// Its id on this connection.
    pub id: u8,
    /// Its value; up to 16 bytes in the one-byte form, 255 in the other.
    pub value: &'a [u8],
    /// Where the value starts in the packet.
    pub offset: usize,
}

/// Walks over the extensions of one packet. What is malformed ends the walk;
/// extensions before it count.
#[derive(Debug, Clone)]
pub struct Extensions<'a> {
    form: Form,
    block: &'a [u8],
    at: usize,
    start: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    OneByte,
    TwoByte,
}

impl<'a> Extensions<'a> {
    pub(super) const fn none() -> Self {
        Self {
            form: Form::OneByte,
            block: &[],
            at: 0,
            start: 0,
        }
    }

    pub(super) const fn new(profile: u16, start: usize, block: &'a [u8]) -> Self {
        let form = if profile == ONE_BYTE {
            Form::OneByte
        } else if profile & 0xfff0 == TWO_BYTE {
            Form::TwoByte
        } else {
            return Self::none();
        };
        Self {
            form,
            block,
            at: 0,
            start,
        }
    }

    /// Id and length of the element whose first byte is `first`, and how many
    /// bytes stand before its value.
    #[inline]
    fn element(&self, first: u8) -> Option<(u8, usize, usize)> {
        match self.form {
            // id 15 ends the block (§4.2)
            Form::OneByte if first >> 4 == 15 => None,
            Form::OneByte => Some((first >> 4, usize::from(first & 15) + 1, 1)),
            Form::TwoByte => Some((first, usize::from(*self.block.get(self.at + 1)?), 2)),
        }
    }
}

impl<'a> Iterator for Extensions<'a> {
    type Item = Extension<'a>;

    #[inline]
    fn next(&mut self) -> Option<Extension<'a>> {
        while *self.block.get(self.at)? == 0 {
            self.at += 1;
        }
        let (id, length, before) = self.element(self.block[self.at])?;
        let from = self.at + before;
        let value = self.block.get(from..from + length)?;
        self.at = from + length;
        Some(Extension {
            id,
            value,
            offset: self.start + from,
        })
    }
}
