use proptest::prelude::*;

use super::*;

const VP8_KEYFRAME: [u8; 16] = [
    0x90,
    0xe0,
    0x80 | 0x12,
    0x34,
    0x07,
    0x20,
    0x10,
    0,
    0,
    0x9d,
    0x01,
    0x2a,
    0x80,
    0x02,
    0x68,
    0x01,
];

fn rewritten(payload: &[u8], codec: Codec, running: Running) -> Vec<u8> {
    let descriptor = inspect(codec, payload).descriptor.expect("a descriptor");
    let mut out = [0; DESCRIPTOR_MAX];
    let (written, replaced) = descriptor.rewrite(payload, running, &mut out);
    [&out[..written], &payload[replaced..]].concat()
}

#[test]
fn vp8_keyframe_tells_its_size_and_fields() {
    let info = inspect(Codec::Vp8, &VP8_KEYFRAME);
    assert!(info.keyframe);
    assert_eq!(
        info.resolution,
        Some(Resolution {
            width: 640,
            height: 360
        })
    );
    let running = info.descriptor.expect("a descriptor").running();
    assert_eq!(running.picture, Some(0x1234));
    assert_eq!(running.base_layer, Some(7));
    assert_eq!(running.key_index, None);
}

#[test]
fn short_picture_ids_grow_to_fifteen_bits() {
    let payload = [0x80, 0x80, 0x05, 0x01, 0xff];
    let running = Running {
        picture: Some(0x345),
        ..Running::default()
    };
    assert_eq!(
        rewritten(&payload, Codec::Vp8, running),
        [0x80, 0x80, 0x83, 0x45, 0x01, 0xff]
    );
}

#[test]
fn vp9_keeps_its_layer_indices() {
    let payload = [0xa8, 0x81, 0x02, 0x20, 0x09, 0xaa];
    let info = inspect(Codec::Vp9 { profile: 0 }, &payload);
    assert!(info.keyframe);
    let running = info.descriptor.expect("a descriptor").running();
    assert_eq!(
        (running.picture, running.base_layer),
        (Some(0x102), Some(9))
    );
    let next = Running {
        picture: Some(1),
        base_layer: Some(2),
        key_index: None,
    };
    assert_eq!(
        rewritten(&payload, Codec::Vp9 { profile: 0 }, next),
        [0xa8, 0x80, 0x01, 0x20, 0x02, 0xaa]
    );
}

#[test]
fn red_gives_up_its_primary_block() {
    let payload = [0x80 | 111, 0, 0, 2, 111, 1, 2, 3, 4, 5];
    let blocks = RedBlocks::parse(&payload).expect("well-formed");
    assert_eq!(blocks.primary(&payload), [3, 4, 5]);
    let mut out = [0; RED_HEADERS_MAX];
    let written = blocks.renumber(&payload, 96, &mut out);
    assert_eq!(out[..written], [0x80 | 96, 0, 0, 2, 96]);
}

proptest! {
    #[test]
    fn no_bytes_make_inspection_or_rewriting_panic(
        payload in proptest::collection::vec(any::<u8>(), 0..48),
        picture in any::<u16>(), base in any::<u8>(), key in any::<u8>(),
    ) {
        let offsets = Running { picture: Some(picture), base_layer: Some(base), key_index: Some(key) };
        for codec in [
            Codec::Vp8,
            Codec::Vp9 { profile: 0 },
            Codec::Av1 { profile: 0 },
            Codec::H264 { profile: 0x42, constraints: 0xe0, packetization_mode: 1 },
        ] {
            let Some(descriptor) = inspect(codec, &payload).descriptor else { continue };
            let mut out = [0; DESCRIPTOR_MAX];
            let (_, replaced) = descriptor.rewrite(&payload, descriptor.running().moved(offsets), &mut out);
            prop_assert!(replaced <= payload.len());
        }
        if let Some(blocks) = RedBlocks::parse(&payload) {
            blocks.primary(&payload);
            blocks.renumber(&payload, 111, &mut [0; RED_HEADERS_MAX]);
        }
    }

    #[test]
    fn rewriting_changes_the_running_fields_and_nothing_else(
        flags in any::<u8>(), rest in proptest::collection::vec(any::<u8>(), 8..32), offset in 0u16..0x8000,
    ) {
        for (codec, first) in [(Codec::Vp8, flags | 0x80), (Codec::Vp9 { profile: 0 }, flags)] {
            let mut payload = vec![first];
            payload.extend(&rest);
            let before = inspect(codec, &payload);
            let Some(descriptor) = before.descriptor else { continue };
            let moved = descriptor.running().moved(Running {
                picture: Some(offset), base_layer: Some(3), key_index: Some(9),
            });
            let mut out = [0; DESCRIPTOR_MAX];
            let (written, replaced) = descriptor.rewrite(&payload, moved, &mut out);
            let after = inspect(codec, &[&out[..written], &payload[replaced..]].concat());
            prop_assert_eq!(after.keyframe, before.keyframe);
            prop_assert_eq!(after.resolution, before.resolution);
            prop_assert_eq!(after.descriptor.expect("still there").running(), moved);
        }
    }

    #[test]
    fn fields_run_on_after_a_switch(last in 0u16..0x8000, now in 0u16..0x8000, tl_last in any::<u8>(), tl in any::<u8>()) {
        let before = Running { picture: Some(last), base_layer: Some(tl_last), key_index: None };
        let first = Running { picture: Some(now), base_layer: Some(tl), key_index: Some(4) };
        let moved = first.moved(first.offsets_after(before));
        prop_assert_eq!(moved.picture, Some((last + 1) & 0x7fff));
        prop_assert_eq!(moved.base_layer, Some(tl_last.wrapping_add(1)));
        prop_assert_eq!(before.latest(moved), Running { key_index: moved.key_index, ..moved });
    }
}
