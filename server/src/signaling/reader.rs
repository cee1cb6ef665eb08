//! The reading half of a session: from the socket to the room.

use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures::{StreamExt, stream::SplitStream};
use protocol::{ClientFrame, ClientMessage, Ended, ErrorCode, ServerMessage, WireError};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};

use super::{
    frames::{self, BadFrame},
    office::Office,
    rate::{Allowance, Verdict},
};
use crate::{
    limits::SessionLimits,
    room::{Line, Request, SessionId, text},
};

/// Why reading ended.
#[derive(Debug)]
pub(super) enum ReadEnd {
    /// The socket is gone, or nothing is heard any more.
    Gone,
    /// The client did what it must not do.
    Ended(Ended),
}

/// The reading half of a session.
pub(super) struct Reader<'a> {
    session: SessionId,
    /// To the room. While its queue is full, the socket is not read.
    room: &'a Line,
    /// To the writing half. While it is full, the socket is not read.
    replies: mpsc::Sender<Utf8Bytes>,
    /// Where tokens are looked at.
    office: Office<'a>,
    allowance: Allowance,
    idle: Duration,
    message: usize,
}

/// The other side of a queue is gone, and with it the session.
struct Over;

impl<'a> Reader<'a> {
    pub(super) fn new(
        session: SessionId,
        room: &'a Line,
        replies: mpsc::Sender<Utf8Bytes>,
        office: Office<'a>,
        limits: &SessionLimits,
    ) -> Self {
        Self {
            session,
            room,
            replies,
            office,
            allowance: Allowance::new(limits, Instant::now().into_std()),
            idle: limits.idle,
            message: limits.message,
        }
    }

    pub(super) async fn run(&mut self, stream: &mut SplitStream<WebSocket>) -> ReadEnd {
        loop {
            let Ok(Some(Ok(message))) = timeout(self.idle, stream.next()).await else {
                return ReadEnd::Gone;
            };
            let frame = match message {
                Message::Text(text) => frames::parse(&text, self.message),
                Message::Binary(_) => Err(frames::not_text()),
                Message::Ping(_) | Message::Pong(_) => continue,
                Message::Close(_) => return ReadEnd::Gone,
            };
            let done = match self.allowance.take(Instant::now().into_std()) {
                Verdict::Pass => self.pass(frame).await,
                Verdict::Refuse => self.refuse(frame).await,
                Verdict::End => return ReadEnd::Ended(too_fast()),
            };
            if done.is_err() {
                return ReadEnd::Gone;
            }
        }
    }

    async fn pass(&self, frame: Result<ClientFrame, BadFrame>) -> Result<(), Over> {
        let ClientFrame { id, message } = match frame {
            Ok(frame) => frame,
            Err(bad) => return self.error(bad.re, bad.error).await,
        };
        match request(message) {
            Asked::Room(request) => self.ask_room(id, request).await,
            Asked::Token(query) => match self.office.renew(&query).await {
                Ok(renewed) => {
                    let renew = Request::Renew(Box::new(renewed));
                    self.ask_room(id, renew).await
                }
                Err(error) => self.error(Some(id), error).await,
            },
            Asked::Ping => self.reply(Some(id), ServerMessage::Pong).await,
            Asked::Entry => {
                let why = "This connection has a seat already";
                let error = WireError::new(ErrorCode::AlreadyJoined, why);
                self.error(Some(id), error).await
            }
        }
    }

    async fn refuse(&self, frame: Result<ClientFrame, BadFrame>) -> Result<(), Over> {
        let re = match frame {
            Ok(frame) => Some(frame.id),
            Err(bad) => bad.re,
        };
        let error = WireError::new(ErrorCode::RateLimited, "Too many messages");
        self.error(re, error).await
    }

    async fn ask_room(&self, re: u32, request: Request) -> Result<(), Over> {
        let asked = self.room.ask(self.session, re, request).await;
        asked.map_err(|_| Over)
    }

    async fn error(&self, re: Option<u32>, error: WireError) -> Result<(), Over> {
        self.reply(re, ServerMessage::Error(error)).await
    }

    async fn reply(&self, re: Option<u32>, message: ServerMessage) -> Result<(), Over> {
        let sent = self.replies.send(text(re, message)).await;
        sent.map_err(|_| Over)
    }
}

/// Who has to answer a message.
enum Asked {
    Room(Request),
    /// Another token, for admission and then for the room.
    Token(String),
    Ping,
    /// `join` or `resume`, which only the first frame may be.
    Entry,
}

fn request(message: ClientMessage) -> Asked {
    Asked::Room(match message {
        ClientMessage::Join(_) | ClientMessage::Resume(_) => return Asked::Entry,
        ClientMessage::Ping => return Asked::Ping,
        ClientMessage::SetToken { query, .. } => return Asked::Token(query),
        ClientMessage::Offer(offer) => Request::Offer(offer),
        ClientMessage::SetView(view) => Request::SetView(view),
        ClientMessage::SetMedia { source, on } => Request::SetMedia(source, on),
        ClientMessage::SetDisplayName { display_name } => Request::SetDisplayName(display_name),
        ClientMessage::Chat { text, nonce } => Request::Chat { text, nonce },
        ClientMessage::SetHand { raised } => Request::SetHand(raised),
        ClientMessage::SetLanguage { language } => Request::SetLanguage(language),
        ClientMessage::Moderate(moderation) => Request::Moderate(moderation),
        ClientMessage::Leave => Request::Leave,
    })
}

pub(super) fn too_fast() -> Ended {
    Ended {
        code: ErrorCode::RateLimited,
        message: "The client does not stop sending too fast".to_owned(),
        retry_after_ms: Some(5_000),
    }
}
