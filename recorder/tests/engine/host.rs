//! A server of a page that records itself, and of its way back.

use std::net::SocketAddr;

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use protocol::FromRecorder;
use recorder::{FromPage, Handle};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::{accept_async, tungstenite::Message};

const PAGE: &str = include_str!("../page.html");

pub(crate) struct Host(SocketAddr);

impl Host {
    pub(crate) async fn start(handle: Handle) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, handle.clone()));
            }
        });
        Self(address)
    }

    pub(crate) fn page(&self, token: &str) -> String {
        format!("http://{}/?recorder={token}", self.0)
    }
}

async fn serve(mut stream: TcpStream, handle: Handle) {
    let mut head = [0; 2_048];
    let length = stream.peek(&mut head).await.unwrap_or(0);
    if head[..length].starts_with(b"GET /recording/ingest") {
        return ingest(stream, handle).await;
    }
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{PAGE}",
        PAGE.len()
    );
    // what was asked has to be read, or the connection is reset
    tokio::io::AsyncReadExt::read(&mut stream, &mut head)
        .await
        .ok();
    stream.write_all(answer.as_bytes()).await.ok();
    stream.shutdown().await.ok();
}

async fn ingest(stream: TcpStream, handle: Handle) {
    let Ok(mut socket) = accept_async(stream).await else {
        return;
    };
    let Some(Ok(Message::Text(text))) = socket.next().await else {
        return;
    };
    let Ok(FromRecorder::Hello { token }) = serde_json::from_str(&text) else {
        return;
    };
    let (pieces, mut orders) = handle.page(token).await;
    loop {
        tokio::select! {
            message = socket.next() => {
                let piece = match message {
                    Some(Ok(Message::Text(text))) => {
                        eprintln!("page: {text}");
                        FromPage::Text(serde_json::from_str(&text).expect("a message"))
                    }
                    Some(Ok(Message::Binary(bytes))) => {
                        let bytes = Bytes::from(bytes.to_vec());
                        let volume = u32::from_be_bytes(bytes[..4].try_into().expect("four"));
                        FromPage::Bytes { volume, bytes: bytes.slice(4..) }
                    }
                    _ => return,
                };
                if pieces.send(piece).await.is_err() { return; }
            }
            order = orders.recv() => {
                let Some(order) = order else { return };
                let text = serde_json::to_string(&order).expect("JSON");
                if socket.send(Message::text(text)).await.is_err() { return; }
            }
        }
    }
}
