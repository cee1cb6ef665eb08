//! One seat's signaling: a WebSocket that joins, asks, and then only listens
//! and pings, as a page does.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, bail};
use futures::{SinkExt, StreamExt};
use protocol::{
    ClientFrame, ClientMessage, DisplayName, Join, MediaState, PING_INTERVAL_MS, PROTOCOL_VERSION,
    PeerId, RoomId, RoomKind, ServerFrame, ServerMessage,
};
use tokio::{net::TcpStream, time::Instant};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

/// The only room.
const ROOM: &str = "bench-webinar";

/// What all sessions heard since the start.
#[derive(Debug, Default)]
pub struct Heard {
    messages: AtomicU64,
    bytes: AtomicU64,
    ended: AtomicU64,
}

impl Heard {
    fn note(&self, text: &str) {
        self.messages.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
    }

    /// Messages and their bytes.
    #[must_use]
    pub fn so_far(&self) -> (u64, u64) {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (read(&self.messages), read(&self.bytes))
    }

    /// Sessions that the server closed.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.ended.load(Ordering::Relaxed)
    }
}

/// A seat that was taken.
pub struct Session {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    heard: Arc<Heard>,
    requests: u32,
}

impl Session {
    /// Joins the webinar as a viewer.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn viewer(server: SocketAddr, heard: &Arc<Heard>) -> Result<Self> {
        let nothing_on = MediaState::default();
        Ok(Self::join(server, heard, String::new(), nothing_on)
            .await?
            .0)
    }

    /// Joins the webinar as a speaker with camera and microphone on.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn speaker(server: SocketAddr, heard: &Arc<Heard>) -> Result<(Self, PeerId)> {
        let media = MediaState {
            microphone: true,
            camera: true,
            ..MediaState::default()
        };
        Self::join(server, heard, "itisparticipant=true".to_owned(), media).await
    }

    async fn join(
        server: SocketAddr,
        heard: &Arc<Heard>,
        query: String,
        media: MediaState,
    ) -> Result<(Self, PeerId)> {
        let (socket, _) = tokio_tungstenite::connect_async(format!("ws://{server}/ws")).await?;
        let mut session = Self {
            socket,
            heard: Arc::clone(heard),
            requests: 0,
        };
        let join = Join {
            version: PROTOCOL_VERSION,
            room_id: RoomId::parse(ROOM)?,
            query,
            pin: None,
            kind: RoomKind::Webinar,
            peer_id: None,
            display_name: DisplayName::from("Somebody".to_owned()),
            media,
            ticket: None,
            recorder: None,
        };
        match session.request(ClientMessage::Join(join)).await? {
            ServerMessage::Welcome(welcome) => Ok((session, welcome.peer_id)),
            other => bail!("welcome expected, not {other:?}"),
        }
    }

    /// Asks, and waits for the reply.
    ///
    /// # Errors
    /// When the server is gone.
    pub async fn request(&mut self, message: ClientMessage) -> Result<ServerMessage> {
        self.send(message).await?;
        loop {
            let received = self.socket.next().await.context("socket closed")??;
            let Message::Text(text) = received else {
                continue;
            };
            self.heard.note(&text);
            // replies name their request; what is told unasked is not read
            if !text.contains("\"re\":") {
                continue;
            }
            let frame: ServerFrame = serde_json::from_str(&text)?;
            if frame.re == Some(self.requests) {
                return Ok(frame.message);
            }
        }
    }

    /// Listens and pings until the server closes the socket.
    pub async fn keep(mut self, spread: f64) {
        let interval = Duration::from_millis(PING_INTERVAL_MS.into());
        let first = Instant::now() + interval.mul_f64(spread);
        let mut pings = tokio::time::interval_at(first, interval);
        loop {
            tokio::select! {
                _ = pings.tick() => {
                    if self.send(ClientMessage::Ping).await.is_err() {
                        break;
                    }
                }
                received = self.socket.next() => match received {
                    Some(Ok(Message::Text(text))) => self.heard.note(&text),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break,
                },
            }
        }
        self.heard.ended.fetch_add(1, Ordering::Relaxed);
    }

    async fn send(&mut self, message: ClientMessage) -> Result<()> {
        self.requests += 1;
        let frame = ClientFrame {
            id: self.requests,
            message,
        };
        let text = serde_json::to_string(&frame)?;
        Ok(self.socket.send(Message::text(text)).await?)
    }
}
