//! Seats on a whole server: one WebSocket each, which is read and kept alive
//! by a task, as a page does.

use std::{collections::HashMap, net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use futures::{SinkExt, StreamExt};
use protocol::{
    ClientFrame, ClientMessage, DisplayName, Join, Offer, PING_INTERVAL_MS, PROTOCOL_VERSION,
    RoomId, RoomKind, ServerFrame, ServerMessage, View,
};
use tokio::{net::TcpStream, runtime::Runtime, sync::mpsc};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

use crate::crowd::{Seats, peer, sources};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Replies that may wait; a seat has one request at a time.
const REPLIES: usize = 4;

/// Seats of one server.
pub struct ServerSeats {
    runtime: Runtime,
    server: SocketAddr,
    seats: HashMap<usize, Seat>,
}

struct Seat {
    requests: mpsc::Sender<ClientMessage>,
    replies: mpsc::Receiver<ServerMessage>,
}

impl ServerSeats {
    /// Nobody has joined yet.
    ///
    /// # Errors
    /// When there is no thread for the sockets.
    pub fn new(server: SocketAddr) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        Ok(Self {
            runtime,
            server,
            seats: HashMap::new(),
        })
    }

    fn request(&mut self, client: usize, message: ClientMessage) -> Result<ServerMessage> {
        let seat = self.seats.get_mut(&client).context("nobody joined")?;
        self.runtime.block_on(async {
            seat.requests.send(message).await.context("socket closed")?;
            seat.replies.recv().await.context("socket closed")
        })
    }
}

impl Seats for ServerSeats {
    fn take(&mut self, room: usize, client: usize) -> Result<()> {
        let url = format!("ws://{}/ws", self.server);
        let connect = tokio_tungstenite::connect_async(url);
        let (socket, _) = self.runtime.block_on(connect)?;
        let (requests, inbox) = mpsc::channel(REPLIES);
        let (outbox, replies) = mpsc::channel(REPLIES);
        self.runtime.spawn(keep(socket, inbox, outbox));
        self.seats.insert(client, Seat { requests, replies });
        match self.request(client, join(room, client)?)? {
            ServerMessage::Welcome(_) => Ok(()),
            other => bail!("welcome expected, not {other:?}"),
        }
    }

    fn offer(&mut self, _room: usize, client: usize, offer: Offer) -> Result<String> {
        match self.request(client, ClientMessage::Offer(offer))? {
            ServerMessage::Answer { sdp, .. } => Ok(sdp),
            other => bail!("an answer expected, not {other:?}"),
        }
    }

    fn set_view(&mut self, _room: usize, client: usize, view: View) -> Result<()> {
        match self.request(client, ClientMessage::SetView(view))? {
            ServerMessage::Ok => Ok(()),
            other => bail!("ok expected, not {other:?}"),
        }
    }
}

fn join(room: usize, client: usize) -> Result<ClientMessage> {
    Ok(ClientMessage::Join(Join {
        version: PROTOCOL_VERSION,
        room_id: RoomId::parse(&format!("bench-{room}"))?,
        query: format!("peerId={}", peer(client)?),
        pin: None,
        kind: RoomKind::default(),
        peer_id: None,
        display_name: DisplayName::from(format!("Client {client}")),
        media: sources(room, client),
        ticket: None,
        recorder: None,
    }))
}

/// Sends requests, passes their replies on, drops events, and pings.
async fn keep(
    mut socket: Socket,
    mut requests: mpsc::Receiver<ClientMessage>,
    replies: mpsc::Sender<ServerMessage>,
) -> Result<()> {
    let mut pings = tokio::time::interval(Duration::from_millis(PING_INTERVAL_MS.into()));
    let mut id = 0;
    loop {
        let message = tokio::select! {
            request = requests.recv() => match request {
                Some(message) => message,
                None => return Ok(()),
            },
            _ = pings.tick(), if id > 0 => ClientMessage::Ping,
            received = socket.next() => {
                let received = received.context("socket closed")??;
                if let Some(reply) = reply(&received)? {
                    replies.send(reply).await?;
                }
                continue;
            }
        };
        id += 1;
        let frame = ClientFrame { id, message };
        let text = serde_json::to_string(&frame)?;
        socket.send(Message::text(text)).await?;
    }
}

/// The reply to a request; nothing for events and pongs.
fn reply(received: &Message) -> Result<Option<ServerMessage>> {
    let Message::Text(text) = received else {
        return Ok(None);
    };
    let frame: ServerFrame = serde_json::from_str(text)?;
    let wanted = frame.re.is_some() && frame.message != ServerMessage::Pong;
    Ok(wanted.then_some(frame.message))
}
