//! Vectors of RFC 3711, RFC 7714 and libsrtp, and what must be refused.

use super::{
    Inbound, KeyingMaterial, MAX_OVERHEAD, Outbound, Profile, Rejected,
    gcm::Gcm,
    kdf::{MasterKey, RTP_LABELS},
};

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
    digits
        .chunks(2)
        .map(|pair| (pair[0] * 16 + pair[1]) as u8)
        .collect()
}

fn master(key: &str, salt: &str) -> MasterKey {
    let mut master = MasterKey {
        key: bytes(key).try_into().unwrap(),
        salt: [0; 14],
    };
    let salt = bytes(salt);
    master.salt[..salt.len()].copy_from_slice(&salt);
    master
}

fn rfc3711_master() -> MasterKey {
    master(
        "E1F97A0D3E018BE0D64FA32C06DE4139",
        "0EC675AD498AFEEBB6960B3AABE6",
    )
}

fn gcm_master() -> MasterKey {
    master(
        "000102030405060708090a0b0c0d0e0f",
        "a0a1a2a3a4a5a6a7a8a9aaab",
    )
}

const PLAIN_RTP: &str = "800f1234decafbadcafebabe abababababababababababababababab";
const PLAIN_RTCP: &str = "81c8000bcafebabe abababababababababababababababab";

fn room_for(packet: &[u8]) -> Vec<u8> {
    let mut buffer = packet.to_vec();
    buffer.resize(packet.len() + MAX_OVERHEAD, 0);
    buffer
}

/// An SRTCP packet with index 1, the second of a sender: libsrtp's first.
fn second_rtcp(outbound: &mut Outbound, plain: &[u8]) -> Vec<u8> {
    outbound
        .protect_rtcp(&mut room_for(plain), plain.len())
        .unwrap();
    let mut buffer = room_for(plain);
    let length = outbound.protect_rtcp(&mut buffer, plain.len()).unwrap();
    buffer[..length].to_vec()
}

fn protected_rtp(outbound: &Outbound, plain: &[u8], index: u64) -> Vec<u8> {
    let mut buffer = room_for(plain);
    let length = outbound.protect_rtp(&mut buffer, 12, plain.len(), index);
    buffer[..length].to_vec()
}

fn check(profile: Profile, master: fn() -> MasterKey, rtp: &str, rtcp: &str) {
    let mut outbound = Outbound::new(profile, &master());
    let mut inbound = Inbound::new(profile, &master());

    let mut packet = protected_rtp(&outbound, &bytes(PLAIN_RTP), 0x1234);
    assert_eq!(packet, bytes(rtp));
    assert_eq!(inbound.unprotect_rtp(&mut packet, 12), Ok((28, 0x1234)));
    assert_eq!(packet[..28], bytes(PLAIN_RTP));

    let mut packet = second_rtcp(&mut outbound, &bytes(PLAIN_RTCP));
    assert_eq!(packet, bytes(rtcp));
    assert_eq!(inbound.unprotect_rtcp(&mut packet), Ok(24));
    assert_eq!(packet[..24], bytes(PLAIN_RTCP));
}

#[test]
fn session_keys_are_those_of_rfc_3711_b3() {
    let master = rfc3711_master();
    assert_eq!(
        master.derive::<16>(0).to_vec(),
        bytes("C61E7A93744F39EE10734AFE3FF7A087")
    );
    assert_eq!(
        master.derive::<14>(2).to_vec(),
        bytes("30CBBC08863D8C85D49DB34A9AE1")
    );
    assert_eq!(
        master.derive::<20>(1).to_vec(),
        bytes("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4")
    );
}

#[test]
fn aes_cm_packets_are_those_of_libsrtp() {
    check(
        Profile::AesCm128HmacSha1_80,
        rfc3711_master,
        "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb",
        "81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798",
    );
}

#[test]
fn gcm_packets_are_those_of_libsrtp() {
    check(
        Profile::AeadAes128Gcm,
        gcm_master,
        "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392",
        "81c8000bcafebabec98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e80000001",
    );
}

#[test]
fn gcm_of_rtp_is_that_of_rfc_7714_16_1_1() {
    let gcm = Gcm::with_session_keys(
        &bytes("000102030405060708090a0b0c0d0e0f"),
        bytes("517569642070726f2071756f").try_into().unwrap(),
    );
    let packet = bytes(
        "8040f17b8041f8d35501a0b2\
         47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573",
    );
    let mut text = packet[12..].to_vec();
    let tag = gcm.seal(gcm.rtp_nonce(0x5501_a0b2, 0xf17b), &packet[..12], &mut text);
    assert_eq!(
        [text, tag.to_vec()].concat(),
        bytes(
            "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833\
             899d7f27beb16a9152cf765ee4390cce"
        )
    );
}

