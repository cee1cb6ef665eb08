//! One STUN binding request (RFC 8489, RFC 8445 §7.3) and its answer.

use std::net::SocketAddr;

use rtc_crypto::RTCCrypto;
use rtc_stun::{
    attributes::{
        ATTR_FINGERPRINT, ATTR_ICE_CONTROLLED, ATTR_MESSAGE_INTEGRITY,
        ATTR_MESSAGE_INTEGRITY_SHA256, ATTR_PRIORITY, ATTR_UNKNOWN_ATTRIBUTES, ATTR_USE_CANDIDATE,
        ATTR_USERNAME, AttrType,
    },
    error_code::{
        CODE_BAD_REQUEST, CODE_ROLE_CONFLICT, CODE_UNAUTHORIZED, CODE_UNKNOWN_ATTRIBUTE, ErrorCode,
        ErrorCodeAttribute,
    },
    fingerprint::FINGERPRINT,
    integrity::MessageIntegrity,
    message::{
        BINDING_REQUEST, CLASS_ERROR_RESPONSE, CLASS_SUCCESS_RESPONSE, METHOD_BINDING, Message,
        MessageType, Setter, TransactionId,
    },
    xoraddr::XorMappedAddress,
};

/// The largest message that is read. Browsers send about 120 bytes.
const MAX_MESSAGE: usize = 1_024;

/// A datagram to send, and what the request was.
pub(crate) enum Reply {
    /// The request was authentic: a success response, or the one error that an
    /// authentic request can have.
    Authentic {
        response: Vec<u8>,
        check: Option<Check>,
    },
    /// The request was refused. The answer tells why, and nothing else.
    Refused(Vec<u8>),
    /// Not a request that deserves an answer.
    Silence,
}

/// What an authentic check asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Check {
    /// USE-CANDIDATE: this is the path.
    pub(crate) nominates: bool,
}

/// Whose request this is: the first half of its USERNAME. Nothing is verified.
pub(crate) fn local_ufrag(datagram: &[u8]) -> Option<&str> {
    let mut rest = datagram.get(20..)?;
    while let Some(header) = rest.get(..4) {
        let kind = u16::from_be_bytes([header[0], header[1]]);
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        if kind == ATTR_USERNAME.0 {
            let name = std::str::from_utf8(rest.get(4..4 + length)?).ok()?;
            return name.split_once(':').map(|(local, _)| local);
        }
        rest = rest.get(4 + length.next_multiple_of(4)..)?;
    }
    None
}

/// Answers a datagram that looks like STUN. `password` finds the password of a
/// local fragment; nothing if there is no such fragment.
pub(crate) fn answer<'p>(
    datagram: &[u8],
    source: SocketAddr,
    crypto: &dyn RTCCrypto,
    password: impl FnOnce(&str) -> Option<&'p str>,
) -> Reply {
    let Some(mut request) = parse(datagram) else {
        return Reply::Silence;
    };
    let Some(ufrag) = local_ufrag(datagram) else {
        return refused(&request, CODE_BAD_REQUEST);
    };
    if !request.contains(ATTR_MESSAGE_INTEGRITY) {
        return refused(&request, CODE_BAD_REQUEST);
    }
    let Some(password) = password(ufrag) else {
        return refused(&request, CODE_UNAUTHORIZED);
    };
    if MessageIntegrity::check(&mut request, password.as_bytes(), crypto).is_err() {
        return refused(&request, CODE_UNAUTHORIZED);
    }
    authentic(&request, source, password, crypto)
}

/// Answers a check whose fragment nobody has.
pub(crate) fn refuse(datagram: &[u8], source: SocketAddr, crypto: &dyn RTCCrypto) -> Reply {
    answer(datagram, source, crypto, |_| None)
}

/// ICE wants a fingerprint on every check (RFC 8445 §7.1), so what lacks a
/// right one is no check.
fn parse(datagram: &[u8]) -> Option<Message> {
    if datagram.len() > MAX_MESSAGE {
        return None;
    }
    let mut message = Message::new();
    message.unmarshal_binary(datagram).ok()?;
    let is_request = message.typ == BINDING_REQUEST;
    (is_request && FINGERPRINT.check(&message).is_ok()).then_some(message)
}

