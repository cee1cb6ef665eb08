//! A way to the store that can be closed: it counts the parts of files that
//! pass, and holds back those that are too many. Parts of one upload it answers
//! itself, as Amazon does when an upload is not known any more; the store of
//! the tests says something else then.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedWriteHalf},
    sync::watch,
};

/// The upload that is not known any more.
pub(crate) const FORGOTTEN: &str = "forgotten";

const NO_SUCH_UPLOAD: &str = "<Error><Code>NoSuchUpload</Code></Error>";

/// The way, while it stands.
pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<usize>>>,
    pass: watch::Sender<usize>,
}

/// What a connection goes by.
#[derive(Clone)]
struct Rules {
    seen: Arc<Mutex<Vec<usize>>>,
    pass: watch::Receiver<usize>,
}

impl Gate {
    /// Lets so many parts pass.
    pub(crate) async fn before(store: SocketAddr, parts: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (pass, passes) = watch::channel(parts);
        let seen = Arc::default();
        let rules = Rules {
            seen: Arc::clone(&seen),
            pass: passes,
        };
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, store, rules.clone()));
            }
        });
        Self {
            address,
            seen,
            pass,
        }
    }

    /// The numbers of the parts that came, in order.
    pub(crate) fn seen(&self) -> Vec<usize> {
        self.seen.lock().expect("no panic in between").clone()
    }

    /// Lets all pass.
    pub(crate) fn open(&self) {
        self.pass.send_replace(usize::MAX);
    }
}

async fn carry(near: TcpStream, store: SocketAddr, mut rules: Rules) {
    let Ok(far) = TcpStream::connect(store).await else {
        return;
    };
    let (mut from_near, mut to_near) = near.into_split();
    let (mut from_far, mut to_far) = far.into_split();
    let mut asked = vec![0; 65_536];
    let mut answered = vec![0; 65_536];
    loop {
        let sent = tokio::select! {
            Ok(read @ 1..) = from_near.read(&mut asked) => {
                if !rules.let_pass(&asked[..read]).await {
                    refuse(&mut to_near).await;
                    return;
                }
                to_far.write_all(&asked[..read]).await
            }
            Ok(read @ 1..) = from_far.read(&mut answered) => {
                to_near.write_all(&answered[..read]).await
            }
            else => return,
        };
        if sent.is_err() {
            return;
        }
    }
}

async fn refuse(to: &mut OwnedWriteHalf) {
    let length = NO_SUCH_UPLOAD.len();
    let answer = format!(
        "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{NO_SUCH_UPLOAD}"
    );
    // whoever asked may have gone
    to.write_all(answer.as_bytes()).await.ok();
}

impl Rules {
    /// A request's head is at the start of what is read: the one before was
    /// answered. False: it is of the upload that is not known any more.
    async fn let_pass(&mut self, bytes: &[u8]) -> bool {
        let Some((part, line)) = part(bytes) else {
            return true;
        };
        let count = {
            let mut seen = self.seen.lock().expect("no panic in between");
            seen.push(part);
            seen.len()
        };
        // without a gate all of it ends
        let waited = self.pass.wait_for(|pass| count <= *pass).await;
        waited.is_ok() && !line.contains(FORGOTTEN)
    }
}

/// The number of the part that a request brings, and its first line.
fn part(bytes: &[u8]) -> Option<(usize, &str)> {
    let line = bytes.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let (_, rest) = line.strip_prefix("PUT ")?.split_once("partNumber=")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((digits.parse().ok()?, line))
}
