//! A client of the signaling protocol.

use std::{collections::VecDeque, net::SocketAddr};

use futures::{SinkExt, StreamExt};
use protocol::{
    ClientFrame, ClientMessage, DisplayName, Ended, ErrorCode, Join, MediaState, PROTOCOL_VERSION,
    PeerId, Resume, RoomEvent, RoomId, RoomKind, ServerFrame, ServerMessage, Snapshot, Welcome,
    WireError,
};
use server::room_key::{RoomKey, TenantId};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

use super::PATIENCE;

/// A client and what it has received but not looked at.
pub struct Client {
    socket: WebSocketStream<TcpStream>,
    backlog: VecDeque<ServerFrame>,
    next_id: u32,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        Self::over(stream, address).await
    }

    /// Connects with this Host header.
    pub async fn connect_as(address: SocketAddr, host: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        Self::over_as(stream, host).await
    }

    pub async fn over(stream: TcpStream, address: SocketAddr) -> Self {
        Self::over_as(stream, &address.to_string()).await
    }

    async fn over_as(stream: TcpStream, host: &str) -> Self {
        let (socket, _) = client_async(format!("ws://{host}/ws"), stream)
            .await
            .expect("a WebSocket");
        Self {
            socket,
            backlog: VecDeque::new(),
            next_id: 1,
        }
    }

    /// Sends a message and gives its id.
    pub async fn send(&mut self, message: ClientMessage) -> u32 {
        let id = self.next_id;
        self.next_id += 1;
        let text = serde_json::to_string(&ClientFrame { id, message }).expect("JSON");
        self.send_text(&text).await;
        id
    }

    pub async fn send_text(&mut self, text: &str) {
        self.send_raw(Message::text(text)).await;
    }

    pub async fn send_raw(&mut self, message: Message) {
        self.socket.send(message).await.expect("an open socket");
    }

    /// Sends without caring whether the socket is still open.
    pub async fn try_send(&mut self, message: ClientMessage) -> bool {
        let frame = ClientFrame { id: 0, message };
        let text = serde_json::to_string(&frame).expect("JSON");
        self.socket.send(Message::text(text)).await.is_ok()
    }

    /// Sends a message and waits for the reply to it. What else comes is kept.
    pub async fn ask(&mut self, message: ClientMessage) -> ServerMessage {
        let id = self.send(message).await;
        self.reply(id).await
    }

    pub async fn reply(&mut self, id: u32) -> ServerMessage {
        self.find(|frame| (frame.re == Some(id)).then(|| frame.message.clone()))
            .await
    }

    pub async fn ask_ok(&mut self, message: ClientMessage) {
        assert_eq!(self.ask(message).await, ServerMessage::Ok);
    }

    /// The code of the next error that answers no frame or any frame.
    pub async fn error(&mut self) -> ErrorCode {
        self.find(|frame| match &frame.message {
            ServerMessage::Error(error) => Some(error.code),
            _ => None,
        })
        .await
    }

    /// The next room event.
    pub async fn event(&mut self) -> (u64, RoomEvent) {
        self.find(|frame| match &frame.message {
            ServerMessage::Event { n, event } => Some((*n, event.clone())),
            _ => None,
        })
        .await
    }

    pub async fn ended(&mut self) -> Ended {
        self.find(|frame| match &frame.message {
            ServerMessage::Ended(ended) => Some(ended.clone()),
            _ => None,
        })
        .await
    }

    /// The first frame, of those kept and those to come, that is wanted.
    pub async fn find<T>(&mut self, wanted: impl Fn(&ServerFrame) -> Option<T>) -> T {
        for index in 0..self.backlog.len() {
            if let Some(found) = wanted(&self.backlog[index]) {
                self.backlog.remove(index);
                return found;
            }
        }
        loop {
            let Some(frame) = self.receive().await else {
                panic!("the socket closed; unread: {:?}", self.backlog);
            };
            if let Some(found) = wanted(&frame) {
                return found;
            }
            self.backlog.push_back(frame);
        }
    }

    /// The next frame from the socket; None when it is closed.
    async fn receive(&mut self) -> Option<ServerFrame> {
        loop {
            let next = timeout(PATIENCE, self.socket.next())
                .await
                .unwrap_or_else(|_| panic!("nothing came; unread: {:?}", self.backlog));
            match next? {
                Ok(Message::Text(text)) => {
                    return Some(serde_json::from_str(&text).expect("a frame"));
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Waits until the server closes, and gives all frames that came before.
    pub async fn closed(&mut self) -> Vec<ServerFrame> {
        while let Some(frame) = self.receive().await {
            self.backlog.push_back(frame);
        }
        self.backlog.drain(..).collect()
    }

    /// Whether a frame that is wanted has come by the time a ping is answered.
    pub async fn has(&mut self, wanted: impl Fn(&ServerFrame) -> bool) -> bool {
        assert_eq!(self.ask(ClientMessage::Ping).await, ServerMessage::Pong);
        self.backlog.iter().any(wanted)
    }

    /// Joins as a new participant.
    pub async fn join(&mut self, room: &str, name: &str) -> Box<Welcome> {
        self.join_with(join(room, name)).await
    }

    pub async fn join_with(&mut self, join: Join) -> Box<Welcome> {
        welcome(self.ask(ClientMessage::Join(join)).await)
    }

    pub async fn resume(&mut self, room: &str, ticket: &str, last_event: u64) -> ServerMessage {
        self.ask(ClientMessage::Resume(Resume {
            version: PROTOCOL_VERSION,
            room_id: room_id(room),
            ticket: ticket.to_owned(),
            last_event,
        }))
        .await
    }

    pub async fn chat(&mut self, text: &str) -> ServerMessage {
        self.ask(chat(text)).await
    }

    /// Says nothing more and is gone: no close frame.
    pub fn vanish(self) {
        drop(self);
    }
}

pub fn welcome(message: ServerMessage) -> Box<Welcome> {
    match message {
        ServerMessage::Welcome(welcome) => welcome,
        other => panic!("no welcome: {other:?}"),
    }
}

pub fn snapshot(welcome: &Welcome) -> &Snapshot {
    welcome.snapshot.as_ref().expect("a snapshot")
}

pub fn code(message: &ServerMessage) -> ErrorCode {
    match message {
        ServerMessage::Error(error) => error.code,
        other => panic!("no error: {other:?}"),
    }
}

pub fn room_id(room: &str) -> RoomId {
    RoomId::parse(room).expect("a room id")
}

/// A room of the default tenant.
pub fn room_key(room: &str) -> RoomKey {
    RoomKey::new(TenantId::default_tenant(), room_id(room))
}

pub fn peer_id(peer: &str) -> PeerId {
    PeerId::parse(peer).expect("a participant id")
}

pub fn join(room: &str, name: &str) -> Join {
    Join {
        version: PROTOCOL_VERSION,
        room_id: room_id(room),
        query: String::new(),
        pin: None,
        kind: RoomKind::Call,
        peer_id: None,
        display_name: DisplayName::from(name),
        media: MediaState::default(),
        ticket: None,
        recorder: None,
    }
}

/// The same with a query, as the address of the page has it.
pub fn join_by(room: &str, name: &str, query: &[(&str, &str)]) -> Join {
    Join {
        query: super::tenant::query(query),
        ..join(room, name)
    }
}

/// The error of a refusal.
pub fn refusal(message: ServerMessage) -> WireError {
    match message {
        ServerMessage::Error(error) => error,
        other => panic!("no error: {other:?}"),
    }
}

pub fn chat(text: &str) -> ClientMessage {
    ClientMessage::Chat {
        text: text.to_owned(),
        nonce: format!("nonce of {text}").chars().take(64).collect(),
    }
}
