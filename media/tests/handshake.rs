//! A handshake whose messages get lost goes on: the worker repeats its own.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod common;

use std::time::{Duration, Instant};

use common::{add, peer, plane, room};
use media::client::{Client, ClientConfig, ClientIdentity};

const LIMIT: Duration = Duration::from_secs(10);

/// The next datagram, left where it is, if one comes in time.
fn peek(client: &Client, buffer: &mut [u8]) -> Option<usize> {
    let socket = client.socket();
    socket.set_nonblocking(false).unwrap();
    let wait = Some(Duration::from_millis(5));
    socket.set_read_timeout(wait).unwrap();
    socket.peek_from(buffer).ok().map(|(length, _)| length)
}

fn is_dtls(datagram: &[u8]) -> bool {
    (20..=63).contains(&datagram[0])
}

#[tokio::test]
async fn the_servers_messages_are_repeated_to_a_client_that_lost_them() {
    let plane = plane();
    let (room, _events) = room(&plane, "r");
    add(&room, "a");
    let config = ClientConfig::new(ClientIdentity::generate().unwrap());
    let mut client = Client::new(config).unwrap();
    let answer = room.offer(&peer("a"), client.offer()).await.unwrap();
    client.start(&answer).unwrap();

    let mut buffer = [0; 2_048];
    let deadline = Instant::now() + LIMIT;
    // the client reads what is not DTLS, until the server's first message waits
    while !peek(&client, &mut buffer).is_some_and(|length| is_dtls(&buffer[..length])) {
        assert!(Instant::now() < deadline, "no message of the server");
        client.receive(Duration::from_millis(1)).unwrap();
    }
    // that one gets lost, and comes again although the client says nothing
    let (length, _) = client.socket().recv_from(&mut buffer).unwrap();
    let lost = buffer[..length].to_vec();
    loop {
        assert!(Instant::now() < deadline, "the message is not repeated");
        let Some(length) = peek(&client, &mut buffer) else {
            continue;
        };
        client.socket().recv_from(&mut [0; 2_048]).unwrap();
        if buffer[..length] == lost {
            break;
        }
    }
    // a client that goes on still gets its keys
    while !client.is_connected() {
        assert!(Instant::now() < deadline, "no keys");
        client.receive(Duration::from_millis(5)).unwrap();
    }
}
