//! Just enough of the DevTools protocol to open a page: messages of JSON over
//! two pipes, each with a zero byte at its end.
//!
//! The address goes this way because a command line can be read by everybody
//! on the machine, and it has a token. The pipes stay open: when they close,
//! the browser goes.

use std::{io, os::fd::OwnedFd, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::unix::pipe,
    time::timeout,
};

/// How long the browser may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longer messages are none that are waited for, in bytes.
const MESSAGE_MAX: usize = 4 * 1024 * 1024;

/// The two pipes to a browser.
#[derive(Debug)]
pub(crate) struct DevTools {
    to: pipe::Sender,
    from: pipe::Receiver,
    unread: Vec<u8>,
    last: u64,
}

impl DevTools {
    /// Takes the pipes of a browser that has just been started.
    pub(crate) fn new(to: OwnedFd, from: OwnedFd) -> io::Result<Self> {
        Ok(Self {
            to: pipe::Sender::from_owned_fd(to)?,
            from: pipe::Receiver::from_owned_fd(from)?,
            unread: Vec::new(),
            last: 0,
        })
    }

    /// Opens an address in the page that the browser started with.
    pub(crate) async fn open(&mut self, url: &str) -> io::Result<()> {
        let opened = timeout(PATIENCE, self.navigate(url)).await;
        opened.unwrap_or_else(|_| Err(io::Error::other("the browser does not answer")))
    }

    async fn navigate(&mut self, url: &str) -> io::Result<()> {
        let page = loop {
            let targets = self.call("Target.getTargets", json!({}), None).await?;
            let all = targets["targetInfos"].as_array();
            let page = all.and_then(|all| all.iter().find(|one| one["type"] == "page"));
            if let Some(page) = page {
                break page["targetId"].clone();
            }
            // the page is made a moment after the browser
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let attach = json!({ "targetId": page, "flatten": true });
        let attached = self.call("Target.attachToTarget", attach, None).await?;
        let session = attached["sessionId"].as_str().map(str::to_owned);
        let target = json!({ "url": url });
        self.call("Page.navigate", target, session.as_deref())
            .await
            .map(drop)
    }

    /// Asks and waits for the answer.
    async fn call(&mut self, method: &str, params: Value, page: Option<&str>) -> io::Result<Value> {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": params });
        if let Some(page) = page {
            message["sessionId"] = page.into();
        }
        let mut text = message.to_string().into_bytes();
        text.push(0);
        self.to.write_all(&text).await?;
        loop {
            let answer = self.next().await?;
            if answer["id"] != self.last {
                continue;
            }
            if let Some(error) = answer["error"]["message"].as_str() {
                return Err(io::Error::other(format!("{method}: {error}")));
            }
            return Ok(answer["result"].clone());
        }
    }

    async fn next(&mut self) -> io::Result<Value> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == 0) {
                let message = serde_json::from_slice(&self.unread[..end]);
                self.unread.drain(..=end);
                return message.map_err(io::Error::other);
            }
            if self.unread.len() > MESSAGE_MAX {
                return Err(io::Error::other("the browser's message is too long"));
            }
            if self.from.read_buf(&mut self.unread).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}
