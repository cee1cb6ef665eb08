//! Two peer connections of one browser page through the media plane: no
//! signaling but one HTTP request per offer. For trying a browser by hand:
//! `cargo run -p media --example browser`, then open the printed address.

use std::{net::SocketAddr, sync::Arc};

use media::{MediaConfig, MediaPlane, RoomMedia};
use protocol::{MediaState, Offer, PeerId, View};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const ALL_ON: MediaState = MediaState {
    microphone: true,
    camera: true,
    screen: true,
    screen_audio: true,
};

const PAGE: &str = include_str!("browser.html");

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listen: SocketAddr = std::env::args().nth(1).map_or_else(
        || Ok(SocketAddr::from(([0, 0, 0, 0], 0))),
        |text| text.parse(),
    )?;
    let plane = MediaPlane::start(&MediaConfig {
        listen,
        ..MediaConfig::default()
    })?;
    let (room, mut events) = plane.open_room("browser")?;
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            eprintln!("{event:?}");
        }
    });
    let room = Arc::new(room);
    let listener = TcpListener::bind("127.0.0.1:3100").await?;
    eprintln!("http://{}/", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let room = Arc::clone(&room);
        tokio::spawn(async move {
            if let Err(error) = serve(stream, &room).await {
                eprintln!("{error}");
            }
        });
    }
}

async fn serve(
    mut stream: TcpStream,
    room: &RoomMedia,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut bytes = Vec::new();
    let (head, body) = loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length:")?
                    .trim()
                    .parse()
                    .ok()
            })
            .unwrap_or(0_usize);
        if body.len() >= length {
            break (head.to_owned(), body.to_owned());
        }
    };
    let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
    let (status, answer) = match respond(&path, &body, room).await {
        Ok(answer) => (200, answer),
        Err(error) => (400, error.to_string()),
    };
    let kind = if path == "/" {
        "text/html"
    } else {
        "text/plain"
    };
    let reply = format!(
        "HTTP/1.1 {status} OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
        answer.len()
    );
    stream.write_all(reply.as_bytes()).await?;
    Ok(())
}

async fn respond(
    path: &str,
    body: &str,
    room: &RoomMedia,
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let mut parts = path.trim_matches('/').split('/');
    let (verb, peer) = (parts.next().unwrap_or_default(), parts.next());
    let peer = PeerId::parse(peer.unwrap_or("nobody"))?;
    match verb {
        "" => return Ok(PAGE.to_owned()),
        "add" => {
            room.add(&peer)?;
            room.set_sources(&peer, ALL_ON)?;
        }
        "remove" => room.remove(&peer),
        "view" => room.set_view(&peer, serde_json::from_str::<View>(body)?)?,
        "offer" => {
            return Ok(room
                .offer(&peer, serde_json::from_str::<Offer>(body)?)
                .await?);
        }
        "report" => eprintln!("{body}"),
        _ => return Err("unknown path".into()),
    }
    Ok(String::new())
}
