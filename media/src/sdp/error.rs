//! What can be wrong with an offer.

/// Why an offer was refused. Nothing changes for the participant then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    /// The text is longer than any browser's offer.
    #[error("the offer has {0} bytes, more than {max}", max = super::offer::MAX_BYTES)]
    TooLong(usize),
    /// The text is not SDP.
    #[error("the offer is not SDP: {0}")]
    Syntax(String),
    /// More m-lines than a client of ours ever offers.
    #[error("the offer has {0} m-lines, more than {max}", max = super::offer::MAX_SECTIONS)]
    TooManySections(usize),
    /// An m-line has no `a=mid`, or one that is no token of up to 32 characters.
    #[error("m-line {0} has no usable a=mid")]
    Mid(usize),
    /// Two m-lines have the same `a=mid`.
    #[error("two m-lines have the mid {0:?}")]
    DuplicateMid(String),
    /// No m-line can be used.
    #[error("the offer has no m-line that can be used")]
    NothingUsable,
    /// `a=ice-ufrag` or `a=ice-pwd` is missing or breaks RFC 8839 §5.4.
    #[error("the offer has no usable ICE credentials")]
    IceCredentials,
    /// No `a=fingerprint` with SHA-256.
    #[error("the offer has no SHA-256 certificate fingerprint")]
    Fingerprint,
    /// The client wants to be the passive side of DTLS, as the server is.
    #[error("the offer wants the server to be the DTLS client")]
    Setup,
    /// A track names an m-line that does not exist, does not send, or has the
    /// wrong kind.
    #[error("no sending m-line of the right kind has the mid {0:?} of a track")]
    Track(String),
    /// Two tracks have the same source or the same mid.
    #[error("two tracks have the same source or mid")]
    DuplicateTrack,
}