fn authentic(
    request: &Message,
    source: SocketAddr,
    password: &str,
    crypto: &dyn RTCCrypto,
) -> Reply {
    let integrity =
        MessageIntegrity::new_raw_integrity_with_provider(password.as_bytes().to_vec(), crypto);
    let unknown = unknown_attributes(request);
    let failure = |code: ErrorCode, unknown: &[AttrType]| {
        let list: Vec<u8> = unknown.iter().flat_map(|t| t.0.to_be_bytes()).collect();
        let mut message = response(request.transaction_id, CLASS_ERROR_RESPONSE);
        error(code).add_to(&mut message).ok()?;
        if !list.is_empty() {
            message.add(ATTR_UNKNOWN_ATTRIBUTES, &list);
        }
        finish(message, Some(&integrity))
    };
    let (sent, check) = if !unknown.is_empty() {
        (failure(CODE_UNKNOWN_ATTRIBUTE, &unknown), None)
    } else if request.contains(ATTR_ICE_CONTROLLED) {
        // a lite agent is always controlled (RFC 8445 §6.1.1)
        (failure(CODE_ROLE_CONFLICT, &[]), None)
    } else {
        let check = Check {
            nominates: request.contains(ATTR_USE_CANDIDATE),
        };
        (success(request, source, &integrity), Some(check))
    };
    sent.map_or(Reply::Silence, |response| Reply::Authentic {
        response,
        check,
    })
}

fn success(
    request: &Message,
    source: SocketAddr,
    integrity: &MessageIntegrity<'_>,
) -> Option<Vec<u8>> {
    let mut message = response(request.transaction_id, CLASS_SUCCESS_RESPONSE);
    let mapped = XorMappedAddress {
        ip: source.ip().to_canonical(),
        port: source.port(),
    };
    mapped.add_to(&mut message).ok()?;
    finish(message, Some(integrity))
}

/// Comprehension-required attributes that we do not know (RFC 8489 §6.3.1).
fn unknown_attributes(request: &Message) -> Vec<AttrType> {
    let known = [
        ATTR_USERNAME,
        ATTR_MESSAGE_INTEGRITY,
        ATTR_MESSAGE_INTEGRITY_SHA256,
        ATTR_PRIORITY,
        ATTR_USE_CANDIDATE,
        ATTR_FINGERPRINT,
    ];
    let mut unknown: Vec<AttrType> = request
        .attributes
        .0
        .iter()
        .map(|attribute| attribute.typ)
        .filter(|kind| kind.required() && !known.contains(kind))
        .collect();
    unknown.truncate(16);
    unknown
}

/// An error response without integrity (RFC 8489 §9.1.3).
fn refused(request: &Message, code: ErrorCode) -> Reply {
    let mut message = response(request.transaction_id, CLASS_ERROR_RESPONSE);
    let sent = error(code)
        .add_to(&mut message)
        .ok()
        .and_then(|()| finish(message, None));
    sent.map_or(Reply::Silence, Reply::Refused)
}

fn error(code: ErrorCode) -> ErrorCodeAttribute {
    let reason: &[u8] = match code {
        CODE_BAD_REQUEST => b"Bad Request",
        CODE_UNAUTHORIZED => b"Unauthorized",
        CODE_ROLE_CONFLICT => b"Role Conflict",
        _ => b"Unknown Attribute",
    };
    ErrorCodeAttribute {
        code,
        reason: reason.to_vec(),
    }
}

fn response(transaction: TransactionId, class: rtc_stun::message::MessageClass) -> Message {
    let mut message = Message::new();
    message.transaction_id = transaction;
    message.set_type(MessageType::new(METHOD_BINDING, class));
    message.write_header();
    message
}

fn finish(mut message: Message, integrity: Option<&MessageIntegrity<'_>>) -> Option<Vec<u8>> {
    if let Some(integrity) = integrity {
        integrity.add_to(&mut message).ok()?;
    }
    FINGERPRINT.add_to(&mut message).ok()?;
    Some(message.raw)
}
