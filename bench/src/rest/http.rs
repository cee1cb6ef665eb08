//! As little HTTP/1.1 as a measurement needs: one connection that is kept, one
//! request at a time.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The longest head or body that is read, in bytes.
const MOST: usize = 64 * 1024;

/// A connection to a server.
pub(super) struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let read = Vec::with_capacity(4 * 1024);
        Ok(Self { stream, read })
    }

    /// Sends a request and reads the whole answer; gives its status.
    pub(super) async fn ask(&mut self, request: &[u8]) -> Result<u16> {
        self.stream.write_all(request).await?;
        let (head, _) = message(&mut self.stream, &mut self.read)
            .await?
            .context("the server hung up")?;
        let status = head.split(' ').nth(1).context("no status")?;
        Ok(status.parse()?)
    }
}

/// A GET with a token.
pub(super) fn get(path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n")
        .into_bytes()
}

/// A POST of JSON.
pub(super) fn post(body: &str) -> Vec<u8> {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The next message of a connection, head and body; none at its end. What
/// follows stays in `read`.
pub(super) async fn message(
    stream: &mut (impl AsyncRead + Unpin),
    read: &mut Vec<u8>,
) -> Result<Option<(String, Vec<u8>)>> {
    loop {
        if let Some(end) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&read[..end]).into_owned();
            let whole = end + 4 + length(&head)?;
            while read.len() < whole {
                fill(stream, read).await?.context("the body is cut off")?;
            }
            let rest = read.split_off(whole);
            let body = std::mem::replace(read, rest).split_off(end + 4);
            return Ok(Some((head, body)));
        }
        if fill(stream, read).await?.is_none() {
            return Ok(None);
        }
    }
}

async fn fill(stream: &mut (impl AsyncRead + Unpin), read: &mut Vec<u8>) -> Result<Option<()>> {
    if read.len() > MOST {
        bail!("a message of more than {MOST} bytes");
    }
    Ok((stream.read_buf(read).await? > 0).then_some(()))
}

fn length(head: &str) -> Result<usize> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    match found.next() {
        Some((_, value)) => Ok(value.trim().parse()?),
        None => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn messages_that_come_together_are_told_apart() {
        let text = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 404 No\r\n\r\n";
        let (mut stream, mut read) = (text.as_bytes(), Vec::new());
        let first = message(&mut stream, &mut read).await.unwrap().unwrap();
        assert_eq!(first.1, b"ok");
        let second = message(&mut stream, &mut read).await.unwrap().unwrap();
        assert!(second.0.starts_with("HTTP/1.1 404"));
        assert!(message(&mut stream, &mut read).await.unwrap().is_none());
    }
}
