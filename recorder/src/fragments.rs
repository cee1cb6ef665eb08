//! Where a fragmented MP4 that was cut off is whole (ISO/IEC 14496-12).

use std::{
    fs::OpenOptions,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

/// The length of the beginning of a file that is whole: `ftyp`, `moov` and
/// pairs of `moof` and `mdat`.
///
/// # Errors
/// When it cannot be read.
pub fn whole_length(file: &mut (impl Read + Seek)) -> io::Result<u64> {
    let end = file.seek(SeekFrom::End(0))?;
    let (mut at, mut whole) = (0, 0);
    while let Some((size, kind)) = header(file, at, end)? {
        if size < 8 || at + size > end {
            break;
        }
        at += size;
        // a `moof` alone describes what is not there
        if kind != *b"moof" {
            whole = at;
        }
    }
    Ok(whole)
}

/// Cuts off what came of a fragment that is not whole.
pub(crate) fn trim(path: &Path) -> io::Result<u64> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let whole = whole_length(&mut file)?;
    file.set_len(whole)?;
    file.sync_data()?;
    Ok(whole)
}

/// Size and kind of the box at a place.
fn header(file: &mut (impl Read + Seek), at: u64, end: u64) -> io::Result<Option<(u64, [u8; 4])>> {
    if end < at + 8 {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(at))?;
    let mut head = [0; 8];
    file.read_exact(&mut head)?;
    let [a, b, c, d, kind @ ..] = head;
    let size = match u32::from_be_bytes([a, b, c, d]) {
        // to the end of the file: nobody knows whether that is whole
        0 => return Ok(None),
        1 => match large_size(file, at, end)? {
            Some(size) => size,
            None => return Ok(None),
        },
        size => size.into(),
    };
    Ok(Some((size, kind)))
}

fn large_size(file: &mut impl Read, at: u64, end: u64) -> io::Result<Option<u64>> {
    if end < at + 16 {
        return Ok(None);
    }
    let mut size = [0; 8];
    file.read_exact(&mut size)?;
    Ok(Some(u64::from_be_bytes(size)))
}

/// Cuts off what is not whole, where that was not done yet. Gives whether
/// anything is left; a file that was never made has nothing.
pub(crate) fn mend(path: &Path) -> io::Result<bool> {
    match trim(path) {
        Ok(length) => Ok(length > 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn boxed(kind: &[u8; 4], body: usize) -> Vec<u8> {
        let size = u32::try_from(body + 8).expect("a small box");
        let mut all = size.to_be_bytes().to_vec();
        all.extend(kind);
        all.extend(std::iter::repeat_n(7, body));
        all
    }

    #[test]
    fn a_fragment_that_is_not_whole_does_not_count() {
        let mut file = boxed(b"ftyp", 4);
        file.extend(boxed(b"moov", 100));
        file.extend(boxed(b"moof", 20));
        file.extend(boxed(b"mdat", 50));
        let whole = file.len() as u64;
        file.extend(boxed(b"moof", 20));
        file.extend(boxed(b"mdat", 50));
        for cut in whole..file.len() as u64 {
            let cut = usize::try_from(cut).expect("small");
            let mut short = Cursor::new(&file[..cut]);
            assert_eq!(whole_length(&mut short).expect("read"), whole, "{cut}");
        }
        let all = file.len() as u64;
        assert_eq!(whole_length(&mut Cursor::new(&file)).expect("read"), all);
    }

    #[test]
    fn nothing_is_whole_in_nothing() {
        for bytes in [&b""[..], b"\0\0\0", b"\0\0\0\0ftyp", b"\0\0\0\x07ftyp"] {
            assert_eq!(whole_length(&mut Cursor::new(bytes)).expect("read"), 0);
        }
    }
}
