//! Whatever bytes arrive as RTP, reading them does not panic and never leaves
//! the packet; what is written is read back.

use proptest::{collection::vec, prelude::*};
use sfu::rtp::{Header, HeaderFields, HeaderWriter, MAX_HEADER};

/// Reads all that can be read and checks that it lies within the packet.
fn read(packet: &[u8]) {
    let Ok(header) = Header::parse(packet) else {
        return;
    };
    assert!(header.length >= 12 && header.length <= packet.len());
    assert!(header.payload_type < 128);
    for extension in header.extensions(packet) {
        let end = extension.offset + extension.value.len();
        assert!(end <= header.length, "an extension leaves the header");
        assert_eq!(extension.value, &packet[extension.offset..end]);
    }
    if let Ok(payload) = header.payload(packet) {
        assert!(header.length + payload.len() <= packet.len());
        assert_eq!(header.padding, header.length + payload.len() < packet.len());
    }
}

fn fields() -> impl Strategy<Value = HeaderFields> {
    let flags = (any::<bool>(), any::<bool>(), 0u8..128);
    (flags, any::<u16>(), any::<u32>(), any::<u32>()).prop_map(
        |((marker, padding, payload_type), sequence, timestamp, ssrc)| HeaderFields {
            payload_type,
            marker,
            padding,
            sequence,
            timestamp,
            ssrc,
        },
    )
}

/// Id and value.
type Extension = (u8, Vec<u8>);

fn extensions() -> impl Strategy<Value = Vec<Extension>> {
    vec((any::<u8>(), vec(any::<u8>(), 0..40)), 0..12)
}

/// Writes a header; returns it with the extensions that found room.
fn write(fields: &HeaderFields, two_byte: bool, all: &[Extension]) -> (Vec<u8>, Vec<Extension>) {
    let mut writer = match two_byte {
        true => HeaderWriter::two_byte(fields),
        false => HeaderWriter::new(fields),
    };
    let mut written = Vec::new();
    for (id, value) in all {
        if writer.extension(*id, value) {
            written.push((*id, value.clone()));
        }
    }
    (writer.finish().to_vec(), written)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_bytes_panic(packet in vec(any::<u8>(), 0..200)) {
        read(&packet);
    }

    #[test]
    fn no_bytes_with_an_rtp_head_panic(
        first in 0x80u8..0xc0,
        profile in prop_oneof![Just([0xbe, 0xde]), Just([0x10, 0x00]), any::<[u8; 2]>()],
        words in 0u8..20,
        rest in vec(any::<u8>(), 0..120),
    ) {
        let csrc = vec![0; 4 * usize::from(first & 15)];
        let fixed = [first, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
        read(&[&fixed[..], &csrc, &profile, &[0, words], &rest].concat());
    }

    #[test]
    fn no_cut_or_changed_packet_panics(
        (fields, two_byte, extensions) in (fields(), any::<bool>(), extensions()),
        payload in vec(any::<u8>(), 0..60),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        length in any::<prop::sample::Index>(),
    ) {
        let (mut packet, _) = write(&fields, two_byte, &extensions);
        packet.extend(payload);
        for (at, byte) in changes {
            let at = at.index(packet.len());
            packet[at] = byte;
        }
        read(&packet);
        packet.truncate(length.index(packet.len() + 1));
        read(&packet);
    }

    #[test]
    fn what_is_written_is_read_back(
        (fields, two_byte, extensions) in (fields(), any::<bool>(), extensions()),
        payload in vec(any::<u8>(), 1..60),
    ) {
        let fields = HeaderFields { padding: false, ..fields };
        let (mut packet, written) = write(&fields, two_byte, &extensions);
        let length = packet.len();
        prop_assert!(length <= MAX_HEADER && length % 4 == 0);
        packet.extend(&payload);
        let header = Header::parse(&packet).expect("own header");
        prop_assert_eq!(header.length, length);
        prop_assert_eq!(
            (header.payload_type, header.marker, header.sequence, header.timestamp, header.ssrc),
            (fields.payload_type, fields.marker, fields.sequence, fields.timestamp, fields.ssrc)
        );
        prop_assert_eq!(header.payload(&packet), Ok(&payload[..]));
        let read: Vec<Extension> =
            header.extensions(&packet).map(|e| (e.id, e.value.to_vec())).collect();
        prop_assert_eq!(read, written);
    }
}