#[test]
fn gcm_and_rtp_labels_give_different_keys_for_rtcp() {
    let rtp = gcm_master().derive::<16>(RTP_LABELS.encryption);
    let rtcp = gcm_master().derive::<16>(super::kdf::RTCP_LABELS.encryption);
    assert_ne!(rtp, rtcp);
}

const PROFILES: [(Profile, fn() -> MasterKey); 2] = [
    (Profile::AeadAes128Gcm, gcm_master),
    (Profile::AesCm128HmacSha1_80, rfc3711_master),
];

#[test]
fn a_changed_bit_anywhere_is_noticed() {
    for (profile, master) in PROFILES {
        let mut outbound = Outbound::new(profile, &master());
        let rtp = protected_rtp(&outbound, &bytes(PLAIN_RTP), 0x1234);
        let rtcp = second_rtcp(&mut outbound, &bytes(PLAIN_RTCP));
        for byte in 4..rtp.len() {
            let mut forged = rtp.clone();
            forged[byte] ^= 1;
            let mut inbound = Inbound::new(profile, &master());
            assert_eq!(
                inbound.unprotect_rtp(&mut forged, 12),
                Err(Rejected::Forged)
            );
        }
        for byte in 0..rtcp.len() {
            let mut forged = rtcp.clone();
            forged[byte] ^= 1;
            let mut inbound = Inbound::new(profile, &master());
            assert_eq!(inbound.unprotect_rtcp(&mut forged), Err(Rejected::Forged));
        }
    }
}

#[test]
fn replayed_short_and_plain_packets_are_refused() {
    for (profile, master) in PROFILES {
        let mut outbound = Outbound::new(profile, &master());
        let mut inbound = Inbound::new(profile, &master());
        let rtp = protected_rtp(&outbound, &bytes(PLAIN_RTP), 0x1234);
        assert!(inbound.unprotect_rtp(&mut rtp.clone(), 12).is_ok());
        assert_eq!(
            inbound.unprotect_rtp(&mut rtp.clone(), 12),
            Err(Rejected::Replayed)
        );
        let rtcp = second_rtcp(&mut outbound, &bytes(PLAIN_RTCP));
        assert!(inbound.unprotect_rtcp(&mut rtcp.clone()).is_ok());
        assert_eq!(
            inbound.unprotect_rtcp(&mut rtcp.clone()),
            Err(Rejected::Replayed)
        );
        for length in 0..22 {
            let short = &mut rtp[..length].to_vec();
            assert_eq!(inbound.unprotect_rtp(short, 12), Err(Rejected::Short));
            let short = &mut rtcp[..length].to_vec();
            assert_eq!(inbound.unprotect_rtcp(short), Err(Rejected::Short));
        }
        let at = match profile {
            Profile::AeadAes128Gcm => rtcp.len() - 4,
            Profile::AesCm128HmacSha1_80 => rtcp.len() - 14,
        };
        let mut plain = rtcp.clone();
        plain[at] &= 0x7f;
        assert_eq!(inbound.unprotect_rtcp(&mut plain), Err(Rejected::Plain));
    }
}

#[test]
fn the_rollover_counter_is_followed() {
    for (profile, master) in PROFILES {
        let outbound = Outbound::new(profile, &master());
        let mut inbound = Inbound::new(profile, &master());
        let mut plain = bytes(PLAIN_RTP);
        for index in (65_000..300_000_u64).step_by(501) {
            plain[2..4].copy_from_slice(&(index as u16).to_be_bytes());
            let mut packet = protected_rtp(&outbound, &plain, index);
            assert_eq!(inbound.unprotect_rtp(&mut packet, 12), Ok((28, index)));
        }
    }
}

#[test]
fn each_side_protects_with_its_own_keys() {
    for profile in [Profile::AeadAes128Gcm, Profile::AesCm128HmacSha1_80] {
        let output: Vec<u8> = (0..KeyingMaterial::length(profile) as u8).collect();
        let keys = KeyingMaterial::from_exporter(profile, &output).unwrap();
        let mut packet = protected_rtp(&Outbound::server(&keys), &bytes(PLAIN_RTP), 0x1234);
        assert!(
            Inbound::client(&keys)
                .unprotect_rtp(&mut packet, 12)
                .is_ok()
        );
        let mut packet = protected_rtp(&Outbound::client(&keys), &bytes(PLAIN_RTP), 0x1234);
        assert!(
            Inbound::server(&keys)
                .unprotect_rtp(&mut packet, 12)
                .is_ok()
        );
        assert!(KeyingMaterial::from_exporter(profile, &output[1..]).is_none());
    }
}
