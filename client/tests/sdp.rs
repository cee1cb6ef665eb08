//! What is changed in an SDP, and that nothing else is.

use client::sdp::{ANY_SOUND, MUSIC, VOICE, is_recvonly, tune_opus};
use proptest::prelude::{any, proptest};

const SDP: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n\
m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\na=mid:0\r\na=sendonly\r\na=rtpmap:63 red/48000/2\r\n\
a=fmtp:63 111/111\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=0\r\n\
m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=sendonly\r\na=rtpmap:96 VP8/90000\r\n\
m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:2\r\na=recvonly\r\na=rtpmap:111 OPUS/48000/2\r\n";

#[test]
fn parameters_are_set_in_the_chosen_section_only() {
    let tuned = tune_opus(SDP, |mid| (mid == "0").then_some(VOICE));
    let expected = SDP.replace(
        "minptime=10;useinbandfec=0",
        "minptime=10;useinbandfec=1;usedtx=1",
    );
    assert_eq!(tuned, expected);
}

#[test]
fn a_format_without_parameters_gets_its_line() {
    let tuned = tune_opus(SDP, |mid| (mid == "2").then_some(ANY_SOUND));
    let expected = SDP.replace(
        "a=rtpmap:111 OPUS/48000/2\r\n",
        "a=rtpmap:111 OPUS/48000/2\r\na=fmtp:111 stereo=1\r\n",
    );
    assert_eq!(tuned, expected);
}

#[test]
fn sections_without_opus_stay_as_they_are() {
    assert_eq!(tune_opus(SDP, |mid| (mid == "1").then_some(MUSIC)), SDP);
}

#[test]
fn tuning_twice_changes_nothing() {
    let once = tune_opus(SDP, |_| Some(MUSIC));
    assert_eq!(tune_opus(&once, |_| Some(MUSIC)), once);
}

#[test]
fn receiving_sections_are_told_from_sending_ones() {
    assert!(is_recvonly(SDP, "2"));
    assert!(!is_recvonly(SDP, "0") && !is_recvonly(SDP, "7"));
}

proptest! {
    #[test]
    fn any_text_is_survived_and_untouched_text_kept(text in any::<String>()) {
        assert_eq!(tune_opus(&text, |_| None), text);
        let _ = tune_opus(&text, |_| Some(MUSIC));
    }
}
