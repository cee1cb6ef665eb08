//! A socket while its participant is being admitted: somebody else is asked,
//! which may take seconds.
//!
//! It is read all the while, so that a client that goes away ends the
//! admission, and one that stays knows that the server is there.

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use protocol::{ClientFrame, ClientMessage, ErrorCode, ServerMessage, WireError};
use tokio::time::Instant;

use super::{
    close::Farewell,
    frames::{self, BadFrame},
    rate::{Allowance, Verdict},
    reader::too_fast,
};
use crate::{limits::SessionLimits, room::text};

/// What becomes of a message.
enum Answer {
    /// It is answered, and the admission goes on.
    Reply(Utf8Bytes),
    /// The client does not want to come in any more.
    Leave(Utf8Bytes),
}

/// Reads until the client goes away or does what it must not do.
pub(super) async fn attend(socket: &mut WebSocket, limits: &SessionLimits) -> Farewell {
    let mut allowance = Allowance::new(limits, Instant::now().into_std());
    loop {
        let frame = match socket.recv().await {
            Some(Ok(Message::Text(text))) => frames::parse(&text, limits.message),
            Some(Ok(Message::Binary(_))) => Err(frames::not_text()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Farewell::Nothing,
        };
        let answer = match allowance.take(Instant::now().into_std()) {
            Verdict::Pass => answer(frame),
            Verdict::Refuse => Answer::Reply(rate_limited(&frame)),
            Verdict::End => return Farewell::Ended(too_fast()),
        };
        let (reply, over) = match answer {
            Answer::Reply(reply) => (reply, false),
            Answer::Leave(reply) => (reply, true),
        };
        if socket.send(Message::Text(reply)).await.is_err() || over {
            return Farewell::Nothing;
        }
    }
}

fn answer(frame: Result<ClientFrame, BadFrame>) -> Answer {
    let ClientFrame { id, message } = match frame {
        Ok(frame) => frame,
        Err(bad) => return Answer::Reply(text(bad.re, ServerMessage::Error(bad.error))),
    };
    let error = match message {
        ClientMessage::Ping => return Answer::Reply(text(Some(id), ServerMessage::Pong)),
        ClientMessage::Leave => return Answer::Leave(text(Some(id), ServerMessage::Ok)),
        ClientMessage::Join(_) | ClientMessage::Resume(_) => {
            WireError::new(ErrorCode::AlreadyJoined, "This connection joins already")
        }
        _ => WireError::new(ErrorCode::NotAdmitted, "There is no seat yet"),
    };
    Answer::Reply(text(Some(id), ServerMessage::Error(error)))
}

fn rate_limited(frame: &Result<ClientFrame, BadFrame>) -> Utf8Bytes {
    let re = match frame {
        Ok(frame) => Some(frame.id),
        Err(bad) => bad.re,
    };
    let error = WireError::new(ErrorCode::RateLimited, "Too many messages");
    text(re, ServerMessage::Error(error))
}
