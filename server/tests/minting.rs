//! `meetframe token mint`: links that let somebody in.

mod support;

use std::{fs, path::Path, process::Output};

use protocol::{Join, Role};
use support::{
    client::{Client, join},
    database,
    http::get,
    process::{Process, program, run, stderr, stdout},
    tenant::{PUBLIC_KEY, SECRET},
};

/// Runs the command in a folder, with the database of a server there.
fn mint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = program(folder);
    command
        .args(["token", "mint"])
        .args(arguments)
        .env("MEETFRAME__DATABASE__URL", database::address(folder));
    run(command)
}

fn link(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    let text = stdout(output);
    assert_eq!(text.lines().count(), 1, "nothing but the link: {text}");
    text.trim().to_owned()
}

fn refused(folder: &Path, arguments: &[&str], word: &str) {
    let output = mint(folder, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    assert_eq!(stdout(&output), "", "{arguments:?}");
    assert!(stderr(&output).contains(word), "{}", stderr(&output));
}

fn settings(folder: &Path, text: &str) {
    fs::write(folder.join("meetframe.toml"), text).expect("a file");
}

// proves attr.token
// proves attr.role
#[tokio::test]
async fn link_lets_a_moderator_into_the_running_server() {
    let folder = database::folder();
    let server = Process::start(folder.path());
    let arguments = [
        "--room",
        "lesson",
        "--role",
        "moderator",
        "--name",
        "Anna Bell",
        "--peer-id",
        "teacher-1",
        "--can-record",
        "--hand",
        "--webinar",
        "--claim",
        "maxWatchers=20",
    ];
    let link = link(&mint(folder.path(), &arguments));
    let query = link
        .strip_prefix("http://localhost:3000/webinar/?")
        .expect("the address");
    let page = get(server.address, &format!("/webinar/?{query}"), &[]).await;
    assert_eq!(page.status, 200);
    let mut client = Client::connect(server.address).await;
    let welcome = client
        .join_with(Join {
            query: query.to_owned(),
            ..join("lesson", "somebody else")
        })
        .await;
    let you = &welcome.you;
    assert_eq!(you.participant.role, Role::Moderator);
    assert_eq!(you.participant.display_name.as_str(), "Anna Bell");
    assert_eq!(you.participant.id.as_str(), "teacher-1");
    assert!(you.may_record && you.may_raise_hand);
    let explained = get(server.address, &format!("/explain?{query}"), &[]).await;
    let explained = explained.json();
    assert!(explained["token"]["expiresAt"].is_string(), "8 hours");
    assert_eq!(explained["inRoom"]["maxWatchers"], 20);
}

#[test]
fn links_bear_the_address_of_server_and_tenant() {
    let folder = database::folder();
    let folder = folder.path();
    let start = |arguments: &[&str], start: &str| {
        let link = link(&mint(folder, arguments));
        assert!(link.starts_with(start), "{link}");
    };
    start(
        &["--room", "a"],
        "http://localhost:3000/call/?roomId=a&token=",
    );
    settings(
        folder,
        "[http]\npublic_url = \"https://meet.example.org/\"\n\
         [[tenants]]\nhostname = \"*\"\n[[tenants]]\nhostname = \"lms.example.org\"\n",
    );
    start(&["--room", "a"], "https://meet.example.org/call/?roomId=a");
    let lms = ["--room", "a", "--tenant", "LMS.example.org"];
    start(&lms, "https://lms.example.org/call/?roomId=a");
    refused(folder, &["--room", "a", "--tenant", "x"], "lms.example.org");
}

#[test]
fn tenants_keys_sign() {
    let folder = database::folder();
    let folder = folder.path();
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    fs::write(folder.join("b.pub"), PUBLIC_KEY).expect("a file");
    settings(
        folder,
        &format!(
            "[[tenants]]\njwt_keys = [{{ kid = \"a\", alg = \"HS256\", secret = \"{SECRET}\" }}, \
             {{ kid = \"b\", alg = \"RS256\", public_key_file = \"b.pub\" }}]\n"
        ),
    );
    let header = |arguments: &[&str]| {
        let link = link(&mint(folder, arguments));
        let (_, token) = link.split_once("token=").expect("a token");
        jsonwebtoken::decode_header(token).expect("a header")
    };
    let kid = |arguments: &[&str]| header(arguments).kid.expect("a kid");
    assert_eq!(kid(&["--room", "a"]), "a");
    let private = keys.join("rs256-private.pem");
    let private = private.to_str().expect("a path");
    let by_b = ["--room", "a", "--kid", "b", "--private-key", private];
    assert_eq!(kid(&by_b), "b");
    assert_eq!(header(&by_b).alg, jsonwebtoken::Algorithm::RS256);
    refused(folder, &["--room", "a", "--kid", "c"], "a, b");
    refused(folder, &["--room", "a", "--kid", "b"], "--private-key");
    refused(folder, &["--room", "a", "--private-key", private], "HS256");
    let public = ["--room", "a", "--kid", "b", "--private-key", "b.pub"];
    refused(folder, &public, "no RSA private key");
}

#[test]
fn wrong_arguments_are_told() {
    let folder = database::folder();
    let folder = folder.path();
    for (arguments, word) in [
        (&["--role", "moderator"][..], "--room"),
        (&["--room", "a b"], "letters"),
        (&["--room", "a", "--role", "king"], "moderator"),
        (&["--room", "a", "--expires", "8"], "such as 8h"),
        (&["--room", "a", "--expires", "xh"], "whole number"),
        (&["--room", "a", "--claim", "x"], "KEY=JSON"),
    ] {
        refused(folder, arguments, word);
    }
    assert!(!folder.join("data").exists(), "nothing was made");
}
