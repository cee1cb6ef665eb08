//! An integrator's server: real sockets on loopback that answer by a script
//! and remember what they were asked.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    sync::{mpsc, watch},
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use super::PATIENCE;

/// What it was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Method, path and version.
    pub line: String,
    /// All header lines, as they came.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(&found.1)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

/// How it answers.
#[derive(Debug, Clone)]
pub enum Script {
    /// With these bytes, to every request.
    Reply(String),
    /// With the nth of these to the nth request, and with the last from then on.
    Replies(Vec<String>),
    /// Never.
    Silence,
    /// The nth request with the nth of these, and later ones with the last;
    /// none is never.
    Steps(Vec<Option<String>>),
}

/// A listening server. It ends with its test.
pub struct Receiver {
    pub address: SocketAddr,
    scheme: &'static str,
    asked: mpsc::UnboundedReceiver<Asked>,
    /// How many clients gave up waiting for an answer.
    hung_up: watch::Receiver<usize>,
    /// What the client must trust to talk to it: DER.
    pub certificate: Vec<u8>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// Plain HTTP.
    pub async fn http(script: Script) -> Self {
        Self::start(script, None).await
    }

    /// Answers every request with a status and a body.
    pub async fn answering(status: u16, body: &str) -> Self {
        Self::http(Script::Reply(reply(status, body))).await
    }

    /// HTTPS for "localhost", with a certificate that nobody trusts.
    pub async fn https(script: Script) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a cert");
        let certificate = made.cert.der().to_vec();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS versions")
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(certificate.clone())], key)
            .expect("a configuration");
        let mut this = Self::start(script, Some(TlsAcceptor::from(Arc::new(config)))).await;
        this.certificate = certificate;
        this
    }

    /// Plain HTTP at this address of loopback.
    pub async fn http_at(address: SocketAddr, script: Script) -> Self {
        Self::start_at(address, script, None).await
    }

    async fn start(script: Script, tls: Option<TlsAcceptor>) -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self::start_at(any, script, tls).await
    }

    async fn start_at(address: SocketAddr, script: Script, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(address).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let (heard, asked) = mpsc::unbounded_channel();
        let (gave_up, hung_up) = watch::channel(0);
        let task = tokio::spawn(async move {
            let mut count = 0;
            while let Ok((stream, _)) = listener.accept().await {
                let (script, tls) = (script.clone(), tls.clone());
                let (heard, gave_up) = (heard.clone(), gave_up.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, script, count, &heard, &gave_up).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, script, count, &heard, &gave_up).await;
                            }
                        }
                    }
                });
                count += 1;
            }
        });
        Self {
            address,
            scheme,
            asked,
            hung_up,
            certificate: Vec::new(),
            task,
        }
    }

    pub fn url(&self) -> String {
        let port = self.address.port();
        format!("{}://localhost:{port}/api/check", self.scheme)
    }

    /// The next request.
    pub async fn asked(&mut self) -> Asked {
        timeout(PATIENCE, self.asked.recv())
            .await
            .expect("it was asked in time")
            .expect("the receiver runs")
    }

    /// Waits until a client gave up waiting.
    pub async fn until_hung_up(mut self) {
        let gone = self.hung_up.wait_for(|count| *count > 0);
        let gone = timeout(PATIENCE, gone).await.expect("it hung up in time");
        drop(gone);
    }

    /// How often it was asked, besides what was looked at.
    pub fn times_asked(&mut self) -> usize {
        let mut times = 0;
        while self.asked.try_recv().is_ok() {
            times += 1;
        }
        times
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A whole HTTP answer.
pub fn reply(status: u16, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} Word\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

/// An address on loopback where nobody listens.
pub async fn deaf_url() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    format!(
        "http://{}/api/check",
        listener.local_addr().expect("an address")
    )
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    script: Script,
    count: usize,
    heard: &mpsc::UnboundedSender<Asked>,
    gave_up: &watch::Sender<usize>,
) {
    let Some(asked) = read(&mut stream).await else {
        return;
    };
    heard.send(asked).ok();
    let answer = match script {
        Script::Reply(answer) => Some(answer),
        Script::Replies(answers) => Some(answers[count.min(answers.len() - 1)].clone()),
        Script::Silence => None,
        Script::Steps(steps) => steps[count.min(steps.len() - 1)].clone(),
    };
    let Some(answer) = answer else {
        // until the client gives up
        stream.read_u8().await.ok();
        gave_up.send_modify(|count| *count += 1);
        return;
    };
    stream.write_all(answer.as_bytes()).await.ok();
    stream.shutdown().await.ok();
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        bytes.push(stream.read_u8().await.ok()?);
        if bytes.ends_with(b"\r\n\r\n") {
            break bytes.len();
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let line = lines.next()?.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Asked {
        line,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}
