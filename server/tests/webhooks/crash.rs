//! `kill -9` of the program, between an event and its delivery.

use std::{fs, net::SocketAddr, path::Path};

use protocol::{Join, ServerMessage};
use serde_json::Value;

use crate::{
    hooks::{connected, disconnected, expect, go, id, kind, url_at, wish},
    support::{
        client::Client,
        database::folder,
        process::Process,
        receiver::{Asked, Receiver, Script, reply},
    },
};

/// The program, with a tenant that wants to hear of everything.
fn program(folder: &Path, receiver: SocketAddr) -> Process {
    let url = url_at(receiver);
    let settings = format!(
        "[[tenants]]\nallow_private_targets = true\ndebug_attributes = true\nevent_url = \"{url}\"\n\
         events = [\"chat.message\"]\n"
    );
    fs::write(folder.join("meetframe.toml"), settings).expect("a file");
    Process::start(folder)
}

async fn killed(mut process: Process) {
    process.signal("KILL");
    process.wait();
}

async fn come(process: &Process, wish: Join) -> (Client, String) {
    let mut client = Client::connect(process.address).await;
    let welcome = client.join_with(wish).await;
    (client, welcome.ticket)
}

async fn same(receiver: &mut Receiver, wanted: &Value, before: &str) {
    let asked = expect(receiver, wanted).await;
    assert_eq!(id(&asked), before);
}

// proves webhook.joinPeer, webhook.closePeer
#[tokio::test]
async fn crash_loses_no_message_and_sends_it_again_with_the_same_id() {
    // the first two are under way when the program is killed
    let steps = vec![None, None, Some(reply(200, ""))];
    let mut receiver = Receiver::http(Script::Steps(steps)).await;
    let folder = folder();
    let process = program(folder.path(), receiver.address);
    let (_ada, ticket) = come(&process, wish("room", "ada")).await;
    let join = expect(&mut receiver, &connected("room", "ada")).await;
    killed(process).await;

    // who comes back was never away, and who leaves now has left once
    let process = program(folder.path(), receiver.address);
    same(&mut receiver, &connected("room", "ada"), &id(&join)).await;
    let back = Join {
        ticket: Some(ticket),
        ..wish("room", "ada")
    };
    let (ada, _) = come(&process, back).await;
    go(ada).await;
    let (_bob, _) = come(&process, wish("other", "bob")).await;
    expect(&mut receiver, &connected("other", "bob")).await;
    killed(process).await;

    let _process = program(folder.path(), receiver.address);
    let again = next_of_room(&mut receiver).await;
    assert_eq!(again.json(), connected("room", "ada"));
    assert_eq!(id(&again), id(&join));
    let last = next_of_room(&mut receiver).await;
    assert_eq!(last.json(), disconnected("room", "ada"));
}

/// The next message of the first room. That of the other one may come again:
/// it was answered just before the end.
async fn next_of_room(receiver: &mut Receiver) -> Asked {
    loop {
        let asked = receiver.asked().await;
        if asked.json()["roomId"] == "room" {
            return asked;
        }
        assert_eq!(asked.json(), connected("other", "bob"));
    }
}

#[tokio::test]
async fn chat_message_that_was_acknowledged_is_told_after_a_crash() {
    // the first message keeps the line busy until the program is killed
    let steps = vec![None, Some(reply(200, ""))];
    let mut receiver = Receiver::http(Script::Steps(steps)).await;
    let folder = folder();
    let process = program(folder.path(), receiver.address);
    let (mut ada, _) = come(&process, wish("room", "ada")).await;
    expect(&mut receiver, &connected("room", "ada")).await;
    assert_eq!(ada.chat("a last word").await, ServerMessage::Ok);
    killed(process).await;

    let _process = program(folder.path(), receiver.address);
    expect(&mut receiver, &connected("room", "ada")).await;
    let said = receiver.asked().await;
    assert_eq!(kind(&said), "chat.message");
    assert_eq!(said.json()["data"]["text"], "a last word");
}
