//! How a WebSocket ends: last words, the close frame, and time for the client
//! to read both.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use futures::{SinkExt, StreamExt, stream::SplitSink};
use protocol::{Ended, ErrorCode, ServerMessage, WireError};
use tokio::time::timeout;

use crate::room::text;

/// What is said last.
#[derive(Debug)]
pub(super) enum Farewell {
    /// All was said.
    Nothing,
    /// The reply to the first frame.
    Error(Option<u32>, WireError),
    /// Why the session is over.
    Ended(Ended),
}

impl Farewell {
    fn frame(&self) -> Option<Utf8Bytes> {
        match self {
            Self::Nothing => None,
            Self::Error(re, error) => Some(text(*re, ServerMessage::Error(error.clone()))),
            Self::Ended(ended) => Some(text(None, ServerMessage::Ended(ended.clone()))),
        }
    }

    /// The code of the close frame (RFC 6455, section 7.4.1).
    fn close_code(&self) -> u16 {
        let code = match self {
            Self::Nothing => return close_code::NORMAL,
            Self::Error(_, error) => error.code,
            Self::Ended(ended) => ended.code,
        };
        match code {
            ErrorCode::ServerShutdown => close_code::RESTART,
            ErrorCode::SlowClient | ErrorCode::RateLimited => close_code::AGAIN,
            ErrorCode::Internal => close_code::ERROR,
            _ => close_code::POLICY,
        }
    }
}

/// Why a session is over when the server stops.
pub(super) fn server_shutdown(retry_after_ms: u32) -> Ended {
    Ended {
        code: ErrorCode::ServerShutdown,
        message: "The server is being restarted or stopped".to_owned(),
        retry_after_ms: Some(retry_after_ms),
    }
}

/// Says the last words on the writing half of a socket. A client that does not
/// read is not waited for.
pub(super) async fn say_goodbye(
    sink: &mut SplitSink<WebSocket, Message>,
    farewell: &Farewell,
    limit: Duration,
) {
    let close = CloseFrame {
        code: farewell.close_code(),
        reason: Utf8Bytes::from_static(""),
    };
    let said = async {
        if let Some(frame) = farewell.frame() {
            sink.send(Message::Text(frame)).await?;
        }
        sink.send(Message::Close(Some(close))).await
    };
    // whether it failed or took too long: the socket is dropped next
    drop(timeout(limit, said).await);
}

/// Reads until the client has closed too. A socket that is dropped with unread
/// bytes makes the system reset the connection, and the client loses what it
/// had not read yet.
pub(super) async fn drain(stream: &mut (impl StreamExt + Unpin), limit: Duration) {
    let read = async { while stream.next().await.is_some() {} };
    drop(timeout(limit, read).await);
}
