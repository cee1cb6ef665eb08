//! Where a Matroska stream that was cut off is whole (RFC 9559, on RFC 8794).

use std::{
    fs::OpenOptions,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

/// Holds everything but the head. Who streams does not know its size.
const SEGMENT: u32 = 0x1853_8067;
/// Holds pictures and sound of some time.
const CLUSTER: u32 = 0x1F43_B675;
/// The longest beginning of an element: its id and its size.
const HEADER_MAX: u64 = 4 + 8;

/// The length of the beginning of a file that is whole: up to the last element
/// of which nothing is missing.
fn whole_length(file: &mut (impl Read + Seek)) -> io::Result<u64> {
    let end = file.seek(SeekFrom::End(0))?;
    let (mut at, mut whole) = (0, 0);
    while let Some(element) = Element::at(file, at, end)? {
        at += element.header;
        if matches!(element.id, SEGMENT | CLUSTER) {
            // what is in it counts
            continue;
        }
        let next = element.size.and_then(|size| at.checked_add(size));
        let Some(next) = next.filter(|next| *next <= end) else {
            break;
        };
        (at, whole) = (next, next);
    }
    Ok(whole)
}

/// Cuts off what is not whole. Gives whether anything is left; a file that was
/// never made has nothing.
pub(crate) fn mend(path: &Path) -> io::Result<bool> {
    match trim(path) {
        Ok(length) => Ok(length > 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn trim(path: &Path) -> io::Result<u64> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let whole = whole_length(&mut file)?;
    file.set_len(whole)?;
    file.sync_data()?;
    Ok(whole)
}

/// The beginning of an element.
struct Element {
    id: u32,
    /// The bytes of id and size.
    header: u64,
    /// The bytes that follow; nothing where nobody knew.
    size: Option<u64>,
}

impl Element {
    /// The element at a place, if so much of it is there.
    fn at(file: &mut (impl Read + Seek), at: u64, end: u64) -> io::Result<Option<Self>> {
        let mut bytes = Vec::with_capacity(16);
        file.seek(SeekFrom::Start(at))?;
        file.take(HEADER_MAX.min(end - at))
            .read_to_end(&mut bytes)?;
        Ok(Self::read(&bytes))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (id, id_length) = number(bytes)?;
        let (size, size_length) = number(&bytes[id_length..])?;
        // the bit that tells the length belongs to an id, and not to a size
        let marker = 1 << (7 * size_length);
        let size = size ^ marker;
        Some(Self {
            id: u32::try_from(id).ok()?,
            header: (id_length + size_length) as u64,
            size: (size != marker - 1).then_some(size),
        })
    }
}

/// A number of variable length, with the bit that tells its length, and that.
fn number(bytes: &[u8]) -> Option<(u64, usize)> {
    let length = bytes.first()?.leading_zeros() as usize + 1;
    let bytes = bytes.get(..length).filter(|_| length <= 8)?;
    let value = bytes
        .iter()
        .fold(0, |value, byte| value << 8 | u64::from(*byte));
    Some((value, length))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    const UNKNOWN: [u8; 8] = [0x01, 255, 255, 255, 255, 255, 255, 255];

    fn element(id: &[u8], body: usize) -> Vec<u8> {
        let mut all = id.to_vec();
        let size = u16::try_from(body).expect("a small element");
        all.extend((size | 0x4000).to_be_bytes());
        all.extend(std::iter::repeat_n(0x1F, body));
        all
    }

    /// What a browser streams: head, tracks, and two clusters of two blocks.
    fn stream() -> Vec<u8> {
        let mut file = element(&[0x1A, 0x45, 0xDF, 0xA3], 35);
        file.extend(SEGMENT.to_be_bytes());
        file.extend(UNKNOWN);
        file.extend(element(&[0x16, 0x54, 0xAE, 0x6B], 127));
        for _ in 0..2 {
            file.extend(CLUSTER.to_be_bytes());
            file.extend(UNKNOWN);
            file.extend(element(&[0xE7], 2));
            file.extend(element(&[0xA3], 500));
            file.extend(element(&[0xA3], 40));
        }
        file
    }

    fn whole(bytes: &[u8]) -> usize {
        let length = whole_length(&mut Cursor::new(bytes)).expect("read");
        usize::try_from(length).expect("small")
    }

    #[test]
    fn a_block_that_is_not_whole_does_not_count() {
        let file = stream();
        let before = file.len() - element(&[0xA3], 40).len();
        for cut in before..file.len() {
            assert_eq!(whole(&file[..cut]), before, "{cut}");
        }
        assert_eq!(whole(&file), file.len());
    }

    #[test]
    fn the_beginning_of_a_cluster_is_nothing() {
        let file = stream();
        let second = (0..file.len() - 4)
            .rfind(|at| file[*at..*at + 4] == CLUSTER.to_be_bytes())
            .expect("a cluster");
        for cut in second..second + 12 {
            assert_eq!(whole(&file[..cut]), second, "{cut}");
        }
    }

    #[test]
    fn nothing_is_whole_in_nothing() {
        for bytes in [
            &b""[..],
            b"\0\0\0",
            b"\x1A\x45",
            b"\xA3\xFF",
            b"\xA3\x85abc",
        ] {
            assert_eq!(whole(bytes), 0, "{bytes:?}");
        }
    }
}
