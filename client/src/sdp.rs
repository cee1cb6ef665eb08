//! Fine tuning of Opus (RFC 7587) in session descriptions.
//!
//! What the browser gives no interface for is said in the `a=fmtp` lines of
//! its own format: pure text in, text out. Everything else in an SDP is left
//! as it is.

/// Parameters of an Opus format, by name.
pub type Parameters<'a> = &'a [(&'a str, &'a str)];

/// What a speaking voice wants: nothing is sent while nobody speaks, lost
/// packets are repaired from the next ones.
pub const VOICE: Parameters<'static> = &[("useinbandfec", "1"), ("usedtx", "1")];

/// What a film or music wants.
pub const MUSIC: Parameters<'static> = &[
    ("useinbandfec", "1"),
    ("usedtx", "0"),
    ("stereo", "1"),
    ("sprop-stereo", "1"),
    ("maxaveragebitrate", "128000"),
];

/// What a slot wants that carries a voice now and music then: stereo is played
/// as such when it comes.
pub const ANY_SOUND: Parameters<'static> = &[("stereo", "1")];

/// Sets parameters of Opus in the m-sections that `choose` names, by their
/// `a=mid`.
#[must_use]
pub fn tune_opus<'p>(sdp: &str, choose: impl Fn(&str) -> Option<Parameters<'p>>) -> String {
    let mut tuned = String::with_capacity(sdp.len() + 512);
    for section in sections(sdp) {
        let mid = value_of(section, "a=mid:");
        match mid.and_then(&choose).zip(opus_format(section)) {
            Some((parameters, format)) => tune_section(section, format, parameters, &mut tuned),
            None => tuned.push_str(section),
        }
    }
    tuned
}

/// The session part and each m-section, line ends included.
fn sections(sdp: &str) -> Vec<&str> {
    let starts = sdp.match_indices("\nm=").map(|(index, _)| index + 1);
    let starts: Vec<usize> = std::iter::once(0).chain(starts).collect();
    let ends = starts.iter().copied().skip(1).chain([sdp.len()]);
    starts.iter().zip(ends).map(|(&a, b)| &sdp[a..b]).collect()
}

fn value_of<'a>(section: &'a str, prefix: &str) -> Option<&'a str> {
    section.lines().find_map(|line| line.strip_prefix(prefix))
}

/// The payload type of Opus.
fn opus_format(section: &str) -> Option<&str> {
    section.lines().find_map(|line| {
        let (format, codec) = line.strip_prefix("a=rtpmap:")?.split_once(' ')?;
        let name = codec.split('/').next()?;
        name.eq_ignore_ascii_case("opus").then_some(format)
    })
}

fn tune_section(section: &str, format: &str, parameters: Parameters<'_>, out: &mut String) {
    let fmtp = format!("a=fmtp:{format} ");
    let rtpmap = format!("a=rtpmap:{format} ");
    let has_fmtp = value_of(section, &fmtp).is_some();
    for line in section.split_inclusive('\n') {
        if let Some(present) = line.strip_prefix(&fmtp) {
            push_fmtp(&fmtp, present.trim_end(), parameters, out);
            continue;
        }
        out.push_str(line);
        if !has_fmtp && line.starts_with(&rtpmap) {
            push_fmtp(&fmtp, "", parameters, out);
        }
    }
}

fn push_fmtp(fmtp: &str, present: &str, parameters: Parameters<'_>, out: &mut String) {
    let name_of = |pair: &str| pair.split('=').next().unwrap_or_default().trim().to_owned();
    let kept = present
        .split(';')
        .map(str::trim)
        .filter(|pair| {
            !pair.is_empty() && parameters.iter().all(|(name, _)| name_of(pair) != *name)
        })
        .map(str::to_owned);
    let set = parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    let pairs: Vec<String> = kept.chain(set).collect();
    out.push_str(fmtp);
    out.push_str(&pairs.join(";"));
    out.push_str("\r\n");
}

/// Whether the m-section with this `a=mid` only receives.
#[must_use]
pub fn is_recvonly(sdp: &str, mid: &str) -> bool {
    sections(sdp)
        .into_iter()
        .filter(|section| value_of(section, "a=mid:") == Some(mid))
        .any(|section| section.lines().any(|line| line == "a=recvonly"))
}
