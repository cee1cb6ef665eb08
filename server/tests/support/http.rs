//! Just enough of an HTTP/1.1 client to see what a browser would see.

use std::{collections::HashMap, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub struct Response {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Response {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Gets a path; `headers` are whole lines.
pub async fn get(address: SocketAddr, path: &str, headers: &[&str]) -> Response {
    request(address, &format!("GET {path}"), headers, "").await
}

/// Posts a body; `headers` are whole lines.
pub async fn post(address: SocketAddr, path: &str, headers: &[&str], body: &str) -> Response {
    request(address, &format!("POST {path}"), headers, body).await
}

/// Sends any request: `what` is the method and the path.
pub async fn request(address: SocketAddr, what: &str, headers: &[&str], body: &str) -> Response {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let mut request = format!("{what} HTTP/1.1\r\nConnection: close\r\n");
    let named = |name: &str| headers.iter().any(|line| line.starts_with(name));
    if !named("Host:") {
        request.push_str(&format!("Host: {address}\r\n"));
    }
    if !body.is_empty() {
        request.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    for header in headers {
        request.push_str(header);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    request.push_str(body);
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    parse(&answer)
}

fn parse(answer: &[u8]) -> Response {
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("the end of the headers");
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse().ok())
        .expect("a status");
    let mut headers = HashMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        // several lines of one name are one list (RFC 9110 §5.3)
        headers
            .entry(name.to_lowercase())
            .and_modify(|all: &mut String| *all += &format!(", {value}"))
            .or_insert_with(|| value.to_owned());
    }
    Response {
        status,
        headers,
        body: answer[end + 4..].to_vec(),
    }
}
