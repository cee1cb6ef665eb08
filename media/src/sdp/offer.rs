//! Reading an offer.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use rtc_sdp::{MediaDescription, SessionDescription};

use super::{RemoteTransport, SdpError, section::Section};

/// Longest offer that is read. Chromium's with 60 m-lines has some 150 KB.
pub(super) const MAX_BYTES: usize = 512 * 1_024;

/// The most m-lines of an offer: slots, sending ones and some to spare.
pub(super) const MAX_SECTIONS: usize = 96;

/// An offer that was understood and that can be answered.
pub struct ClientOffer {
    pub(crate) transport: RemoteTransport,
    pub(super) sections: Vec<Section>,
    /// `a=group:BUNDLE` was offered: only then may the answer have one.
    pub(super) grouped: bool,
    /// `a=extmap-allow-mixed` (RFC 8285 §6) was offered.
    pub(super) mixed_extensions: bool,
}

impl ClientOffer {
    /// Reads a client's offer.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(sdp: &str) -> Result<Self, SdpError> {
        if sdp.len() > MAX_BYTES {
            return Err(SdpError::TooLong(sdp.len()));
        }
        let session = read(sdp)?;
        let media = &session.media_descriptions;
        if media.len() > MAX_SECTIONS {
            return Err(SdpError::TooManySections(media.len()));
        }
        let mids = mids(media)?;
        let bundle = bundle(&session, &mids);
        let sections: Vec<Section> = media
            .iter()
            .zip(mids)
            .map(|(media, mid)| {
                let bundled = bundle.contains(&mid);
                Section::parse(media, mid, bundled)
            })
            .collect();
        let first = sections.iter().position(|section| section.usable);
        let first = first.ok_or(SdpError::NothingUsable)?;
        Ok(Self {
            transport: RemoteTransport::parse(&session, tagged(&session, &bundle, first))?,
            sections,
            grouped: bundle_group(&session).is_some(),
            mixed_extensions: has_attribute(&session, "extmap-allow-mixed"),
        })
    }
}

/// The parser is not ours, and one client's text must not end others'
/// sessions, so even a panic of it becomes an error.
fn read(sdp: &str) -> Result<SessionDescription, SdpError> {
    let parse = || SessionDescription::unmarshal(&mut Cursor::new(sdp.as_bytes()));
    match catch_unwind(AssertUnwindSafe(parse)) {
        Ok(Ok(session)) => Ok(session),
        Ok(Err(error)) => Err(SdpError::Syntax(error.to_string())),
        Err(_) => Err(SdpError::Syntax("the parser gave up".to_owned())),
    }
}

fn has_attribute(session: &SessionDescription, key: &str) -> bool {
    session.attributes.iter().any(|a| a.key == key)
        || session
            .media_descriptions
            .iter()
            .any(|media| media.has_attribute(key))
}

fn mids(media: &[MediaDescription]) -> Result<Vec<String>, SdpError> {
    let mut mids: Vec<String> = Vec::with_capacity(media.len());
    for (line, media) in media.iter().enumerate() {
        let mid = media.attribute("mid").flatten().unwrap_or_default();
        let is_token = mid.bytes().all(|c| c.is_ascii_graphic());
        if !(1..=32).contains(&mid.len()) || !is_token {
            return Err(SdpError::Mid(line));
        }
        if mids.iter().any(|known| known == mid) {
            return Err(SdpError::DuplicateMid(mid.to_owned()));
        }
        mids.push(mid.to_owned());
    }
    Ok(mids)
}

/// The mids that share our transport: the first bundle group, or the first
/// m-line alone when there is none.
fn bundle(session: &SessionDescription, mids: &[String]) -> Vec<String> {
    match bundle_group(session) {
        Some(group) => group.split_ascii_whitespace().map(str::to_owned).collect(),
        None => mids.iter().take(1).cloned().collect(),
    }
}

fn bundle_group(session: &SessionDescription) -> Option<&str> {
    session
        .attributes
        .iter()
        .filter(|attribute| attribute.key == "group")
        .find_map(|attribute| attribute.value.as_deref()?.strip_prefix("BUNDLE"))
}

/// The m-line whose transport parameters count: the first of the bundle
/// (RFC 9143 §7.1.1), whether or not it is usable itself.
fn tagged<'a>(
    session: &'a SessionDescription,
    bundle: &[String],
    usable: usize,
) -> &'a MediaDescription {
    let media = &session.media_descriptions;
    let first = bundle.first().and_then(|tag| {
        media
            .iter()
            .find(|media| media.attribute("mid").flatten() == Some(tag))
    });
    first.unwrap_or(&media[usable])
}
