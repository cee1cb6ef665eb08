//! Media workers: sockets, ICE-lite, DTLS, SRTP and SDP around the pure forwarding of `sfu`.
