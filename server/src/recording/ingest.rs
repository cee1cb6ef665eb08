//! `/recording/ingest`: the WebSocket by which a recorder's page sends what it
//! records. The form of it is `protocol`'s, what is done with it the
//! `recorder` crate's.

use std::time::Duration;

use ::recorder::FromPage;
use axum::{
    body::Bytes,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    response::Response,
};
use protocol::{FromRecorder, ToRecorder};
use tokio::{
    sync::mpsc,
    time::{interval, timeout},
};
use tracing::debug;

use crate::signaling::Signaling;

/// How long a page may take to say hello.
const HELLO: Duration = Duration::from_secs(10);
/// The longest message: some seconds of a recording, in bytes.
const MESSAGE_MAX: usize = 64 * 1024 * 1024;
/// How often the page is pinged, so that both sides notice when it is gone.
const PING: Duration = Duration::from_secs(5);
/// The bytes of a volume's number before its own.
const NUMBER: usize = 4;

/// `GET /recording/ingest`: becomes the way of a recording to the disk.
pub(crate) async fn upgrade(
    State(signaling): State<Signaling>,
    socket: WebSocketUpgrade,
) -> Response {
    socket
        .max_message_size(MESSAGE_MAX)
        .max_frame_size(MESSAGE_MAX)
        .on_upgrade(move |socket| serve(socket, signaling))
}

async fn serve(mut socket: WebSocket, signaling: Signaling) {
    let Ok(Some(token)) = timeout(HELLO, hello(&mut socket)).await else {
        return;
    };
    let run = signaling.recordings.view().run(&token);
    let Some(handle) = run.and_then(|run| run.handle) else {
        return debug!("A page came to be recorded by a token that is not good");
    };
    let (pieces, orders) = handle.page(token).await;
    pass_on(&mut socket, pieces, orders).await;
    // the page may have closed it
    socket.send(Message::Close(None)).await.ok();
}

async fn hello(socket: &mut WebSocket) -> Option<String> {
    while let Some(Ok(message)) = socket.recv().await {
        match read(message) {
            Some(FromPage::Text(FromRecorder::Hello { token })) => return Some(token),
            Some(_) => return None,
            None => {}
        }
    }
    None
}

/// Passes on what both sides say until one is gone. While the disk is behind,
/// the socket is not read.
async fn pass_on(
    socket: &mut WebSocket,
    pieces: mpsc::Sender<FromPage>,
    mut orders: mpsc::Receiver<ToRecorder>,
) {
    let mut ping = interval(PING);
    loop {
        let sent = tokio::select! {
            message = socket.recv() => {
                let Some(Ok(message)) = message else { return };
                let Some(piece) = read(message) else { continue };
                if pieces.send(piece).await.is_err() {
                    return;
                }
                continue;
            }
            order = orders.recv() => {
                let Some(order) = order else { return };
                let text = serde_json::to_string(&order).expect("an order is plain JSON");
                socket.send(Message::text(text)).await
            }
            _ = ping.tick() => socket.send(Message::Ping(Bytes::new())).await,
        };
        if sent.is_err() {
            return;
        }
    }
}

/// What a message says; nothing when it is none of the protocol's.
fn read(message: Message) -> Option<FromPage> {
    match message {
        Message::Text(text) => serde_json::from_str(&text).ok().map(FromPage::Text),
        Message::Binary(mut bytes) if bytes.len() >= NUMBER => {
            let number = bytes.split_to(NUMBER);
            let volume = u32::from_be_bytes(number.as_ref().try_into().ok()?);
            Some(FromPage::Bytes { volume, bytes })
        }
        _ => None,
    }
}
